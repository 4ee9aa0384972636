"""The plan of the house: builds every part from the settings and puts them together.

The one place that knows which implementation stands behind a seam.
"""

from __future__ import annotations

import asyncio
import fcntl
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog
from prometheus_client import start_http_server
from sqlalchemy import Engine

from media.errors import FramegateError
from models.classifiers import TextClassifier
from models.errors import ModelDigestMismatch, ModelUnavailable
from models.registry import Registry
from moderation.audit.checkpoint import LogKey
from moderation.audit.log import AuditLog
from moderation.clips.jobs import Setup
from moderation.executor import LocalExecutor
from moderation.expiry import ExpiryAlarm
from moderation.gate import Gate
from moderation.policy import Policy, card_thresholds
from moderation.prompts.names import Names
from moderation.prompts.screener import PromptScreener
from moderation.record import Recorder
from moderation.settings import DATABASE_FILE, Settings
from moderation.store.blobs import Blobs
from moderation.store.database import open_database
from moderation.store.subjects import MasterKey
from provenance.detection import loading
from provenance.keys import credentials
from provenance.trust import load_list
from provenance.watermark import keyfiles as watermark_keys
from provenance.watermark import networks

_log = structlog.get_logger(__name__)
PROMPT_MODEL = "prompt-safety"
_PROFILE: Final = "embedded"


class NotReady(FramegateError):
    """Something that a start needs is missing; the message says what to do."""

    code = "FAILED_PRECONDITION"
    reason = "NOT_READY"


def make_keys(folder: Path, organization: str, now: datetime) -> tuple[str, ...]:
    """Make what is missing of log key, master key, watermark key and development credentials.

    Args:
        folder: The keys folder; made with mode 0700.
        organization: Name in the development certificates.
        now: The present.

    Returns:
        What was made; nothing that was there is touched.
    """
    made = list(make_log_keys(folder))
    if not credentials.present(folder):
        credentials.init(folder, organization=organization, now=now)
        made.append("signing credentials")
    if not watermark_keys.load(folder):
        watermark_keys.new(folder, now)
        made.append("watermark key")
    return tuple(made)


def make_log_keys(folder: Path) -> tuple[str, ...]:
    """Make what is missing of log key and master key; see `make_keys`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = []
    if not (folder / LogKey.KEY_FILE).exists():
        LogKey.init(folder, f"framegate/{secrets.token_hex(4)}")
        made.append("log key")
    if not (folder / MasterKey.FILE).exists():
        MasterKey.init(folder)
        made.append("master key")
    return tuple(made)


def load_policy(settings: Settings) -> Policy:
    """Read the policy that the settings name, with the numbers of the models' cards in it."""
    cards = [card for card in Registry(settings.cache_folder).cards() if card.profile == _PROFILE]
    return Policy.load(settings.policy).resolve(card_thresholds(cards))


def worker_setup(settings: Settings) -> Setup:
    """Return what a clip worker is told first."""
    c2pa, tsa = settings.c2pa_trust_list, settings.tsa_trust_list
    network = settings.watermark_neural
    return Setup(
        cache=str(settings.cache_folder.resolve()),
        keys=str(settings.keys_folder.resolve()),
        memory_bytes=settings.worker_memory_bytes,
        nice=settings.worker_nice,
        log_format=settings.log_format,
        c2pa_trust_list=str(c2pa.resolve()) if c2pa else "",
        tsa_trust_list=str(tsa.resolve()) if tsa else "",
        ocsp_hosts=tuple(each.strip() for each in settings.ocsp_hosts.split(",") if each.strip()),
        detect_model=loading.resolved(settings.detect_model),
        watermark_neural=str(network.resolve()) if network else "",
    )


def check_detector(settings: Settings, policy: Policy) -> None:
    """Refuse to start on a detector that cannot do what it is asked for.

    Raises:
        UnknownModel: There is no such detector.
        InvalidCard: Its card is missing or breaks a rule.
        ModelDigestMismatch: One of its files is another than its card names.
        NotReady: The policy refuses synthetic sources, and the detector cannot find any.
    """
    registry, card = loading.find(settings.cache_folder, settings.detect_model)
    try:
        decides = loading.decides(registry, card)
        registry.files(card.id)
    except ModelUnavailable:
        # As with every model: one that is merely missing does not stop the start. What nothing
        # looked at is refused.
        return
    if not policy.document.synthetic_sources and not decides:
        raise NotReady(
            f"the policy refuses synthetic sources, and the detector {card.id} would find none: "
            "it has no calibration, or one by too few real clips",
            field="detect_model",
        )


def _check_network(settings: Settings) -> None:
    """Refuse to start with a network that is named and cannot be had: no clip would be released.

    Unlike a model's, its files are never fetched, so one that is missing is a mistake as well.
    """
    if settings.watermark_neural:
        networks.check(settings.watermark_neural)


def _check_trust(settings: Settings) -> None:
    """Refuse to start without a trust list that the settings name: it would change verdicts."""
    if settings.c2pa_trust_list:
        load_list(settings.c2pa_trust_list, "c2pa_trust_list")
    if settings.tsa_trust_list:
        load_list(settings.tsa_trust_list, "tsa_trust_list")


@contextmanager
def open_log(settings: Settings) -> Iterator[AuditLog]:
    """Open the record alone, for what needs no clip workers and no models.

    Raises:
        FramegateError: When keys or database are not as they must be.
    """
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.database_url and not (settings.home / DATABASE_FILE).exists():
        make_log_keys(settings.keys_folder)
    with ExitStack() as stack:
        engine = open_database(settings.database)
        stack.callback(engine.dispose)
        log = _audit_log(engine, settings.keys_folder)
        stack.callback(log.close)
        yield log


@asynccontextmanager
async def open_gate(settings: Settings) -> AsyncIterator[Gate]:
    """Open the gate for the length of the block.

    Raises:
        FramegateError: When keys, policy, database, a model's digest or the network that marks
            clips are not as they must be. A model that is merely missing does not stop the start:
            the policy says what follows from that for every verdict.
    """
    _check_network(settings)
    _check_models(settings)
    _check_trust(settings)
    policy = load_policy(settings)
    check_detector(settings, policy)
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.database_url and not (settings.home / DATABASE_FILE).exists():
        # A new house makes its own log keys. In one that has a record, missing keys are a loss
        # that must be noticed. Signing credentials are never made unasked.
        make_log_keys(settings.keys_folder)
    alarm = ExpiryAlarm(
        settings.keys_folder,
        days=settings.certificate_alarm_days,
        min_days=settings.certificate_min_days,
    )
    await asyncio.to_thread(alarm.check, datetime.now(UTC))
    with _lived_in(settings.home) as alone:
        async with AsyncExitStack() as stack:
            engine = open_database(settings.database)
            stack.push_async_callback(asyncio.to_thread, engine.dispose)
            log = _audit_log(engine, settings.keys_folder)
            stack.push_async_callback(asyncio.to_thread, log.close)
            executor = LocalExecutor(
                worker_setup(settings),
                workers=settings.clip_workers,
                jobs_per_worker=settings.worker_jobs,
                signing_bytes=settings.signing_bytes,
            )
            stack.push_async_callback(executor.close)
            gate = Gate(
                settings=settings,
                policy=policy,
                screener=_screener(settings),
                executor=executor,
                recorder=Recorder(log),
                blobs=Blobs(settings.home),
            )
            stack.push_async_callback(gate.close)
            watching = asyncio.create_task(alarm.watch())
            stack.callback(watching.cancel)
            if settings.metrics_port:
                start_http_server(settings.metrics_port, addr="127.0.0.1")
            if alone:
                await gate.recover()
            yield gate


def _audit_log(engine: Engine, keys: Path) -> AuditLog:
    return AuditLog.open(engine, LogKey.load(keys), MasterKey.load(keys))


def _check_models(settings: Settings) -> None:
    """Refuse to start on a model file that is another than its card names."""
    for state in Registry(settings.cache_folder).check(_PROFILE):
        if state.state == "corrupt":
            raise ModelDigestMismatch(
                f"a file of the model {state.id} is not the one that its card names; "
                "run framegate models fetch",
                field=state.id,
            )


def _screener(settings: Settings) -> PromptScreener:
    registry = Registry(settings.cache_folder)
    card = next(card for card in registry.cards() if card.id == PROMPT_MODEL)
    classifier: TextClassifier | None = None
    try:
        classifier = registry.text(PROMPT_MODEL)
    except FramegateError as error:
        if not error.retryable and error.code != "UNAVAILABLE":
            raise
        _log.error("model.unavailable", model=PROMPT_MODEL, reason=error.reason)
    known = Names.load(settings.names) if settings.names else None
    return PromptScreener(classifier, (card.id, card.categories), known)


@contextmanager
def _lived_in(home: Path) -> Iterator[bool]:
    """Hold the house as lived in; say whether nobody else lives there right now.

    Only who comes into an empty house may take what is under review there as left behind.
    """
    with (home / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone = True
        except BlockingIOError:
            alone = False
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield alone
