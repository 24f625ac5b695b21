"""Pictures of generators: the maps that grow from a vector to an image, and rows of generated images."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from upsample_lib.figures.grids import arrow, label
from upsample_lib.figures.style import COLOURS, SOFT, Role, canvas


def growing_maps(shapes: Sequence[tuple[int, int]], layers: Sequence[str]) -> Figure:
    """Draw maps (channels, side) from the first to the last, and between them the layers' settings.

    A square grows with the logarithm of its side; the slices behind it stand for its channels.
    """
    if len(layers) != len(shapes) - 1:
        raise ValueError(f"layers must number one less than the {len(shapes)} shapes, got {len(layers)}")
    sides = [0.5 + 0.33 * np.log2(side) for _, side in shapes]
    depths = [0.07 * np.log2(max(channels, 1)) for channels, _ in shapes]
    gap, middle = 0.62, max(sides) / 2 + 1.4
    figure, axes = canvas(
        sum(sides) + sum(depths) + gap * len(layers) + 0.5, middle + max(sides) / 2 + max(depths) + 1.0
    )
    left = 0.25
    for number, ((channels, n), side, depth) in enumerate(zip(shapes, sides, depths)):
        role: Role = "input" if number == 0 else "output" if number == len(shapes) - 1 else "kernel"
        top = middle - side / 2
        for slice_ in range(round(depth / 0.07), -1, -1):
            corner = (left + 0.07 * slice_, top - 0.07 * slice_)
            axes.add_patch(
                Rectangle(corner, side, side, facecolor=SOFT[role], edgecolor=COLOURS[role], linewidth=0.8)
            )
        label(axes, f"${channels}$", (left + side / 2, middle + side / 2 + 0.38), 11)
        label(axes, f"${n}\\times{n}$", (left + side / 2, middle + side / 2 + 0.86), 9.5)
        right = left + side + depth
        if number < len(layers):
            arrow(axes, (right + 0.08, middle), (right + gap - 0.1, middle))
            height = 0.45 + 0.5 * (number % 2)
            label(axes, layers[number], (right + gap / 2, height), 9, role="kernel")
            axes.plot(
                [right + gap / 2] * 2, [height + 0.3, middle - 0.12], color=COLOURS["zero"], linewidth=0.6
            )
        left = right + gap
    return figure


def image_rows(*rows: npt.ArrayLike, across: int = 8, gap: int = 2, zoom: int = 2) -> npt.NDArray[np.uint8]:
    """Set the first `across` images (N, H, W) of each row, 8 bits or −1 … 1, one under the other."""
    lines: list[npt.NDArray[np.uint8]] = []
    for row in rows:
        images = np.asarray(row)[:across]
        if images.dtype != np.uint8:
            images = np.round((np.clip(images, -1, 1) + 1) * 127.5).astype(np.uint8)
        count, height, width = images.shape
        line = np.zeros((height, count * (width + gap) - gap, 2), np.uint8)
        for number, image in enumerate(images):
            place = slice(number * (width + gap), number * (width + gap) + width)
            line[:, place, 0], line[:, place, 1] = image, 255
        lines += [line, np.zeros((2 * gap, line.shape[1], 2), np.uint8)]
    grey = np.concatenate(lines[:-1])
    picture = np.concatenate([grey[..., [0, 0, 0]], grey[..., 1:]], axis=2)
    return picture.repeat(zoom, axis=0).repeat(zoom, axis=1)
