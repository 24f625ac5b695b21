"""The picture of a failing case: given, expected, got and difference, as inline SVG and as text.

Needs no matplotlib. Colours are the page's variables, with values that are legible on light and dark as
fallback; a wrong value has a thick dashed frame too, so nothing is said by colour alone.
"""

from dataclasses import dataclass, replace
from html import escape
from typing import Literal

import numpy as np
import numpy.typing as npt

from upsample_lib.exercises import sentences
from upsample_lib.exercises.cases import Answer, Array, Case
from upsample_lib.exercises.worker_main import KEPT_NUMBERS

Role = Literal["input", "kernel", "output", "zero", "got"]
_FILLS: dict[Role, str] = {
    "input": "var(--up-input-soft, rgba(0, 114, 178, .22))",
    "kernel": "var(--up-kernel-soft, rgba(213, 94, 0, .22))",
    "output": "var(--up-output-soft, rgba(0, 122, 90, .22))",
    "zero": "var(--up-zero-soft, rgba(118, 118, 118, .22))",
    "got": "none",
}
_INK = "var(--up-ink, currentColor)"
_MARK = "var(--up-mistake, #c2405f)"
_ROWS, _COLUMNS = 9, 12
_CELL, _LETTER, _GAP = 24, 7, 14


@dataclass(frozen=True)
class Grid:
    """A small array under a heading; `marks` are the cells that are wrong."""

    heading: str
    values: Array  # two-dimensional
    role: Role
    marks: frozenset[tuple[int, int]] = frozenset()
    note: str = ""
    truth: bool = False  # its values are True and False

    @property
    def words(self) -> list[list[str]]:
        write = (lambda value: str(bool(value))) if self.truth else number
        return [[write(float(value)) for value in row] for row in self.values]


def grids(
    case: Case, expected: Array, got: Answer, language: str, output: str = "", truth: bool = False
) -> list[Grid]:
    """What to draw: the arrays given, what was expected, what came, and where they differ.

    `output` is the name of the output shown, where a function returns several; `truth` says that its values
    are True and False. A single number needs no difference.
    """
    found = [
        _flat(name, value, "kernel" if name in ("w", "weight") else "input", language)
        for name, value in case.items()
        if isinstance(value, np.ndarray)
    ]
    words = (sentences.EXPECTED, sentences.GOT)
    expected_word, got_word = (f"{word.said_in(language)} {output}".strip() for word in words)
    if got is None or got.shape != expected.shape:
        found.append(replace(_flat(expected_word, expected, "output", language), truth=truth))
        if got is not None and got.ndim and got.size <= KEPT_NUMBERS:
            found.append(_flat(f"{got_word} {got.shape}", got, "got", language))
        return found
    wrong = ~np.isclose(got, expected, rtol=1e-5, atol=1e-6, equal_nan=True)
    lead = tuple(np.argwhere(wrong)[0][:-2]) if wrong.any() and wrong.ndim > 2 else ()
    difference = np.where(wrong, got - expected, 0.0)
    right = _flat(expected_word, expected, "output", language, lead)
    came = _flat(got_word, got, "got", language, lead, wrong)
    found += [replace(grid, truth=truth) for grid in (right, came)]
    if wrong.any() and expected.ndim:
        found.append(_flat(sentences.DIFFERENCE.said_in(language), difference, "zero", language, lead, wrong))
    return found


def _flat(
    heading: str,
    array: Array,
    role: Role,
    language: str,
    lead: tuple[int, ...] = (),
    wrong: npt.NDArray[np.bool_] | None = None,
) -> Grid:
    """One slice of the array, cut to a size that a page holds."""
    note = []
    if array.ndim > 2:
        lead = lead or (0,) * (array.ndim - 2)
        if array.shape[:-2] != (1,) * (array.ndim - 2):
            index = ", ".join(str(int(i)) for i in lead)
            note.append(sentences.SLICE.fill(index=f"[{index}]").said_in(language))
        array, wrong = array[lead], None if wrong is None else wrong[lead]
    array = np.atleast_2d(array)
    if array.shape[0] > _ROWS or array.shape[1] > _COLUMNS:
        note.append(sentences.CUT.said_in(language))
    part = array[:_ROWS, :_COLUMNS]
    marks = np.atleast_2d(wrong)[:_ROWS, :_COLUMNS] if wrong is not None else np.zeros(part.shape, dtype=bool)
    places = frozenset((int(i), int(j)) for i, j in np.argwhere(marks))
    return Grid(heading, np.asarray(part, dtype=float), role, places, "; ".join(note))


def number(value: float) -> str:
    return f"{value:.4g}".replace("-", "−") if np.isfinite(value) else str(value)


def svg(pictured: list[Grid], description: str) -> str:
    """All grids under each other."""
    parts: list[str] = []
    top, right = 4.0, 0.0
    for grid in pictured:
        heading = grid.heading + (f" ({grid.note})" if grid.note else "")
        parts.append(f'<text x="2" y="{top + 12:g}" style="fill: {_INK}">{escape(heading)}</text>')
        top += 18
        words = grid.words
        width = max([_CELL + 4, *(len(word) * _LETTER + 10 for row in words for word in row)])
        for i, row in enumerate(words):
            for j, word in enumerate(row):
                parts.append(_cell(2 + j * width, top + i * _CELL, width, word, grid, (i, j)))
        right = max(right, 4 + grid.values.shape[1] * width, len(heading) * _LETTER + 8)
        top += _CELL * len(words) + _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(description)}" '
        f'viewBox="0 0 {right:g} {top:g}" width="{right:g}" height="{top:g}" '
        f'style="max-width: 100%; height: auto; font: 12px ui-monospace, monospace">{"".join(parts)}</svg>'
    )


def _cell(x: float, y: float, width: float, word: str, grid: Grid, place: tuple[int, int]) -> str:
    wrong = place in grid.marks
    fill = _FILLS["zero"] if grid.role == "got" and word == "0" else _FILLS[grid.role]
    edge = (
        f"stroke: {_MARK}; stroke-width: 2; stroke-dasharray: 4 2"
        if wrong
        else f"stroke: {_INK}; stroke-width: .5"
    )
    inset = 1.5 if wrong else 0.5
    return (
        f'<rect x="{x + inset:g}" y="{y + inset:g}" '
        f'width="{width - 2 * inset:g}" height="{_CELL - 2 * inset:g}" style="fill: {fill}; {edge}"/>'
        f'<text x="{x + width / 2:g}" y="{y + 16:g}" text-anchor="middle" style="fill: {_INK}">{word}</text>'
    )


def text(pictured: list[Grid]) -> str:
    """The same for a terminal; wrong values stand in brackets."""
    lines = []
    for grid in pictured:
        lines.append(f"  {grid.heading}" + (f" ({grid.note})" if grid.note else ""))
        words = [
            [f"[{word}]" if (i, j) in grid.marks else word for j, word in enumerate(row)]
            for i, row in enumerate(grid.words)
        ]
        width = max((len(word) for row in words for word in row), default=1)
        lines += ["    " + " ".join(word.rjust(width) for word in row) for row in words]
    return "\n".join(lines)
