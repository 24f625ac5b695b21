"""The progress page: every puzzle of the course, and what this browser remembers of it."""

from collections.abc import Sequence
from typing import Any

import traitlets

from upsample_lib.explorables.base import Drawing, Explorable, joined
from upsample_lib.puzzles.puzzle import HERE
from upsample_lib.puzzles.question import Question


class Progress(Explorable):
    """Which puzzles are solved, chapter by chapter, with a button that forgets it all.

    Parameters
    ----------
    questions
        The puzzles, in the order of the course.
    pages
        Chapter → the page that shows its puzzles, without suffix; the others are listed without a link.
    **traits
        `lang`.

    Examples
    --------
    >>> from upsample_lib.puzzles import ch05
    >>> [name for name, *_ in Progress(ch05.QUESTIONS, {5: "05-page"}).chapters[0]["puzzles"]]
    ['ch05-stamps', 'ch05-plane', 'ch05-zeros', 'ch05-wires']
    """

    _esm = joined("grid.js", "explorable.js", *(HERE / name for name in ("progress_store.js", "progress.js")))
    _css = joined("explorables.css", HERE / "puzzles.css")

    chapters: Any = traitlets.List(read_only=True).tag(sync=True)

    def __init__(
        self, questions: Sequence[Question], pages: dict[int, str] | None = None, **traits: Any
    ) -> None:
        found: dict[int, list[list[Any]]] = {}
        for question in questions:
            found.setdefault(question.chapter, []).append([question.name, *question.title])
        super().__init__(name="puzzle-progress", **traits)
        self.set_trait(
            "chapters",
            [
                {"number": chapter, "page": (pages or {}).get(chapter, ""), "puzzles": puzzles}
                for chapter, puzzles in found.items()
            ],
        )

    def draw_poster(self) -> str:
        """A box to tick for each puzzle, a row for each chapter."""
        drawing = Drawing()
        for row, chapter in enumerate(self.chapters):
            drawing.text(str(chapter["number"]), 0.5, row + 0.5, "ink", bold=True)
            for column in range(len(chapter["puzzles"])):
                drawing.frame(1.3 + column * 1.1, row + 0.12, 0.76, 0.76, "zero")
                drawing.reach(2.5 + column * 1.1, row + 1)
        return drawing.markup("puzzles")
