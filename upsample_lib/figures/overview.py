"""The subject on one picture: the same input, enlarged by different kernels."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from upsample_lib import derivations
from upsample_lib.figures.grids import arrow, grid, label
from upsample_lib.figures.style import canvas

Case = tuple[npt.ArrayLike, int, int]  # kernel, stride, padding


def enlargements(x: npt.ArrayLike, cases: Sequence[Case]) -> Figure:
    """Draw one row a case: the input, the kernel that stamps it, and the output; rows are numbered."""
    pixels = np.asarray(x, float)
    rows = []
    for kernel, stride, padding in cases:
        w = np.asarray(kernel, float)
        rows.append((w, derivations.scatter2d(pixels[None], w[None, None], stride, padding)[0]))
    at_kernel = 1.8 + pixels.shape[1]
    at_output = at_kernel + max(w.shape[1] for w, _ in rows) + 1.6
    heights = [max(len(pixels), len(w), len(y)) + 0.7 for w, y in rows]
    width = at_output + max(y.shape[1] for _, y in rows) + 0.1
    figure, axes = canvas(width, sum(heights))
    top = 0.0
    for number, ((w, y), height) in enumerate(zip(rows, heights), 1):
        middle = top + height / 2
        label(axes, f"({number})", (0.4, middle), 12)
        grid(axes, pixels, (1.1, middle - len(pixels) / 2), "input")
        grid(axes, w, (at_kernel, middle - len(w) / 2), "kernel")
        arrow(axes, (at_kernel + w.shape[1] + 0.3, middle), (at_output - 0.3, middle))
        grid(axes, y, (at_output, middle - len(y) / 2), "output")
        top += height
    return figure
