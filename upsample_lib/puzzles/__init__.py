"""Puzzles: small questions to answer on paper, checked and diagnosed without a kernel.

`from upsample_lib import puzzles`, then `puzzles.ch05.stamps()` shows one. Needs the extras
`upsample_lib[widgets,exercises]`; loads no torch.
"""

from upsample_lib.puzzles import ch01, ch02, ch03, ch04, ch05, ch06, ch07, ch08, ch09, ch10, ch11, ch12
from upsample_lib.puzzles.progress import Progress
from upsample_lib.puzzles.puzzle import Puzzle
from upsample_lib.puzzles.question import Question, Variant, Verdict

__all__ = [
    "Progress",
    "Puzzle",
    "Question",
    "Variant",
    "Verdict",
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
    "progress",
    "questions",
]

_CHAPTERS = (ch01, ch02, ch03, ch04, ch05, ch06, ch07, ch08, ch09, ch10, ch11, ch12)


def questions() -> tuple[Question, ...]:
    """Every puzzle of the course."""
    return tuple(question for chapter in _CHAPTERS for question in chapter.QUESTIONS)


def progress(pages: dict[int, str] | None = None) -> Progress:
    """What this browser remembers of them.

    Parameters
    ----------
    pages
        Chapter → the page that shows its puzzles, without suffix; only these chapters are listed. By
        default all are, without links.
    """
    shown = questions() if pages is None else [one for one in questions() if one.chapter in pages]
    return Progress(shown, pages)
