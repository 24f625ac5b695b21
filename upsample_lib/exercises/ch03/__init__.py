"""Exercises of chapter 3, interpolation: pixels chosen, one axis as a matrix, a picture, labels to repair."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.ch03.axis import EXERCISE as linear_matrix
from upsample_lib.exercises.ch03.choice import EXERCISE as chosen
from upsample_lib.exercises.ch03.picture import EXERCISE as bilinear
from upsample_lib.exercises.chapter import Chapter

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    enlarge_labels: Exercise

__all__ = ["bilinear", "chosen", "enlarge_labels", "exercises", "linear_matrix", "progress"]

_chapter = Chapter(
    __name__,
    ("chosen", "linear_matrix", "bilinear", "enlarge_labels"),
    in_torch={"enlarge_labels": "labels"},
)
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
