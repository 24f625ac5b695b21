"""Checkerboard artifacts: overlap map, a layer's output, its spectrum, and the remedies."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
import traitlets

from upsample_lib import artifacts
from upsample_lib.blur_pooling import blur_pool
from upsample_lib.convolution import conv2d, conv_transpose2d
from upsample_lib.explorables.base import Drawing, Explorable, WholeNumber, joined
from upsample_lib.interpolation import interpolate

SIDE = 24  # of the picture: a multiple of every stride
PRINTS = 4  # inputs along an axis of the overlap map
NOISE_SEED = 1000
LIMITS = {"kernel_size": (1, 6), "stride": (1, 4), "dilation": (1, 2), "seed": (0, 99)}
_WORD = 0xFFFFFFFF


def uniform_numbers(seed: int, count: int) -> npt.NDArray[np.float64]:
    """`count` numbers from [0, 1), the same as the browser makes from this seed (Mulberry32).

    >>> uniform_numbers(1, 3).round(4)
    array([0.6271, 0.0027, 0.5274])
    """
    numbers = []
    for _ in range(count):
        seed = (seed + 0x6D2B79F5) & _WORD
        mixed = ((seed ^ (seed >> 15)) * (1 | seed)) & _WORD
        mixed = ((mixed + (((mixed ^ (mixed >> 7)) * (61 | mixed)) & _WORD)) & _WORD) ^ mixed
        numbers.append((mixed ^ (mixed >> 14)) / 2**32)
    return np.array(numbers)


class Checkerboard(Explorable):
    """An upsampling layer with one channel: how its prints overlap, and what pattern it leaves.

    Traits: `kernel_size`, `stride`, `dilation`; `upsampling`, "transposed" (a transposed convolution) or
    "nearest" (nearest neighbour, then a convolution); `blur`, whether (1, 2, 1)/4 follows; `weights`, "ones"
    or "random" (from `seed`); `input`, "constant", "hill" or "noise". `overlap` counts the prints of 4 × 4
    inputs, `output` is 24 × 24 pixels from the inside of the layer's output, `spectrum` its spectrum,
    `energy` the share of the variation that repeats with the stride.

    >>> e = Checkerboard(kernel_size=3, stride=2)
    >>> e.output[:2, :2]
    array([[1., 2.],
           [2., 4.]])
    >>> round(e.energy, 9)
    1.0
    >>> e.upsampling = "nearest"
    >>> e.energy
    0.0
    """

    _esm = joined("grid.js", "explorable.js", "checkerboard_pattern.js", "checkerboard.js")
    _css = joined("explorables.css", "checkerboard.css")

    kernel_size = WholeNumber(3).tag(sync=True)
    stride = WholeNumber(2).tag(sync=True)
    dilation = WholeNumber(1).tag(sync=True)
    upsampling = traitlets.Enum(("transposed", "nearest"), "transposed").tag(sync=True)
    blur = traitlets.Bool(False).tag(sync=True)
    weights = traitlets.Enum(("ones", "random"), "ones").tag(sync=True)
    seed = WholeNumber(1).tag(sync=True)
    input = traitlets.Enum(("constant", "hill", "noise"), "constant").tag(sync=True)

    @traitlets.default("name")
    def _default_name(self) -> str:
        return "checkerboard"

    @traitlets.validate("kernel_size", "stride", "dilation", "seed")
    def _within_limits(self, proposal: Any) -> int:
        name, value = proposal["trait"].name, int(proposal["value"])
        lowest, highest = LIMITS[name]
        if not lowest <= value <= highest:
            raise traitlets.TraitError(f"{name} must be from {lowest} to {highest}, got {value}")
        return value

    @traitlets.observe("kernel_size", "stride", "dilation", "upsampling", "blur", "weights", "seed", "input")
    def _new_poster(self, change: Any) -> None:
        if self.comm is not None:
            self._send_poster()

    @property
    def weight(self) -> npt.NDArray[np.float64]:
        """The kernel: ones, or numbers from −1 to 1."""
        k = self.kernel_size
        if self.weights == "ones":
            return np.ones((k, k))
        return (2 * uniform_numbers(self.seed, k * k) - 1).reshape(k, k)

    @property
    def image(self) -> npt.NDArray[np.float64]:
        """The layer's input, so large that `output` meets no border."""
        n = math.ceil((SIDE + 1 + self._span()) / self.stride) + 1
        if self.input == "constant":
            return np.ones((n, n))
        if self.input == "noise":
            return uniform_numbers(NOISE_SEED, n * n).reshape(n, n)
        squares = (np.arange(n) - (n - 1) / 2) ** 2
        hill: npt.NDArray[np.float64] = 1 - np.add.outer(squares, squares) / (SIDE / (2 * self.stride)) ** 2
        return np.maximum(0, hill)

    @property
    def output(self) -> npt.NDArray[np.float64]:
        """24 × 24 pixels from the inside of the layer's output, computed by the library."""
        x, w = self.image[np.newaxis, np.newaxis], self.weight[np.newaxis, np.newaxis]
        y: Any
        if self.upsampling == "nearest":
            grown = interpolate(x, scale_factor=self.stride, mode="nearest")
            y, border = conv2d(grown, w, dilation=self.dilation), 0
        else:
            y = conv_transpose2d(x, w, stride=self.stride, dilation=self.dilation)
            border = self._span()
        if self.blur:
            y = blur_pool(y, kernel_size=3, stride=1)
        start = border + (y.shape[-1] - 2 * border - SIDE) // 2
        return np.asarray(y)[0, 0, start : start + SIDE, start : start + SIDE]

    @property
    def overlap(self) -> npt.NDArray[np.int64]:
        """The counts of `upsample_lib.overlap` for 4 × 4 inputs, each first repeated s times by "nearest"."""
        nearest = self.upsampling == "nearest"
        n, s = (PRINTS * self.stride, 1) if nearest else (PRINTS, self.stride)
        return artifacts.overlap(self.kernel_size, s, (n, n), dilation=self.dilation)

    @property
    def is_even(self) -> bool:
        """Whether all inside cells are covered equally often."""
        stride = 1 if self.upsampling == "nearest" else self.stride
        return artifacts.overlap_is_even(self.kernel_size, stride, self.dilation)

    @property
    def spectrum(self) -> npt.NDArray[np.float64]:
        """log(1 + amplitude) of `output` without its mean, frequency zero in the middle."""
        return artifacts.spectrum(self.output, remove_mean=True, log=True)

    @property
    def energy(self) -> float:
        """`upsample_lib.checkerboard_energy` of `output`; 0 for stride 1, which has no pattern.

        What rounding leaves of a constant picture counts as constant.
        """
        y = self.output
        if self.stride == 1 or np.ptp(y) <= 1e-12 * np.abs(y).max():
            return 0.0
        return artifacts.checkerboard_energy(y, self.stride)

    def _span(self) -> int:
        return self.dilation * (self.kernel_size - 1)

    def draw_poster(self) -> str:
        k, s, d = self.kernel_size, self.stride, self.dilation
        nearest = self.upsampling == "nearest"
        step, prints = (1, 2 * s) if nearest else (s, PRINTS)
        counts = artifacts.overlap(k, step, prints, dilation=d)
        drawing = Drawing(cell=26)
        for i in range(prints):
            row = np.zeros((1, len(counts)))
            row[0, i * step : i * step + d * (k - 1) + 1 : d] = 1
            for column in np.flatnonzero(row[0]):
                drawing.grid(np.ones((1, 1)), "kernel", float(column), float(i))
        drawing.grid(counts[np.newaxis].astype(float), "output", 0, prints + 0.4)
        size = 2 * s if nearest else 3
        plane = artifacts.overlap(k, step, (size, size), dilation=d)
        drawing.grid(plane.astype(float), "output", len(counts) + 1, 0)
        phases = np.bincount(np.arange(k) * d % step, minlength=step).tolist()
        setting = f"k = {k}, s = {s}, d = {d}: "
        inside = (" = " if self.is_even else " ≠ ").join(map(str, dict.fromkeys(phases)))
        return drawing.markup(setting + ", ".join(map(str, counts)), [setting + inside])
