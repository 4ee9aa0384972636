"""The models that there are, whether their files are here and right, and how to load one."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from models.card import CARD_FILE, HubSource, ModelCard, Profile, Source, Task, WheelSource
from models.classifiers import FrameClassifier, TextClassifier
from models.errors import ModelDigestMismatch, ModelUnavailable, UnknownModel
from models.sources import HubFile, PackageFile, Progress, digest_of, fetch_files, file_state

if TYPE_CHECKING:
    from models.embedding import HubFrameEmbedder

#: The folder that holds a folder for each model.
MODELS_FOLDER = Path(__file__).resolve().parent

#: The module that loads a model: `load(card, files)` for the embedded ones; the hub module has one
#: function for each task. Imported at the first load, so that listing models stays quick.
_LOADERS: dict[tuple[Task, Profile], tuple[str, str]] = {
    ("text-classification", "embedded"): ("models.transformer", "load"),
    ("image-classification", "embedded"): ("models.vision", "load"),
    ("text-classification", "hub"): ("models.hub", "load_text"),
    ("image-classification", "hub"): ("models.hub", "load_frames"),
}

#: Tables of `preprocessing` by which a hub card for pictures asks for another module.
_FRAME_LOADERS: dict[str, tuple[str, str]] = {
    "zero_shot": ("models.zero_shot", "load"),
    "guard": ("models.vision_guards", "load"),
}


@dataclass(frozen=True, slots=True)
class ModelState:
    """Whether a model can be loaded.

    Attributes:
        id: Name of the model.
        state: "ready"; "missing" if a file is not there; "corrupt" if a file is another than the
            card names. Corrupt outweighs missing.
        files: State of each file by its name.
    """

    id: str
    state: str
    files: tuple[tuple[str, str], ...]


class Registry:
    """The models of a folder and a cache for their files.

    Thread-safe. A model is loaded once and kept. Loading never downloads: `fetch` does, and only
    when it is called.
    """

    def __init__(self, cache: Path, folder: Path = MODELS_FOLDER) -> None:
        """Opens a registry.

        Args:
            cache: Folder for fetched files; need not exist.
            folder: Folder with one folder a model, each with its `model.toml`.
        """
        self._cache = cache
        self._folder = folder
        self._lock = threading.RLock()
        self._cards: tuple[ModelCard, ...] | None = None
        self._loaded: dict[str, TextClassifier | FrameClassifier] = {}

    @classmethod
    def of_one(cls, cache: Path, folder: Path) -> Self:
        """Opens a registry of one model, whatever else lies beside its folder.

        Raises:
            InvalidCard: The folder holds no card, or the card breaks a rule.
        """
        registry = cls(cache, folder.parent)
        registry._cards = (ModelCard.load(folder),)
        return registry

    def cards(self) -> tuple[ModelCard, ...]:
        """All cards, by id.

        Raises:
            InvalidCard: A card breaks a rule.
        """
        with self._lock:
            if self._cards is None:
                found = sorted(self._folder.glob(f"*/{CARD_FILE}"))
                self._cards = tuple(ModelCard.load(path.parent) for path in found)
            return self._cards

    def card(self, model_id: str) -> ModelCard:
        """The card of one model.

        Raises:
            UnknownModel: There is none of that id.
            InvalidCard: A card breaks a rule.
        """
        for card in self.cards():
            if card.id == model_id:
                return card
        raise UnknownModel(f"There is no model {model_id!r}.", field="model")

    def fetch(
        self,
        ids: Sequence[str] | None = None,
        *,
        profile: Profile = "embedded",
        progress: Progress | None = None,
    ) -> None:
        """Brings the files of some models into the cache and checks every digest.

        Args:
            ids: Models to fetch; None means all of the profile.
            profile: Used where `ids` is None.
            progress: Called with one line for each file that is fetched.

        Raises:
            UnknownModel: An id is not known.
            ModelDigestMismatch: A file is not the one that the card names.
            SourceUnavailable: A source cannot be reached or lacks the file.
        """
        if ids is None:
            cards = [card for card in self.cards() if card.profile == profile]
        else:
            cards = [self.card(model_id) for model_id in ids]
        wanted = [
            file
            for card in cards
            for source in card.sources
            if (file := cache_file(card, source)) is not None
        ]
        fetch_files(wanted, self._cache, progress)
        for card in cards:
            self._files(card)

    def check(self, profile: Profile | None = None) -> tuple[ModelState, ...]:
        """Reads every file of every model (of a profile) and compares it with its card."""
        return tuple(self._state(card) for card in self.cards() if profile in {None, card.profile})

    def text(self, model_id: str) -> TextClassifier:
        """Loads a text classifier; see `frames` for what can go wrong."""
        return cast("TextClassifier", self._load(model_id, "text-classification"))

    def frames(self, model_id: str) -> FrameClassifier:
        """Loads a frame classifier.

        Raises:
            UnknownModel: There is no such model, or it is for another task.
            ModelUnavailable: A file is not in the cache.
            ModelDigestMismatch: A file is another than the card names.
        """
        return cast("FrameClassifier", self._load(model_id, "image-classification"))

    def embedder(self, model_id: str, others: Collection[str] = ()) -> HubFrameEmbedder:
        """Loads the network of a video model of the `hub` profile; it is not kept.

        Args:
            model_id: Name of the model.
            others: Names of its files that are no part of the network.

        Raises:
            UnknownModel: There is no such model, or it is for another task or profile.
            ModelUnavailable: A file is not in the cache.
            ModelDigestMismatch: A file is another than the card names.
            InvalidCard: The files are no network that takes pictures.
        """
        card = self.card(model_id)
        if (card.task, card.profile) != ("video-classification", "hub"):
            raise UnknownModel(f"Model {model_id!r} is no video model of the hub.", field="model")
        files = self._files(card)
        embedding = importlib.import_module("models.embedding")
        return cast("HubFrameEmbedder", embedding.load(card, files, others))

    def files(self, model_id: str) -> dict[str, Path]:
        """The files of a model by name, each checked against its card, for what loads them itself.

        Raises:
            UnknownModel: There is no such model.
            ModelUnavailable: A file is not in the cache.
            ModelDigestMismatch: A file is another than the card names.
        """
        return self._files(self.card(model_id))

    def _load(self, model_id: str, task: Task) -> TextClassifier | FrameClassifier:
        card = self.card(model_id)
        if card.task != task:
            raise UnknownModel(f"Model {model_id!r} is for {card.task}, not {task}.", field="model")
        with self._lock:
            if model_id not in self._loaded:
                files = self._files(card)
                module, function = _loader(card)
                load = getattr(importlib.import_module(module), function)
                self._loaded[model_id] = load(card, files)
            return self._loaded[model_id]

    def _place(self, card: ModelCard, source: Source) -> Path:
        file = cache_file(card, source)
        return card.folder / source.file if file is None else self._cache / file.name

    def _state(self, card: ModelCard) -> ModelState:
        files = tuple(
            (source.name, file_state(self._place(card, source), source.sha256, source.bytes))
            for source in card.sources
        )
        states = {state for _, state in files}
        worst = next((s for s in ("corrupt", "missing") if s in states), "ready")
        return ModelState(card.id, worst, files)

    def _files(self, card: ModelCard) -> dict[str, Path]:
        """The files of a model by name, each of them checked."""
        places = {source.name: self._place(card, source) for source in card.sources}
        for source in card.sources:
            place = places[source.name]
            state = file_state(place, source.sha256, source.bytes)
            if state == "missing":
                raise ModelUnavailable(
                    f"Model {card.id!r} lacks {source.name!r}; run framegate models fetch.",
                    field=source.name,
                )
            if state == "corrupt":
                found = digest_of(place)
                raise ModelDigestMismatch(
                    f"Model {card.id!r}: {source.name}: expected sha256 {source.sha256}, "
                    f"found {found}.",
                    field=source.name,
                    limit=source.sha256,
                    actual=found,
                )
        return places


def _loader(card: ModelCard) -> tuple[str, str]:
    if (card.task, card.profile) == ("image-classification", "hub"):
        for table, loader in _FRAME_LOADERS.items():
            if table in card.preprocessing:
                return loader
    return _LOADERS[card.task, card.profile]


def cache_file(card: ModelCard, source: Source) -> PackageFile | HubFile | None:
    """The file in the cache that a source speaks of; None for a file of the repository."""
    name = f"{card.id}/{source.name}"
    if isinstance(source, WheelSource):
        return PackageFile(
            package=source.package,
            version=source.version,
            file=source.file,
            sha256=source.sha256,
            bytes=source.bytes,
            name=name,
            archive=source.archive,
        )
    if isinstance(source, HubSource):
        return HubFile(
            repo=source.repo,
            revision=source.revision,
            file=source.file,
            sha256=source.sha256,
            bytes=source.bytes,
            name=name,
        )
    return None
