"""Exercises of chapter 5, transposed convolution: `scatter`, `recipe`, `matrix`, `conv_transpose`."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.ch05.matrix import EXERCISE as matrix
from upsample_lib.exercises.ch05.recipe import EXERCISE as recipe
from upsample_lib.exercises.ch05.scatter import EXERCISE as scatter
from upsample_lib.exercises.chapter import Chapter

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    conv_transpose: Exercise

__all__ = ["conv_transpose", "exercises", "matrix", "progress", "recipe", "scatter"]

_chapter = Chapter(
    __name__, ("scatter", "recipe", "matrix", "conv_transpose"), in_torch={"conv_transpose": "layer"}
)
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
