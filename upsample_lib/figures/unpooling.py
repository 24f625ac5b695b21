"""Pictures of unpooling: copies and nails, remembered places, shared places, the wrong width."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from upsample_lib.figures.grids import Cells, arrow, grid, label, outline
from upsample_lib.figures.style import Role, canvas
from upsample_lib.pooling import max_pool1d, max_pool2d
from upsample_lib.unpooling import bed_of_nails, max_unpool1d, max_unpool2d

Array = npt.NDArray[np.float64]


def copies_and_nails(y: npt.ArrayLike, stride: int = 2) -> Figure:
    """Draw nearest neighbour (above) and bed of nails (below) of the same small map."""
    values = np.asarray(y, float)
    rows, columns = (size * stride for size in values.shape)
    copies = values.repeat(stride, 0).repeat(stride, 1)
    nails = bed_of_nails(values, (stride, stride))
    own = bed_of_nails(np.ones_like(values), (stride, stride)) > 0
    right = values.shape[1] + 3.6
    figure, axes = canvas(right + columns + 0.2, 2 * rows + 1.2)
    middle = rows + 0.6
    grid(axes, values, (0.8, middle - len(values) / 2))
    label(axes, "$y$", (0.35, middle), 14, role="input")
    for result, kept, top in ((copies, np.ones_like(own), 0.2), (nails, own, rows + 1.0)):
        centre = top + rows / 2
        arrow(axes, (values.shape[1] + 1.1, (middle + centre) / 2), (right - 0.4, centre))
        grid(axes, result, (right, top), roles=_kept(kept))
        for i, j in np.ndindex(values.shape):
            outline(axes, (right + j * stride, top + i * stride), stride, stride)
    return figure


def remembered_places(x: npt.ArrayLike, changed: npt.ArrayLike, kernel_size: int = 2) -> Figure:
    """Pool an image, let a network change the maxima, and put the changed numbers back (lower row)."""
    image, values = np.asarray(x, float), np.asarray(changed, float)
    maxima, switches = max_pool2d(image[None], kernel_size, return_indices=True)
    back = max_unpool2d(values[None], switches, kernel_size, output_size=image.shape)[0]
    kept = _places(switches[0], image.shape)
    rows, columns = image.shape
    m = maxima.shape[2]
    right = columns + 3.0
    figure, axes = canvas(right + columns + 0.2, 2 * rows + 1.6)
    above, below = 0.2 + rows / 2, rows + 1.4 + rows / 2
    for table, middle, roles, left in (
        (image, above, None, 0.2),
        (back, below, _kept(kept), right),
    ):
        grid(axes, table, (left, middle - rows / 2), roles=roles, strong=kept)
        for i, j in np.ndindex(values.shape):
            corner = (left + j * kernel_size, middle - rows / 2 + i * kernel_size)
            outline(axes, corner, kernel_size, kernel_size)
    inner = right + (columns - m) / 2
    grid(axes, maxima[0], (inner, above - m / 2), "output")
    arrow(axes, (columns + 0.6, above), (inner - 0.4, above))
    lower = 0.2 + (columns - m) / 2
    grid(axes, values, (lower, below - m / 2))
    arrow(axes, (lower + m + 0.4, below), (right - 0.4, below))
    # from the upper right to the lower left: whatever the network does in between
    arrow(axes, (inner - 0.2, above + m / 2 + 0.2), (lower + m + 0.2, below - m / 2 - 0.2))
    label(axes, "$\\cdots$", ((inner + lower + m) / 2, (above + below) / 2 - 0.55), 16)
    return figure


def assign_or_add_1d(x: npt.ArrayLike, kernel_size: int, stride: int) -> Figure:
    """Put the maxima of overlapping windows back: assigned ( = , above) and added ( += , below)."""
    values = np.asarray(x, float)
    maxima, switches = max_pool1d(values[None], kernel_size, stride, return_indices=True)
    assigned = max_unpool1d(maxima, switches, kernel_size, stride, output_size=values.shape)[0]
    added = np.bincount(switches[0], maxima[0], len(values))
    n, left = len(values), 1.6
    kept = _places(switches[0], values.shape)
    shared = np.bincount(switches[0], minlength=n) > 1
    figure, axes = canvas(left + n + 0.3, 7.7)
    grid(axes, values, (left, 0.2), strong=kept)
    label(axes, "$x$", (0.8, 0.7), 14, role="input")
    for i, (value, j) in enumerate(zip(maxima[0], switches[0])):
        place = left + i * stride + kernel_size / 2
        grid(axes, [value], (place - 0.5, 2.6), "output")
        arrow(axes, (left + j + 0.5, 1.27), (place, 2.52), "kernel")
        arrow(axes, (place, 3.68), (left + j + 0.5, 4.92), "kernel")
    label(axes, "$y$", (0.8, 3.1), 14, role="output")
    for result, symbol, top in ((assigned, "=", 5.0), (added, "+\\!=", 6.5)):
        grid(axes, result, (left, top), roles=_kept(kept[None]), strong=shared)
        label(axes, f"${symbol}$", (0.8, top + 0.5), 15)
    return figure


def wrong_width(x: npt.ArrayLike, kernel_size: int = 2) -> Figure:
    """Unpool an odd image to its own size (middle) and to the default one (right)."""
    image = np.asarray(x, float)
    maxima, switches = max_pool2d(image[None], kernel_size, return_indices=True)
    tables = [image]
    kept = [_places(switches[0], image.shape)]
    for size in (image.shape, None):
        back = max_unpool2d(maxima, switches, kernel_size, output_size=size)[0]
        tables.append(back)
        kept.append(_places(switches[0], back.shape))
    cell, gap, left = 0.8, 0.8, 0.2
    width = sum(table.shape[1] for table in tables) * cell + 2 * gap
    figure, axes = canvas(width + 0.4, len(image) * cell + 1.2)
    for number, (table, places) in enumerate(zip(tables, kept)):
        roles = None if number == 0 else _kept(places)
        grid(axes, table, (left, 0.9), roles=roles, strong=places, cell=cell)
        h, w = table.shape
        label(axes, f"${h}\\times{w}$", (left + w * cell / 2, 0.4), 12)
        left += w * cell + gap
    return figure


def _places(switches: npt.NDArray[np.int64], shape: Sequence[int]) -> npt.NDArray[np.bool_]:
    return np.isin(np.arange(np.prod(shape)), switches).reshape(tuple(shape))


def _kept(places: npt.NDArray[np.generic]) -> Cells:
    """Cells that received a number are green, the others are zeros."""
    kinds: list[list[Role | None]] = [["output" if kept else "zero" for kept in row] for row in places]
    return kinds
