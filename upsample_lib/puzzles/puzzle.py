"""The puzzle on the page: an anywidget that holds a question with all its answers and needs no kernel."""

from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from upsample_lib.exercises.cases import Array
from upsample_lib.explorables.base import COLOURS, Drawing, Explorable, WholeNumber, joined
from upsample_lib.puzzles.question import Given, Question, Tone, Variant, Verdict

HERE = Path(__file__).parent


class Puzzle(Explorable):
    """A question with its variants, answered in the browser.

    Parameters
    ----------
    question
        What is asked, with the answers prepared.
    **traits
        `variant`, the set of numbers shown, from 0; `answer`, what the reader has entered: a list of rows
        with None for an empty cell, or the number of the chosen picture; None before anything is entered;
        `lang`.

    Examples
    --------

    >>> from upsample_lib.puzzles import ch05
    >>> puzzle = ch05.stamps()
    >>> puzzle.question.variants[puzzle.variant].right
    array([ 20., 203.,  30.])
    >>> puzzle.answer = [[20, 3, 30]]
    >>> puzzle.verdict.mistake
    'overwritten'
    """

    _esm = joined(
        "grid.js",
        "explorable.js",
        *(HERE / name for name in ("puzzle_words.js", "progress_store.js", "answer_grid.js", "puzzle.js")),
    )
    _css = joined("explorables.css", HERE / "puzzles.css")

    content = traitlets.Dict(read_only=True).tag(sync=True)
    variant = WholeNumber(0).tag(sync=True)
    answer: Any = traitlets.Any(None, allow_none=True).tag(sync=True)

    def __init__(self, question: Question, **traits: Any) -> None:
        self.question = question
        super().__init__(name=question.name, **traits)
        self.set_trait("content", content(question))

    @traitlets.validate("variant")
    def _within_limits(self, proposal: Any) -> int:
        value, count = int(proposal["value"]), len(self.question.cases)
        if not 0 <= value < count:
            raise traitlets.TraitError(f"variant must be from 0 to {count - 1}, got {value}")
        return value

    @traitlets.observe("variant")
    def _start_anew(self, change: Any) -> None:
        self.answer = None
        if self.comm is not None:
            self._send_poster()

    @property
    def verdict(self) -> Verdict | None:
        """What there is to say about `answer`; None as long as a cell is empty."""
        if self.answer is None:
            return None
        if self.question.kind == "choose":
            return self.question.examine(self.answer, self.variant)
        given = np.array(self.answer, dtype=float)  # None becomes NaN
        right = self.question.variants[self.variant].right
        if right.ndim == 1 and len(given) == 1:
            given = given[0]
        return None if np.isnan(given).any() else self.question.examine(given, self.variant)

    def draw_poster(self) -> str:
        return drawn(self.question, self.question.variants[self.variant])


def _rows(values: Array) -> list[list[float]]:
    """Whole numbers as such: shorter in the page, and the browser need not round."""
    return [[int(v) if v == int(v) else round(float(v), 6) for v in line] for line in np.atleast_2d(values)]


def content(question: Question) -> dict[str, Any]:
    """The question as the browser gets it; texts are pairs, Russian first."""
    tone = "output" if question.kind == "choose" else _answers_tone(question)
    return {
        "kind": question.kind,
        "symbol": question.symbol,
        "tone": tone,
        "free": question.free,
        "title": question.title,
        "asks": question.asks,
        "hint": question.hint,
        "mistakes": [found.says for found in question.mistakes],
        "variants": [_variant(question, variant) for variant in question.variants],
    }


def _answers_tone(question: Question) -> Tone:
    tones: dict[str, Tone] = {"K": "kernel", "w": "kernel", "x": "input", "z": "zero"}
    return tones.get(question.symbol[:1], "output")


def _variant(question: Question, variant: Variant) -> dict[str, Any]:
    found: dict[str, Any] = {
        "givens": [
            [given.symbol, given.tone, _rows(given.values), list(given.heads), list(given.sides)]
            for given in variant.givens
        ],
        "settings": list(variant.settings),
        "right": _rows(variant.right),
        "wrong": [_rows(theirs) for theirs in variant.wrong.values()],
        "why": variant.why,
    }
    if question.kind == "choose":
        found["order"] = list(variant.order)
    if not variant.open.all():
        found["open"] = np.atleast_2d(variant.open).astype(int).tolist()
    for part, names in (("heads", question.heads(**variant.case)), ("sides", question.sides(**variant.case))):
        if names:
            found[part] = list(names)
    return found


def drawn(question: Question, variant: Variant) -> str:
    """The still picture: what is given, and empty cells to write into."""
    drawing = Drawing()
    top = 0.0
    for given in variant.givens:
        top = _array(drawing, given, top)
    if question.kind == "choose":
        _pictures(drawing, variant.options, top)
    else:
        heads = question.heads(**variant.case)
        answer = Given(question.symbol, variant.right, _answers_tone(question), heads)
        hidden = np.atleast_2d(variant.open)
        if question.free:  # the number of cells is a part of the answer
            drawing.text(f"{question.symbol} = ?", 0, top + 0.5, "output", bold=True, anchor="start")
            drawing.reach(4, top + 1)
        else:
            _array(drawing, answer, top, lambda row, column: bool(hidden[row, column]))
    return drawing.markup(question.name, [", ".join(variant.settings)] if variant.settings else [])


def _array(drawing: Drawing, given: Given, top: float, blank: Any = lambda row, column: False) -> float:
    """One titled grid; returns where the next one begins."""
    tone = "ink" if given.tone == "plain" else given.tone
    values = np.atleast_2d(given.values)
    drawing.text(given.symbol, 0, top + 0.4, tone, bold=True, anchor="start")
    for column, head in enumerate(given.heads):
        drawing.text(head, 1.15 + (column + 0.5) * 1.25, top + 0.4, "ink")
    drawing.grid(values, tone, 1.15, top + 0.8, wide=1.25, blank=blank)
    return top + len(values) + 1.2


def _pictures(drawing: Drawing, options: list[Array], top: float) -> None:
    """The pictures to choose from, side by side, numbered."""
    low, high = min(float(o.min()) for o in options), max(float(o.max()) for o in options)
    size, left = drawing.cell, 0.0
    for number, option in enumerate(options, start=1):
        drawing.text(str(number), left + 1.5, top + 0.4, "ink", bold=True)
        rows, columns = option.shape
        small = 3 / max(rows, columns)
        for (row, column), value in np.ndenumerate(option):
            strength = (value - low) / (high - low or 1)
            drawing.parts.append(
                f'<rect x="{(left + column * small) * size:.4g}" y="{(top + 0.8 + row * small) * size:.4g}" '
                f'width="{small * size:.3g}" height="{small * size:.3g}" style="stroke:{COLOURS["zero"]};'
                f'stroke-opacity:.5;fill:{COLOURS["output"]};fill-opacity:{strength:.2g}"/>'
            )
        left += 3.6
        drawing.reach(left, top + 3.8)
