"""Pictures of checkerboard artifacts: who overlaps where, what a kernel lets through, how much is left."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from upsample_lib.artifacts import overlap
from upsample_lib.figures.grids import Point, label
from upsample_lib.figures.photographs import beside
from upsample_lib.figures.style import COLOURS, INK, SOFT, Role, canvas, plot

Look = Role | Literal["ink"]
Curve = tuple[str, npt.ArrayLike, Look]  # symbols for the legend, values, colour


def overlap_bricks(settings: Sequence[tuple[int, int]] = ((3, 2), (4, 2)), n: int = 4) -> Figure:
    """Draw the stamps of n ones as bricks, one row a stamp, and under them how many lie over each cell.

    `settings` are pairs (k, s), drawn side by side.
    """
    cell, gap = 0.8, 1.0
    sizes = [len(overlap(k, s, n)) for k, s in settings]
    figure, axes = canvas(cell * sum(sizes) + gap * (len(sizes) - 1) + 0.2, 1.1 + (n + 1) * cell + 0.6)
    left = 0.1
    for (k, s), m in zip(settings, sizes):
        label(axes, f"$k={k},\\ s={s}$", (left + m * cell / 2, 0.45), 12)
        for i in range(n):
            corner = (left + i * s * cell, 1.0 + i * cell)
            axes.add_patch(
                Rectangle(
                    corner, k * cell, 0.82 * cell, facecolor=SOFT["kernel"], edgecolor=COLOURS["kernel"]
                )
            )
        _counts(axes, overlap(k, s, n)[None], (left, 1.25 + n * cell), cell)
        left += m * cell + gap
    return figure


def overlap_maps(settings: Sequence[tuple[int, int]] = ((3, 2), (4, 2)), n: int = 3) -> Figure:
    """Draw the overlap maps of n × n ones for several (k, s) side by side: the darker, the more stamps."""
    cell, gap = 0.9, 1.0
    sizes = [len(overlap(k, s, n)) for k, s in settings]
    figure, axes = canvas(cell * sum(sizes) + gap * (len(sizes) - 1) + 0.2, 1.0 + max(sizes) * cell)
    left = 0.1
    for (k, s), m in zip(settings, sizes):
        label(axes, f"$k={k},\\ s={s}$", (left + m * cell / 2, 0.45), 12)
        _counts(axes, overlap(k, s, (n, n)), (left, 0.9), cell)
        left += m * cell + gap
    return figure


def _counts(axes: Axes, counts: npt.NDArray[np.int64], at: Point, cell: float) -> None:
    for row, column in np.ndindex(counts.shape):
        corner = (at[0] + column * cell, at[1] + row * cell)
        strength = 0.08 + 0.55 * counts[row, column] / counts.max()
        colour = COLOURS["output"]
        axes.add_patch(
            Rectangle(corner, cell, cell, facecolor=colour, edgecolor="none", alpha=float(strength))
        )
        axes.add_patch(
            Rectangle(corner, cell, cell, fill=False, edgecolor=colour, linewidth=0.7, clip_on=False)
        )
        label(axes, str(counts[row, column]), (corner[0] + cell / 2, corner[1] + cell / 2), 13.5 * cell)


def responses(panels: Sequence[tuple[int, Sequence[Curve]]]) -> Figure:
    """Plot |ŵ(f)| / |ŵ(0)| of kernels from f = 0 to 1/2, one panel for each stride.

    Dotted lines mark the frequencies j/s of a pattern with period s: a kernel that is not 0 there leaves a
    checkerboard.
    """
    figure, axes_of = plot(4.4, 2.4 * len(panels), rows=len(panels))
    frequency = np.linspace(0, 0.5, 401)
    for axes, (s, kernels) in zip(axes_of, panels):
        lattice = [j / s for j in range(1, s // 2 + 1)]
        for place in lattice:
            axes.axvline(place, color=COLOURS["zero"], linestyle=":", linewidth=1.2)
        for number, (symbols, taps, look) in enumerate(kernels):
            w = np.asarray(taps, float)
            wave = np.exp(-2j * np.pi * np.outer(frequency, np.arange(len(w))))
            axes.plot(
                frequency,
                np.abs(wave @ w) / abs(w.sum()),
                color=_colour(look),
                linestyle=_DASHES[number % len(_DASHES)],
                label=symbols,
            )
        axes.set(xlim=(0, 0.5), ylim=(0, 1.03), xlabel="$f$", title=f"$s={s}$")
        _fraction_ticks(axes, sorted({0, *lattice, 0.5}))
        axes.set_yticks([0, 1], labels=["0", "1"])
        axes.legend(fontsize=9, loc="upper right", frameon=False)
        axes.set_ylabel("$|\\hat{w}(f)|\\,/\\,|\\hat{w}(0)|$")
    return figure


def energies(samples: Mapping[str, npt.ArrayLike], floor: float, right: float = 1.5) -> Figure:
    """Plot every sample, its mean and standard deviation on a logarithmic axis, one row for each key.

    The dotted line is the energy `floor` of the picture itself; the axis ends at `right`.
    """
    figure, (axes,) = plot(4.4, 0.9 + 0.36 * len(samples))
    axes.axvline(floor, color=COLOURS["zero"], linestyle=":", linewidth=1.4)
    for row, values in enumerate(samples.values()):
        points = np.asarray(values, float)
        spread = np.linspace(-0.2, 0.2, len(points))
        axes.plot(points, row + spread, ".", color=COLOURS["kernel"], alpha=0.45, markersize=5)
        axes.errorbar(
            points.mean(),
            row,
            xerr=[[min(points.std(), 0.9 * points.mean())], [points.std()]],  # a log axis has no 0
            fmt="o",
            color=COLOURS["output"],
            capsize=4,
            markersize=6,
        )
    axes.set_xscale("log")
    axes.set_xlim(right=right)
    axes.set_yticks(range(len(samples)), labels=list(samples))
    axes.set_ylim(len(samples) - 0.5, -0.5)
    axes.set_xlabel("$E$")
    return figure


def row_spectra(panels: Sequence[Sequence[Curve]], period: int) -> Figure:
    """Plot power against frequency along a row, 0 … 1/2, with the frequencies j/period marked.

    Each curve holds the power at 0, 1/W, 2/W, … up to 1/2.
    """
    figure, axes_of = plot(4.4, 2.5 * len(panels), rows=len(panels), sharey=True)
    for number, (axes, curves) in enumerate(zip(axes_of, panels), 1):
        lattice = [j / period for j in range(1, period // 2 + 1)]
        for place in lattice:
            axes.axvline(place, color=COLOURS["zero"], linestyle=":", linewidth=1.2)
        for symbols, power, look in curves:
            values = np.asarray(power, float)
            axes.plot(
                np.linspace(0, 0.5, len(values)), values, color=_colour(look), linewidth=1.3, label=symbols
            )
        axes.set(yscale="log", xlim=(0, 0.505), xlabel="$f$")
        axes.set_title(f"({number})", loc="left")
        _fraction_ticks(axes, sorted({0, *lattice, 0.5}))
        # above the axes: inside them some curve always runs through it
        axes.legend(
            fontsize=9,
            frameon=False,
            loc="lower right",
            bbox_to_anchor=(1.02, 0.98),
            ncols=len(curves),
            handlelength=1.2,
            columnspacing=1,
        )
        axes.set_ylabel("$P(f)$")
    return figure


def tiles(*images: npt.ArrayLike, columns: int = 2, zoom: int = 3, gap: int = 8) -> npt.NDArray[np.uint8]:
    """Return images of one size as one picture in rows of `columns`, with transparent gaps."""
    rows: list[npt.NDArray[np.uint8]] = []
    for first in range(0, len(images), columns):
        row = beside(*images[first : first + columns], gap=gap, zoom=zoom)
        if rows:
            rows.append(np.zeros((gap, row.shape[1], 4), np.uint8))
        rows.append(row)
    return np.concatenate(rows)


_DASHES = ("-", "--", "-.")


def _colour(look: Look) -> str:
    return INK if look == "ink" else COLOURS[look]


def _fraction_ticks(axes: Axes, places: Sequence[float]) -> None:
    """Ticks written as fractions, which read the same in every language."""
    axes.set_xticks(list(places), labels=["0" if p == 0 else f"1/{round(1 / p)}" for p in places])
