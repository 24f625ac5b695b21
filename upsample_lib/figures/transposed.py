"""Pictures of transposed convolution: stamps, the recipe with zeros, wires, the matrix and its transpose."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from upsample_lib import derivations
from upsample_lib.figures.grids import Point, arrow, grid, label, outline
from upsample_lib.figures.style import COLOURS, Role, canvas

Array = npt.NDArray[np.float64]


def stamps_1d(x: npt.ArrayLike, w: npt.ArrayLike, stride: int = 1) -> Figure:
    """Each input value stamps its own copy of the kernel one stride further; columns add up to the output."""
    values, kernel = np.asarray(x, float), np.asarray(w, float)
    n, k = len(values), len(kernel)
    y = derivations.scatter1d(values, kernel, stride)
    left = 4.2
    figure, axes = canvas(left + len(y) + 0.3, n + 4.1)
    grid(axes, kernel, (left, 0.2), "kernel")
    label(axes, "$w$", (left - 0.6, 0.7), 14, role="kernel")
    for i, value in enumerate(values):
        top = 1.7 + i
        grid(axes, [value], (0.9, top), "input")
        label(axes, f"$x_{i}$", (0.4, top + 0.5), 12, role="input")
        label(axes, "$\\cdot\\, w$", (2.5, top + 0.5), 12)
        arrow(axes, (3.1, top + 0.5), (left + i * stride - 0.15, top + 0.5))
        stamp = np.full(len(y), np.nan)
        stamp[i * stride : i * stride + k] = value * kernel
        roles: list[Role | None] = [None if np.isnan(cell) else "kernel" for cell in stamp]
        grid(axes, stamp, (left, top), roles=[roles])
    label(axes, "$\\Sigma$", (left - 0.6, n + 2.9), 15)
    grid(axes, y, (left, n + 2.4), "output", strong=_overlaps_1d(n, k, stride) > 1)
    label(axes, "$y$", (left + len(y) / 2, n + 3.75), 14, role="output")
    return figure


def stamps_2d(x: npt.ArrayLike, w: npt.ArrayLike, stride: int = 2) -> Figure:
    """Four pixels, four stamps on four sheets, and the sum of the sheets (a 2 × 2 input)."""
    pixels, kernel = np.asarray(x, float), np.asarray(w, float)
    if pixels.shape != (2, 2):
        raise ValueError(f"x must be 2 × 2 to be drawn as four sheets, got {pixels.shape}")
    y = derivations.scatter2d(pixels[None], kernel[None, None], stride)[0]
    rows, columns = y.shape
    small = 0.62
    sheet = columns * small + 0.55
    figure, axes = canvas(4 * sheet, max(2, len(kernel)) + 3.4 + rows * (small + 1))
    grid(axes, pixels, (sheet - 1.0, 0.8), "input")
    label(axes, "$x$", (sheet, 0.35), 14, role="input")
    grid(axes, kernel, (2 * sheet + 0.6, 0.8), "kernel")
    label(axes, "$w$", (2 * sheet + 0.6 + kernel.shape[1] / 2, 0.35), 14, role="kernel")
    middle = len(kernel) + 1.6
    for number, (i, j) in enumerate(np.ndindex(2, 2)):
        one = np.zeros((2, 2))
        one[i, j] = pixels[i, j]
        stamp = derivations.scatter2d(one[None], kernel[None, None], stride)[0]
        covered = np.zeros(y.shape, bool)
        covered[i * stride : i * stride + len(kernel), j * stride : j * stride + kernel.shape[1]] = True
        left = number * sheet + 0.1
        _kernel_on_zeros(axes, (left, middle), np.where(covered, stamp, np.nan), covered, small)
        if number:
            label(axes, "$+$", (left - 0.28, middle + rows * small / 2), 14)
    below = middle + rows * small + 1.2
    label(axes, "$=$", (2 * sheet - columns / 2 - 0.8, below + rows / 2), 16)
    many = np.outer(_overlaps_1d(2, len(kernel), stride), _overlaps_1d(2, kernel.shape[1], stride)) > 1
    grid(axes, y, (2 * sheet - columns / 2, below), "output", strong=many)
    label(axes, "$y$", (2 * sheet + columns / 2 + 0.7, below + rows / 2), 14, role="output")
    return figure


def _overlaps_1d(n: int, k: int, stride: int) -> Array:
    """How many stamps cover each position."""
    return derivations.scatter1d(np.ones(n), np.ones(k), stride)


def recipe_1d(x: npt.ArrayLike, w: npt.ArrayLike, stride: int = 2, padding: int = 0) -> Figure:
    """Show the recipe step by step: zeros between, zeros around, the flipped kernel at each place."""
    values, kernel = np.asarray(x, float), np.asarray(w, float)
    k, border = len(kernel), len(kernel) - 1 - padding
    if border < 0:
        raise ValueError(f"padding must be ≤ kernel size − 1 = {k - 1} to be drawn, got {padding}")
    apart = derivations.zeros_between(values, stride)
    z = np.pad(apart, border)
    y = derivations.recipe1d(values, kernel, stride, padding)
    own = np.zeros(len(apart), bool)
    own[::stride] = True
    left = 2.4
    figure, axes = canvas(left + len(z) + 0.3, 4.8 + 1.15 * len(y))
    grid(axes, values, (left + border, 0.2), "input")
    label(axes, "$x$", (left - 0.8, 0.7), 14, role="input")
    grid(axes, apart, (left + border, 1.7), roles=[["input" if o else "zero" for o in own]])
    label(axes, f"$s-1={stride - 1}$", (left - 1.1, 2.2), 10)
    framed = np.pad(own, border)
    grid(axes, z, (left, 3.2), roles=[["input" if o else "zero" for o in framed]])
    label(axes, f"$p'={border}$", (left - 1.1, 3.7), 10)
    for q in range(len(y)):
        top = 4.7 + 1.15 * q
        grid(axes, kernel[::-1], (left + q, top), "kernel", cell=1.0)
    axes.plot([left, left + len(z)], [4.45, 4.45], color=COLOURS["zero"], linewidth=0.8, clip_on=False)
    for q, value in enumerate(y):
        label(axes, f"$y_{q}=$", (left - 1.85, 5.2 + 1.15 * q), 12, role="output")
        grid(axes, [value], (left - 1.3, 4.7 + 1.15 * q), "output")
    return figure


def four_cases(
    settings: Sequence[tuple[int, int]] = ((1, 0), (1, 1), (2, 0), (2, 1)), n: int = 2, k: int = 3
) -> Figure:
    """Show the recipe in two dimensions for several (stride, padding): grid with zeros, output."""
    small = 0.5
    sizes = [derivations.output_size(n, k, s, p) for s, p in settings]
    at_input, at_grid = 3.1, 4.5 + n * small
    at_output = at_grid + (max(sizes) + k - 1) * small + 1.4
    figure, axes = canvas(at_output + max(sizes) * small + 0.1, sum((m + k - 1) * small + 0.6 for m in sizes))
    top = 0.3
    for (s, p), m in zip(settings, sizes):
        z = m + k - 1
        middle = top + z * small / 2
        own = np.zeros(z, bool)
        own[k - 1 - p : k - 1 - p + (n - 1) * s + 1 : s] = True
        first = np.zeros((m, m), bool)
        first[0, 0] = True
        roles: list[list[Role | None]] = [["input" if a and b else "zero" for b in own] for a in own]
        label(axes, f"$s={s},\\ p={p}$", (1.5, middle), 12)
        grid(axes, np.zeros((n, n)), (at_input, middle - n * small / 2), numbers=False, cell=small)
        arrow(axes, (at_input + n * small + 0.2, middle), (at_grid - 0.2, middle))
        grid(axes, np.zeros((z, z)), (at_grid, top), roles=roles, numbers=False, cell=small)
        outline(axes, (at_grid, top), k * small, k * small)
        arrow(axes, (at_output - 1.2, middle), (at_output - 0.2, middle))
        corner = (at_output, middle - m * small / 2)
        grid(axes, np.zeros((m, m)), corner, "output", numbers=False, cell=small, strong=first)
        top += z * small + 0.6
    return figure


def wires(w: npt.ArrayLike, n: int = 2, stride: int = 2) -> Figure:
    """Show the same wires run downwards (convolution, m → n) and upwards (transposed convolution, n → m)."""
    kernel = np.asarray(w, float)
    m = derivations.output_size(n, len(kernel), stride)
    step = 1.25
    figure, axes = canvas(2 * m * step + 1.6, 5.0)
    for half, upwards in enumerate((False, True)):
        left = 0.3 + half * (m * step + 1.0)
        long = [left + step * (q + 0.5) for q in range(m)]
        short = [left + step * (i * stride + len(kernel) / 2) for i in range(n)]
        for i, u in np.ndindex(n, len(kernel)):
            far, near = (long[i * stride + u], 1.3), (short[i], 3.7)
            start, end = (near, far) if upwards else (far, near)
            arrow(axes, start, end, "kernel")
            side = np.sign(far[0] - near[0])  # labels stand outside their wire, those of upright wires higher
            share = 0.5 if side else 0.25
            x, y = (far[axis] + share * (near[axis] - far[axis]) for axis in (0, 1))
            label(axes, f"$w_{u}$", (x + 0.33 * (side or 1), y), 11)
        top_role: Role = "output" if upwards else "input"
        bottom_role: Role = "input" if upwards else "output"
        for place in long:
            grid(axes, [np.nan], (place - 0.4, 0.5), top_role, cell=0.8)
        for place in short:
            grid(axes, [np.nan], (place - 0.4, 3.7), bottom_role, cell=0.8)
        label(axes, "$C^\\top$" if upwards else "$C$", (left + m * step / 2, 2.6 if n == 1 else 4.1), 15)
    return figure


def matrices(w: npt.ArrayLike, n: int = 2, stride: int = 2, padding: int = 0) -> Figure:
    """Draw C, the matrix of the convolution m → n, and its transpose, with the wires' weights in orange."""
    kernel = np.asarray(w, float)
    c = derivations.conv_matrix1d(n, kernel, stride, padding)
    wired = derivations.conv_matrix1d(n, np.ones_like(kernel), stride, padding) > 0
    m = c.shape[1]
    figure, axes = canvas(m + n + 5.6, max(m, n) + 0.6)
    middle = max(m, n) / 2 + 0.3
    label(axes, "$C=$", (0.8, middle), 15)
    _kernel_on_zeros(axes, (1.6, middle - n / 2), c, wired)
    label(axes, "$C^\\top=$", (m + 3.1, middle), 15)
    _kernel_on_zeros(axes, (m + 4.4, middle - m / 2), c.T, wired.T)
    return figure


def _kernel_on_zeros(
    axes: Axes, at: Point, values: Array, taps: npt.NDArray[np.bool_], cell: float = 1
) -> None:
    grid(axes, values, at, roles=[["kernel" if tap else "zero" for tap in row] for row in taps], cell=cell)
