"""What a puzzle asks: cases with their right answers and with those of small wrong implementations.

The answers are computed here, when a page is built; the browser only compares. A case on which a mistake
gives the right answer, or the answer of another mistake, could not be diagnosed and is refused.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from upsample_lib.exercises.cases import Array, Case, Mistake, answers
from upsample_lib.exercises.language import Text

Tone = Literal["input", "kernel", "output", "zero", "plain"]
TOLERANCE = 0.006  # a third may be typed as 0.33
LONGEST = 12


@dataclass(frozen=True)
class Given:
    """An array that the reader is shown: its symbol, its colour, names of its columns and rows."""

    symbol: str
    values: Array
    tone: Tone = "input"
    heads: Sequence[str] = ()
    sides: Sequence[str] = ()


class Verdict(NamedTuple):
    """What there is to say about an answer: `mistake` names the wrong implementation that gives the same."""

    right: bool
    mistake: str | None
    wrong_cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Variant:
    """One set of numbers.

    Parameters
    ----------
    case
        The arguments of the implementations.
    givens, settings
        The arrays and the lines of text shown.
    right, wrong
        The answers of the reference and of each mistake.
    open
        Which cells are to be filled.
    why
        What to say beside the right answer.
    order
        In which order pictures are shown: 0 is the right one, then the mistakes as listed.
    """

    case: Case
    givens: tuple[Given, ...]
    settings: tuple[str, ...]
    right: Array
    wrong: dict[str, Array]
    open: npt.NDArray[np.bool_]
    why: Text
    order: tuple[int, ...]

    @property
    def options(self) -> list[Array]:
        """The pictures to choose from, as they are shown."""
        pictures = [self.right, *self.wrong.values()]
        return [pictures[place] for place in self.order]


def _whole_case(**case: Any) -> list[Given]:
    """The arrays among the arguments; `w` is a kernel, `y` an output, the rest is input."""
    tones: dict[str, Tone] = {"w": "kernel", "K": "kernel", "y": "output", "j": "plain"}
    return [
        Given(name, value, tones.get(name, "input"))
        for name, value in case.items()
        if isinstance(value, np.ndarray)
    ]


def _numbers(**case: Any) -> list[str]:
    return [f"{name} = {value}" for name, value in case.items() if not isinstance(value, np.ndarray)]


@dataclass(frozen=True, eq=False)
class Question:
    """One puzzle in all its variants.

    Parameters
    ----------
    name
        Chapter and puzzle, as links call it: ``ch05-stamps``.
    title, asks, hint
        What it is called, what it asks, and a nudge for a wrong answer that no mistake explains.
    why
        Given the right answer and the case: what to say beside it.
    reference, mistakes, cases
        As in an exercise: the right implementation, wrong ones, and their arguments.
    symbol
        What the answer is called.
    kind
        ``"fill"`` the cells of the answer or ``"choose"`` its picture.
    free
        Whether the reader also finds how many numbers there are.
    gaps
        Given the answer and the case: which cells are to be filled; all by default.
    heads, sides
        Given the case: names of the answer's columns and rows.
    shows, settings
        Given the case: the arrays and the lines of text shown; by default all arguments.
    """

    name: str
    title: Text
    asks: Text
    hint: Text
    why: Callable[..., Text]
    reference: Callable[..., Any]
    mistakes: Sequence[Mistake]
    cases: Sequence[Case]
    symbol: str = "y"
    kind: Literal["fill", "choose"] = "fill"
    free: bool = False
    gaps: Callable[..., npt.NDArray[np.bool_]] | None = None
    heads: Callable[..., Sequence[str]] = field(default=lambda **case: ())
    sides: Callable[..., Sequence[str]] = field(default=lambda **case: ())
    shows: Callable[..., Sequence[Given]] = _whole_case
    settings: Callable[..., Sequence[str]] = _numbers

    @property
    def chapter(self) -> int:
        return int(self.name[2:4])

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """All sets of numbers, with the answers computed.

        Raises
        ------
        ValueError
            If an answer cannot be told from another one, or does not fit the grid.
        """
        right = answers(self.reference, self.cases)
        wrong = {found.name: answers(found.function, self.cases) for found in self.mistakes}
        return tuple(
            self._variant(at, case, right[at], {name: theirs[at] for name, theirs in wrong.items()})
            for at, case in enumerate(self.cases)
        )

    def _variant(self, at: int, case: Case, right: Array | None, wrong: dict[str, Array | None]) -> Variant:
        def refuse(what: str) -> ValueError:
            return ValueError(f"variant {at + 1} of {self.name}: {what}")

        if right is None or right.ndim not in (1, 2) or max(right.shape) > LONGEST:
            raise refuse(f"the answer must have one or two axes of at most {LONGEST} cells, got {right}")
        gaps = np.ones(right.shape, dtype=bool) if self.gaps is None else self.gaps(right, **case)
        found: dict[str, Array] = {}
        for name, theirs in wrong.items():
            if theirs is None or theirs.ndim != right.ndim:
                raise refuse(f"the mistake {name} has no answer of {right.ndim} axes")
            if theirs.shape == right.shape:
                theirs = np.where(gaps, theirs, right)
            elif self.kind == "fill" and not self.free:
                raise refuse(
                    f"the mistake {name} gives the shape {theirs.shape}, the answer has {right.shape}"
                )
            for other, known in {"right answer": right, **found}.items():
                if same(theirs, known, 2 * TOLERANCE):
                    raise refuse(f"the mistake {name} gives the same as the {other}: {theirs.tolist()}")
            found[name] = theirs
        return Variant(
            case,
            tuple(self.shows(**case)),
            tuple(self.settings(**case)),
            right,
            found,
            np.asarray(gaps, dtype=bool),
            self.why(right, **case),
            self._shuffled(at, 1 + len(found)),
        )

    def _shuffled(self, at: int, count: int) -> tuple[int, ...]:
        """The same order at every build; the right picture moves on with each variant."""
        rest = list(np.random.default_rng([at, *self.name.encode()]).permutation(np.arange(1, count)))
        place = (at + len(self.name)) % count
        return tuple(int(number) for number in (*rest[:place], 0, *rest[place:]))

    def examine(self, answer: Any, variant: int = 0) -> Verdict:
        """Judge an answer as the browser does.

        Parameters
        ----------
        answer
            Numbers in the shape of the right answer; for a puzzle of pictures, the picture's number from 0.
        variant
            Which set of numbers was answered.

        Returns
        -------
        Verdict
            Whether it is right; else the mistake that gives the same numbers, and the cells that are wrong.
        """
        asked = self.variants[variant]
        given = asked.options[answer] if self.kind == "choose" else np.asarray(answer, dtype=float)
        if same(given, asked.right):
            return Verdict(True, None, ())
        name = next((name for name, theirs in asked.wrong.items() if same(given, theirs)), None)
        cells: tuple[tuple[int, int], ...] = ()
        if given.shape == asked.right.shape:
            apart = np.atleast_2d(np.abs(given - asked.right) > TOLERANCE)
            cells = tuple((int(i), int(j)) for i, j in np.argwhere(apart))
        return Verdict(False, name, cells)


def same(a: Array, b: Array, tolerance: float = TOLERANCE) -> bool:
    return a.shape == b.shape and bool((np.abs(a - b) <= tolerance).all())
