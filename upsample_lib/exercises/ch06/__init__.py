"""Exercises of chapter 6, hyperparameters: sizes, the crop, the bilinear start, a decoder to repair."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.ch06.crop import EXERCISE as crop
from upsample_lib.exercises.ch06.output_padding import EXERCISE as output_padding
from upsample_lib.exercises.ch06.output_sizes import EXERCISE as output_sizes
from upsample_lib.exercises.chapter import Chapter

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    bilinear: Exercise
    decoder: Exercise

__all__ = ["bilinear", "crop", "decoder", "exercises", "output_padding", "output_sizes", "progress"]

_chapter = Chapter(
    __name__,
    ("output_sizes", "crop", "output_padding", "bilinear", "decoder"),
    in_torch={"bilinear": "bilinear_start", "decoder": "skip_decoder"},
)
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
