"""Every setting of Framegate, read once at start from a TOML file and the environment.

Order: the defaults below, then the TOML file that `FRAMEGATE_CONFIG` names, then `FRAMEGATE_*`
variables. Unknown keys fail, so that a misspelt limit is never silently the default.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import msgspec

from media.errors import FramegateError, InvalidInput
from media.limits import MediaLimits
from media.marking.lettering import checked_text
from moderation.resolution.address import Address
from provenance.manifest import check_told
from provenance.timestamping.timestamps import Stamping
from provenance.watermark.embedding import Quality
from provenance.watermark.neural import check_ratio

DATABASE_FILE = "framegate.db"
_CHECKOUT = Path(__file__).resolve().parents[1]
_IN_CHECKOUT = (_CHECKOUT / "pyproject.toml").is_file()
_PREFIX = "FRAMEGATE_"
# Variables of the same family that are no settings of the service.
_NOT_SETTINGS = {
    "FRAMEGATE_CONFIG",
    "FRAMEGATE_DATA",
    "FRAMEGATE_TEST_POSTGRES",
    "FRAMEGATE_WRITE_DOCS",
}
_MAX_NICE = 19
_SECRET = {"database_url", "resolution_token"}
_MIN_TOKEN_CHARS = 16


class SettingsInvalid(FramegateError):
    """A setting is unknown or has the wrong type or range."""

    code = "FAILED_PRECONDITION"
    reason = "SETTINGS_INVALID"


def _default_home() -> Path:
    return Path.home() / ".framegate"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; each can be given as `FRAMEGATE_<NAME>` or as a key of the TOML file.

    Attributes:
        home: One folder for database, quarantine, released clips, keys and cache.
        cache: Folder of model files; by default `.cache` of the checkout that this runs from, or,
            when installed, `cache` in the home folder.
        database_url: SQLAlchemy URL; by default SQLite in the home folder.
        policy: Path of a policy document, or the name of one that comes with Framegate.
        names: Folder with lists of names of your own, beside those that come with Framegate; see
            below.
        listen: Address of the server; loopback by default.
        tls_certificate: PEM chain of the server; with `tls_key` it turns TLS on.
        tls_key: PEM private key of the server.
        tls_client_ca: PEM anchors; when given, clients must show a certificate.
        allow_plaintext: Serve without TLS on an address that is not loopback.
        resolution_listen: Address of C2PA's HTTP API by which manifests are found again
            ([recovery.md](recovery.md)); empty turns it off. TLS, and what holds for addresses
            that are not loopback, as for `listen`.
        resolution_token: Bearer tokens of that API, separated by spaces; empty asks for none.
        clip_workers: Processes that decode, classify and sign; one a core is best.
        worker_memory_bytes: Address space of a worker; one that needs more fails its job.
        worker_nice: Niceness of workers, 0 to 19; prompts must not wait for clips.
        worker_jobs: Jobs after which a worker is replaced by a fresh one.
        review_timeout_ms: Wall time of one review; later it is stopped and fails.
        sign_timeout_ms: Wall time of one signing.
        verify_timeout_ms: Wall time of reading a clip's manifest.
        detect_reviewed: Look at the statistics of every reviewed clip too and keep the result on
            record; it has no part in the verdict.
        detect_model: Model that looks at the statistics of clips: the name of one that comes with
            Framegate, or the folder (with a slash in it) of
            [one of your own](detection.md#a-larger-backbone).
        synthetic_prior: Share of the clips that you are asked about that you take to be synthetic,
            above 0 and below 1: what a verification's likelihood ratio is turned into a
            probability at.
        pictures_timeout_ms: Wall time of reading what its pictures carry and look like; later the
            answer goes without them and says so.
        clip_queue_ms: Estimated work that may wait for clip workers; beyond it a call is refused
            with RESOURCE_EXHAUSTED and told when to come back.
        prompt_queue_ms: The same for the prompt lane.
        upload_idle_ms: Longest silence of a client in the middle of an upload.
        max_clip_bytes: Largest clip.
        max_clip_duration_ms: Longest clip.
        metrics_port: Port of the Prometheus endpoint on loopback; 0 turns it off.
        drain_ms: How long running calls may finish when the server is told to stop.
        timestamp_url: RFC 3161 time-stamping authorities, separated by spaces, in the order in
            which they are asked; without one a signed clip reads as invalid once the signing
            certificate has expired.
        timestamp_required: Fail a release when no authority gives a stamp. If not, the clip is
            released without one, and the record says so.
        timestamp_deadline_ms: Wall time for all authorities together, once a signature.
        certificate_min_days: Refuse to sign with a certificate that expires in fewer days.
        certificate_alarm_days: Warn in the log, once a day, when the certificate expires in fewer
            days.
        c2pa_trust_list: The official C2PA trust list (PEM), whose signers are believed as well.
        tsa_trust_list: The official list of time-stamping authorities (PEM); it vouches for time
            stamps alone.
        ocsp_hosts: Hosts that may be asked whether a trusted signer's certificate was revoked,
            separated by commas (`host`, `host:port`, `*.domain`); empty asks nobody.
        ocsp_timeout_ms: How long that may take; after it the answer says that it is unknown.
        source_thumbnails: Show, in a clip's manifest, small pictures of the clips of this house
            that it was made from. Files that were sent as sources are never shown.
        mining: What manifests say of training and data mining: `allowed`, `notAllowed`, or empty
            to say nothing.
        detector_url: https address where anybody may have a clip checked; manifests name it.
        visible_mark: Text burnt into every clip that is released, for instance `AI`; empty marks
            those alone whose release asks for it.
        visible_mark_font: Font file (TrueType, OpenType) of visible marks; the one that comes with
            Pillow has the letters of English alone.
        watermark: Embed an invisible watermark into every clip that is released. Its pictures are
            encoded again, into an MP4; pictures below 96 pixels on a side go without.
        watermark_psnr_db: What the watermark may cost: the least peak signal-to-noise ratio of a
            picture of 256 lines, 36 to 54; lower outlives more. Larger pictures have up to 4.4 dB
            more, smaller ones up to 2.9 dB less; those that begin a shot have up to 6 dB less.
        watermark_neural: Card of a network that writes a second mark under the watermark and reads
            it again ([provenance.md](provenance.md#a-networks-mark-beside-it)); none by default.
            Who changes it starts the service anew.
        watermark_neural_psnr_db: What the network's mark may cost: the least signal-to-noise ratio
            of a picture, 36 to 54; it is made weaker where it would cost more.
        mark_timeout_ms: Wall time for marking a clip, beside that of the signing.
        signing_bytes: Bytes of clips that are signed or verified at the same time; a larger clip
            is worked on alone.
        provider: Organisation named in manifests, when development credentials are made.
        log_format: `json` or `text`.
    """

    home: Path = field(default_factory=_default_home)
    cache: Path | None = None
    database_url: str = ""
    policy: str = "default"
    names: Path | None = None
    listen: str = "127.0.0.1:50051"
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
    allow_plaintext: bool = False
    resolution_listen: str = ""
    resolution_token: str = ""
    clip_workers: int = max(1, (os.cpu_count() or 2) - 1)
    worker_memory_bytes: int = 6 << 30
    worker_nice: int = 15
    worker_jobs: int = 200
    review_timeout_ms: int = 600_000
    sign_timeout_ms: int = 300_000
    verify_timeout_ms: int = 60_000
    detect_reviewed: bool = True
    detect_model: str = "synthetic-video"
    synthetic_prior: float = 0.01
    pictures_timeout_ms: int = 120_000
    clip_queue_ms: int = 300_000
    prompt_queue_ms: int = 2_000
    upload_idle_ms: int = 30_000
    max_clip_bytes: int = 512 << 20
    max_clip_duration_ms: int = 600_000
    metrics_port: int = 0
    drain_ms: int = 30_000
    timestamp_url: str = ""
    c2pa_trust_list: Path | None = None
    tsa_trust_list: Path | None = None
    ocsp_hosts: str = ""
    ocsp_timeout_ms: int = 10_000
    timestamp_required: bool = True
    timestamp_deadline_ms: int = 10_000
    certificate_min_days: int = 0
    certificate_alarm_days: int = 30
    source_thumbnails: bool = True
    mining: str = ""
    detector_url: str = ""
    visible_mark: str = ""
    visible_mark_font: Path | None = None
    watermark: bool = True
    watermark_psnr_db: float = 44.7
    watermark_neural: Path | None = None
    watermark_neural_psnr_db: float = 42.0
    mark_timeout_ms: int = 1_800_000
    signing_bytes: int = 1 << 30
    provider: str = "Framegate development"
    log_format: str = "json"

    def __post_init__(self) -> None:
        """Refuse values that cannot work.

        Raises:
            SettingsInvalid: With the name of the setting and its limit.
        """
        for name in ("clip_workers", "worker_jobs", "max_clip_bytes", "max_clip_duration_ms"):
            _at_least(name, getattr(self, name), 1)
        for item in fields(self):
            if item.name.endswith("_ms"):
                _at_least(item.name, getattr(self, item.name), 1)
        _at_least("worker_memory_bytes", self.worker_memory_bytes, 1 << 30)
        if not 0 <= self.worker_nice <= _MAX_NICE:
            raise SettingsInvalid("worker_nice is 0 to 19", field="worker_nice", limit=_MAX_NICE)
        if self.log_format not in ("json", "text"):
            raise SettingsInvalid("log_format is json or text", field="log_format")
        _at_least("signing_bytes", self.signing_bytes, 1)
        _check_together(self)
        for name in ("certificate_min_days", "certificate_alarm_days"):
            _at_least(name, getattr(self, name), 0)
        _check_tokens(self.resolution_token)
        try:
            checked_text(self.visible_mark)
            if self.resolution_listen:
                Address.parse(self.resolution_listen, "resolution_listen")
            Quality(psnr_db=self.watermark_psnr_db)
            check_ratio(self.watermark_neural_psnr_db, "watermark_neural_psnr_db")
            _check_share(self.synthetic_prior, "synthetic_prior")
            check_told(self.mining, self.detector_url)
            _ = self.stamping
        except InvalidInput as error:
            raise SettingsInvalid(
                error.message, field=error.field, limit=error.limit, actual=error.actual
            ) from error

    @property
    def cache_folder(self) -> Path:
        """Where model files lie."""
        if self.cache is not None:
            return self.cache
        return _CHECKOUT / ".cache" if _IN_CHECKOUT else self.home / "cache"

    @property
    def keys_folder(self) -> Path:
        """Where credentials and log keys lie."""
        return self.home / "keys"

    @property
    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.home / DATABASE_FILE}"

    @property
    def stamping(self) -> Stamping:
        """Who is asked for time stamps, and what follows when nobody answers."""
        return Stamping.parse(
            self.timestamp_url,
            required=self.timestamp_required,
            deadline_ms=self.timestamp_deadline_ms,
        )

    @property
    def media_limits(self) -> MediaLimits:
        """Limits of one clip."""
        return MediaLimits(max_bytes=self.max_clip_bytes, max_duration_ms=self.max_clip_duration_ms)

    def shown(self) -> dict[str, str]:
        """Return every setting as text, with secrets hidden."""
        return {
            item.name: "(hidden)"
            if item.name in _SECRET and getattr(self, item.name)
            else str(getattr(self, item.name))
            for item in fields(self)
        }


def _check_together(settings: Settings) -> None:
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        raise SettingsInvalid("tls_certificate and tls_key go together", field="tls_key")
    if settings.watermark_neural and not settings.watermark:
        raise SettingsInvalid(
            "a network's mark goes beside the watermark, which is off", field="watermark_neural"
        )


def _check_share(value: float, field: str) -> None:
    if not 0 < value < 1:
        raise InvalidInput(f"{field} is above 0 and below 1", field=field, limit=1, actual=value)


def _at_least(name: str, value: int, least: int) -> None:
    if value < least:
        raise SettingsInvalid(f"{name} is at least {least}", field=name, limit=least, actual=value)


def _check_tokens(tokens: str) -> None:
    if tokens and not tokens.strip():
        raise SettingsInvalid("there is no token in it", field="resolution_token")
    for token in tokens.split():
        if len(token) < _MIN_TOKEN_CHARS or not (token.isascii() and token.isprintable()):
            raise SettingsInvalid(
                f"a token has at least {_MIN_TOKEN_CHARS} printable ASCII characters",
                field="resolution_token",
                limit=_MIN_TOKEN_CHARS,
            )


def load(environ: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """Read the settings once.

    Args:
        environ: The environment; `os.environ` when None.
        overrides: Settings that win over file and environment (the command line's options).

    Raises:
        SettingsInvalid: For an unknown key, a wrong type or a value out of range.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    if path := environ.get("FRAMEGATE_CONFIG"):
        values.update(_from_file(Path(path)))
    for key, value in environ.items():
        if key.startswith(_PREFIX) and key not in _NOT_SETTINGS:
            values[key.removeprefix(_PREFIX).lower()] = value
    values.update({key: value for key, value in overrides.items() if value is not None})
    defaults = {item.name: item.default for item in fields(Settings)}
    if unknown := sorted(set(values) - defaults.keys()):
        raise SettingsInvalid(f"unknown setting {unknown[0]!r}", field=unknown[0])
    # An empty path would be the folder that the process runs in.
    for name in [name for name, value in values.items() if value == "" and defaults[name] is None]:
        del values[name]
    try:
        return msgspec.convert(values, Settings, strict=False, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise SettingsInvalid(f"a setting has the wrong type: {error}") from error


def _from_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsInvalid("the settings file cannot be read", field="config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsInvalid("the settings file is not TOML", field="config") from error


def _decode(kind: type, value: Any) -> Any:
    if kind is Path:
        return Path(value).expanduser()
    raise NotImplementedError(kind)
