"""Blur pooling: downsampling that first takes away what the coarser grid cannot hold."""

from math import comb
from typing import Any, TypeVar

import numpy as np

from upsample_lib._arguments import PerAxis, dtype_among, per_axis, trailing_axes
from upsample_lib._paths import on_torch
from upsample_lib._pooling_windows import FLOATS

A = TypeVar("A")  # an array or a tensor: what comes in goes out


def blur_pool(input: A, kernel_size: PerAxis = 4, stride: PerAxis = 2) -> A:
    """Blur with a binomial filter, then keep every s-th pixel: downsampling without aliasing.

    Parameters
    ----------
    input : array or tensor, (N, C, …) with 1 to 3 spatial axes
        Floats. With a sequence for `kernel_size` or `stride` the spatial axes are the last ones, one for each
        entry, and any axes may come before them.
    kernel_size : int or sequence of int
        Taps of the filter on each axis, 1 to 7: row k−1 of Pascal's triangle, divided by its sum 2^(k−1).
        1 does not blur, 2 is the average, 3 is [1, 2, 1] / 4, 4 is [1, 3, 3, 1] / 8.
    stride : int or sequence of int
        Keep every stride-th pixel; 1 only blurs.

    Returns
    -------
    array or tensor, (N, C, …)
        Each spatial axis becomes ⌈n / s⌉ long.

    Convention: the border mirrors without repeating the edge pixel (reflect), ⌊(k−1)/2⌋ pixels before and
    ⌈(k−1)/2⌉ after, as often as a small input needs. For odd k output i is centred on pixel s·i; for even k
    between pixels s·i and s·i + 1, so that for stride 2 the pixel centres are those of 2 × 2 averaging.

    Raises
    ------
    ValueError
        If a shape, kernel size or stride is not allowed.
    TypeError
        If the input does not hold floats, or an argument is not an integer.

    References
    ----------
    R. Zhang, Making Convolutional Networks Shift-Invariant Again, 2019, https://arxiv.org/abs/1904.11486

    Examples
    --------
    >>> x = np.array([[[0.0, 0.0, 8.0, 0.0, 0.0, 0.0]]])
    >>> blur_pool(x, kernel_size=3)
    array([[[0., 4., 0.]]])
    >>> blur_pool(x, kernel_size=4)
    array([[[1., 3., 0.]]])
    """
    tensor = on_torch(input=input)
    x: Any = input
    dtype_among("input", x, FLOATS, "blur_pool")
    axes = trailing_axes(x.shape, kernel_size=kernel_size, stride=stride)
    kernels = per_axis("kernel_size", kernel_size, axes, 1)
    strides = per_axis("stride", stride, axes, 1)
    if max(kernels) > 7:
        raise ValueError(f"kernel_size must be ≤ 7, got {kernel_size}")
    if 0 in x.shape[x.ndim - axes :]:
        raise ValueError(f"input must have no empty spatial axis, got the shape {tuple(x.shape)}")
    weights = [binomial(k) for k in kernels]
    sources = [_mirrored(n, k) for n, k in zip(x.shape[x.ndim - axes :], kernels)]
    y: Any
    if tensor:
        from upsample_lib.torch_path import blur_pooling

        y = blur_pooling.blur_pool(x, weights, sources, strides)
        return y  # type: ignore[no-any-return]
    y = x.astype(np.result_type(x.dtype, np.float32), copy=False)
    for place, (weight, source, stride_) in enumerate(zip(weights, sources, strides), start=-axes):
        padded = np.moveaxis(y.take(source, axis=place), place, 0)
        last = len(source) - len(weight) + 1
        y = sum(padded[j : j + last : stride_] * y.dtype.type(w) for j, w in enumerate(weight))
        y = np.moveaxis(y, 0, place)
    y = np.ascontiguousarray(y, dtype=x.dtype)
    return y  # type: ignore[no-any-return]


def binomial(taps: int) -> list[float]:
    """Row `taps` − 1 of Pascal's triangle, divided by its sum."""
    return [comb(taps - 1, j) / 2 ** (taps - 1) for j in range(taps)]


def _mirrored(n: int, k: int) -> list[int]:
    """The inputs that positions −⌊(k−1)/2⌋ … n−1+⌈(k−1)/2⌉ of a mirrored axis show."""
    period = max(1, 2 * (n - 1))
    positions = (i % period for i in range(-((k - 1) // 2), n + k // 2))
    return [min(i, period - i) if n > 1 else 0 for i in positions]
