"""What every explorable shares: how its script is made, its traits, and the drawing of its still picture."""

import operator
import re
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

FOLDER = Path(__file__).parent

# The site sets the variables; the second value is the light theme's colour, for everywhere else.
COLOURS = {
    "input": "var(--up-input, #0072B2)",
    "kernel": "var(--up-kernel, #D55E00)",
    "output": "var(--up-output, #007A5A)",
    "zero": "var(--up-zero, #767676)",
    "ink": "var(--up-ink, #1a1a1a)",
    "paper": "var(--up-paper, #fff)",
}


def joined(*names: str | Path) -> str:
    """The files as one text, in the order given, less indentation and whole-line comments.

    A name is a file of this folder, a path any other.

    This is how an explorable's single ES module is made: shared files come first and only declare names
    at the top level; the last file alone has the `export default { render }`; nothing imports anything.
    """
    text = "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
    text = re.sub(r"^\s*(?:/\*.*?\*/|//[^\n]*)\s*$", "", text, flags=re.MULTILINE | re.DOTALL)
    if str(names[0]).endswith(".css"):
        return re.sub(r"\s*([{};,])\s*", r"\1", text).strip()
    return re.sub(r"^\s+", "", text, flags=re.MULTILINE)


class WholeNumber(traitlets.TraitType[int, Any]):
    """An integer; NumPy's integers count, booleans and 3.0 do not."""

    info_text = "an integer"

    def validate(self, obj: Any, value: Any) -> int:
        try:
            if isinstance(value, bool):
                raise TypeError
            return operator.index(value)
        except TypeError:
            raise traitlets.TraitError(f"{self.name} must be an integer, got {value!r}") from None


class NumberGrid(traitlets.TraitType[np.ndarray, Any]):
    """A small read-only array of float64, set from any list or array; the browser gets nested lists."""

    def __init__(self, axes: int, longest: int, largest: float = 99.0, shortest: int = 1) -> None:
        super().__init__()
        self.axes, self.longest, self.largest, self.shortest = axes, longest, largest, shortest
        self.tag(sync=True, to_json=lambda value, _: value.tolist(), from_json=lambda value, _: value)

    def validate(self, obj: Any, value: Any) -> np.ndarray:
        shape = " × ".join([f"{self.shortest}…{self.longest}"] * self.axes)
        try:
            array = np.array(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise traitlets.TraitError(f"{self.name} must be an array of numbers, got {value!r}") from None
        if array.ndim != self.axes or not all(self.shortest <= size <= self.longest for size in array.shape):
            raise traitlets.TraitError(f"{self.name} must have the shape {shape}, got {array.shape}")
        if not (np.abs(array) <= self.largest).all():
            raise traitlets.TraitError(
                f"{self.name} must hold numbers from −{self.largest:g} to {self.largest:g}, "
                f"got {array.tolist()}"
            )
        array.setflags(write=False)
        return array

    def set(self, obj: Any, value: Any) -> None:
        new = self._validate(obj, value)
        old = obj._trait_values.get(self.name)
        if old is None or not np.array_equal(old, np.asarray(new)):
            super().set(obj, new)


class Poster(traitlets.Unicode[str, Any]):
    """The still picture: drawn anew at each reading, so that it never lags behind the other traits."""

    def get(self, obj: Any, cls: Any = None) -> str | None:
        return str(obj.draw_poster())


class Explorable(anywidget.AnyWidget):
    """Base of the explorables.

    `lang` is "ru", "en" or "auto" (the page's language); `name` is what links to a setting call this
    explorable (`#e=NAME;s=2;…`), worth setting when a page holds two of a kind; `poster` is SVG markup, shown
    before the script runs, in print, and where nothing runs scripts.
    """

    _css = joined("explorables.css")

    lang = traitlets.Enum(("auto", "ru", "en"), "auto").tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    poster = Poster(read_only=True).tag(sync=True)

    @traitlets.validate("name")
    def _name_fits_in_a_link(self, proposal: Any) -> str:
        name = str(proposal["value"])
        if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            raise traitlets.TraitError(
                f"name must be made of a–z, 0–9 and hyphens and begin with a letter, got {name!r}"
            )
        return name

    def draw_poster(self) -> str:
        """The markup of `poster`, drawn from the present traits."""
        return ""

    def _send_poster(self) -> None:
        """After a change made in Python; a change made in the browser is on the screen already."""
        if not self._property_lock:
            self.send_state("poster")


def written(value: float) -> str:
    """A number as a cell shows it: at most two decimals and a real minus sign."""
    return f"{round(float(value), 2) + 0.0:g}".replace("-", "−")


class Drawing:
    """SVG markup made of number grids; one cell is 1 unit wide times `cell` pixels."""

    def __init__(self, cell: int = 34) -> None:
        self.cell = cell
        self.parts: list[str] = []
        self.width, self.height = 0.0, 0.0

    def reach(self, right: float, bottom: float) -> None:
        """Make the picture at least so many cells wide and tall."""
        self.width, self.height = max(self.width, right), max(self.height, bottom)

    def grid(
        self,
        values: np.ndarray,
        colour: str,
        left: float,
        top: float,
        *,
        wide: float = 1.0,
        hatched: Callable[[int, int], bool] = lambda row, column: False,
        blank: Callable[[int, int], bool] = lambda row, column: False,
    ) -> None:
        """Cells tinted by magnitude, `wide` units each; hatched ones are cropped, blank ones empty."""
        strongest = float(np.abs(values).max()) or 1.0
        size = self.cell
        for (row, column), value in np.ndenumerate(values):
            x, y = (left + column * wide) * size, (top + row) * size
            rect = f'<rect x="{x:g}" y="{y:g}" width="{wide * size:g}" height="{size}"'
            empty = blank(row, column)
            strength = 0.0 if empty else 0.1 + 0.32 * abs(value) / strongest
            tone = COLOURS["zero" if empty or hatched(row, column) else colour]
            self.parts.append(
                f'{rect} style="fill:{tone};fill-opacity:{strength:.2f};'
                f'stroke:{COLOURS[colour]};stroke-opacity:.45"/>'
            )
            if hatched(row, column):
                lines = "".join(
                    f"M{x + a * size:g} {y + b * size:g}L{x + b * size:g} {y + a * size:g}"
                    for a, b in ((0.0, 0.34), (0.0, 0.67), (0.0, 1.0), (0.33, 1.0), (0.66, 1.0))
                )
                self.parts.append(
                    f'{rect} style="fill:{COLOURS["paper"]};fill-opacity:.6"/>'
                    f'<path d="{lines}" style="stroke:{COLOURS["zero"]};stroke-opacity:.6;fill:none"/>'
                )
            if not empty:
                self.text(written(value), left + (column + 0.5) * wide, top + row + 0.5, "ink")
        rows, columns = values.shape
        self.reach(left + columns * wide, top + rows)

    def text(
        self, text: str, left: float, top: float, colour: str, *, bold: bool = False, anchor: str = "middle"
    ) -> None:
        size = 15 if len(text) < 5 or bold or anchor == "start" else 11
        weight = ";font-weight:600" if bold else ""
        self.parts.append(
            f'<text x="{left * self.cell:g}" y="{top * self.cell:g}" text-anchor="{anchor}" '
            f'dominant-baseline="central" font-size="{size}" style="fill:{COLOURS[colour]}{weight}">'
            f"{escape(text)}</text>"
        )

    def frame(self, left: float, top: float, columns: float, rows: float, colour: str) -> None:
        size = self.cell
        self.parts.append(
            f'<rect x="{left * size:g}" y="{top * size:g}" width="{columns * size:g}" '
            f'height="{rows * size:g}" rx="3" style="fill:none;stroke:{COLOURS[colour]};stroke-width:3"/>'
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: str, *, thick: float = 1.0) -> None:
        x1, y1, x2, y2 = (at * self.cell for at in (x1, y1, x2, y2))
        self.parts.append(
            f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" '
            f'style="stroke:{COLOURS[colour]};stroke-width:{thick:.2g};fill:none"/>'
        )

    def markup(self, label: str, below: Iterable[str] = ()) -> str:
        """The finished SVG; the lines `below` stand under the grids, from the left edge."""
        bottom = self.height + 0.6
        for line in below:
            self.text(line, 0, bottom, "ink", anchor="start")
            bottom += 0.7
            self.reach(len(line) * 0.25, bottom)
        size = self.cell
        width, height = self.width * size + 4, self.height * size + 4
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {width:g} {height:g}" width="{width:g}" '
            f'height="{height:g}" role="img" aria-label="{escape(label)}" '
            f'style="max-width:100%;height:auto;font-family:system-ui,sans-serif">{"".join(self.parts)}</svg>'
        )
