"""Convolution of NumPy arrays as matrix products, for any number of axes.

The windows of a block of outputs are copied side by side and multiplied by the weight (im2row, GEMM). A block
is a few samples, or a few rows of one, so that what one step writes the next one finds in the cache. Memory
stays in the order (N, C, …) throughout, so that the product of one sample is written where it belongs.
"""

import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from upsample_lib._convolution_checks import Geometry, Sizes

Array = npt.NDArray[Any]
Index = tuple[Any, ...]

# Scratch for the windows of one block: about the size of a core's own cache.
WINDOW_BYTES = 1 << 20
# Samples are computed together until a matrix product has this many columns; more gain nothing.
ENOUGH_COLUMNS = 1024


class Block(NamedTuple):
    """Samples `first` to `last` and rows `top` to `bottom` of the first spatial axis."""

    first: int
    last: int
    top: int
    bottom: int


def blocks(
    samples: int, rows: int, columns_per_row: int, elements_per_column: int, budget: int
) -> Iterator[Block]:
    """Cut the work into blocks of at most `budget` elements: whole samples if small, else rows of one."""
    rows_at_once = max(1, min(rows, budget // (columns_per_row * elements_per_column)))
    together = 1
    if rows_at_once == rows:
        columns = rows * columns_per_row
        enough = -(-ENOUGH_COLUMNS // columns)
        together = max(1, min(samples, enough, budget // (columns * elements_per_column)))
    for first in range(0, samples, together):
        for top in range(0, rows, rows_at_once):
            yield Block(first, min(samples, first + together), top, min(rows, top + rows_at_once))


def budget(at_most: int, *arrays: Array) -> int:
    """Elements of scratch memory in `at_most` bytes; three times the arrays themselves if that is less."""
    return min(at_most // arrays[0].itemsize, 3 * sum(a.size for a in arrays))


class Scratch:
    """Memory that each block writes anew: fresh pages from the system would cost more than the arithmetic."""

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._memory: Array = np.empty(0, dtype)

    def array(self, *shape: int) -> Array:
        size = math.prod(shape)
        if size > self._memory.size:
            self._memory = np.empty(size, self._memory.dtype)
        return self._memory[:size].reshape(shape)


def trailing(*spatial: Any) -> Index:
    """An index of the last axes."""
    return (..., *spatial)


def leading(count: int, *parts: Any) -> Index:
    """An index that leaves `count` axes alone and then takes `parts`."""
    return (slice(None),) * count + parts


def window_matrix(
    x: Array, block: Block, kernel: Sizes, out_size: Sizes, layer: Geometry, scratch: Scratch
) -> Array:
    """What the block's outputs see, a column each: (groups, C/groups · taps, samples · positions).

    `layer.before` zeros stand in front of each axis, and behind it as many as the last window reaches. A
    negative one lets the first window start inside the input.
    """
    positions = (block.bottom - block.top, *out_size[1:])
    reach = tuple(d * (k - 1) + 1 for d, k in zip(layer.dilation, kernel))
    spans = tuple((m - 1) * s + r for m, s, r in zip(positions, layer.stride, reach))
    starts = [-before for before in layer.before]
    starts[0] += block.top * layer.stride[0]
    source = _zero_extended(x[block.first : block.last], starts, spans)
    samples, channels = source.shape[:2]
    matrix = (layer.groups, channels // layer.groups * math.prod(kernel), samples * math.prod(positions))
    if samples == math.prod(kernel) == 1:
        return _windows(source, reach, layer.stride, layer.dilation).reshape(matrix)
    copy = scratch.array(channels, *kernel, samples, *positions)
    copy[...] = _windows(source, reach, layer.stride, layer.dilation)
    return copy.reshape(matrix)


def _windows(x: Array, reach: Sizes, stride: Sizes, dilation: Sizes) -> Array:
    """All windows of x as a view (C, *kernel, samples, *positions)."""
    axes = len(reach)
    view = sliding_window_view(x, reach, axis=tuple(range(2, x.ndim)))
    view = view[trailing(*(slice(None, None, step) for step in (*stride, *dilation)))]
    return view.transpose(1, *range(2 + axes, 2 + 2 * axes), 0, *range(2, 2 + axes))


def _zero_extended(x: Array, starts: list[int], spans: Sizes) -> Array:
    """The part of x from `starts` on with `spans` pixels, zero where that lies outside."""
    size = x.shape[2:]
    inside = [slice(max(0, a), max(0, min(n, a + e))) for a, e, n in zip(starts, spans, size)]
    part = x[trailing(*inside)]
    if part.shape[2:] == spans:
        return part
    extended = np.zeros(x.shape[:2] + spans, x.dtype)
    target = (slice(i.start - a, i.start - a + n) for i, a, n in zip(inside, starts, part.shape[2:]))
    extended[trailing(*target)] = part
    return extended


def correlate(x: Array, weight: Array, layer: Geometry) -> Array:
    """Convolution as networks mean it (cross-correlation): x (N, C, *n), weight (C_out, C/groups, *k)."""
    samples, c_out, kernel = x.shape[0], weight.shape[0], weight.shape[2:]
    groups, out_size = layer.groups, layer.out_size
    y = np.empty((samples, c_out, *out_size), x.dtype)
    matrix = weight.reshape(groups, c_out // groups, -1)
    scratch = Scratch(x.dtype)
    per_row = math.prod(out_size[1:])
    per_column = x.shape[1] * math.prod(kernel)
    for block in blocks(samples, out_size[0], per_row, per_column, budget(WINDOW_BYTES, x, weight, y)):
        windows = window_matrix(x, block, kernel, out_size, layer, scratch)
        if block.last - block.first == 1:
            flat = y[block.first].reshape(groups, c_out // groups, -1)
            np.matmul(matrix, windows, out=flat[:, :, block.top * per_row : block.bottom * per_row])
        else:
            product = (matrix @ windows).reshape(c_out, block.last - block.first, *out_size)
            y[block.first : block.last] = product.swapaxes(0, 1)
    return y
