"""Pictures of what stride, padding, output_padding, dilation and groups do to a transposed convolution."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from upsample_lib import derivations
from upsample_lib.figures.grids import arrow, draw_cell, grid, label, outline
from upsample_lib.figures.style import COLOURS, Role, canvas, plot
from upsample_lib.sizes import conv_output_size, conv_transpose_output_size

Array = npt.NDArray[np.float64]


def crops(
    x: npt.ArrayLike,
    w: npt.ArrayLike,
    stride: int = 2,
    settings: Sequence[tuple[int, int]] = ((0, 0), (1, 0), (1, 1), (0, 1)),
) -> Figure:
    """Draw the stamped area and below it, for each (padding, output_padding), the part that is the output."""
    values, kernel = np.asarray(x, float), np.asarray(w, float)
    full = derivations.scatter1d(values, kernel, stride)
    length = len(full) + max(max(a - p, 0) for p, a in settings)
    left = 3.2
    figure, axes = canvas(left + length + 0.2, 1.7 + 1.35 * len(settings))
    grid(axes, full, (left, 0.2), "output")
    label(axes, "$\\Sigma$", (left - 1.6, 0.7), 15)
    for row, (p, a) in enumerate(settings):
        y = derivations.scatter1d(values, kernel, stride, p, a)
        top = 1.75 + 1.35 * row
        shown = np.full(length, np.nan)
        shown[p : p + len(y)] = y
        roles: list[Role | None] = []
        for q in range(length):
            kept = p <= q < p + len(y)
            stamped = q < len(full)
            roles.append("output" if kept and stamped else "zero" if kept or stamped else None)
        label(axes, f"$p={p},\\ a={a}$", (1.5, top + 0.5), 12)
        grid(axes, shown, (left, top), roles=[roles])
        outline(axes, (left + p, top), len(y), 1, "output")
    return figure


def shared_output(
    sizes: Sequence[int] = (16, 17, 18), kernel_size: int = 5, stride: int = 3, padding: int = 2
) -> Figure:
    """Draw, for each input size, the padded input of a convolution and the windows that fit into it."""
    cell, left = 0.62, 2.6
    figure, axes = canvas(left + (max(sizes) + 2 * padding) * cell + 2.6, 2.35 * len(sizes))
    for row, n in enumerate(sizes):
        top = 0.35 + 2.35 * row
        end = left + (n + 2 * padding) * cell
        roles: list[Role | None] = [
            "input" if padding <= q < padding + n else "zero" for q in range(n + 2 * padding)
        ]
        grid(axes, np.full(n + 2 * padding, np.nan), (left, top), roles=[roles], cell=cell)
        label(axes, f"${n}$", (left - 1.3, top + cell / 2), 13, role="input")
        windows = conv_output_size(n, kernel_size, stride, padding)
        for i in range(windows):
            height = top + cell + 0.28 + 0.3 * (i % 2)
            start = left + i * stride * cell
            axes.plot(
                [start + 0.06, start + kernel_size * cell - 0.06],
                [height, height],
                color=COLOURS["kernel"],
                linewidth=3,
                solid_capstyle="butt",
                clip_on=False,
            )
        arrow(axes, (end + 0.25, top + cell / 2), (end + 1.05, top + cell / 2))
        label(axes, f"${windows}$", (end + 1.5, top + cell / 2), 13, role="output")
    return figure


def dilations(
    x: npt.ArrayLike, w: npt.ArrayLike, settings: Sequence[tuple[int, int]] = ((1, 1), (1, 2), (2, 1), (2, 2))
) -> Figure:
    """Draw, for each (stride, dilation), the spread kernel and the output; cells no tap reaches are grey."""
    values, kernel = np.asarray(x, float), np.asarray(w, float)
    n, k = len(values), len(kernel)
    spans = [d * (k - 1) + 1 for _, d in settings]
    sizes = [derivations.output_size(n, k, s, d=d) for s, d in settings]
    left, gap = 3.0, 1.4
    at_output = left + max(spans) + gap
    figure, axes = canvas(at_output + max(sizes) + 0.1, 1.4 * len(settings) + 0.1)
    for row, (s, d) in enumerate(settings):
        top = 0.2 + 1.4 * row
        spread = derivations.zeros_between(kernel, d)
        taps: list[Role | None] = ["kernel" if u % d == 0 else "zero" for u in range(len(spread))]
        reached = derivations.scatter1d(np.ones(n), np.ones(k), s, d=d) > 0
        hit: list[Role | None] = ["output" if r else "zero" for r in reached]
        label(axes, f"$s={s},\\ d={d}$", (1.4, top + 0.5), 12)
        grid(axes, spread, (left, top), roles=[taps])
        arrow(axes, (at_output - gap + 0.2, top + 0.5), (at_output - 0.2, top + 0.5))
        grid(axes, derivations.scatter1d(values, kernel, s, d=d), (at_output, top), roles=[hit])
    return figure


def channel_groups(channels: int = 4, groups: Sequence[int] = (1, 2, 4)) -> Figure:
    """Draw which input channels feed which output channels, for several numbers of groups."""
    if any(channels % g for g in groups):
        raise ValueError(f"groups must divide the {channels} channels, got {tuple(groups)}")
    wide = channels * 1.15
    figure, axes = canvas(len(groups) * wide + (len(groups) - 1) * 1.6 + 0.4, 5.2)
    for panel, g in enumerate(groups):
        left = 0.2 + panel * (wide + 1.6)
        centres = [left + 1.15 * c + 0.5 for c in range(channels)]
        size = channels // g
        for i in range(channels):
            for o in range(i // size * size, i // size * size + size):
                axes.plot(
                    [centres[i], centres[o]],
                    [1.25, 3.15],
                    color=COLOURS["kernel"],
                    linewidth=1.3,
                    clip_on=False,
                )
        for c, centre in enumerate(centres):
            draw_cell(axes, (centre - 0.45, 0.3), "input", 0.9)
            draw_cell(axes, (centre - 0.45, 3.2), "output", 0.9)
            label(axes, f"${c}$", (centre, 0.75), 11)
            label(axes, f"${c}$", (centre, 3.65), 11)
        label(axes, f"$g={g}$", (left + wide / 2 - 0.07, 4.75), 13)
    return figure


def size_ratios(
    settings: Sequence[tuple[int, int, int, int]] = ((5, 2, 0, 0), (3, 2, 0, 0), (4, 2, 1, 0), (4, 2, 2, 0)),
    largest: int = 32,
) -> Figure:
    """Plot m / n against n for several (k, s, p, a)."""
    figure, (axes,) = plot(4.4, 3.2)
    styles: list[tuple[Role, str, str]] = [
        ("kernel", "o", "-"),
        ("input", "s", "--"),
        ("output", "D", "-"),
        ("zero", "^", ":"),
    ]
    for (k, s, p, a), (role, marker, line) in zip(settings, styles):
        least = next(n for n in range(1, largest) if derivations.output_size(n, k, s, p, a) > 0)
        sizes = np.unique(np.geomspace(least, largest, 18).round().astype(int))
        ratios = [conv_transpose_output_size(int(n), k, s, p, a) / n for n in sizes]
        text = f"$k={k},\\ s={s},\\ p={p}" + (f",\\ a={a}$" if a else "$")
        axes.plot(sizes, ratios, color=COLOURS[role], marker=marker, linestyle=line, markersize=4, label=text)
    axes.set_xscale("log", base=2)
    axes.set_xticks([2**e for e in range(int(np.log2(largest)) + 1)])
    axes.set_xticklabels([f"${2**e}$" for e in range(int(np.log2(largest)) + 1)])
    top = int(np.ceil(axes.get_ylim()[1]))
    axes.set(ylim=(0, top), yticks=range(top + 1))
    axes.set_xlabel("$n$", fontsize=13)
    axes.set_ylabel("$m/n$", fontsize=13)
    axes.grid(color=COLOURS["zero"], alpha=0.35)
    axes.legend(fontsize=10, frameon=False)
    return figure


def tents(strides: Sequence[int] = (2, 3), n: int = 4) -> Figure:
    """Plot the stamps of a row of ones with the bilinear kernel, and what the padding keeps of their sum."""
    figure, panels = plot(4.4, 2.3 * len(strides), rows=len(strides))
    for axes, s in zip(panels, strides):
        kernel = bilinear_taps(s)
        k, p = len(kernel), s // 2
        total = derivations.scatter1d(np.ones(n), kernel, s)
        for i in range(n):
            at = np.arange(i * s, i * s + k)
            axes.plot(
                at - p, kernel, color=COLOURS["kernel"], marker=".", linewidth=1.1, markersize=5, alpha=0.9
            )
        kept = slice(p, p + n * s)
        q = np.arange(len(total)) - p
        axes.plot(q[kept], total[kept], color=COLOURS["output"], marker="s", linewidth=2.2)
        axes.axvspan(q[0] - 0.5, -0.5, color=COLOURS["zero"], alpha=0.18, linewidth=0)
        axes.axvspan(n * s - 0.5, q[-1] + 0.5, color=COLOURS["zero"], alpha=0.18, linewidth=0)
        axes.set(xlim=(q[0] - 0.5, q[-1] + 0.5), ylim=(0, 1.12), xticks=range(0, n * s, s))
        axes.set_yticks([0, 0.5, 1], ["0", "1/2", "1"])
        axes.set_title(f"$s={s},\\ k={k},\\ p={p}$", fontsize=12, math_fontfamily="cm")
        axes.set_xlabel("$q$", fontsize=12)
    return figure


def bilinear_taps(stride: int) -> Array:
    """Return the taps 1 − |t − (k − 1)/2| / s of the linear kernel, k = 2s − (s mod 2)."""
    k = 2 * stride - stride % 2
    taps: Array = 1 - np.abs(np.arange(k) - (k - 1) / 2) / stride
    return taps


def dim_cropped(image: npt.ArrayLike, before: int, after: int) -> Array:
    """Return the image with what a crop takes away thinned to grey, and a green line around what it keeps."""
    full = np.asarray(image, float)
    if full.ndim == 2:
        full = np.repeat(full[:, :, None], 3, axis=2)
    height, width = full.shape[:2]
    if before < 0 or after < 0 or min(height, width) <= before + after:
        raise ValueError(f"before and after must leave a part of {height} × {width}, got {before}, {after}")
    result: Array = 0.3 * full + 0.35
    kept = slice(before, height - after), slice(before, width - after)
    result[kept] = full[kept]
    green = [int(COLOURS["output"][i : i + 2], 16) / 255 for i in (1, 3, 5)]
    rows, columns = (max(before - 1, 0), height - max(after, 1)), (max(before - 1, 0), width - max(after, 1))
    for row in rows:
        result[row, columns[0] : columns[1] + 1] = green
    for column in columns:
        result[rows[0] : rows[1] + 1, column] = green
    return result


def two_starts(steps: npt.ArrayLike, many: npt.ArrayLike, one: npt.ArrayLike) -> Figure:
    """Plot a quality over training steps: mean and spread of many runs (dashed), and a single run (solid)."""
    at, runs, single = (np.asarray(values, float) for values in (steps, many, one))
    mean, spread = runs.mean(axis=1), runs.std(axis=1, ddof=1)
    figure, (axes,) = plot(4.4, 2.8)
    axes.fill_between(at, mean - spread, mean + spread, color=COLOURS["zero"], alpha=0.3, linewidth=0)
    axes.plot(at, mean, color=COLOURS["zero"], linestyle="--")
    axes.plot(at, single, color=COLOURS["output"])
    axes.set_xlabel("$t$", fontsize=13)
    axes.set_ylabel("PSNR")
    axes.grid(color=COLOURS["zero"], alpha=0.35)
    return figure
