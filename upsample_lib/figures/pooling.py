"""Pictures of pooling: windows and what they keep, switches, gradients, receptive fields, what is lost."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from upsample_lib.figures.grids import Point, arrow, draw_cell, grid, label, outline
from upsample_lib.figures.style import COLOURS, SOFT, Role, canvas, plot
from upsample_lib.pooling import avg_pool2d, max_pool1d, max_pool2d
from upsample_lib.receptive_fields import receptive_field
from upsample_lib.sizes import pool_output_size

Array = npt.NDArray[np.float64]
MAX, MEAN = "$\\max$", "$\\frac{1}{k^2}\\sum$"


class PoolingCase(NamedTuple):
    """One row of `sliding_windows`."""

    kernel_size: int
    stride: int
    padding: int = 0
    ceil_mode: bool = False


def pooled_twice(x: npt.ArrayLike, kernel_size: int = 2) -> Figure:
    """Frame the disjoint windows of an image; beside it their maxima (above) and averages (below)."""
    image = np.asarray(x, float)
    rows, columns = image.shape
    k = kernel_size
    maxima, switches = max_pool2d(image[None], k, return_indices=True)
    means = avg_pool2d(image[None], k)
    height = 2 * maxima.shape[1] + 1.0
    right = columns + 4.1
    figure, axes = canvas(right + maxima.shape[2] + 0.2, height + 0.4)
    top = 0.2 + (height - rows) / 2
    _windowed(axes, image, switches[0], (0.2, top), k)
    label(axes, "$x$", (0.2 + columns / 2, top - 0.45), 14, role="input")
    for pooled, symbol, y in ((maxima, MAX, 0.2), (means, MEAN, 1.2 + maxima.shape[1])):
        middle = y + pooled.shape[1] / 2
        arrow(axes, (columns + 0.5, (middle + top + rows / 2) / 2), (columns + 1.6, middle))
        label(axes, symbol, (columns + 2.7, middle), 13)
        grid(axes, pooled[0], (right, y), "output")
    return figure


def switches_2d(x: npt.ArrayLike, kernel_size: int = 2) -> Figure:
    """Number the pixels of an image row by row; beside it the maxima y and their numbers j."""
    image = np.asarray(x, float)
    rows, columns = image.shape
    maxima, switches = max_pool2d(image[None], kernel_size, return_indices=True)
    m = maxima.shape[2]
    figure, axes = canvas(columns + 2 * m + 3.6, rows + 0.9)
    _windowed(axes, image, switches[0], (0.2, 0.7), kernel_size, numbered=True)
    label(axes, "$x$", (0.2 + columns / 2, 0.3), 14, role="input")
    middle = 0.7 + rows / 2
    arrow(axes, (columns + 0.6, middle), (columns + 1.6, middle))
    roles: tuple[Role, Role] = ("output", "kernel")
    for values, role, symbol, left in zip(
        (maxima[0], switches[0]), roles, "yj", (columns + 2.0, columns + m + 3.2)
    ):
        grid(axes, values, (left, middle - maxima.shape[1] / 2), role)
        label(axes, f"${symbol}$", (left + m / 2, middle - maxima.shape[1] / 2 - 0.4), 14, role=role)
    return figure


def _windowed(
    axes: Axes, image: Array, switches: npt.NDArray[np.int64], at: Point, k: int, numbered: bool = False
) -> None:
    """An image with a frame around each window and a thick edge around each maximum."""
    strong = np.isin(np.arange(image.size), switches).reshape(image.shape)
    grid(axes, image, at, strong=strong)
    for i, j in np.ndindex(switches.shape):
        outline(axes, (at[0] + j * k, at[1] + i * k), k, k)
    if numbered:
        for number, (i, j) in enumerate(np.ndindex(image.shape)):
            label(axes, str(number), (at[0] + j + 0.8, at[1] + i + 0.78), 6.5)


def sliding_windows(x: npt.ArrayLike, cases: Sequence[PoolingCase]) -> Figure:
    """Draw a signal once for each setting: its windows as bars below it, their maxima below the bars."""
    values = np.asarray(x, float)
    left = 2.9
    heights = [3.0 + 0.3 * -(-case.kernel_size // case.stride) for case in cases]
    border = max(case.padding for case in cases)
    hang = max(_hanging(len(values), case) for case in cases)
    figure, axes = canvas(left + len(values) + border + hang + 0.3, sum(heights) - 0.2)
    top = 0.2
    for case, height in zip(cases, heights):
        _slide(axes, values, case, (left + border, top))
        label(axes, f"$k={case.kernel_size}$, $s={case.stride}$", (1.2, top + 0.2), 12)
        second = f"$p={case.padding}$" + (", $\\lceil\\;\\rceil$" if case.ceil_mode else "")
        label(axes, second, (1.2, top + 0.85), 12)
        top += height
    return figure


def _hanging(n: int, case: PoolingCase) -> int:
    """How many pixels the last window reaches beyond the input."""
    m = pool_output_size(n, *case[:3], 1, case.ceil_mode)
    return max((m - 1) * case.stride - case.padding + case.kernel_size - n, case.padding)


def _slide(axes: Axes, values: Array, case: PoolingCase, at: Point) -> None:
    k, s, p, ceil_mode = case
    maxima = max_pool1d(values[None], k, s, p, 1, ceil_mode)[0]
    grid(axes, values, at)
    for pad in [*range(-p, 0), *range(len(values), len(values) + p)]:
        draw_cell(axes, (at[0] + pad, at[1]), "zero")
        label(axes, "$-\\infty$", (at[0] + pad + 0.5, at[1] + 0.5), 9)
    levels = -(-k // s)
    below = at[1] + 1.2 + 0.3 * levels + 0.1
    for i, value in enumerate(maxima):
        first = at[0] + i * s - p
        line = at[1] + 1.22 + 0.3 * (i % levels)
        axes.plot([first + 0.1, first + k - 0.1], [line, line], color=COLOURS["kernel"], linewidth=4)
        grid(axes, [value], (first + k / 2 - 0.5, below), "output")


def max_gradient_1d(x: npt.ArrayLike, g: npt.ArrayLike, kernel_size: int, stride: int) -> Figure:
    """Forward along the wires of the maxima (left), gradients back along the same wires (right)."""
    values, gradients = np.asarray(x, float), np.asarray(g, float)
    maxima, switches = max_pool1d(values[None], kernel_size, stride, return_indices=True)
    back = np.bincount(switches[0], gradients, len(values))
    n = len(values)
    figure, axes = canvas(2 * n + 2.9, 4.7)
    for half, (above, below) in enumerate(((values, maxima[0]), (back, gradients))):
        left = 0.3 + half * (n + 1.5)
        strong = np.isin(np.arange(n), switches[0])
        grid(axes, above, (left, 0.9), "input", strong=strong)
        for i, j in enumerate(switches[0]):
            place = left + i * stride + kernel_size / 2
            grid(axes, [below[i]], (place - 0.5, 3.5), "output")
            ends = [(left + j + 0.5, 1.97), (place, 3.42)]
            arrow(axes, ends[half], ends[1 - half], "kernel")
        upper, lower = ("$\\partial L/\\partial x$", "$\\partial L/\\partial y$") if half else ("$x$", "$y$")
        label(axes, upper, (left + n / 2, 0.4), 13, role="input")
        label(axes, lower, (left + n - (0.1 if half else 0.5), 4.0), 13, role="output")
    return figure


def receptive_field_1d(layers: Sequence[tuple[int, int, int]], n: int, pixel: int) -> Figure:
    """Draw the maps of a stack of layers (kernel_size, stride, padding) and what one last pixel sees.

    A pixel is drawn as wide as its distance to the next one is, in input pixels, and in the middle of its
    field.
    """
    cell, left = 0.5, 3.0
    fields = [receptive_field(layers[:depth]) for depth in range(len(layers) + 1)]
    sizes = [n]
    for k, s, p in layers:
        sizes.append((sizes[-1] + 2 * p - k) // s + 1)
    seen = [range(pixel, pixel + 1)]
    for k, s, p in reversed(layers):
        first, last = seen[-1][0] * s - p, seen[-1][-1] * s - p + k
        seen.append(range(first, last))
    seen.reverse()
    figure, axes = canvas(left + n * cell + 0.2, 1.5 * len(fields) - 0.6)
    top_of = [0.2 + 1.5 * (len(layers) - depth) for depth in range(len(fields))]
    edges = []
    for depth, (field, size, wanted) in enumerate(zip(fields, sizes, seen)):
        width = field.jump * cell
        zero = left + (field.start + (field.size - field.jump) / 2) * cell
        role: Role = "input" if depth == 0 else "output" if depth == len(layers) else "zero"
        for i in range(size):
            chosen = i in wanted
            corner = (zero + i * width, top_of[depth])
            axes.add_patch(_box(corner, width, role, chosen))
        edges.append((zero + max(wanted[0], 0) * width, zero + min(wanted[-1] + 1, size) * width))
        if depth:
            k, s, _ = layers[depth - 1]
            label(axes, f"$k={k}$, $s={s}$", (1.4, top_of[depth] + 1.0), 12, role="kernel")
            lower = top_of[depth - 1]
            for near, far in zip(edges[depth], edges[depth - 1]):
                axes.plot([near, far], [top_of[depth] + 0.5, lower], color=COLOURS["kernel"], linewidth=1.4)
    return figure


def _box(corner: Point, width: float, role: Role, chosen: bool) -> Rectangle:
    return Rectangle(
        corner,
        width,
        0.5,
        facecolor=SOFT[role] if chosen else "none",
        edgecolor=COLOURS[role],
        linewidth=1.8 if chosen else 0.6,
        zorder=3 if chosen else 1,
    )


def signed_difference(image: npt.ArrayLike, original: npt.ArrayLike, gain: float = 2.0) -> Array:
    """Picture of image − original: middle grey where equal, lighter where image is lighter."""
    difference: Array = np.asarray(image, float) - np.asarray(original, float)
    return np.clip(0.5 + gain * difference / 2, 0, 1)


def scores(series: Sequence[tuple[str, Role, Sequence[float]]], unit: str) -> Figure:
    """Compare measurements on the same things, numbered along the axis, one row of marks a series.

    Parameters
    ----------
    series : sequence of (symbol, role, values)
        The symbol stands at the end of its row of marks.
    unit : str
        Of the vertical axis, as a symbol.
    """
    figure, (axes,) = plot(5.2, 2.8)
    count = len(series[0][2])
    places = np.arange(1, count + 1)
    for (symbol, role, values), marker in zip(series, "osD^v"):
        axes.plot(places, values, marker, color=COLOURS[role], markersize=7)
        axes.text(count + 0.4, values[-1], symbol, color=COLOURS[role], va="center", fontsize=12)
    lows, highs = (pick([values for _, _, values in series], axis=0) for pick in (np.min, np.max))
    axes.vlines(places, lows, highs, color=COLOURS["zero"], linewidth=0.8, zorder=0)
    axes.set_xticks(places)
    axes.set(xlim=(0.5, count + 1.3), ylabel=unit)
    axes.grid(axis="y", color=COLOURS["zero"], alpha=0.3)
    return figure
