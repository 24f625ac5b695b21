"""Pictures of content-aware upsampling: kernels and sampling points over the pixels that they read."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from upsample_lib.figures.grids import arrow, grid, label
from upsample_lib.figures.style import COLOURS, INK, PAPER, SOFT, canvas

Array = npt.NDArray[np.float64]
_WHITE = "#fdfdfd"  # of the photograph, not of the paper: it stays white on a dark page
_MEANINGFUL = {*COLOURS.values(), *SOFT.values(), INK, PAPER}


def points_on_a_line(x: npt.ArrayLike, offsets: Sequence[npt.ArrayLike], scale: int = 2) -> Figure:
    """Draw a row of pixels, where each output reads it, and the outputs; a panel for each set of offsets.

    Hollow dots are the points of linear interpolation with half-pixel centres, full ones where they moved.
    """
    row = np.asarray(x, float)
    figure, axes = canvas(scale * len(row) + 1.8, 4.4 * len(offsets))
    for number, moved in enumerate(offsets):
        top, left = 0.3 + 4.4 * number, 1.3
        label(axes, f"({number + 1})", (0.5, top + 0.5), 12)
        for place, value in enumerate(row):
            corner = (left + scale * place, top)
            axes.add_patch(
                Rectangle(
                    corner, scale, 1, facecolor=SOFT["input"], edgecolor=COLOURS["input"], linewidth=0.9
                )
            )
            label(axes, f"{value:g}", (corner[0] + scale / 2, top + 0.5), 11)
        shifts = np.asarray(moved, float)
        points = (np.arange(len(shifts)) + 0.5) / scale - 0.5 + shifts
        outputs = np.interp(points, np.arange(len(row)), row)
        for j, (point, shift) in enumerate(zip(points, shifts)):
            at, was = left + scale * (point + 0.5), left + j + 0.5
            level = top + 1.5
            if shift:
                axes.plot(was, level, "o", color=COLOURS["zero"], fillstyle="none", markersize=5)
                arrow(axes, (was, level), (at, level), "kernel", 1.6)
            axes.plot(at, level, "o", color=COLOURS["kernel"], markersize=5, zorder=5)
            axes.plot([at, j + left + 0.5], [level + 0.1, top + 2.6], color=COLOURS["zero"], linewidth=0.8)
        grid(axes, outputs, (left, top + 2.6), "output")
    return figure


def kernels_over(
    image: npt.ArrayLike, kernels: npt.ArrayLike, pixels: Sequence[tuple[int, int]], around: int = 3
) -> Figure:
    """Draw the kernels of some output pixels over the pixels of a grey image that they weigh.

    Parameters
    ----------
    image : array_like, shape (H, W)
        The coarse image, 0 … 1.
    kernels : array_like, shape (k², s·H, s·W)
        Positive; the area of an orange square is its weight.
    pixels : sequence of (row, column)
        Output pixels, one to a panel; a green frame marks them.
    around : int
        How many input pixels to show on each side of the pixel's own.
    """
    grey, weights = np.asarray(image, float), np.asarray(kernels, float)
    k, s = round(len(weights) ** 0.5), weights.shape[1] // len(grey)
    side, cell = 2 * around + 1, 0.8
    figure, axes = canvas((side * cell + 0.5) * len(pixels) + 0.3, side * cell + 1.3)
    for number, (i, j) in enumerate(pixels):
        left, top = 0.3 + number * (side * cell + 0.5), 1.0
        label(axes, f"({number + 1})", (left + side * cell / 2, 0.5), 12)
        first = (i // s - around, j // s - around)
        rows, columns = (slice(start, start + side) for start in first)
        _photograph(axes, grey[rows, columns], (left, top), cell)
        for t, weight in enumerate(weights[:, i, j]):
            row, column = (around + part - k // 2 for part in divmod(t, k))
            width = cell * float(weight) ** 0.5
            corner = (left + (column + 0.5) * cell - width / 2, top + (row + 0.5) * cell - width / 2)
            axes.add_patch(
                Rectangle(
                    corner,
                    width,
                    width,
                    facecolor=COLOURS["kernel"],
                    edgecolor=_WHITE,
                    linewidth=0.8,
                    zorder=3,
                )
            )
        corner = (left + (j / s - first[1]) * cell, top + (i / s - first[0]) * cell)
        for colour, width in ((_WHITE, 4.2), (COLOURS["output"], 2.4)):
            axes.add_patch(
                Rectangle(corner, cell / s, cell / s, fill=False, edgecolor=colour, linewidth=width, zorder=4)
            )
    return figure


def points_over(image: npt.ArrayLike, offsets: npt.ArrayLike, cell: float = 1.4) -> Figure:
    """Draw where each output pixel reads a grey image (H, W): lines lead from where bilinear reads.

    Parameters
    ----------
    image : array_like, shape (H, W)
        The coarse image, 0 … 1.
    offsets : array_like, shape (2, s·H, s·W)
        Δx and Δy, in input pixels.
    cell : float
        Side of an input pixel.
    """
    grey, shifts = np.asarray(image, float), np.asarray(offsets, float)
    height, width = grey.shape
    s = shifts.shape[1] // height
    figure, axes = canvas(width * cell + 0.4, height * cell + 0.4)
    _photograph(axes, grey, (0.2, 0.2), cell)
    rows, columns = ((np.arange(s * n) + 0.5) / s for n in (height, width))
    was = np.stack(np.broadcast_arrays(columns, rows[:, None]))
    starts, ends = (0.2 + cell * p.reshape(2, -1) for p in (was, was + shifts))
    gaps = np.full_like(starts, np.nan)
    lines = np.stack([starts, ends, gaps], axis=2).reshape(2, -1)  # one path, broken by the gaps
    axes.plot(*lines, color=_WHITE, linewidth=3.0, zorder=3)
    axes.plot(*lines, color=COLOURS["kernel"], linewidth=1.4, zorder=4)
    axes.plot(*ends, "o", color=COLOURS["kernel"], markeredgecolor=_WHITE, markeredgewidth=0.7, zorder=5)
    return figure


def _photograph(axes: Axes, grey: Array, at: tuple[float, float], cell: float) -> None:
    """Draw grey pixels as squares, in shades that no page repaints with its theme."""
    for (row, column), value in np.ndenumerate(grey):
        level = int(np.clip(round(255 * value), 2, 252))
        while f"#{level:02x}{level:02x}{level:02x}" in _MEANINGFUL:
            level += 1
        shade = f"#{level:02x}{level:02x}{level:02x}"
        corner = (at[0] + column * cell, at[1] + row * cell)
        axes.add_patch(Rectangle(corner, cell, cell, facecolor=shade, edgecolor=shade, linewidth=0.4))
