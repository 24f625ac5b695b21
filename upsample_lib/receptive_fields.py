"""Receptive field of a stack of layers: which input pixels one output pixel sees, along one axis."""

from collections.abc import Iterable
from typing import NamedTuple

from upsample_lib.sizes import check_layer

__all__ = ["ConvLayer", "ReceptiveField", "receptive_field"]


class ConvLayer(NamedTuple):
    """A convolution or pooling layer along one axis, as far as `receptive_field` needs it."""

    kernel_size: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1


class ReceptiveField(NamedTuple):
    """Which input pixels an output pixel of a stack of layers sees, along one axis."""

    size: int
    jump: int
    start: int

    def of(self, i: int) -> range:
        """The input pixels that output pixel i sees; numbers below 0 or ≥ n lie in the padding."""
        first = self.start + i * self.jump
        return range(first, first + self.size)


def receptive_field(layers: Iterable[ConvLayer | tuple[int, ...]]) -> ReceptiveField:
    """Receptive field of a stack of convolution and pooling layers.

    Each layer adds d(k−1) pixels, counted in steps of its input: size += d(k−1)·jump, start −= p·jump; then
    jump ·= s.

    Parameters
    ----------
    layers : iterable of ConvLayer or tuple
        From the input on; a tuple is (kernel_size[, stride[, padding[, dilation]]]).

    Returns
    -------
    ReceptiveField
        `size`: pixels seen by one output pixel (the span, if there are holes); `jump`: how far the field
        moves from one output pixel to the next; `start`: first pixel seen by output pixel 0, negative inside
        the padding.

    References
    ----------
    A. Araujo et al., *Computing receptive fields of convolutional neural networks*,
    https://distill.pub/2019/computing-receptive-fields/

    Examples
    --------
    >>> receptive_field([(3, 1, 1), (2, 2), (3, 1, 1)])
    ReceptiveField(size=8, jump=2, start=-3)
    """
    size, jump, start = 1, 1, 0
    for layer in layers:
        k, s, p, d = ConvLayer(*layer)
        check_layer(1, k, s, p, d)
        size += d * (k - 1) * jump
        start -= p * jump
        jump *= s
    return ReceptiveField(size, jump, start)
