"""The signing certificate's end, seen coming: a check at start, a metric, and lines in the log."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from prometheus_client import Gauge

from media.errors import FramegateError
from provenance.keys import credentials
from provenance.keys.credentials import Credentials
from provenance.keys.rotation import Keyring

_log = structlog.get_logger(__name__)
_not_after = Gauge(
    "framegate_signing_certificate_not_after_timestamp_seconds",
    "When the first certificate of the signing chain expires, seconds since 1970; "
    "NaN without usable credentials",
)
_not_after.set(math.nan)
_LOOK_S = 60.0
_REPEAT = timedelta(days=1)


class ExpiryAlarm:
    """Looks at the certificate now and then. For one thread at a time.

    Args:
        folder: The keys folder.
        days: Warn when the certificate expires in fewer days.
        min_days: Below that the settings refuse to sign.
    """

    def __init__(self, folder: Path, *, days: float, min_days: float) -> None:
        self._folder = folder
        self._alarm = timedelta(days=max(days, min_days))
        self._refuse = timedelta(days=min_days)
        self._keyring = Keyring(folder)
        self._said: tuple[str, str] = ("", "")
        self._said_at = datetime.min.replace(tzinfo=UTC)

    def check(self, now: datetime) -> None:
        """Check the credentials at start; without any there is nothing to check.

        An expired certificate is told in the log and does not stop the start: the rest of the
        house works without it, and each release says what is wrong.

        Raises:
            CredentialsInvalid: They do not fit together, or verifiers would refuse them; the
                message says what is wrong.
            CredentialsMissing: A part of them is not there.
        """
        if credentials.present(self._folder):
            self._keyring.for_verifying()
        self.look(now)

    def look(self, now: datetime) -> None:
        """Set the metric, and warn once a day, or at once when something has changed."""
        if not credentials.present(self._folder):
            _not_after.set(math.nan)
            return
        try:
            loaded = self._keyring.for_verifying()
        except FramegateError as error:
            _not_after.set(math.nan)
            self._say(
                "credentials.unusable",
                error.reason,
                now,
                reason=error.reason,
                problem=error.message,
            )
            return
        _not_after.set(loaded.not_after.timestamp())
        if event := self._event(loaded, now):
            self._say(
                event,
                loaded.serial,
                now,
                serial=loaded.serial,
                expires=loaded.not_after.isoformat(),
                days_left=math.floor((loaded.not_after - now) / timedelta(days=1)),
            )

    async def watch(self) -> None:
        """Look once a minute, until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_S)
            await asyncio.to_thread(self.look, datetime.now(UTC))

    def _event(self, loaded: Credentials, now: datetime) -> str:
        left = loaded.not_after - now
        if left < timedelta():
            return "credentials.expired"
        if left < self._refuse:
            return "credentials.expire_too_soon"
        return "credentials.expire_soon" if left < self._alarm else ""

    def _say(self, event: str, about: str, now: datetime, **details: str | int) -> None:
        if (event, about) == self._said and now - self._said_at < _REPEAT:
            return
        self._said, self._said_at = (event, about), now
        say = _log.warning if event == "credentials.expire_soon" else _log.error
        say(event, **details)
