"""Exercises of chapter 2, unpooling: numbers back to their places, fair shares, a decoder to repair."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.ch02.assignment import EXERCISE as unpool
from upsample_lib.exercises.ch02.nails import EXERCISE as bed
from upsample_lib.exercises.ch02.shares import EXERCISE as share
from upsample_lib.exercises.chapter import Chapter

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    there_and_back: Exercise

__all__ = ["bed", "exercises", "progress", "share", "there_and_back", "unpool"]

_chapter = Chapter(
    __name__, ("bed", "unpool", "share", "there_and_back"), in_torch={"there_and_back": "switches"}
)
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
