"""Exercises of chapter 8, sub-pixel convolution: pixels to channels, ICNR, two equal layers."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.ch08.tied_kernel import EXERCISE as tied_kernel
from upsample_lib.exercises.ch08.unshuffle import EXERCISE as unshuffle
from upsample_lib.exercises.chapter import Chapter

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    icnr: Exercise
    rebuilt: Exercise

__all__ = ["exercises", "icnr", "progress", "rebuilt", "tied_kernel", "unshuffle"]

_chapter = Chapter(
    __name__,
    ("unshuffle", "icnr", "tied_kernel", "rebuilt"),
    in_torch={"icnr": "icnr_start", "rebuilt": "rebuilt_layer"},
)
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
