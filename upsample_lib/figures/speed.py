"""Pictures of speed: rungs of a ladder, rooflines, times of one call, measured speed-ups."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from upsample_lib.figures.style import COLOURS, SOFT, Role, plot


@dataclass(frozen=True)
class Roof:
    """One machine: what it does at best, a second, and what was measured on it.

    Parameters
    ----------
    operations, bytes : float
        Its ceilings, a second.
    points : mapping of role to (N, 2) array
        Operations per byte, and operations a second; the role is the colour.
    """

    operations: float
    bytes: float
    points: Mapping[Role, npt.ArrayLike]


def ladder(seconds: Sequence[float], bound: float | None = None) -> Figure:
    """Draw a bar for each way to compute the same, numbered from 1; a dotted line at the lower bound."""
    figure, (axes,) = plot(4.6, 0.6 + 0.34 * len(seconds))
    rows = np.arange(len(seconds))
    axes.barh(rows, seconds, color=SOFT["output"], edgecolor=COLOURS["output"], height=0.62)
    for row, value in zip(rows, seconds):
        # beside a shorter bar the number stands behind the dotted line, not on it
        end = bound if bound is not None and value < bound < 10 * value else value
        axes.annotate(_seconds(value), (end, row), (5, 0), textcoords="offset points", va="center")
    axes.set_xscale("log")
    axes.set_xlim(min([*seconds, bound or np.inf]) / 3, max(seconds) * 12)
    axes.set_yticks(rows, labels=[f"${row + 1}$" for row in rows])
    axes.set_ylim(len(seconds) - 0.4, -0.6)
    axes.set_xlabel("$t$, s")
    if bound is not None:
        axes.axvline(bound, color=COLOURS["zero"], linestyle=":")
    return figure


def rooflines(roofs: Sequence[Roof]) -> Figure:
    """Draw operations a second over operations per byte, a panel for each machine."""
    figure, panels = plot(4.6, 3.1 * len(roofs), rows=len(roofs))
    for axes, roof in zip(panels, roofs):
        ridge = roof.operations / roof.bytes
        places = np.concatenate([np.asarray(p, float) for p in roof.points.values()])
        left = min(places[:, 0].min(), ridge) / 3
        right = max(places[:, 0].max(), ridge) * 3
        intensity = np.array([left, ridge, right])
        axes.plot(intensity, np.minimum(roof.operations, roof.bytes * intensity), color=COLOURS["zero"])
        for role, points in roof.points.items():
            x, y = np.asarray(points, float).T
            axes.plot(x, y, "o", color=COLOURS[role], alpha=0.75, markeredgewidth=0)
        axes.axvline(ridge, color=COLOURS["zero"], linestyle=":", linewidth=1)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlim(left, right)
        axes.set_xlabel("$I$, 1/B")
        axes.set_ylabel(r"$V$, 1/s")
    return figure


def call_times(seconds: npt.ArrayLike, marks: Sequence[float] = ()) -> Figure:
    """Draw a histogram of the times of equal calls, and dashed lines at `marks`."""
    values = 1e3 * np.asarray(seconds, float)
    figure, (axes,) = plot(4.6, 2.3)
    edges = np.geomspace(values.min(), values.max() * 1.001, 41).tolist()
    axes.hist(values, edges, color=SOFT["input"], edgecolor=COLOURS["input"], linewidth=0.6)
    for mark in marks:
        axes.axvline(1e3 * mark, color=COLOURS["kernel"], linestyle="--", linewidth=1.4)
    axes.set_xscale("log")
    # less than a decade is common: Matplotlib would then label every minor tick, one over another
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_yscale("symlog", linthresh=1)
    axes.set_xlabel("$t$, ms")
    return figure


def speedups(names: Sequence[str], rows: Sequence[npt.ArrayLike], promised: Sequence[float] = ()) -> Figure:
    """Draw medians with quartiles, (lower, median, upper) for each name, a colour for each element of rows.

    A full line marks 1, dotted ones what was promised.
    """
    roles: tuple[Role, ...] = ("output", "input", "kernel")
    figure, (axes,) = plot(4.6, 0.7 + 0.36 * len(names))
    for number, (values, role) in enumerate(zip(rows, roles)):
        lower, middle, upper = np.asarray(values, float).T
        place = np.arange(len(names)) + 0.22 * (number - (len(rows) - 1) / 2)
        axes.errorbar(
            middle,
            place,
            xerr=[middle - lower, upper - middle],
            fmt="osD"[number],
            color=COLOURS[role],
            markersize=4.5,
            elinewidth=1.2,
        )
    axes.axvline(1, color=COLOURS["zero"], linewidth=1)
    for promise in promised:
        axes.axvline(promise, color=COLOURS["zero"], linestyle=":", linewidth=1.4)
    axes.set_xlim(left=0)
    axes.set_yticks(range(len(names)), labels=list(names))
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel(r"$t_{\mathrm{NN}} / t$")
    return figure


def _seconds(value: float) -> str:
    power = int(np.floor(np.log10(value)))
    return f"${value / 10.0**power:.1f}\\cdot10^{{{power}}}$"
