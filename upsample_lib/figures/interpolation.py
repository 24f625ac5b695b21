"""Pictures of interpolation: pixel squares over each other, kernels, weight matrices, aliasing, label maps.

Input sample i is a square from i to i + 1 with its centre at i + ½; positions u count from the first centre.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from upsample_lib._resampling import cubic_kernel
from upsample_lib.figures.grids import arrow, grid, label, number_text
from upsample_lib.figures.style import COLOURS, SOFT, Role, canvas, plot
from upsample_lib.interpolation import interpolation_matrix

Array = npt.NDArray[np.float64]


def pixel_grids(n: int, m: int, scale: float = 3.0) -> Figure:
    """Draw n input and m output pixels over each other: (1) edges coincide, (2) corner centres coincide."""
    figure, axes = canvas(n * scale + 1.6, 9.2)
    for number, align_corners in enumerate((False, True)):
        top = 0.5 + 4.6 * number
        label(axes, f"({number + 1})", (0.5, top + 1.6), 12)
        step = (n - 1) / (m - 1) if align_corners else n / m
        centres = _positions(n, m, align_corners) + 0.5
        for i in range(n):
            _pixel(axes, (1.2 + scale * i, top), scale, "input")
            _centre(axes, (1.2 + scale * (i + 0.5), top + 0.5), "input")
        for centre in centres:
            x = 1.2 + scale * centre
            _pixel(axes, (x - scale * step / 2, top + 1.9), scale * step, "output")
            axes.plot(
                [x, x], [top, top + 2.4], color=COLOURS["output"], linewidth=0.9, linestyle=":", zorder=4
            )
            _centre(axes, (x, top + 2.4), "output")
            label(axes, number_text(centre - 0.5), (x, top + 3.4), 11)
    return figure


def nearest_choices(n: int, m: int, scale: float = 2.4) -> Figure:
    """Draw which pixel each output takes: (1) nearest, under its left edge, (2) nearest-exact, its centre."""
    figure, axes = canvas(n * scale + 1.6, 9.0)
    for number, mode in enumerate(("nearest", "nearest-exact")):
        top = 0.4 + 4.5 * number
        label(axes, f"({number + 1})", (0.5, top + 1.7), 12)
        chosen = interpolation_matrix(n, m, mode).argmax(axis=1)
        for j in range(m):
            left = 1.2 + scale * j * n / m
            _pixel(axes, (left, top), scale * n / m, "output")
            label(axes, str(j), (left + scale * n / m / 2, top - 0.02 + 0.5), 11)
            look = left + (scale * n / m / 2 if mode == "nearest-exact" else 0)
            arrow(axes, (look, top + 1.05), (look, top + 2.35), "output", 1.8)
        for i in range(n):
            _pixel(axes, (1.2 + scale * i, top + 2.4), scale, "input", strong=i in chosen)
            weight = "bold" if i in chosen else "normal"
            label(axes, str(i), (1.2 + scale * (i + 0.5), top + 2.9), 11, weight)
    return figure


def _pixel(axes: Axes, corner: tuple[float, float], width: float, role: Role, strong: bool = False) -> None:
    axes.add_patch(
        Rectangle(
            corner,
            width,
            1,
            facecolor=SOFT[role],
            edgecolor=COLOURS[role],
            linewidth=2.2 if strong else 0.9,
            zorder=3 if strong else 1,
            clip_on=False,
        )
    )


def _centre(axes: Axes, at: tuple[float, float], role: Role) -> None:
    axes.plot(*at, "o", color=COLOURS[role], markersize=5, zorder=5, clip_on=False)


def _positions(n: int, m: int, align_corners: bool) -> Array:
    j = np.arange(m)
    return j * (n - 1) / max(m - 1, 1) if align_corners else (j + 0.5) * n / m - 0.5


def resampling_kernels() -> Figure:
    """Plot the box, the tent and Keys' cubics (a = −¾ solid, a = −½ dashed) with their zeros at integers."""
    figure, axes = plot(6.6, 2.3, columns=3, sharey=True)
    t = np.linspace(-2.2, 2.2, 441)
    curves = [
        [np.where((t >= -0.5) & (t < 0.5), 1.0, 0.0)],
        [np.maximum(1 - np.abs(t), 0)],
        [cubic_kernel(t, -0.75), cubic_kernel(t, -0.5)],
    ]
    for number, (one, values) in enumerate(zip(axes, curves), 1):
        one.axhline(0, color=COLOURS["zero"], linewidth=0.8)
        for value, line in zip(values, ("-", "--")):
            one.plot(t, value, line, color=COLOURS["kernel"])
        one.plot(range(-2, 3), [0, 0, 1, 0, 0], "o", color=COLOURS["kernel"], markersize=4)
        one.set(xticks=range(-2, 3), yticks=(0, 1), title=f"({number})")
    return figure


def separable(image: npt.ArrayLike, rows: int, columns: int, mode: str = "linear") -> Figure:
    """Draw one resize as three matrices: vertical weights · image · horizontal weights, and the output."""
    x = np.asarray(image, float)
    down = interpolation_matrix(x.shape[0], rows, mode)
    across = interpolation_matrix(x.shape[1], columns, mode)
    factors: list[tuple[Array, Role]] = [(down, "kernel"), (x, "input"), (across.T, "kernel")]
    height = max(len(down), len(x), x.shape[1])
    width = sum(values.shape[1] + 1.0 for values, _ in factors)
    figure, axes = canvas(max(width, columns + 1.4) + 0.2, height + rows + 1.2)
    middle, left = height / 2 + 0.2, 0.2
    for number, (values, role) in enumerate(factors):
        if number:
            label(axes, "$\\cdot$", (left - 0.5, middle), 16)
        grid(axes, values, (left, middle - len(values) / 2), role)
        left += values.shape[1] + 1.0
    label(axes, "$=$", (0.7, height + 0.8 + rows / 2), 16)
    grid(axes, down @ x @ across.T, (1.4, height + 0.8), "output")
    return figure


def weight_matrices(*matrices: npt.ArrayLike, cell: float = 1.0) -> Figure:
    """Draw weight matrices side by side, numbered; zeros grey and dotted."""
    tables = [np.asarray(matrix, float) for matrix in matrices]
    width = sum(table.shape[1] for table in tables) * cell + 1.6 * (len(tables) - 1) + 0.4
    figure, axes = canvas(width, max(len(table) for table in tables) * cell + 1.2)
    left = 0.2
    for number, table in enumerate(tables, 1):
        roles: list[list[Role | None]] = [["kernel" if value else "zero" for value in row] for row in table]
        label(axes, f"({number})", (left + table.shape[1] * cell / 2, 0.45), 12)
        grid(axes, table, (left, 1.0), roles=roles, cell=cell)
        left += table.shape[1] * cell + 1.6
    return figure


def aliased_wave(frequency: float, stride: int, samples: int) -> Figure:
    """Plot a wave (cycles a pixel), every stride-th sample of it, and the slow wave they pretend to be."""
    figure, (axes,) = plot(6.4, 2.2)
    false = (frequency * stride + 0.5) % 1 - 0.5  # cycles a sample, folded to −½ … ½
    x = np.linspace(0, (samples - 1) * stride, 1201)
    taken = np.arange(samples) * stride
    axes.plot(x, np.cos(2 * np.pi * frequency * x), color=COLOURS["input"], linewidth=1)
    axes.plot(x, np.cos(2 * np.pi * false * x / stride), "--", color=COLOURS["output"])
    axes.plot(taken, np.cos(2 * np.pi * frequency * taken), "o", color=COLOURS["output"], zorder=4)
    axes.set(xticks=taken, yticks=(-1, 0, 1))
    return figure


def gain(weights: npt.ArrayLike, frequencies: npt.ArrayLike) -> Array:
    """How much of a wave of each frequency (cycles a pixel) a row of weights lets through."""
    row = np.asarray(weights, float)
    waves = np.exp(2j * np.pi * np.outer(np.asarray(frequencies, float), np.arange(len(row))))
    passed: Array = np.abs(waves @ row)
    return passed


def gains(rows: Sequence[npt.ArrayLike], stride: int = 2) -> Figure:
    """Plot the gain of several rows of weights; what passes in the tinted half is aliased by the stride."""
    figure, (axes,) = plot(5.6, 2.7)
    f = np.linspace(0, 0.5, 201)
    axes.axvspan(0.5 / stride, 0.5, color=SOFT["zero"], linewidth=0)
    for number, (row, line) in enumerate(zip(rows, ("-", "--", "-.", ":")), 1):
        curve = gain(row, f)
        axes.plot(f, curve, line, color=COLOURS["kernel"])
        # the numbers stand where the curves are far apart
        axes.annotate(f"({number})", (f[88], curve[88]), (5, 4), textcoords="offset points")
    axes.set(xlim=(0, 0.5), ylim=(0, 1.12), xticks=(0, 0.25, 0.5), yticks=(0, 1))
    axes.set_xticklabels(("0", "1/4", "1/2"))
    return figure


def label_colours(labels: npt.ArrayLike) -> Array:
    """Give every label of an integer map its own strong colour, (height, width, 3); label 0 is light grey."""
    numbers = np.asarray(labels)
    hue = numbers * 0.618034 % 1  # the golden ratio keeps neighbouring numbers apart on the colour circle
    value = np.where(numbers % 2 == 0, 0.95, 0.6)
    phase = (np.array([5, 3, 1]) + 6 * hue[..., None]) % 6
    ramp = np.clip(np.minimum(phase, 4 - phase), 0, 1)
    colours = value[..., None] * (1 - 0.85 * ramp)
    return np.where(numbers[..., None] == 0, 0.9, colours)
