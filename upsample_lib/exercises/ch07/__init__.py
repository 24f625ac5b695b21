"""Exercises of chapter 7, checkerboard artifacts: the condition, the kernel, the decoder, the measure."""

from upsample_lib.exercises.ch07.balance import EXERCISE as balance
from upsample_lib.exercises.ch07.even import EXERCISE as even
from upsample_lib.exercises.ch07.phase_share import EXERCISE as phase_share
from upsample_lib.exercises.ch07.repaired import EXERCISE as repaired
from upsample_lib.exercises.chapter import Chapter

__all__ = ["balance", "even", "exercises", "phase_share", "progress", "repaired"]

_chapter = Chapter(__name__, ("even", "balance", "phase_share", "repaired"), in_torch={})
exercises, progress = _chapter.exercises, _chapter.progress
