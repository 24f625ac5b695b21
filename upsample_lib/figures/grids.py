"""Grids of numbers: the feature maps, kernels and matrices that the book works out by hand."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from upsample_lib.figures.style import COLOURS, INK, SOFT, Role

Point = tuple[float, float]
Cells = Sequence[Sequence[Role | None]]


def number_text(value: float) -> str:
    """Write a number the same way in every language: an integer, a fraction, or (rarely) two decimals."""
    fraction = Fraction(float(value)).limit_denominator(64)
    if abs(float(fraction) - float(value)) > 1e-9:
        return f"{value:.2f}".replace("-", "−")
    return str(fraction).replace("-", "−")


def grid(
    axes: Axes,
    values: npt.ArrayLike,
    at: Point = (0, 0),
    role: Role = "input",
    roles: Cells | None = None,
    *,
    numbers: bool = True,
    cell: float = 1.0,
    strong: npt.ArrayLike | None = None,
) -> None:
    """Draw a matrix (or a vector, as one row) with its top left corner at `at`.

    Parameters
    ----------
    axes : Axes
        From `canvas`: one unit is one cell.
    values : array_like, shape (rows, columns) or (columns,)
        The numbers. NaN leaves a cell without a number.
    at : tuple of float
        Top left corner (x, y).
    role : {"input", "kernel", "output", "zero"}
        What the numbers are: the colour of every cell …
    roles : sequence of sequences, optional
        … or one for each cell; None leaves a cell out.
    numbers : bool
        Whether the numbers are written.
    cell : float
        Side of a cell.
    strong : array_like of bool, optional
        Cells drawn with a full colour and a thick edge: those that the picture is about.
    """
    table = np.atleast_2d(np.asarray(values, dtype=float))
    bold = np.zeros(table.shape, bool) if strong is None else np.atleast_2d(np.asarray(strong, dtype=bool))
    for row, column in np.ndindex(table.shape):
        kind = roles[row][column] if roles is not None else role
        if kind is None:
            continue
        corner = (at[0] + column * cell, at[1] + row * cell)
        draw_cell(axes, corner, kind, cell, strong=bool(bold[row, column]))
        value = float(table[row, column])
        if numbers and not np.isnan(value):
            centre = (corner[0] + cell / 2, corner[1] + cell / 2)
            label(
                axes,
                number_text(value),
                centre,
                size=11 * cell,
                weight="bold" if bold[row, column] else "normal",
            )


def draw_cell(axes: Axes, corner: Point, role: Role, cell: float = 1.0, *, strong: bool = False) -> None:
    """Draw one cell; cells of inserted zeros have a dotted edge, so that colour is not the only sign."""
    axes.add_patch(
        Rectangle(
            corner,
            cell,
            cell,
            facecolor=SOFT[role],
            edgecolor=COLOURS[role],
            linewidth=2.2 if strong else 0.9,
            linestyle=":" if role == "zero" and not strong else "-",
            zorder=3 if strong else 1,
            clip_on=False,
        )
    )


def outline(axes: Axes, corner: Point, columns: float, rows: float, role: Role = "kernel") -> None:
    """Draw a frame around cells: where the kernel lies, what a crop keeps."""
    axes.add_patch(
        Rectangle(
            corner, columns, rows, fill=False, edgecolor=COLOURS[role], linewidth=2.8, zorder=5, clip_on=False
        )
    )


def label(
    axes: Axes, text: str, at: Point, size: float = 11, weight: str = "normal", role: Role | None = None
) -> None:
    """Write symbols (never words) centred at a point."""
    colour = INK if role is None else COLOURS[role]
    text_of = axes.text(*at, text, ha="center", va="center", fontsize=size, color=colour, zorder=6)
    text_of.set(fontweight=weight, math_fontfamily="cm")


def arrow(axes: Axes, start: Point, end: Point, role: Role | None = None, width: float = 1.4) -> None:
    """Draw an arrow from one point to another."""
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=9,
            linewidth=width,
            color=INK if role is None else COLOURS[role],
            shrinkA=0,
            shrinkB=0,
            zorder=2,
            clip_on=False,
        )
    )
