"""Pictures of autoencoders: the hourglass of their maps, errors against the code's length, a lower bound."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from upsample_lib.figures.grids import arrow, label
from upsample_lib.figures.style import COLOURS, INK, SOFT, Role, canvas, plot

_LINES = ("-", "--", ":", "-.")


def hourglass(shapes: Sequence[tuple[int, int]]) -> Figure:
    """Draw maps (channels, side) from the input to the output, the shortest of them as the bottleneck.

    The area of a box is the number of values in its map: its height is the side, its width the channels,
    both to the same power. A map with more values than its neighbours is seen to be larger at once.
    """
    values = [channels * side * side for channels, side in shapes]
    bottleneck = int(np.argmin(values))
    heights = [4.2 * np.sqrt(side / max(s for _, s in shapes)) for _, side in shapes]
    # the largest map is 4 squared cells
    widths = [4 * value / max(values) / height for value, height in zip(values, heights)]
    widths = [max(width, 0.12) for width in widths]
    gap, middle = 0.8, 2.6
    figure, axes = canvas(sum(widths) + gap * (len(shapes) - 1) + 1.7, 6.4)
    left = 0.85
    for number, ((channels, side), width, height) in enumerate(zip(shapes, widths, heights)):
        role: Role = "kernel" if number == bottleneck else "input" if number < bottleneck else "output"
        corner = (left, middle - height / 2)
        axes.add_patch(
            Rectangle(corner, width, height, facecolor=SOFT[role], edgecolor=COLOURS[role], linewidth=1.4)
        )
        text = f"${channels}$" if side == 1 else f"${channels}\\!\\times\\!{side}^2$"
        low = 5.25 + 0.62 * (number % 2)
        axes.plot(
            [left + width / 2] * 2,
            [middle + height / 2 + 0.08, low - 0.28],
            color=COLOURS["zero"],
            linewidth=0.6,
        )
        label(axes, text, (left + width / 2, low), 11, role=role)
        if number < len(shapes) - 1:
            arrow(axes, (left + width + 0.1, middle), (left + width + gap - 0.1, middle))
        left += width + gap
    return figure


def latent_errors(
    lengths: Sequence[int],
    runs: Sequence[npt.ArrayLike],
    others: Mapping[str, npt.ArrayLike],
    name: str,
) -> Figure:
    """Plot errors against the length of the code, both axes logarithmic.

    `runs` holds the errors of several seeds for each length, drawn as dots with a line through their means
    and the legend's `name`; each of `others` is one dashed line.
    """
    figure, (axes,) = plot(4.4, 3.0)
    for length, errors in zip(lengths, runs, strict=True):
        points = np.asarray(errors, float)
        axes.plot([length] * len(points), points, ".", color=COLOURS["output"], alpha=0.5, markersize=6)
    means = [np.asarray(errors, float).mean() for errors in runs]
    axes.plot(lengths, means, "-", color=COLOURS["output"], label=name)
    for (symbol, errors), dash in zip(others.items(), _LINES[1:], strict=False):
        axes.plot(lengths, np.asarray(errors, float), dash, color=COLOURS["input"], marker="s", label=symbol)
    axes.set(xscale="log", yscale="log", xlabel="$d$", ylabel="MSE")
    axes.set_xticks(list(lengths), labels=[str(length) for length in lengths])
    axes.minorticks_off()
    ticks = [0.01, 0.02, 0.03, 0.04]
    axes.set_yticks(ticks, labels=[f"{100 * tick:.0f}" + r"$\cdot 10^{-2}$" for tick in ticks])
    axes.legend(fontsize=9)
    return figure


def learning_curves(panels: Sequence[Mapping[str, npt.ArrayLike]], every: int) -> Figure:
    """Plot errors (steps,) or (seeds, steps), taken every so many steps; a panel for each mapping.

    Several seeds are thin lines of one colour. The panels share their vertical axis.
    """
    figure, axes_of = plot(4.4, 2.3 * len(panels), rows=len(panels), sharey=True)
    roles: tuple[Role, ...] = ("output", "kernel", "input", "zero")
    for number, (axes, curves) in enumerate(zip(axes_of, panels), 1):
        for (symbol, errors), role, dash in zip(curves.items(), roles, _LINES, strict=False):
            rows = np.atleast_2d(np.asarray(errors, float))
            steps = every * np.arange(rows.shape[1])
            for row, values in enumerate(rows):
                axes.plot(
                    steps,
                    values,
                    dash,
                    color=COLOURS[role],
                    linewidth=1.3,
                    label=symbol if row == 0 else None,
                )
        axes.set(xlabel="$t$", ylabel="MSE", title=f"({number})", ylim=(0, None))
        axes.legend(fontsize=9)
    return figure


def lower_bound(
    places: npt.ArrayLike, bounds: Mapping[str, npt.ArrayLike], evidence: float, symbols: tuple[str, str]
) -> Figure:
    """Plot lower bounds over a parameter, below the dotted line of what they bound.

    `symbols` name the parameter and the line.
    """
    figure, (axes,) = plot(4.4, 2.7)
    axes.axhline(evidence, color=INK, linestyle=":", linewidth=1.4, label=symbols[1])
    roles: tuple[Role, ...] = ("output", "kernel", "input")
    for (symbol, values), role, dash in zip(bounds.items(), roles, _LINES, strict=False):
        axes.plot(np.asarray(places), np.asarray(values), dash, color=COLOURS[role], label=symbol)
    axes.set(xlabel=symbols[0])
    axes.legend(fontsize=9)
    return figure
