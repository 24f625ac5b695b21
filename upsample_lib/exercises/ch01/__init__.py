"""Exercises of chapter 1, pooling: minimum, mean, maximum with its place, a gradient to repair."""

from typing import TYPE_CHECKING

from upsample_lib.exercises.ch01.gradient import EXERCISE as max_gradient
from upsample_lib.exercises.ch01.mean import EXERCISE as average
from upsample_lib.exercises.ch01.places import EXERCISE as pool_and_remember
from upsample_lib.exercises.chapter import Chapter

if TYPE_CHECKING:
    from upsample_lib.exercises.exercise import Exercise

    min_pool: Exercise

__all__ = ["average", "exercises", "max_gradient", "min_pool", "pool_and_remember", "progress"]

_chapter = Chapter(
    __name__,
    ("min_pool", "average", "pool_and_remember", "max_gradient"),
    in_torch={"min_pool": "minimum"},
)
__getattr__, __dir__ = _chapter.load, _chapter.names
exercises, progress = _chapter.exercises, _chapter.progress
