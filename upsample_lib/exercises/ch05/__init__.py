"""Exercises of chapter 5, transposed convolution: `scatter`, `recipe`, `matrix`, `conv_transpose`."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.ch05.matrix import EXERCISE as matrix
from upsample_lib.exercises.ch05.recipe import EXERCISE as recipe
from upsample_lib.exercises.ch05.scatter import EXERCISE as scatter
from upsample_lib.exercises.progress_file import Progress

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    conv_transpose: Exercise

__all__ = ["conv_transpose", "matrix", "progress", "recipe", "scatter"]


def __getattr__(name: str) -> "Exercise":
    """The PyTorch exercise is loaded, and torch with it, when it is first asked for."""
    if name != "conv_transpose":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from upsample_lib.exercises.ch05.layer import EXERCISE

    globals()["conv_transpose"] = EXERCISE
    return EXERCISE


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def exercises() -> "list[Exercise]":
    """All of them, in the order of the chapter."""
    return [scatter, recipe, matrix, __getattr__("conv_transpose")]


def progress() -> Progress:
    """What is solved in this chapter."""
    return Progress([(found.name, found.title) for found in exercises()])
