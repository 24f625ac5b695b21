"""Pooling and the ways back from it: what stays, what returns, and what is lost."""

from typing import Any

import numpy as np
import numpy.typing as npt
import traitlets

from upsample_lib.explorables.base import Drawing, Explorable, NumberGrid, WholeNumber, joined
from upsample_lib.interpolation import interpolate
from upsample_lib.pooling import avg_pool2d, max_pool2d
from upsample_lib.unpooling import avg_unpool, bed_of_nails, max_unpool2d

BACKS = ("nearest", "nails", "max_unpool", "avg_unpool")
SHORTEST_SIDE, LONGEST_SIDE = 2, 6
LARGEST_KERNEL, LARGEST_STRIDE = 4, 4


class PoolingUnpooling(Explorable):
    """A small image pooled, brought back to its size, and compared with what it was.

    Traits: `input` (2 × 2 to 6 × 6 numbers); `pooling`, "max" or "avg"; `kernel_size` and `stride` of its
    windows; `back`, one of "nearest", "nails" (bed of nails), "max_unpool" (after "max" only), "avg_unpool";
    `window`, the number of the window that is shown, counted along the rows. `pooled`, `switches`, `output`
    (the image after the way back) and `lost` (`input` − `output`) are NumPy arrays.

    >>> e = PoolingUnpooling(input=[[1, 3], [4, 2]], window=0)
    >>> e.output
    array([[0., 0.],
           [4., 0.]])
    >>> e.back = "nearest"
    >>> e.lost
    array([[-3., -1.],
           [ 0., -2.]])
    """

    _esm = joined("grid.js", "explorable.js", "pooling_windows.js", "pooling_unpooling.js")
    _css = joined("explorables.css", "pooling_unpooling.css")

    input = NumberGrid(axes=2, shortest=SHORTEST_SIDE, longest=LONGEST_SIDE)
    pooling = traitlets.Enum(("max", "avg"), "max").tag(sync=True)
    kernel_size = WholeNumber(2).tag(sync=True)
    stride = WholeNumber(2).tag(sync=True)
    back = traitlets.Enum(BACKS, "max_unpool").tag(sync=True)
    window = WholeNumber(1).tag(sync=True)

    @traitlets.default("name")
    def _default_name(self) -> str:
        return "pooling"

    @traitlets.default("input")
    def _default_input(self) -> np.ndarray:
        return np.array([[1.0, 3, 2, 1], [4, 2, 0, 6], [5, 1, 7, 2], [0, 2, 3, 4]])

    def _pooled_and_switches(self) -> tuple[np.ndarray, npt.NDArray[np.int64] | None]:
        image = self.input[np.newaxis]
        if self.pooling == "avg":
            return np.asarray(avg_pool2d(image, self.kernel_size, self.stride))[0], None
        y, switches = max_pool2d(image, self.kernel_size, self.stride, return_indices=True)
        return y[0], switches[0]

    @property
    def pooled(self) -> np.ndarray:
        """The maxima or averages of the windows."""
        return self._pooled_and_switches()[0]

    @property
    def switches(self) -> npt.NDArray[np.int64] | None:
        """Where each maximum stood, counted along the rows of `input`; None after average pooling."""
        return self._pooled_and_switches()[1]

    @property
    def output(self) -> np.ndarray:
        """`pooled` brought back to the input's size by the library.

        A bed of nails ends one stride after its last nail; zeros follow up to the input's size.
        """
        y, switches = self._pooled_and_switches()
        shape = self.input.shape
        result: Any
        if self.back == "nearest":
            result = interpolate(y[np.newaxis, np.newaxis], size=shape, mode="nearest")[0]
        elif self.back == "nails":
            reached = [min(n, m * self.stride) for n, m in zip(shape, y.shape)]
            nails = bed_of_nails(y, (self.stride, self.stride), reached)
            result = np.pad(nails, [(0, n - m) for n, m in zip(shape, reached)])[np.newaxis]
        elif switches is not None and self.back == "max_unpool":
            result = max_unpool2d(
                y[np.newaxis], switches[np.newaxis], self.kernel_size, self.stride, output_size=shape
            )
        else:
            sides = (self.kernel_size,) * 2
            result = avg_unpool(y[np.newaxis], sides, (self.stride,) * 2, output_size=shape)
        returned: np.ndarray = np.asarray(result)[0]
        return returned

    @property
    def lost(self) -> np.ndarray:
        """`input` − `output`."""
        return np.asarray(self.input - self.output)

    def _pooled_shape(self) -> tuple[int, ...]:
        return tuple((n - self.kernel_size) // self.stride + 1 for n in self.input.shape)

    def _largest_kernel(self) -> int:
        return min(LARGEST_KERNEL, int(min(self.input.shape)))

    @traitlets.validate("kernel_size", "stride", "window")
    def _within_limits(self, proposal: Any) -> int:
        name, value = proposal["trait"].name, int(proposal["value"])
        if name == "kernel_size":
            lowest, highest = 1, self._largest_kernel()
        elif name == "stride":
            lowest, highest = 1, LARGEST_STRIDE
        else:
            lowest, highest = 0, int(np.prod(self._pooled_shape())) - 1
        if not lowest <= value <= highest:
            raise traitlets.TraitError(f"{name} must be from {lowest} to {highest}, got {value}")
        return value

    @traitlets.validate("back")
    def _switches_are_there(self, proposal: Any) -> str:
        if proposal["value"] == "max_unpool" and self.pooling == "avg":
            raise traitlets.TraitError(
                "back must be nearest, nails or avg_unpool for pooling='avg', "
                "because an average leaves no switches, got 'max_unpool'"
            )
        return str(proposal["value"])

    @traitlets.observe("input", "pooling", "kernel_size", "stride", "back", "window")
    def _keep_possible(self, change: Any) -> None:
        with self.hold_sync():
            if self.pooling == "avg" and self.back == "max_unpool":
                self.back = "avg_unpool"
            self.kernel_size = min(self.kernel_size, self._largest_kernel())
            self.window = min(self.window, int(np.prod(self._pooled_shape())) - 1)
        if self.comm is not None:
            self._send_poster()

    def draw_poster(self) -> str:
        y, switches = self._pooled_and_switches()
        (rows, columns), (pooled_rows, pooled_columns) = self.input.shape, y.shape
        k, s = self.kernel_size, self.stride
        window = divmod(self.window, pooled_columns)
        gap = 1.4
        at = np.cumsum([0, columns + gap, pooled_columns + gap, columns + gap])
        drawing = Drawing()
        for title, colour, left in zip(("x", "y", "x̂", "x − x̂"), ("input", "output", "output", "ink"), at):
            drawing.text(title, left, 0.4, colour, bold=True, anchor="start")
        drawing.grid(self.input, "input", 0, 0.9)
        for place in () if switches is None else switches.ravel():
            row, column = divmod(int(place), columns)
            drawing.frame(column + 0.08, 0.98 + row, 0.84, 0.84, "kernel")
        drawing.frame(window[1] * s, 0.9 + window[0] * s, k, k, "kernel")
        drawing.grid(y, "output", at[1], 0.9)
        drawing.frame(at[1] + window[1], 0.9 + window[0], 1, 1, "kernel")
        drawing.grid(self.output, "output", at[2], 0.9)
        drawing.grid(self.lost, "zero", at[3], 0.9)
        for left in at[1:]:
            drawing.text("→" if left < at[3] else "", left - gap / 2, 0.9 + pooled_rows / 2, "ink")
        names = f"{self.pooling}, {self.back}"
        return drawing.markup(
            f"{names}: {rows} × {columns} → {y.shape[0]} × {y.shape[1]}", [f"k = {k}, s = {s}: {names}"]
        )
