"""What can be wrong with the clips that a detector is to be adapted to."""

from __future__ import annotations

from media.errors import FramegateError, InvalidInput


class TooFewExamples(InvalidInput):
    """A folder holds fewer usable clips, copies counted once, than can be learned from."""

    reason = "EXAMPLES_TOO_FEW"


class TooManyExamples(InvalidInput):
    """A folder holds more files than are looked at in one go."""

    reason = "EXAMPLES_TOO_MANY"


class ClipNotUsable(InvalidInput):
    """A clip is too short or too small to be measured."""

    reason = "CLIP_NOT_USABLE"


class ExampleInBothClasses(InvalidInput):
    """The same file is given as generated and as real."""

    reason = "EXAMPLE_IN_BOTH_CLASSES"


class InvalidModelFolder(InvalidInput):
    """The folder that a model is to be written to has no name that a model can have."""

    reason = "MODEL_FOLDER_INVALID"


class ModelFolderTaken(FramegateError):
    """The folder that a model is to be written to holds something already."""

    code = "ALREADY_EXISTS"
    reason = "MODEL_FOLDER_TAKEN"
