"""Exercises of chapter 12, content-aware upsampling: bilinear kernels for CARAFE, DySample's reading."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.chapter import Chapter

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    bilinear_kernels: Exercise
    sample: Exercise

__all__ = ["bilinear_kernels", "exercises", "progress", "sample"]

_chapter = Chapter(
    __name__,
    ("bilinear_kernels", "sample"),
    in_torch={"bilinear_kernels": "kernels", "sample": "points"},
)
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
