"""Pictures of sub-pixel convolution: the shuffle, the kernel's phases, the tied kernel, and measurements."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from upsample_lib import derivations
from upsample_lib.figures.grids import arrow, grid, label, outline
from upsample_lib.figures.style import COLOURS, INK, PAPER, Role, canvas, plot
from upsample_lib.subpixel import depth_to_space, pixel_shuffle

Array = npt.NDArray[np.float64]


def shuffled_channels(x: npt.ArrayLike, scale: int, pixel: tuple[int, int] = (0, 0)) -> Figure:
    """Draw the s² channels of one map and the map they are shuffled into, one pixel of each channel bold."""
    channels = np.asarray(x, float)
    count, height, width = channels.shape
    if count != scale**2:
        raise ValueError(f"x must have {scale**2} channels to be drawn at scale {scale}, got {count}")
    marked = np.zeros(channels.shape, bool)
    marked[:, pixel[0], pixel[1]] = True
    step_down, step_right = height + 1.1, width + 0.5
    wide, high = scale * step_right - 0.5, scale * step_down
    at_output = wide + 1.8
    figure, axes = canvas(at_output + scale * width + 0.1, max(high, scale * height) + 0.1)
    for c in range(count):
        left, top = 0.05 + c % scale * step_right, 0.7 + c // scale * step_down
        grid(axes, channels[c], (left, top), "input", strong=marked[c])
        label(axes, f"${c}$", (left + width / 2, top - 0.35), 12, role="input")
    middle = 0.35 + high / 2
    arrow(axes, (wide + 0.3, middle), (at_output - 0.3, middle))
    corner = (at_output, middle - scale * height / 2)
    output, block = pixel_shuffle(channels, scale)[0], pixel_shuffle(marked, scale)[0]
    grid(axes, output, corner, "output", strong=block)
    outline(axes, (corner[0] + scale * pixel[1], corner[1] + scale * pixel[0]), scale, scale, "output")
    return figure


def channel_orders(depth: int = 2, scale: int = 2) -> Figure:
    """Draw where channels 0, 1, 2, … go in the two orders; the cells of the first output channel are bold."""
    count = depth * scale**2
    figure, axes = canvas(count + 0.2, 2 * (scale + 3.1))
    for row, mode in enumerate(("CRD", "DCR")):
        top = 0.1 + row * (scale + 3.1)
        numbers = np.arange(count).reshape(count, 1, 1)
        blocks = depth_to_space(numbers, scale, mode)
        first = np.isin(np.arange(count), blocks[0])
        grid(axes, np.arange(count), (0.1, top), "input", strong=first)
        middle = 0.1 + count / 2
        arrow(axes, (middle, top + 1.2), (middle, top + 1.9))
        label(axes, mode, (middle + 1.3, top + 1.55), 11)
        gap = 0.6
        left = middle - (depth * scale + (depth - 1) * gap) / 2
        for c in range(depth):
            corner = (left + c * (scale + gap), top + 2.1)
            grid(axes, blocks[c], corner, "output", strong=np.full((scale, scale), c == 0))
    return figure


def kernel_phases(x: npt.ArrayLike, kernel: npt.ArrayLike, scale: int = 2) -> Figure:
    """Draw a transposed convolution as one small convolution per phase, and the outputs put side by side."""
    values, taps = np.asarray(x, float), np.asarray(kernel, float)
    if len(taps) % scale:
        raise ValueError(f"kernel must have a multiple of {scale} taps to be drawn, got {len(taps)}")
    q = len(taps) // scale
    y = derivations.scatter1d(values, taps, scale)
    padded = np.pad(values, q - 1)
    ends: list[Role | None] = ["zero"] * (q - 1)
    own: list[Role | None] = ["input"] * len(values)
    left = 2.2
    at_output = left + max(q, 2) + 1.8
    width = max(left + len(taps), at_output + len(y) // scale, left + len(y)) + 0.1
    figure, axes = canvas(width, 5.0 + 1.4 * scale)
    grid(axes, padded, (left, 0.1), roles=[ends + own + ends])
    label(axes, "$x$", (left - 1.0, 0.6), 14, role="input")
    grid(axes, taps, (left, 1.7), "kernel", strong=np.arange(len(taps)) % scale == 0)
    label(axes, "$K$", (left - 1.0, 2.2), 14, role="kernel")
    for a in range(scale):
        top, bold = 3.5 + 1.4 * a, a == 0
        label(axes, f"$a={a}$", (left - 1.1, top + 0.5), 12)
        phase, part = taps[a::scale][::-1], y[a::scale]
        grid(axes, phase, (left, top), "kernel", strong=np.full(q, bold))
        arrow(axes, (left + q + 0.3, top + 0.5), (at_output - 0.3, top + 0.5))
        grid(axes, part, (at_output, top), "output", strong=np.full(len(part), bold))
    top = 3.9 + 1.4 * scale
    grid(axes, y, (left, top), "output", strong=np.arange(len(y)) % scale == 0)
    label(axes, "$y$", (left - 1.0, top + 0.5), 14, role="output")
    return figure


def tied_kernel(w: npt.ArrayLike, scale: int = 2) -> Figure:
    """Draw how s shifted copies of the flipped kernel add up to the tied kernel of k + s − 1 taps."""
    taps = np.asarray(w, float)
    k = len(taps)
    size = k + scale - 1
    total = np.convolve(taps[::-1], np.ones(scale))
    left = 2.4
    figure, axes = canvas(left + size + 0.1, 1.3 * (scale + 2) + 0.4)
    grid(axes, taps, (left, 0.1), "kernel")
    label(axes, "$w$", (left - 1.2, 0.6), 14, role="kernel")
    for a in range(scale):
        top = 1.6 + 1.3 * a
        row = np.zeros(size)
        row[a : a + k] = taps[::-1]
        roles: list[Role | None] = ["kernel" if a <= v < a + k else "zero" for v in range(size)]
        grid(axes, row, (left, top), roles=[roles])
        label(axes, f"$a={a}$", (left - 1.2, top + 0.5), 12)
    top = 1.8 + 1.3 * scale
    grid(axes, total, (left, top), "kernel", strong=np.ones(size, bool))
    label(axes, "$K$", (left - 1.2, top + 0.5), 14, role="kernel")
    return figure


def two_roads(x: npt.ArrayLike, w: npt.ArrayLike, scale: int = 2) -> Figure:
    """Draw both roads to one output: enlarge and convolve; or stamp the tied kernel and crop."""
    values, taps = np.asarray(x, float), np.asarray(w, float)
    if len(taps) % 2 == 0:
        raise ValueError(f"w must have an odd number of taps, got {len(taps)}")
    n, p = len(values), len(taps) // 2
    large = np.pad(values.repeat(scale), p)
    inside = slice(p, p + n * scale)
    y = derivations.correlate1d(large, taps)
    tied = np.convolve(taps[::-1], np.ones(scale))
    left = 2.2
    full = len(large)
    figure, axes = canvas(left + full + 0.1, 4.9 + 1.3 * n)
    own: list[Role | None] = ["input" if inside.start <= i < inside.stop else "zero" for i in range(full)]
    label(axes, "(1)", (left - 1.4, 0.6), 12)
    grid(axes, large, (left, 0.1), roles=[own])
    outline(axes, (left, 0.1), len(taps), 1)
    grid(axes, y, (left + p, 1.5), "output")
    axes.plot([0.2, left + full], [3.0, 3.0], color=COLOURS["zero"], linewidth=0.8, clip_on=False)
    label(axes, "(2)", (left - 1.4, 4.0), 12)
    for i, value in enumerate(values):
        top = 3.5 + 1.3 * i
        grid(axes, value * tied, (left + i * scale, top), "kernel")
    stamped = derivations.scatter1d(values, tied, scale)
    kept: list[Role | None] = ["output" if inside.start <= q < inside.stop else "zero" for q in range(full)]
    top = 3.8 + 1.3 * n
    grid(axes, stamped, (left, top), roles=[kept])
    label(axes, "$\\Sigma$", (left - 1.4, top + 0.5), 14)
    outline(axes, (left + p, top), n * scale, 1, "output")
    return figure


def fewer_multiplications(
    sizes: Sequence[int] = range(1, 16, 2), scales: Sequence[int] = (2, 3, 4)
) -> Figure:
    """Plot (sk / (k + s − 1))² against k: how many times fewer multiplications the tied kernel needs."""
    figure, (axes,) = plot(4.9, 3.1)
    styles: list[tuple[Role, str]] = [("output", "o"), ("kernel", "s"), ("input", "D")]
    k = np.asarray(sizes)
    for s, (role, marker) in zip(scales, styles):
        axes.axhline(s**2, color=COLOURS[role], linestyle=":", linewidth=1)
        ratio = (s * k / (k + s - 1)) ** 2
        axes.plot(k, ratio, color=COLOURS[role], marker=marker, label=f"$s={s}$")
    axes.set(xticks=k, yticks=[1, *(s**2 for s in scales)], ylim=(0, max(scales) ** 2 + 1))
    axes.set_xlabel("$k$", fontsize=13)
    axes.set_ylabel("$(sk)^2\\,/\\,(k+s-1)^2$", fontsize=12)
    axes.legend(fontsize=11, loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False)
    return figure


def measured_speed(
    cases: Sequence[tuple[int, int, int, int]], ratios: npt.ArrayLike, counted: Sequence[float]
) -> Figure:
    """Plot speed ratios, (case, way, repetition), as medians with quartiles; dashes are the counted ratios.

    A case is (channels, n, k, s). A ratio above 1 means faster than the first way, the line at 1.
    """
    runs = np.asarray(ratios, float)
    figure, (axes,) = plot(5.2, 3.4)
    roles: list[tuple[Role, str]] = [("kernel", "///"), ("output", "")]
    place, wide = np.arange(len(cases)), 0.36
    for way, (role, hatch) in enumerate(roles[: runs.shape[1]]):
        low, middle, high = np.quantile(runs[:, way], (0.25, 0.5, 0.75), axis=1)
        at = place + (way - (runs.shape[1] - 1) / 2) * wide
        axes.bar(at, middle, wide, color=COLOURS[role], hatch=hatch, edgecolor=PAPER, label=f"({way + 2})")
        axes.errorbar(
            at, middle, (middle - low, high - middle), fmt="none", ecolor=INK, elinewidth=1.2, capsize=3
        )
    for at, ratio in zip(place, counted):
        axes.plot([at - 0.42, at + 0.42], [ratio, ratio], color=INK, linestyle="--", linewidth=1.4)
    axes.axhline(1, color=COLOURS["zero"], linewidth=1)
    texts = [f"$C={c},\\ n={n}$\n$k={k},\\ s={s}$" for c, n, k, s in cases]
    axes.set_xticks(place, texts, fontsize=9)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(fontsize=11, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)
    return figure


def energy_in_training(
    steps: Sequence[int], runs: Mapping[str, npt.ArrayLike], reference: float, floor: float
) -> Figure:
    """Plot checkerboard energy, (seed, step), as medians with 10–90 % bars; zeros lie on the floor."""
    figure, (axes,) = plot(5.0, 3.4)
    styles: list[tuple[Role, str, str]] = [("kernel", "o", "--"), ("input", "^", ":"), ("output", "s", "-")]
    place = np.arange(len(steps), dtype=float)
    for way, ((name, values), (role, marker, line)) in enumerate(zip(runs.items(), styles)):
        low, middle, high = np.maximum(np.quantile(np.asarray(values), (0.1, 0.5, 0.9), axis=0), floor)
        axes.errorbar(
            place + 0.06 * (way - 1),
            middle,
            (middle - low, high - middle),
            color=COLOURS[role],
            marker=marker,
            linestyle=line,
            capsize=3,
            elinewidth=1.1,
            label=name,
        )
    axes.axhline(reference, color=COLOURS["zero"], linewidth=1.2)
    axes.set_yscale("log")
    axes.set(xticks=place, ylim=(floor / 1.6, 1.6))
    axes.set_xticklabels([f"${step}$" for step in steps])
    axes.set_ylabel("$E$", fontsize=13)
    axes.legend(fontsize=11, frameon=False)
    return figure
