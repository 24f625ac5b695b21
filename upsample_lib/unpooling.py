"""Unpooling: back to a larger grid, with what the pooling remembered or without it."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from upsample_lib._arguments import PerAxis, dtype_among, integer, per_axis, trailing_axes
from upsample_lib._paths import on_torch
from upsample_lib._pooling_windows import (
    FLOATS,
    average_dtypes,
    divisor,
    divisors,
    refuse_small_volume,
    window_axes,
)
from upsample_lib._windows import blocks, spread

A = TypeVar("A")  # an array or a tensor: what comes in goes out


def max_unpool1d(
    input: A,
    indices: A,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: Sequence[int] | None = None,
) -> A:
    """Put each maximum of a pooled signal back where it came from, zeros elsewhere.

    Parameters
    ----------
    input : array or tensor, (N, C, L) or (C, L)
        Floats.
    indices : array or tensor of int64, of the same shape
        Positions along the output, as `max_pool1d` returns them.
    kernel_size, stride, padding, output_size
        As in `max_unpool2d`, with one axis.

    Returns
    -------
    array or tensor, (N, C, L_out) or (C, L_out)

    Convention: sizes, repeated indices and errors as in `max_unpool2d`.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool1d.html

    Examples
    --------
    >>> max_unpool1d(np.array([[3.0, 4.0]]), np.array([[0, 2]]), 2)
    array([[3., 0., 4., 0.]])
    """
    return _max_unpool(1, input, indices, kernel_size, stride, padding, output_size)


def max_unpool2d(
    input: A,
    indices: A,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: Sequence[int] | None = None,
) -> A:
    """Put each maximum of a pooled image back where it came from, zeros elsewhere.

    Parameters
    ----------
    input : array or tensor, (N, C, H, W) or (C, H, W)
        Floats.
    indices : array or tensor of int64, of the same shape
        Flat positions y·W_out + x in each output plane, as `max_pool2d` returns them.
    kernel_size : int or (int, int)
        Window of the pooling that is undone; together with stride and padding it gives the output's size.
    stride : int or (int, int), optional
        By default `kernel_size`.
    padding : int or (int, int)
    output_size : sequence of int, optional
        (H_out, W_out) or the whole shape (N, C, H_out, W_out), less than one stride away from the default
        size: pooling takes several sizes to one, and this says which it was.

    Returns
    -------
    array or tensor, (N, C, H_out, W_out) or (C, H_out, W_out)

    Convention: the default size is (m − 1)s + k − 2p. Values are assigned, not added: where windows
    overlapped and indices repeat, the last one in row-major order stays. (Torch with several threads leaves
    any one of them, which makes no difference for the indices of a pooling: those repeat with the same
    maximum.)

    Raises
    ------
    ValueError
        If the shapes differ or are not allowed, `output_size` is out of reach, or an index is outside of the
        output.
    TypeError
        If the input does not hold floats, the indices are not int64, or an argument is not an integer.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool2d.html

    Examples
    --------
    >>> max_unpool2d(np.array([[[5.0]]]), np.array([[[2]]]), 2)
    array([[[0., 0.],
            [5., 0.]]])
    """
    return _max_unpool(2, input, indices, kernel_size, stride, padding, output_size)


def max_unpool3d(
    input: A,
    indices: A,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: Sequence[int] | None = None,
) -> A:
    """Put each maximum of a pooled volume back where it came from, zeros elsewhere.

    Parameters
    ----------
    input : array or tensor, (N, C, D, H, W) or (C, D, H, W)
        Floats.
    indices : array or tensor of int64, of the same shape
        Flat positions (z·H_out + y)·W_out + x, as `max_pool3d` returns them.
    kernel_size, stride, padding, output_size
        As in `max_unpool2d`, with three axes.

    Returns
    -------
    array or tensor, (N, C, D_out, H_out, W_out) or (C, D_out, H_out, W_out)

    Convention: sizes, repeated indices and errors as in `max_unpool2d`.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_unpool3d.html

    Examples
    --------
    >>> max_unpool3d(np.array([[[[5.0]]]]), np.array([[[[6]]]]), 2).ravel()
    array([0., 0., 0., 0., 0., 0., 5., 0.])
    """
    return _max_unpool(3, input, indices, kernel_size, stride, padding, output_size)


def avg_unpool(
    input: A,
    kernel_size: PerAxis,
    stride: PerAxis | None = None,
    padding: PerAxis = 0,
    output_size: Sequence[int] | None = None,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> A:
    """Spread each value evenly over the window it was averaged from: the adjoint of average pooling.

    Parameters
    ----------
    input : array or tensor, (N, C, …) with 1 to 3 spatial axes
        Floats. With a sequence for `kernel_size` or `stride` the spatial axes are the last ones, one for each
        entry, and any axes may come before them.
    kernel_size, stride, padding
        The arguments of the `avg_pool2d` (or 1d, 3d) that this is the adjoint of.
    output_size : sequence of int, optional
        Spatial sizes, or whole shape, of that pooling's input. By default (m − 1)s + k − 2p on each axis.
    ceil_mode, count_include_pad, divisor_override
        Further arguments of that pooling.

    Returns
    -------
    array or tensor, (N, C, …)

    Convention: where windows overlap, the shares add up: ⟨avg_pool(x), y⟩ = ⟨x, avg_unpool(y)⟩ for all x, y.
    With k = s, p = 0 and s a divisor of n it is nearest-neighbour upsampling divided by the window's size.

    Raises
    ------
    ValueError
        If average pooling refuses the arguments, or does not take `output_size` to the input's size.
    TypeError
        If the input does not hold floats, or an argument is not an integer.

    Examples
    --------
    >>> avg_unpool(np.array([[[4.0, 8.0]]]), 2)
    array([[[2., 2., 4., 4.]]])
    >>> avg_unpool(np.array([[[4.0, 8.0]]]), 2, stride=1)
    array([[[2., 6., 4.]]])
    """
    tensor = on_torch(input=input)
    x: Any = input
    axes = trailing_axes(x.shape, kernel_size=kernel_size, stride=stride)
    dtype_among("input", x, [d for d in average_dtypes(axes) if d in FLOATS], "avg_unpool")
    lead, pooled = tuple(x.shape[: x.ndim - axes]), tuple(x.shape[x.ndim - axes :])
    kernels = per_axis("kernel_size", kernel_size, axes, 1)
    strides = per_axis("stride", kernels if stride is None or stride == () else stride, axes, 1)
    paddings = per_axis("padding", padding, axes, 0)
    if output_size is None:
        sizes = _default_sizes(pooled, kernels, strides, paddings)
        if min(sizes) < 1:
            raise ValueError(f"padding must leave an output of size ≥ 1, got {padding}, which leaves {sizes}")
    else:
        sizes = _spatial_sizes(output_size, axes, x.ndim, at_least=1)
    windows = window_axes(sizes, kernels, strides, paddings, ceil_mode=ceil_mode)
    refuse_small_volume(windows)
    if (reached := tuple(a.m for a in windows)) != pooled:
        raise ValueError(
            f"output_size must be one that average pooling takes to the input's {pooled}, got {sizes}, "
            f"which it takes to {reached}"
        )
    divisor_override = divisor(divisor_override)
    output: Any
    if tensor:
        from upsample_lib.torch_path import unpooling

        output = unpooling.avg_unpool(x, windows, ceil_mode, count_include_pad, divisor_override)
        return output  # type: ignore[no-any-return]

    exact = np.result_type(x.dtype, np.float32)
    counts = divisors(windows, count_include_pad, divisor_override)
    planes = x.reshape(int(np.prod(lead, dtype=int)), *pooled)
    output = np.empty((len(planes), *sizes), x.dtype)
    for block in blocks(len(planes), output[:1].nbytes):
        output[block] = spread(np.divide(planes[block], counts, dtype=exact), windows)
    return output.reshape(lead + sizes)  # type: ignore[no-any-return]


def bed_of_nails(input: A, stride: PerAxis, output_size: Sequence[int] | None = None) -> A:
    """Put each value into the top left corner of its own s × s cell of zeros.

    Parameters
    ----------
    input : array or tensor, (N, C, …) with 1 to 3 spatial axes
        Any dtype. With a sequence for `stride` the spatial axes are the last ones, one for each entry, and
        any axes may come before them.
    stride : int or sequence of int
        s, the size of a cell, at least 1.
    output_size : sequence of int, optional
        Spatial sizes, or whole shape, of the output: from (n − 1)s + 1 (no zeros after the last value, as in
        `zero_insert`) to n·s, the default.

    Returns
    -------
    array or tensor, (N, C, …)
        Each spatial axis becomes n·s long.

    Convention: input i lands on output s·i. It is the adjoint of taking every s-th pixel, `x[..., ::s, ::s]`.

    Raises
    ------
    ValueError
        If the shape, the stride or `output_size` is not allowed.
    TypeError
        If an argument is not an integer.

    Examples
    --------
    >>> bed_of_nails(np.array([[[1, 2]]]), 3)
    array([[[1, 0, 0, 2, 0, 0]]])
    >>> bed_of_nails(np.array([[1, 2], [3, 4]]), (2, 2))
    array([[1, 0, 2, 0],
           [0, 0, 0, 0],
           [3, 0, 4, 0],
           [0, 0, 0, 0]])
    """
    tensor = on_torch(input=input)
    x: Any = input
    axes = trailing_axes(x.shape, stride=stride)
    strides = per_axis("stride", stride, axes, 1)
    lead, cells = tuple(x.shape[: x.ndim - axes]), tuple(x.shape[x.ndim - axes :])
    largest = tuple(n * s for n, s in zip(cells, strides))
    smallest = tuple(max(n * s - s + 1, 0) for n, s in zip(cells, strides))
    sizes = largest if output_size is None else _spatial_sizes(output_size, axes, x.ndim)
    if not all(low <= m <= high for low, m, high in zip(smallest, sizes, largest)):
        raise ValueError(f"output_size must be from {smallest} to {largest}, got {sizes}")
    # a step beyond the output still writes its first pixel, and torch holds steps in 64 bits
    steps = tuple(min(s, m + 1) for s, m in zip(strides, sizes))
    output: Any
    if tensor:
        from upsample_lib.torch_path import unpooling

        output = unpooling.bed_of_nails(x, steps, sizes)
        return output  # type: ignore[no-any-return]
    output = np.zeros(lead + sizes, x.dtype)
    output[(..., *(slice(None, None, s) for s in steps))] = x
    return output  # type: ignore[no-any-return]


def zero_insert(input: A, stride: PerAxis) -> A:
    """Insert s − 1 zeros between neighbours.

    Parameters
    ----------
    input : array or tensor, (N, C, …) with 1 to 3 spatial axes
        Any dtype. With a sequence for `stride` the spatial axes are the last ones, one for each entry, and
        any axes may come before them.
    stride : int or sequence of int
        s, the distance of neighbours in the output, at least 1.

    Returns
    -------
    array or tensor, (N, C, …)
        Each spatial axis becomes (n − 1)s + 1 long, an empty one stays empty.

    Convention: `bed_of_nails` without the zeros after the last value; the first step of a transposed
    convolution.

    Raises
    ------
    ValueError
        If the shape or the stride is not allowed.
    TypeError
        If an argument is not an integer.

    Examples
    --------
    >>> zero_insert(np.array([[[1, 2]]]), 3)
    array([[[1, 0, 0, 2]]])
    """
    on_torch(input=input)
    x: Any = input
    axes = trailing_axes(x.shape, stride=stride)
    strides = per_axis("stride", stride, axes, 1)
    sizes = [max(n * s - s + 1, 0) for n, s in zip(x.shape[x.ndim - axes :], strides)]
    return bed_of_nails(input, strides, sizes)


def _default_sizes(
    pooled: Sequence[int], kernels: Sequence[int], strides: Sequence[int], paddings: Sequence[int]
) -> tuple[int, ...]:
    return tuple((m - 1) * s + k - 2 * p for m, k, s, p in zip(pooled, kernels, strides, paddings))


def _spatial_sizes(output_size: Sequence[int], axes: int, ndim: int, at_least: int = 0) -> tuple[int, ...]:
    """The spatial part of `output_size`, which may be a whole shape."""
    if not isinstance(output_size, Sequence):
        raise TypeError(f"output_size must be a sequence of {axes} integers, got {output_size!r}")
    if len(output_size) not in (axes, ndim):
        raise ValueError(f"output_size must have {axes} or {ndim} entries, got {tuple(output_size)}")
    return tuple(integer("output_size", m, at_least) for m in output_size[-axes:])


def _max_unpool(
    axes: int,
    input: A,
    indices: A,
    kernel_size: PerAxis,
    stride: PerAxis | None,
    padding: PerAxis,
    output_size: Sequence[int] | None,
) -> A:
    tensor = on_torch(input=input, indices=indices)
    x: Any = input
    where: Any = indices
    dtype_among("input", x, FLOATS, f"max_unpool{axes}d")
    if str(where.dtype).removeprefix("torch.") != "int64":
        raise TypeError(f"indices must be of dtype int64, got {where.dtype}")
    if x.ndim not in (axes + 1, axes + 2) or 0 in x.shape[1:]:
        raise ValueError(
            f"input must have {axes + 1} or {axes + 2} axes, none of them empty but the first, "
            f"got the shape {tuple(x.shape)}"
        )
    if where.shape != x.shape:
        raise ValueError(f"indices must have the input's shape {tuple(x.shape)}, got {tuple(where.shape)}")
    kernels = per_axis("kernel_size", kernel_size, axes, 1)
    strides = per_axis("stride", kernels if stride is None else stride, axes, 1)
    paddings = per_axis("padding", padding, axes, 0)
    defaults = _default_sizes(x.shape[-axes:], kernels, strides, paddings)
    sizes = defaults if output_size is None else _spatial_sizes(output_size, axes, axes + 2)
    for m, default, s in zip(sizes, defaults, strides):
        if not default - s < m < default + s:
            raise ValueError(
                f"output_size must be within {tuple(d - s + 1 for d, s in zip(defaults, strides))} and "
                f"{tuple(d + s - 1 for d, s in zip(defaults, strides))}, got {sizes}"
            )
    if min(sizes) < 0:
        raise ValueError(f"padding must leave an output of size ≥ 0, got {padding}, which leaves {sizes}")
    output: Any
    if tensor:
        from upsample_lib.torch_path import unpooling

        output = unpooling.max_unpool(x, where, kernels, strides, paddings, sizes)
        return output  # type: ignore[no-any-return]

    plane = int(np.prod(sizes, dtype=int))
    output = np.zeros((*x.shape[:-axes], *sizes), x.dtype)
    if output.size == 0:
        return output  # type: ignore[no-any-return]
    low, high = where.min(), where.max()
    if low < 0 or high >= plane:
        raise ValueError(outside(low if low < 0 else high, sizes))
    values, where, flat = x.reshape(-1), where.reshape(output.size // plane, -1), output.reshape(-1)
    count = where.shape[1]
    for block in blocks(len(where), plane * output.itemsize):
        starts = np.arange(len(where))[block, None] * plane
        # of repeated indices NumPy keeps the last
        flat[(where[block] + starts).reshape(-1)] = values[block.start * count : block.stop * count]
    return output  # type: ignore[no-any-return]


def outside(index: int, sizes: tuple[int, ...]) -> str:
    """The sentence for an index that points outside of the output."""
    return f"indices must be from 0 to {int(np.prod(sizes)) - 1} for an output of {sizes}, got {index}"
