"""The 2-D transposed convolution, driven by the reader: stamp and add, or insert zeros and slide."""

from typing import Any

import numpy as np
import traitlets

from upsample_lib.explorables.base import Drawing, NumberGrid, joined
from upsample_lib.explorables.transposed_convolution import LONGEST_KERNEL, TransposedConvolution


class TransposedConvolution2D(TransposedConvolution):
    """Transposed convolution of a small image.

    Traits: `input` (n × n numbers), `weight` (k × k), `stride`, `padding`, `output_padding`, `dilation`;
    `view` is "stamp" (stamp and add) or "zeros" (insert zeros, slide the flipped kernel); `step` counts
    stamps or output cells. `output` is the result as a NumPy array.

    >>> e = TransposedConvolution2D(input=[[1, 2]], weight=[[1, 1]], stride=1)
    >>> e.output
    array([[1., 3., 2.]])
    """

    _esm = joined(
        "grid.js",
        "player.js",
        "transposed_products.js",
        "transposed_convolution.js",
        "transposed_convolution_2d.js",
    )
    _axes = 2

    input = NumberGrid(axes=2, longest=5)
    weight = NumberGrid(axes=2, longest=LONGEST_KERNEL)

    @traitlets.default("name")
    def _default_name(self) -> str:
        return "transposed-2d"

    @traitlets.default("input")
    def _default_input(self) -> np.ndarray:
        return np.array([[1.0, 2, 0], [3, 2, 1], [0, 1, 3]])

    @traitlets.default("weight")
    def _default_weight(self) -> np.ndarray:
        return np.array([[1.0, 2, -1], [0, 1, 2], [2, 0, 1]])

    @traitlets.default("step")
    def _default_step(self) -> Any:
        return 5

    def draw_poster(self) -> str:
        canvas = self._canvas()
        first, rows, columns = self.padding, *self._output_sizes()
        left = max(self.input.shape[1], self.weight.shape[1]) + 1.2
        drawing = Drawing()
        drawing.text("x", 0.2, 0.4, "input", bold=True)
        drawing.grid(self.input, "input", 0, 0.8)
        below = self.input.shape[0] + 1.2
        drawing.text("w", 0.2, below, "kernel", bold=True)
        drawing.grid(self.weight, "kernel", 0, below + 0.4)
        drawing.text("y", left + 0.2, 0.4, "output", bold=True)
        drawing.grid(
            canvas,
            "output",
            left,
            0.8,
            hatched=lambda r, c: not (first <= r < first + rows and first <= c < first + columns),
        )
        if self.view == "stamp" and 0 < self.step <= self.input.size:
            row, column = divmod(self.step - 1, self.input.shape[1])
            height, width = (self.dilation * (k - 1) + 1 for k in self.weight.shape)
            drawing.frame(column, 0.8 + row, 1, 1, "input")
            drawing.frame(left + column * self.stride, 0.8 + row * self.stride, width, height, "kernel")
        return drawing.markup(f"y = Cᵀx, {self.input.shape} → {(rows, columns)}", [self._size_line()])
