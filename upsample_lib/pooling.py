"""Pooling: each window of the input becomes one number, its maximum or its average."""

from typing import Any, TypeVar

import numpy as np

from upsample_lib._arguments import PerAxis, batched, dtype_among
from upsample_lib._paths import on_torch
from upsample_lib._pooling_windows import (
    FLOATS,
    average_dtypes,
    divisor,
    divisors,
    refuse_small_volume,
    window_axes,
)
from upsample_lib._windows import blocks, located, reduced

A = TypeVar("A")  # an array or a tensor: what comes in goes out

_INTEGERS = ("uint8", "int8", "int16", "int32", "int64")


def max_pool1d(
    input: A,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Maximum of each window of a signal.

    Parameters
    ----------
    input : array or tensor, (N, C, L) or (C, L)
        Integers are computed only with `return_indices`, as in torch.
    kernel_size, stride, padding, dilation, ceil_mode, return_indices
        As in `max_pool2d`.

    Returns
    -------
    array or tensor, (N, C, L_out) or (C, L_out)
        With `return_indices` a pair: the maxima, and their positions along L (int64).

    Convention: borders, ties, NaN, sizes and errors as in `max_pool2d`.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool1d.html

    Examples
    --------
    >>> x = np.array([[3.0, 1.0, 4.0, 1.0, 5.0]])
    >>> max_pool1d(x, 2)
    array([[3., 4.]])
    >>> max_pool1d(x, 2, ceil_mode=True, return_indices=True)[1]
    array([[0, 2, 4]])
    """
    return _max_pool(1, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool2d(
    input: A,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Maximum of each window of an image.

    Parameters
    ----------
    input : array or tensor, (N, C, H, W) or (C, H, W)
        Floats or integers; N may be 0.
    kernel_size : int or (int, int)
        Height and width of the window.
    stride : int or (int, int), optional
        Step between windows, by default `kernel_size`.
    padding : int or (int, int)
        Border of −∞ on both sides, at most half of the kernel size (whatever the dilation).
    dilation : int or (int, int)
        Step between the elements of one window.
    ceil_mode : bool
        Keep the last, incomplete window too.
    return_indices : bool
        Return the positions of the maxima (the switches that `max_unpool2d` takes) as well.

    Returns
    -------
    array or tensor, (N, C, H_out, W_out) or (C, H_out, W_out)
        With `return_indices` a pair: the maxima, and their flat positions y·W + x in each plane (int64).

    Convention: of equal maxima the first in row-major order is taken. NaN is larger than any number, and of
    several NaNs the last is taken. The size is that of `sizes.pool_output_size`.

    Raises
    ------
    ValueError
        If the shape, a size or a padding is not allowed, or no window fits.
    TypeError
        If the dtype is one that torch does not pool, or an argument is not an integer.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html

    Examples
    --------
    >>> x = np.array([[[1.0, 2.0, 0.0, 0.0], [4.0, 3.0, 0.0, 5.0]]])
    >>> values, indices = max_pool2d(x, 2, return_indices=True)
    >>> values
    array([[[4., 5.]]])
    >>> indices
    array([[[4, 7]]])
    """
    return _max_pool(2, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def max_pool3d(
    input: A,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    dilation: PerAxis = 1,
    ceil_mode: bool = False,
    return_indices: bool = False,
) -> Any:
    """Maximum of each window of a volume.

    Parameters
    ----------
    input : array or tensor, (N, C, D, H, W) or (C, D, H, W)
        Floats or integers; N may be 0.
    kernel_size, stride, padding, dilation, ceil_mode, return_indices
        As in `max_pool2d`, with three axes.

    Returns
    -------
    array or tensor, (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out)
        With `return_indices` a pair: the maxima, and their flat positions (z·H + y)·W + x (int64).

    Convention: borders, ties, NaN, sizes and errors as in `max_pool2d`.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool3d.html

    Examples
    --------
    >>> x = np.arange(8.0).reshape(1, 2, 2, 2)
    >>> max_pool3d(x, 2, return_indices=True)
    (array([[[[7.]]]]), array([[[[7]]]]))
    """
    return _max_pool(3, input, kernel_size, stride, padding, dilation, ceil_mode, return_indices)


def avg_pool1d(
    input: A,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> A:
    """Average of each window of a signal.

    Parameters
    ----------
    input : array or tensor, (N, C, L) or (C, L)
        Floats or int64.
    kernel_size, stride, padding, ceil_mode, count_include_pad
        As in `avg_pool2d`.

    Returns
    -------
    array or tensor, (N, C, L_out) or (C, L_out)

    Convention: border, divisor, sizes and errors as in `avg_pool2d`.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool1d.html

    Examples
    --------
    >>> avg_pool1d(np.array([[3.0, 1.0, 4.0, 2.0]]), 2)
    array([[2., 3.]])
    """
    return _avg_pool(1, input, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


def avg_pool2d(
    input: A,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> A:
    """Average of each window of an image.

    Parameters
    ----------
    input : array or tensor, (N, C, H, W) or (C, H, W)
        Floats or int64 (whose averages are cut towards zero, as torch does); N may be 0.
    kernel_size : int or (int, int)
        Height and width of the window.
    stride : int or (int, int), optional
        Step between windows, by default `kernel_size`.
    padding : int or (int, int)
        Border of zeros on both sides, at most half of the kernel size.
    ceil_mode : bool
        Keep the last, incomplete window too.
    count_include_pad : bool
        Whether the zeros of the border count in the divisor.
    divisor_override : int, optional
        Divide each sum by this number instead of by the size of its window.

    Returns
    -------
    array or tensor, (N, C, H_out, W_out) or (C, H_out, W_out)

    Convention: what hangs over the padded border with `ceil_mode` never counts in the divisor. The size is
    that of `sizes.pool_output_size`.

    Raises
    ------
    ValueError
        If the shape, a size or a padding is not allowed, no window fits, or `divisor_override` is 0.
    TypeError
        If the dtype is one that torch does not average, or an argument is not an integer.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html

    Examples
    --------
    >>> x = np.array([[[1.0, 3.0, 5.0], [3.0, 5.0, 7.0]]])
    >>> avg_pool2d(x, 2, ceil_mode=True)
    array([[[3., 6.]]])
    """
    return _avg_pool(2, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def avg_pool3d(
    input: A,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> A:
    """Average of each window of a volume.

    Parameters
    ----------
    input : array or tensor, (N, C, D, H, W) or (C, D, H, W)
        float32, float64 or int64: torch averages no half precision volumes on a CPU.
    kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override
        As in `avg_pool2d`, with three axes.

    Returns
    -------
    array or tensor, (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out)

    Convention: border, divisor, sizes and errors as in `avg_pool2d`.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool3d.html

    Examples
    --------
    >>> avg_pool3d(np.arange(8.0).reshape(1, 2, 2, 2), 2)
    array([[[[3.5]]]])
    """
    return _avg_pool(3, input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def _max_pool(
    axes: int,
    input: Any,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    dilation: PerAxis,
    ceil_mode: bool,
    return_indices: bool,
) -> Any:
    tensor = on_torch(input=input)
    integers = () if axes == 1 and not return_indices else _INTEGERS
    dtype_among("input", input, FLOATS + integers, f"max_pool{axes}d")
    batched("input", input.shape, axes)
    windows = window_axes(input.shape[-axes:], kernel_size, stride, padding, dilation, ceil_mode)
    if tensor:
        from upsample_lib.torch_path import pooling

        return pooling.max_pool(input, windows, ceil_mode, return_indices)

    lowest = -np.inf if input.dtype.kind == "f" else np.iinfo(input.dtype).min
    planes = input.reshape(-1, *(a.n for a in windows))
    maxima = np.empty((len(planes), *(a.m for a in windows)), input.dtype)
    indices = np.empty(maxima.shape, np.int64) if return_indices else None
    for block in blocks(len(planes), planes[:1].nbytes):
        if indices is None:
            reduced(planes[block], windows, np.maximum, lowest, maxima[block])
        else:
            located(planes[block], windows, lowest, maxima[block], indices[block])
    shape = input.shape[:-axes] + maxima.shape[1:]
    return maxima.reshape(shape) if indices is None else (maxima.reshape(shape), indices.reshape(shape))


def _avg_pool(
    axes: int,
    input: A,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    ceil_mode: bool,
    count_include_pad: bool,
    divisor_override: int | None,
) -> A:
    tensor = on_torch(input=input)
    x: Any = input
    dtype_among("input", x, average_dtypes(axes), f"avg_pool{axes}d")
    batched("input", x.shape, axes)
    windows = window_axes(x.shape[-axes:], kernel_size, stride, padding, ceil_mode=ceil_mode)
    refuse_small_volume(windows)
    divisor_override = divisor(divisor_override)
    output: Any
    if tensor:
        from upsample_lib.torch_path import pooling

        output = pooling.avg_pool(x, windows, ceil_mode, count_include_pad, divisor_override)
        return output  # type: ignore[no-any-return]

    # half precision is summed in single precision and rounded once
    exact = np.int64 if x.dtype.kind == "i" else np.result_type(x.dtype, np.float32)
    planes = x.reshape(-1, *(a.n for a in windows))
    output = np.empty((len(planes), *(a.m for a in windows)), x.dtype)
    counts = divisors(windows, count_include_pad, divisor_override)
    for block in blocks(len(planes), planes[:1].nbytes):
        sums = np.empty(output[block].shape, exact)
        reduced(planes[block], windows, np.add, 0, sums)
        output[block] = _quotient(sums, counts)
    return output.reshape(x.shape[:-axes] + output.shape[1:])  # type: ignore[no-any-return]


def _quotient(sums: Any, counts: Any) -> Any:
    if sums.dtype.kind != "i":
        return np.divide(sums, counts, out=sums, dtype=sums.dtype)
    quotient, remainder = np.divmod(sums, counts)
    return quotient + ((remainder != 0) & (quotient < 0))  # NumPy rounds down, torch towards zero
