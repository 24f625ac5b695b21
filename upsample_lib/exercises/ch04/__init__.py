"""Exercises of chapter 4, convolution: mathematicians' convolution, the matrix C, a layer out of windows."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.ch04.matrix import EXERCISE as convolution_matrix
from upsample_lib.exercises.chapter import Chapter

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    convolve: Exercise
    grouped_conv: Exercise

__all__ = ["convolution_matrix", "convolve", "exercises", "grouped_conv", "progress"]

_chapter = Chapter(
    __name__,
    ("convolve", "convolution_matrix", "grouped_conv"),
    in_torch={"convolve": "flip", "grouped_conv": "groups"},
)
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
