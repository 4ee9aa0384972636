"""From two folders of clips to a model folder of the operator's own, with its report."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from media.limits import MediaLimits
from models.card import CARD_FILE, ModelCard
from models.registry import Registry, cache_file
from provenance.detection.backbone import Backbone
from provenance.detection.calibration import Calibration
from provenance.detection.classifier import Classifier
from provenance.detection.detection import MODEL
from provenance.detection.training import adapting
from provenance.detection.training.adapted_card import card_text
from provenance.detection.training.adapted_report import as_json, as_markdown
from provenance.detection.training.comparison import Comparison, compare
from provenance.detection.training.errors import InvalidModelFolder, ModelFolderTaken
from provenance.detection.training.examples import Examples
from provenance.detection.training.measurement import read
from provenance.detection.training.naming import MODEL_NAME, WEIGHTS, WORTH
from provenance.detection.training.worth import written

REPORTS: Final = ("report.md", "report.json")
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, eq=False)
class Adaptation:
    """What was made.

    Attributes:
        examples: The clips, and what was left out.
        comparison: Before and after.
        files: What goes into the model folder, by name.
    """

    examples: Examples
    comparison: Comparison
    files: dict[str, bytes]


def check_folder(folder: Path) -> None:
    """Fail early where a model cannot be written.

    Raises:
        InvalidModelFolder: The folder's name is no name for a model.
        ModelFolderTaken: There is something in it.
    """
    name = folder.name
    if not MODEL_NAME.fullmatch(name) or name == MODEL:
        raise InvalidModelFolder(
            f"--out must end in a name for the model: lower-case letters, digits and hyphens, at "
            f"most 63, and not {MODEL!r}.",
            field="out",
            limit=MODEL_NAME.pattern,
            actual=name,
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ModelFolderTaken("--out is there already and is not empty.", field="out")


def adapt(
    cache: Path, generated: Path, real: Path, name: str, limits: MediaLimits, tell: Tell
) -> Adaptation:
    """Move the shipped detector towards a generator; nothing is written.

    Args:
        cache: Folder for fetched files.
        generated: Clips of the generator.
        real: Camera clips of the kind that will be asked about.
        name: Of the model.
        limits: What a clip may cost.
        tell: Called with a line for each step.

    Raises:
        TooFewExamples: A folder holds too few usable clips.
        TooManyExamples: A folder holds too many files.
        ExampleInBothClasses: A clip is in both.
        ModelUnavailable: The shipped model is not in the cache.
    """
    registry = Registry(cache)
    card = registry.card(MODEL)
    files = registry.files(MODEL)
    network = next(source for source in card.sources if source.name.endswith(".pth"))
    shipped = Classifier.read(files[WEIGHTS].read_bytes())
    worth = Calibration.parse(files[WORTH].read_bytes())
    backbone = Backbone(files[network.name], network.sha256)
    examples = read(generated, real, shipped, backbone, limits, tell)
    tell("fitting")
    scores = adapting.held_out(shipped, examples)
    comparison = compare(shipped, worth, examples, scores)
    fitted = adapting.moved(shipped, examples.rows, examples.fake, examples.weights())
    made = {
        WEIGHTS: fitted.write(),
        WORTH: written(adapting.calibration(examples, scores), f"written for {name}"),
    }
    Calibration.parse(made[WORTH])
    made[CARD_FILE] = card_text(name, card, made, examples, comparison)
    ModelCard.parse(made[CARD_FILE], Path(name))
    digests = {each: hashlib.sha256(made[each]).hexdigest() for each in (WEIGHTS, WORTH)}
    made["report.md"] = as_markdown(name, examples, comparison, digests)
    made["report.json"] = as_json(name, examples, comparison, digests)
    return Adaptation(examples, comparison, made)


def write(adaptation: Adaptation, cache: Path, folder: Path) -> None:
    """Write a model folder at once, and put the frozen network into the cache under its name.

    Raises:
        ModelFolderTaken: There is something in the folder.
    """
    check_folder(folder)
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for name, raw in adaptation.files.items():
        (part / name).write_bytes(raw)
    if folder.exists():
        folder.rmdir()
    part.replace(folder)
    shipped, own = Registry(cache).card(MODEL), ModelCard.load(folder)
    for mine, theirs in zip(own.sources, shipped.sources, strict=True):
        target, source = cache_file(own, mine), cache_file(shipped, theirs)
        if target is None or source is None:
            continue
        (cache / target.name).parent.mkdir(parents=True, exist_ok=True)
        # With what was made of it, such as its ONNX conversion.
        for each in (cache / source.name).parent.glob(f"{Path(source.name).stem}.*"):
            shutil.copyfile(each, (cache / target.name).with_name(each.name))
