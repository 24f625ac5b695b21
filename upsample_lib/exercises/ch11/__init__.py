"""Exercises of chapter 11, generators: the layers from 1 × 1 to the image, and doubling without a pattern."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.ch11.layers import EXERCISE as plan
from upsample_lib.exercises.chapter import Chapter

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    resize_conv: Exercise

__all__ = ["exercises", "plan", "progress", "resize_conv"]

_chapter = Chapter(__name__, ("plan", "resize_conv"), in_torch={"resize_conv": "resized"})
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
