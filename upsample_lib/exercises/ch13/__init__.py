"""Exercises of chapter 13, speed: count the multiplications first, then compare times fairly."""

from upsample_lib.exercises.ch13.counts import EXERCISE as counts
from upsample_lib.exercises.ch13.fair import EXERCISE as speedup
from upsample_lib.exercises.chapter import Chapter

__all__ = ["counts", "exercises", "progress", "speedup"]

_chapter = Chapter(__name__, ("counts", "speedup"), in_torch={})
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
