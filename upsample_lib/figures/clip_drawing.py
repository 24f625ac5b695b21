"""Where the marks of an animation's frame stand, in cells: squares, frames, texts; and their SVG."""

from typing import Literal, NamedTuple

import numpy as np

from upsample_lib.figures.clips import Clip, Grid, Line
from upsample_lib.figures.style import COLOURS, SOFT, Role

ROLES: dict[str, Role] = {"i": "input", "k": "kernel", "o": "output", "z": "zero"}
# also where the frame says which grid it is, for a reader of any language
SYMBOLS = {
    "x": "x", "w": "w", "flipped": "w ↻ 180°", "z": "z", "y": "y", "canvas": "y",
    "maxima": "y", "places": "j", "unpooled": "u",
}  # fmt: skip
TONES: dict[str, Role] = {"x": "input", "z": "input", "w": "kernel", "flipped": "kernel", "places": "kernel"}
NO_BREAK, INK_FILL = "\u00a0", "var(--up-ink, #1a1a1a)"
GAP, TITLE, LINE, MARGIN = 0.9, 0.8, 1.1, 0.25


class Square(NamedTuple):
    """A cell; `look` as in `Grid`."""

    x: float
    y: float
    look: str


class Box(NamedTuple):
    """A frame around cells: where the kernel or the window lies."""

    x: float
    y: float
    width: float
    height: float
    role: Role


class Words(NamedTuple):
    """A text at its anchor, its middle at `y`; `role` "" is ink."""

    x: float
    y: float
    text: str
    size: float
    role: Role | Literal[""]
    anchor: Literal["start", "middle", "end"] = "middle"
    bold: bool = False


Mark = Square | Box | Words
Drawn = tuple[tuple[float, float], list[list[Mark]]]


def drawn(clip: Clip) -> Drawn:
    """Width and height in cells, and the marks of each frame."""
    grids = clip.frames[0].grids
    widths = [max(grids[i].texts.shape[1] for i in column) for column in clip.columns]
    heights = [
        sum(grids[i].texts.shape[0] + TITLE for i in column) + GAP / 3 * (len(column) - 1)
        for column in clip.columns
    ]
    width, height = sum(widths) + GAP * (len(widths) - 1) + 2 * MARGIN, max(heights) + 2 * MARGIN
    places: dict[int, tuple[float, float]] = {}
    left = MARGIN
    for column, wide, high in zip(clip.columns, widths, heights):
        top = MARGIN + (height - 2 * MARGIN - high) / 2
        for i in column:
            rows, columns = grids[i].texts.shape
            places[i] = (left + (wide - columns) / 2, top + TITLE)
            top += rows + TITLE + GAP / 3
        left += wide + GAP
    frames: list[list[Mark]] = []
    for number, frame in enumerate(clip.frames):
        marks = [mark for i, grid in enumerate(frame.grids) for mark in _marks(grid, *places[i])]
        frames.append([*marks, *_line(frame.line, width, height + LINE / 2 - MARGIN)])
        count = f"{number} / {len(clip.frames) - 1}"
        frames[-1].append(Words(width - MARGIN, height + LINE / 2 - MARGIN, count, 0.34, ROLES["z"], "end"))
    return (width, height + LINE), frames


def _marks(grid: Grid, left: float, top: float) -> list[Mark]:
    name = SYMBOLS[grid.name]
    columns = grid.texts.shape[1]
    role = TONES.get(grid.name, "output")
    marks: list[Mark] = [Words(left + columns / 2, top - 0.35, name, 0.48, role, bold=True)]
    for r, c in np.ndindex(grid.texts.shape):
        text, look, badge = str(grid.texts[r, c]), str(grid.looks[r, c]), str(grid.badges[r, c])
        marks.append(Square(left + c, top + r, look))
        size = {0: 0.46, 1: 0.46, 2: 0.42, 3: 0.36}.get(len(text), 1.2 / max(len(text), 1))
        tone: Role | Literal[""] = "zero" if look in "zc" else ""
        low = 0.64 if badge else 0.53
        if text:
            marks.append(Words(left + c + 0.5, top + r + low, text, size, tone, bold=look.isupper()))
        if badge:
            small = 0.28 if len(badge) < 4 else 0.22
            marks.append(Words(left + c + 0.94, top + r + 0.2, badge, small, "kernel", "end", bold=True))
    if grid.outline:
        r, c, high, wide = grid.outline
        marks.append(Box(left + c, top + r, wide, high, "kernel"))
    return marks


def _line(line: Line, width: float, y: float) -> list[Mark]:
    """The worked sum below the grids; only its ends where it would not fit."""
    size = 0.46
    step = 0.6 * size  # of a monospaced letter
    room = (width - 2 * MARGIN) / step - 8
    if sum(len(text) for text, _ in line) > room and len(line) > 3:
        line = (line[0], (" = … = ", ""), line[-1])
    marks: list[Mark] = []
    x = MARGIN
    for text, letter in line:
        role: Role | Literal[""] = ROLES[letter] if letter else ""
        marks.append(Words(x, y, text, size, role, "start"))
        x += len(text) * step
    return marks


def _box(mark: Box) -> str:
    place = f'x="{mark.x:.4g}" y="{mark.y:.4g}" width="{mark.width:g}" height="{mark.height:g}"'
    return f'<rect {place} fill="none" stroke="{_colour(mark.role)}" stroke-width=".09" rx=".08"/>'


def _written(marks: list[Words]) -> str:
    """Texts of one look, which is said once."""
    first = marks[0]
    fill = INK_FILL if first.role == "" else _colour(first.role)
    look = f'font-size="{first.size:.3g}" fill="{fill}"'
    look += "" if first.anchor == "middle" else f' text-anchor="{first.anchor}"'
    look += ' font-weight="700"' if first.bold else ""
    look += ' font-family="ui-monospace,DejaVu Sans Mono,monospace"' if first.anchor == "start" else ""
    texts = "".join(
        f'<text x="{mark.x:.4g}" y="{mark.y + 0.35 * mark.size:.4g}">{text}</text>'
        for mark, text in ((mark, mark.text.replace(" ", NO_BREAK)) for mark in marks)
    )
    return f"<g {look}>{texts}</g>"


def _squares(marks: list[Square]) -> str:
    """Cells of one look as one path."""
    path = "".join(f"M{mark.x:.4g} {mark.y:.4g}h1v1h-1z" for mark in marks)
    look = marks[0].look
    if look == ".":
        return f'<path d="{path}" fill="none" stroke="{_colour("zero")}" stroke-width=".02"/>'
    if look == "c":
        hatch = "".join(
            f"M{mark.x + a:.4g} {mark.y + b:.4g}L{mark.x + b:.4g} {mark.y + a:.4g}"
            for mark in marks
            for a, b in ((0.0, 0.5), (0.0, 1.0), (0.5, 1.0))
        )
        return (
            f'<path d="{path}" fill="{_colour("zero", soft=True)}"/>'
            f'<path d="{path}{hatch}" fill="none" stroke="{_colour("zero")}" stroke-width=".02"/>'
        )
    role, strong = ROLES[look.lower()], look.isupper()
    dotted = ' stroke-dasharray=".05 .05"' if role == "zero" and not strong else ""
    width = ".07" if strong else ".025"
    fill, edge = _colour(role, soft=True), _colour(role)
    return f'<path d="{path}" fill="{fill}" stroke="{edge}" stroke-width="{width}"{dotted}/>'


def picture(marks: list[Mark]) -> str:
    """A frame as SVG: ordinary cells below strong ones, then texts, then frames around cells."""
    looks: dict[str, list[Square]] = {}
    for mark in marks:
        if isinstance(mark, Square):
            looks.setdefault(mark.look, []).append(mark)
    cells = [_squares(looks[look]) for look in sorted(looks, key=lambda look: (look.isupper(), look))]
    words: dict[Words, list[Words]] = {}
    for mark in marks:
        if isinstance(mark, Words):
            words.setdefault(mark._replace(x=0, y=0, text=""), []).append(mark)
    boxes = [_box(mark) for mark in marks if isinstance(mark, Box)]
    return "".join([*cells, *(_written(group) for group in words.values()), *boxes])


def layer(mark: Mark) -> int:
    """Marks of a higher layer are drawn over those of a lower one."""
    if isinstance(mark, Square):
        return int(mark.look.isupper())
    return 2 if isinstance(mark, Words) else 3


def _colour(role: Role, *, soft: bool = False) -> str:
    return f"var(--up-{role}-soft, {SOFT[role]})" if soft else f"var(--up-{role}, {COLOURS[role]})"
