"""What the 1-D and 2-D explorables of the transposed convolution share: traits, their limits, the result."""

from typing import Any, ClassVar

import numpy as np
import traitlets

from upsample_lib.convolution import conv_transpose1d, conv_transpose2d
from upsample_lib.explorables.base import Explorable, NumberGrid, WholeNumber

LONGEST_KERNEL = 5
LARGEST_STRIDE, LARGEST_DILATION, LARGEST_PADDING = 4, 3, 6


class TransposedConvolution(Explorable):
    """One channel, one image. A change lowers the parameters that it makes impossible, as in the browser."""

    _axes: ClassVar[int]
    _longest_input: ClassVar[int]
    input: NumberGrid
    weight: NumberGrid

    stride = WholeNumber(2).tag(sync=True)
    padding = WholeNumber(0).tag(sync=True)
    output_padding = WholeNumber(0).tag(sync=True)
    dilation = WholeNumber(1).tag(sync=True)
    view = traitlets.Enum(("stamp", "zeros"), "stamp").tag(sync=True)
    step = WholeNumber(0).tag(sync=True)

    @property
    def output(self) -> np.ndarray:
        """The transposed convolution of `input` with `weight`, computed by the library."""
        return self._computed(self.padding, self.output_padding)

    def _computed(self, padding: int, output_padding: int) -> np.ndarray:
        operation = conv_transpose1d if self._axes == 1 else conv_transpose2d
        result = np.asarray(
            operation(
                self.input[np.newaxis, np.newaxis],
                self.weight[np.newaxis, np.newaxis],
                stride=self.stride,
                padding=padding,
                output_padding=output_padding,
                dilation=self.dilation,
            )
        )
        return result.reshape(result.shape[2:])

    def _full_sizes(self) -> tuple[int, ...]:
        """Sizes of the area that the stamps cover, before anything is cropped."""
        return tuple(
            (n - 1) * self.stride + self.dilation * (k - 1) + 1
            for n, k in zip(self.input.shape, self.weight.shape)
        )

    def _output_sizes(self) -> tuple[int, ...]:
        return tuple(full - 2 * self.padding + self.output_padding for full in self._full_sizes())

    def _largest_output_padding(self) -> int:
        return max(self.stride, self.dilation) - 1

    def _largest_padding(self) -> int:
        """The largest crop that leaves at least one output cell on each axis."""
        return min(LARGEST_PADDING, *((full + self.output_padding - 1) // 2 for full in self._full_sizes()))

    @property
    def steps(self) -> int:
        """Number of steps of the current view: one for each stamp, or one for each output cell."""
        if self.view == "stamp":
            return self.input.size
        return int(np.prod(self._output_sizes()))

    @traitlets.validate("stride", "padding", "output_padding", "dilation", "step")
    def _within_limits(self, proposal: Any) -> int:
        name, value = proposal["trait"].name, int(proposal["value"])
        lowest, highest, why = {
            "stride": (1, LARGEST_STRIDE, ""),
            "dilation": (1, LARGEST_DILATION, ""),
            "output_padding": (
                0,
                self._largest_output_padding(),
                f" (it must be smaller than the stride {self.stride} or the dilation {self.dilation})",
            ),
            "padding": (0, self._largest_padding(), " (more would leave no output)"),
            "step": (0, self.steps, ""),
        }[name]
        if not lowest <= value <= highest:
            raise traitlets.TraitError(f"{name} must be from {lowest} to {highest}{why}, got {value}")
        return value

    @traitlets.observe("input", "weight", "stride", "padding", "output_padding", "dilation", "view", "step")
    def _keep_possible(self, change: Any) -> None:
        with self.hold_sync():
            self.output_padding = min(self.output_padding, self._largest_output_padding())
            self.padding = min(self.padding, self._largest_padding())
            self.step = min(self.step, self.steps)
        if self.comm is not None:
            self._send_poster()

    def _canvas(self) -> np.ndarray:
        """All cells that a crop can show: the stamped area, and what output_padding adds beyond it."""
        full = self._computed(padding=0, output_padding=0)
        beyond = max(0, self.output_padding - self.padding)
        return np.pad(full, (0, beyond))

    def _size_line(self) -> str:
        worked = (
            f"({n}−1)·{self.stride} − 2·{self.padding} + {self.dilation}·({k}−1)"
            f" + {self.output_padding} + 1 = {m}"
            for n, k, m in dict.fromkeys(zip(self.input.shape, self.weight.shape, self._output_sizes()))
        )
        return "m = (n−1)·s − 2p + d·(k−1) + a + 1 = " + "; ".join(worked)
