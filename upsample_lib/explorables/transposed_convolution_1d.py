"""The 1-D transposed convolution in three linked views: stamps, inserted zeros, and the matrix Cᵀ."""

import numpy as np
import traitlets

from upsample_lib.explorables.base import Drawing, NumberGrid, joined
from upsample_lib.explorables.transposed_convolution import LONGEST_KERNEL, TransposedConvolution


class TransposedConvolution1D(TransposedConvolution):
    """Transposed convolution of a short row of numbers, three views of it side by side.

    Traits: `input` (n numbers), `weight` (k numbers), `stride`, `padding`, `output_padding`, `dilation`;
    `view` says what one step is: "stamp" goes from input to input (columns of Cᵀ), "zeros" from output to
    output (its rows). `output` is the result as a NumPy array.

    >>> e = TransposedConvolution1D(input=[1, 2], weight=[1, 1], stride=1)
    >>> e.output
    array([1., 3., 2.])
    """

    _esm = joined(
        "grid.js",
        "player.js",
        "transposed_products.js",
        "transposed_convolution.js",
        "transposed_convolution_1d.js",
    )
    _axes = 1

    input = NumberGrid(axes=1, longest=6)
    weight = NumberGrid(axes=1, longest=LONGEST_KERNEL)

    @traitlets.default("name")
    def _default_name(self) -> str:
        return "transposed-1d"

    @traitlets.default("input")
    def _default_input(self) -> np.ndarray:
        return np.array([2.0, 3, 1, 1])

    @traitlets.default("weight")
    def _default_weight(self) -> np.ndarray:
        return np.array([1.0, 2, -1])

    @traitlets.default("step")
    def _default_step(self) -> int:
        return 2

    def draw_poster(self) -> str:
        canvas = self._canvas()
        n, first, (m,) = self.input.size, self.padding, self._output_sizes()
        taps = [[i * self.stride + j * self.dilation for j in range(self.weight.size)] for i in range(n)]
        stamps = np.zeros((n, canvas.size))
        for i, row in enumerate(taps):
            stamps[i, row] = self.input[i] * self.weight
        drawing = Drawing()
        drawing.text("w", 1.7, 0.5, "kernel", bold=True)
        drawing.grid(self.weight[np.newaxis], "kernel", 2.2, 0)
        drawing.text("x", 0.5, 1, "input", bold=True)
        drawing.grid(self.input[:, np.newaxis], "input", 0, 1.4)
        for i in range(n):
            drawing.text("·w →", 1.6, 1.9 + i, "kernel")
        drawing.grid(stamps, "kernel", 2.2, 1.4, blank=lambda r, c: c not in taps[r])
        drawing.text("y = Σ", 1.4, n + 2.1, "output", bold=True)
        drawing.grid(
            canvas[np.newaxis], "output", 2.2, n + 1.6, hatched=lambda _, c: not first <= c < first + m
        )
        return drawing.markup(f"y = Cᵀx, {n} → {m}", [self._size_line()])
