"""Pictures of convolution: the sliding kernel, its flip, windows that fit, and the matrix C."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from upsample_lib import derivations
from upsample_lib.convolution_matrix import conv_matrix
from upsample_lib.figures.grids import Point, arrow, grid, label, number_text, outline
from upsample_lib.figures.style import COLOURS, SOFT, Role, canvas
from upsample_lib.sizes import conv_output_size

Array = npt.NDArray[np.float64]


class Layer(NamedTuple):
    """A convolution along one axis of n pixels, with what its picture is labelled by."""

    n: int
    k: int
    s: int = 1
    p: int = 0
    d: int = 1
    text: str = ""


def gather_1d(x: npt.ArrayLike, w: npt.ArrayLike, stride: int = 1) -> Figure:
    """Draw the kernel at each of its places under the input, and the output that it gathers there."""
    values, kernel = np.asarray(x, float), np.asarray(w, float)
    n, k = len(values), len(kernel)
    y = derivations.correlate1d(values, kernel, stride)
    left, step = 1.3, 1.25
    figure, axes = canvas(left + n + 4.3, 1.6 + step * len(y))
    grid(axes, values, (left, 0.2), "input")
    label(axes, "$x$", (left - 0.7, 0.7), 14, role="input")
    for i, value in enumerate(y):
        top = 1.6 + step * i
        start = left + i * stride
        grid(axes, kernel, (start, top), "kernel")
        arrow(axes, (start + k + 0.2, top + 0.5), (left + n + 1.15, top + 0.5))
        label(axes, f"$y_{i}$", (left + n + 1.7, top + 0.5), 13, role="output")
        _wide_cell(axes, value, (left + n + 2.3, top))
    return figure


def _wide_cell(axes: Axes, value: float, at: Point) -> None:
    axes.add_patch(
        Rectangle(at, 1.6, 1, facecolor=SOFT["output"], edgecolor=COLOURS["output"], linewidth=0.9)
    )
    label(axes, number_text(value), (at[0] + 0.8, at[1] + 0.5), 11)


def flip_1d(w: npt.ArrayLike, n: int = 5) -> Figure:
    """Draw what a single 1 among zeros becomes by (1) correlation and (2) convolution, its size kept."""
    kernel = np.asarray(w, float)
    k = len(kernel)
    if k % 2 == 0:
        raise ValueError(f"w must have an odd number of taps to keep the size, got {k}")
    impulse = np.zeros(n)
    impulse[n // 2] = 1
    left = 2 * 1.5 + k
    figure, axes = canvas(left + n + 0.3, 4.1)
    grid(axes, impulse, (left, 0.2), roles=[["input" if v else "zero" for v in impulse]])
    label(axes, "$x$", (left - 0.7, 0.7), 14, role="input")
    for row, (sign, used) in enumerate((("$\\star$", kernel), ("$\\ast$", kernel[::-1]))):
        top = 1.7 + 1.25 * row
        label(axes, f"({row + 1})", (0.5, top + 0.5), 12)
        grid(axes, kernel, (1.2, top), "kernel")
        label(axes, sign, (1.2 + k + 0.9, top + 0.5), 16)
        grid(axes, derivations.correlate1d(impulse, used, p=k // 2), (left, top), "output")
    return figure


def kernel_places(layers: Sequence[Layer]) -> Figure:
    """Draw, for each layer, the padded input and below it every place of the kernel; unread pixels are empty.

    A place is a bar with a dot under each pixel that it reads; on the right stands the number of places.
    """
    cell, pitch = 0.72, 0.36
    texts = any(layer.text for layer in layers)
    left = 3.4 if texts else 2.0
    longest = max(layer.n + 2 * layer.p for layer in layers)
    counts = [conv_output_size(*layer[:5]) for layer in layers]
    heights = [cell + 0.75 + pitch * min(m, _rows(layer)) for layer, m in zip(layers, counts)]
    figure, axes = canvas(left + longest * cell + 2.3, sum(heights) + 0.1)
    widest = max(layer.p for layer in layers)
    top = 0.2
    for layer, m, height in zip(layers, counts, heights):
        at = left + (widest - layer.p) * cell  # first pixels of all inputs stand under each other
        name = layer.text or f"$n={layer.n}$"
        label(axes, name, ((left - 0.3) / 2, top + cell / 2), 12, role=None if layer.text else "input")
        _padded_row(axes, layer, m, (at, top), cell)
        for i in range(m):
            y = top + cell + 0.3 + pitch * (i % _rows(layer))
            x = at + (i * layer.s + np.arange(layer.k) * layer.d + 0.5) * cell
            ends = [x[0] - 0.4 * cell, x[-1] + 0.4 * cell]
            axes.plot(ends, [y, y], color=COLOURS["kernel"], linewidth=2.2, solid_capstyle="butt")
            axes.plot(x, np.full(len(x), y), "o", color=COLOURS["kernel"], markersize=4.5)
        end = at + (layer.n + 2 * layer.p) * cell
        arrow(axes, (end + 0.2, top + cell / 2), (end + 0.9, top + cell / 2))
        label(axes, f"${m}$", (end + 1.3, top + cell / 2), 13, role="output")
        top += height
    return figure


def _rows(layer: Layer) -> int:
    """On how many heights bars are drawn so that no two of them meet."""
    return -(-(layer.d * (layer.k - 1) + 1) // layer.s)


def _padded_row(axes: Axes, layer: Layer, m: int, at: Point, cell: float) -> None:
    taps = np.arange(m)[:, None] * layer.s + np.arange(layer.k) * layer.d
    for q in range(layer.n + 2 * layer.p):
        role: Role = "input" if layer.p <= q < layer.p + layer.n else "zero"
        axes.add_patch(
            Rectangle(
                (at[0] + q * cell, at[1]),
                cell,
                cell,
                facecolor=SOFT[role] if q in taps else "none",
                edgecolor=COLOURS[role],
                linewidth=0.9,
                linestyle=":" if role == "zero" else "-",
            )
        )


def matrices_1d(w: npt.ArrayLike, layers: Sequence[Layer], columns: int = 2) -> Figure:
    """Draw the matrix C of each layer with the kernel w; entries that are never wired stay empty."""
    kernel = np.asarray(w, float)
    cell, gap = 0.85, 1.2
    found = [_matrix(kernel, (layer.n,), layer) for layer in layers]
    rows = [range(first, min(first + columns, len(layers))) for first in range(0, len(layers), columns)]
    width = max(sum(found[i][0].shape[1] * cell for i in row) + gap * (len(row) - 1) for row in rows)
    tall = [max(found[i][0].shape[0] for i in row) * cell + 1.3 for row in rows]
    figure, axes = canvas(width + 0.4, sum(tall) + 0.1)
    top = 0.1
    for row, height in zip(rows, tall):
        left = 0.2
        for i in row:
            c, wired = found[i]
            label(axes, layers[i].text, (left + c.shape[1] * cell / 2, top + 0.45), 12)
            _draw_matrix(axes, c, wired, (left, top + 0.95), cell)
            left += c.shape[1] * cell + gap
        top += height
    return figure


def block_matrix(w: npt.ArrayLike, n: int = 4) -> Figure:
    """Draw C of a two-dimensional kernel over n × n pixels; a block is a row of outputs by one of inputs."""
    kernel = np.asarray(w, float)
    rows, columns = kernel.shape
    c, wired = _matrix(kernel, (n, n), Layer(n, rows))
    cell = 0.85
    high, wide = n - rows + 1, n - columns + 1
    figure, axes = canvas(n * n * cell + 0.4, rows + 0.7 + high * wide * cell + 0.3)
    grid(axes, kernel, ((n * n * cell + 0.4 - columns) / 2, 0.2), "kernel")
    label(axes, "$w$", ((n * n * cell + 0.4 - columns) / 2 - 0.6, 0.2 + rows / 2), 14, role="kernel")
    at = (0.2, rows + 0.7)
    _draw_matrix(axes, c, wired, at, cell)
    for block_row, block_column in np.ndindex(high, n):
        corner = (at[0] + block_column * n * cell, at[1] + block_row * wide * cell)
        axes.add_patch(
            Rectangle(
                corner, n * cell, wide * cell, fill=False, edgecolor=COLOURS["input"], linewidth=2.0, zorder=4
            )
        )
    outline(axes, at, n * n * cell, wide * cell, "output")
    return figure


def _matrix(kernel: Array, sizes: tuple[int, ...], layer: Layer) -> tuple[Array, npt.NDArray[np.bool_]]:
    """C as a dense array, and where it is wired (a tap of 0 is wired too)."""
    settings = (sizes, layer.s, layer.p, layer.d)
    c: Array = conv_matrix(kernel[None, None], *settings).toarray()
    wired = conv_matrix(np.ones_like(kernel)[None, None], *settings).toarray() > 0
    return c, wired


def _draw_matrix(axes: Axes, c: Array, wired: npt.NDArray[np.bool_], at: Point, cell: float) -> None:
    roles: list[list[Role | None]] = [["kernel" if tap else "zero" for tap in row] for row in wired]
    grid(axes, np.where(wired, c, np.nan), at, roles=roles, cell=cell)


def matrix_pixels(c: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """Return a matrix as a picture, one pixel an entry: the larger its modulus the fuller the orange."""
    size = np.abs(np.asarray(c, float))
    pixels = np.empty((*size.shape, 4), np.uint8)
    pixels[:] = *_rgb("zero"), round(0.06 * 255)
    stored = size > 0
    pixels[stored, :3] = _rgb("kernel")
    pixels[stored, 3] = np.round(255 * (0.35 + 0.65 * size[stored] / size.max()))
    return pixels


def _rgb(role: Role) -> tuple[int, int, int]:
    red, green, blue = (int(COLOURS[role][i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue
