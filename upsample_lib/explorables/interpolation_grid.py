"""The interpolation grid: where each output pixel reads a row of input pixels, and with which weights."""

from typing import Any

import numpy as np
import traitlets

from upsample_lib.explorables.base import Drawing, Explorable, NumberGrid, WholeNumber, joined, written
from upsample_lib.interpolation import interpolate, interpolation_matrix

MODES = ("nearest", "nearest-exact", "linear", "cubic")
LARGEST_SIZE = 12
LONGEST_INPUT = 6


class InterpolationGrid(Explorable):
    """Two pixel grids over each other: a row of n numbers, and its interpolation to `size` numbers.

    Traits: `input` (n numbers); `size` (m); `mode`, one of "nearest", "nearest-exact", "linear", "cubic";
    `align_corners`, for the last two; `pixel`, the output pixel whose weights are shown. `output` is the
    result as a NumPy array, `weights` the matrix that makes it. A nearest mode switches `align_corners` off.

    >>> e = InterpolationGrid(input=[0, 12], size=4)
    >>> e.output
    array([ 0.,  3.,  9., 12.])
    >>> e.align_corners = True
    >>> e.output
    array([ 0.,  4.,  8., 12.])
    """

    _esm = joined("grid.js", "explorable.js", "interpolation_weights.js", "interpolation_grid.js")
    _css = joined("explorables.css", "interpolation_grid.css")

    input = NumberGrid(axes=1, shortest=2, longest=LONGEST_INPUT)
    size = WholeNumber(6).tag(sync=True)
    mode = traitlets.Enum(MODES, "linear").tag(sync=True)
    align_corners = traitlets.Bool(False).tag(sync=True)
    pixel = WholeNumber(2).tag(sync=True)

    @traitlets.default("name")
    def _default_name(self) -> str:
        return "interpolation"

    @traitlets.default("input")
    def _default_input(self) -> np.ndarray:
        return np.array([2.0, 8, 4])

    @property
    def output(self) -> np.ndarray:
        """`input` resized by the library: cubic is its "bicubic" on an image of one row."""
        corners = self.align_corners if self.mode in ("linear", "cubic") else None
        row = self.input[np.newaxis, np.newaxis]
        if self.mode == "cubic":
            image = row[:, :, np.newaxis]
            result = interpolate(image, size=(1, self.size), mode="bicubic", align_corners=corners)
        else:
            result = interpolate(row, size=self.size, mode=self.mode, align_corners=corners)
        return np.asarray(result).reshape(self.size)

    @property
    def weights(self) -> np.ndarray:
        """The matrix of m rows and n columns with `output` = `weights` @ `input`."""
        mode = "bicubic" if self.mode == "cubic" else self.mode
        return interpolation_matrix(self.input.size, self.size, mode, self.align_corners)

    @traitlets.validate("size", "pixel")
    def _within_limits(self, proposal: Any) -> int:
        name, value = proposal["trait"].name, int(proposal["value"])
        lowest, highest = (1, LARGEST_SIZE) if name == "size" else (0, self.size - 1)
        if not lowest <= value <= highest:
            raise traitlets.TraitError(f"{name} must be from {lowest} to {highest}, got {value}")
        return value

    @traitlets.validate("align_corners")
    def _corners_where_there_are_weights(self, proposal: Any) -> bool:
        if proposal["value"] and self.mode.startswith("nearest"):
            raise traitlets.TraitError(f"align_corners must be False for mode={self.mode!r}, got True")
        return bool(proposal["value"])

    @traitlets.observe("input", "size", "mode", "align_corners", "pixel")
    def _keep_possible(self, change: Any) -> None:
        with self.hold_sync():
            self.align_corners = self.align_corners and not self.mode.startswith("nearest")
            self.pixel = min(self.pixel, self.size - 1)
        if self.comm is not None:
            self._send_poster()

    def draw_poster(self) -> str:
        n, m, unit = self.input.size, self.size, 2.4
        step = 1.0
        if m > 1:
            step = (n - 1) / (m - 1) if self.align_corners else n / m
        elif not self.align_corners:
            step = float(n)
        first = 0.5 if self.align_corners else step / 2  # centre of output pixel 0, from the left edge
        shift = max(0.0, step / 2 - first)  # where the output's grid begins further to the left
        wide = step * unit
        left = (shift + first - step / 2) * unit
        drawing = Drawing()
        drawing.grid(self.input[np.newaxis], "input", shift * unit, 0, wide=unit)
        drawing.grid(self.output[np.newaxis], "output", left, 3, wide=wide)
        drawing.frame(left + self.pixel * wide, 3, wide, 1, "output")
        for i, weight in enumerate(self.weights[self.pixel]):
            if weight:
                x, to = (shift + i + 0.5) * unit, left + (self.pixel + 0.5) * wide
                drawing.text(f"·{written(weight)}", x, 1.35, "kernel", bold=True)
                drawing.line(x, 1.7, to, 3, "kernel", thick=1 + 4 * abs(weight))
        corners = "" if self.mode.startswith("nearest") else f", align_corners={self.align_corners}"
        return drawing.markup(f"{n} → {m}", [f'{n} → {m}: mode="{self.mode}"{corners}'])
