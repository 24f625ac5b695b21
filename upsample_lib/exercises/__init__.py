"""Exercises that check themselves and tell the learner what went wrong.

`from upsample_lib.exercises import ch05`, then `ch05.scatter.check(scatter)`, `ch05.scatter.hint()`,
`ch05.scatter.solution()`, `ch05.progress()`. Needs the extra `upsample_lib[exercises]`. Importing it loads no
torch.
"""

from upsample_lib.exercises import (
    ch01,
    ch02,
    ch03,
    ch04,
    ch05,
    ch06,
    ch07,
    ch08,
    ch09,
    ch10,
    ch11,
    ch12,
    ch13,
)
from upsample_lib.exercises.exercise import Exercise
from upsample_lib.exercises.language import set_language
from upsample_lib.exercises.progress_file import Progress
from upsample_lib.exercises.report import Report

__all__ = [
    "Exercise",
    "Progress",
    "Report",
    "all_exercises",
    "ch01",
    "ch02",
    "ch03",
    "ch04",
    "ch05",
    "ch06",
    "ch07",
    "ch08",
    "ch09",
    "ch10",
    "ch11",
    "ch12",
    "ch13",
    "chapters",
    "progress",
    "set_language",
]

_CHAPTERS = (ch01, ch02, ch03, ch04, ch05, ch06, ch07, ch08, ch09, ch10, ch11, ch12, ch13)


def all_exercises() -> list[Exercise]:
    """Every exercise of the course, in the order of the chapters."""
    return [found for chapter in _CHAPTERS for found in chapter.exercises()]


def chapters() -> dict[str, list[Exercise]]:
    """Every chapter's exercises, under the chapter's name; loads torch."""
    return {chapter.__name__.rpartition(".")[2]: chapter.exercises() for chapter in _CHAPTERS}


def progress() -> Progress:
    """What is solved in the whole course."""
    return Progress([(found.name, found.title) for found in all_exercises()])
