"""Pictures of segmentation: where a mask is right and wrong, the U of the network, scores with error bars."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from upsample_lib.figures.grids import arrow, draw_cell, label
from upsample_lib.figures.style import COLOURS, Role, canvas, plot

Array = npt.NDArray[np.float64]


def marked(image: npt.ArrayLike, prediction: npt.ArrayLike, target: npt.ArrayLike) -> Array:
    """Colour a grey image: green where the mask is right, orange where too much, blue where too little."""
    grey = np.asarray(image, float)
    found, true = np.asarray(prediction) != 0, np.asarray(target) != 0
    picture = np.repeat(grey[:, :, None], 3, axis=2)
    parts: tuple[tuple[Role, npt.NDArray[np.bool_]], ...] = (
        ("output", found & true),
        ("kernel", found & ~true),
        ("input", ~found & true),
    )
    for role, part in parts:
        colour = np.array([int(COLOURS[role][i : i + 2], 16) for i in (1, 3, 5)]) / 255
        picture[part] = 0.45 * picture[part] + 0.55 * colour
    return picture


def u_shape(widths: Sequence[int] = (8, 16, 32), size: int = 64) -> Figure:
    """Draw the stages of a U-Net with their channels and sizes; dashed arrows are the skip connections."""
    depth = len(widths) - 1
    figure, axes = canvas(4 * depth + 6.2, 2.3 * depth + 2.2)
    right = 4 * depth + 3.4
    for i, width in enumerate(widths):
        top, left = 0.6 + 2.3 * i, 0.3 + 1.7 * i
        text = f"${width}\\times{size // 2**i}^2$"
        far = right - 1.7 * i if i < depth else left
        draw_cell(axes, (left + 0.8, top), "input", strong=True)
        label(axes, text, (left + 1.3, top + 1.35), 10)
        if i == depth:
            continue
        draw_cell(axes, (far + 0.8, top), "output", strong=True)
        label(axes, text, (far + 1.3, top + 1.35), 10)
        axes.annotate(
            "",
            (far + 0.7, top + 0.5),
            (left + 1.9, top + 0.5),
            arrowprops={"arrowstyle": "-|>", "linestyle": "--", "color": COLOURS["zero"]},
        )
        arrow(axes, (left + 1.5, top + 1.75), (left + 2.7, top + 2.3), "input")
        start = (far - 0.4, top + 2.3) if i + 1 < depth else (left + 3.7, top + 2.6)
        arrow(axes, start, (far + 0.9, top + 1.75), "kernel")
    return figure


def scores(samples: Sequence[Mapping[str, npt.ArrayLike]], names: Sequence[str]) -> Figure:
    """Plot every score, the mean and the standard deviation, a panel for each mapping, a row for each key."""
    figure, panels = plot(4.6, (1.0 + 0.36 * len(samples[0])) * len(samples), rows=len(samples))
    for axes, rows, name in zip(panels, samples, names):
        for row, values in enumerate(rows.values()):
            points = np.asarray(values, float)
            spread = np.linspace(-0.22, 0.22, len(points))
            axes.plot(points, row + spread, ".", color=COLOURS["kernel"], alpha=0.5, markersize=5)
            axes.errorbar(
                points.mean(),
                row,
                xerr=points.std(ddof=1),
                fmt="o",
                color=COLOURS["output"],
                capsize=4,
                markersize=6,
            )
        axes.set_yticks(range(len(rows)), labels=list(rows))
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.set_xlabel(f"IoU {name}")
    return figure
