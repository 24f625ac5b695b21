"""What pooling and its adjoint accept, and what they divide by: checked from sizes and dtypes alone."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from upsample_lib._arguments import PerAxis, integer, per_axis
from upsample_lib._windows import Axis
from upsample_lib.sizes import pool_output_size

FLOATS = ("float16", "bfloat16", "float32", "float64")


def window_axes(
    sizes: Sequence[int],
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
) -> tuple[Axis, ...]:
    """The windows along each axis, refused where torch refuses them; a stride of None is the kernel size."""
    count = len(sizes)
    kernels = per_axis("kernel_size", kernel_size, count, 1)
    default = stride is None or (isinstance(stride, Sequence) and len(stride) == 0)
    strides = kernels if default else per_axis("stride", stride, count, 1)  # type: ignore[arg-type]
    paddings = per_axis("padding", padding, count, 0)
    dilations = per_axis("dilation", dilation, count, 1)
    axes = []
    for n, k, s, p, d in zip(sizes, kernels, strides, paddings, dilations):
        # any stride beyond the input and the window gives one output; torch holds strides in 32 bits
        s = min(s, max(n + 2 * p, d * (k - 1) + 1) + 1)
        axes.append(Axis(n, pool_output_size(n, k, s, p, d, ceil_mode), k, s, p, d))
    return tuple(axes)


def divisors(axes: tuple[Axis, ...], count_include_pad: bool, divisor_override: int | None) -> Any:
    """What each output's sum is divided by: a number, or an array of the outputs' shape."""
    if divisor_override is not None:
        return divisor_override
    counts: Any = 1
    for axis in axes:
        starts = axis.starts()
        ends = np.minimum(starts + axis.k, axis.n + axis.p)
        if not count_include_pad:
            starts, ends = np.maximum(starts, 0), np.minimum(ends, axis.n)
        counts = np.multiply.outer(counts, ends - starts)
    return counts


def divisor(value: int | None) -> int | None:
    """`divisor_override`, refused when it is not an integer other than 0."""
    if value is None:
        return None
    if integer("divisor_override", value, -(2**63)) == 0:
        raise ValueError("divisor_override must not be 0, got 0")
    return int(value)


def refuse_small_volume(axes: tuple[Axis, ...]) -> None:
    """In three dimensions torch averages no input smaller than the kernel, even where padding helps."""
    if len(axes) == 3 and any(axis.n < axis.k for axis in axes):
        kernel, sizes = tuple(a.k for a in axes), tuple(a.n for a in axes)
        raise ValueError(f"kernel_size must be ≤ the input's size {sizes} in three dimensions, got {kernel}")


def average_dtypes(axes: int) -> tuple[str, ...]:
    """What torch's CPU averages: no half precision in three dimensions."""
    return (*(FLOATS if axes < 3 else FLOATS[2:]), "int64")
