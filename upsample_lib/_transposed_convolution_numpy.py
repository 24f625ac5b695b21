"""Transposed convolution of NumPy arrays as matrix products, for any number of axes.

A transposed convolution with stride s writes s interleaved *phases* along each axis: output o = s·i + b − p
belongs to phase b, and tap t sends input h to phase b = (d·t) mod s at grid point i = h + ⌊d·t / s⌋. Before
the crop by p each phase is an ordinary convolution of the input. That gives two formulations:

- `_by_windows`, when s divides k: all phases share one window of k/s inputs, so one im2row and one GEMM
  serve them all, and strided copies interleave them. It needs the weight in another order.
- `_by_taps`, always: the weight as it lies in memory times the input gives one plane for each tap; the planes
  of a phase are added, each moved by a flat offset (rows end in zeros, so that a move never wraps).

Both crop while they interleave, and work block by block as convolution does.
"""

import itertools
import math
from typing import Any

import numpy as np

from upsample_lib._convolution_checks import Geometry, Sizes
from upsample_lib._convolution_numpy import (
    ENOUGH_COLUMNS,
    Array,
    Scratch,
    blocks,
    budget,
    leading,
    trailing,
    window_matrix,
)

# Scratch for the products of one block: about the share of the last-level cache that a core can count on.
PRODUCT_BYTES = 1 << 22
# Measured: with fewer rows a matrix product is slow, with fewer channels the planes of the taps are.
ENOUGH_ROWS = 64
FEW_CHANNELS = 8


def transpose(x: Array, weight: Array, layer: Geometry) -> Array:
    """Transposed convolution: x (N, C, *n), weight (C, C_out/groups, *k)."""
    divisible = all(k % s == 0 and d == 1 for k, s, d in zip(weight.shape[2:], layer.stride, layer.dilation))
    # reordering the weight costs as much as several hundred columns of the product
    enough_columns = x.shape[0] * math.prod(x.shape[2:]) >= ENOUGH_COLUMNS
    # the product by taps has more rows, but with few channels to sum over it only moves memory
    enough_rows = math.prod(layer.stride) * weight.shape[1] >= ENOUGH_ROWS
    few_channels = x.shape[1] // layer.groups < FEW_CHANNELS
    too_many_taps = math.prod((*x.shape[2:], *weight.shape[2:])) > budget(PRODUCT_BYTES, x, weight)
    if divisible and enough_columns and (enough_rows or few_channels or too_many_taps):
        return _by_windows(x, weight, layer)
    return _by_taps(x, weight, layer)


def _interleave(plane: Array, y: Array, phase: Sizes, low: Sizes, layer: Geometry) -> None:
    """Copy one phase, (groups, channels, samples, *grid points from `low` on), to its outputs.

    They are every s-th pixel of y (samples, groups, channels, *m); what the crop drops is left out.
    """
    grid: list[slice] = []
    outputs: list[slice] = []
    for count, m, b, i, s, p in zip(plane.shape[3:], y.shape[3:], phase, low, layer.stride, layer.before):
        first, last = max(i, -(-(p - b) // s)), min(i + count, -(-(m + p - b) // s))
        if first >= last:
            return
        start = s * first + b - p
        grid.append(slice(first - i, last - i))
        outputs.append(slice(start, start + s * (last - first - 1) + 1, s))
    y[trailing(*outputs)] = np.moveaxis(plane[trailing(*grid)], 2, 0)


def _phase_weights(weight: Array, layer: Geometry) -> Array:
    """The kernels of all phases over their shared window: (groups, phases · C_out/g, C/g · window)."""
    (c_in, per_group), groups, axes = weight.shape[:2], layer.groups, len(layer.stride)
    split = [size for k, s in zip(weight.shape[2:], layer.stride) for size in (k // s, s)]
    # tap t = s·q + b of phase b meets input i − q, so the window runs backwards through q
    backwards: list[Any] = [slice(None, None, -1), slice(None)] * axes
    parts = weight.reshape(groups, c_in // groups, per_group, *split)[trailing(*backwards)]
    ordered = parts.transpose(0, *range(4, 4 + 2 * axes, 2), 2, 1, *range(3, 3 + 2 * axes, 2))
    return ordered.reshape(groups, math.prod(layer.stride) * per_group, -1)


def _by_windows(x: Array, weight: Array, layer: Geometry) -> Array:
    samples, per_group, groups = x.shape[0], weight.shape[1], layer.groups
    y = np.empty((samples, groups, per_group, *layer.out_size), x.dtype)
    matrix = _phase_weights(weight, layer)
    window = tuple(k // s for k, s in zip(weight.shape[2:], layer.stride))
    # the grid points that the crop leaves; the window of grid point i begins at input i − (q−1)
    low = tuple(p // s for p, s in zip(layer.before, layer.stride))
    grid = tuple(-(-(m + p) // s) - i for m, p, s, i in zip(layer.out_size, layer.before, layer.stride, low))
    before = tuple(q - 1 - i for q, i in zip(window, low))
    ones = (1,) * len(window)
    gather = layer._replace(stride=ones, before=before, dilation=ones)
    per_column = x.shape[1] * math.prod(window) + groups * matrix.shape[1]
    room = budget(PRODUCT_BYTES, x, weight, y)
    gathered, products = Scratch(x.dtype), Scratch(x.dtype)
    for block in blocks(samples, grid[0], math.prod(grid[1:]), per_column, room):
        count, rows = block.last - block.first, block.bottom - block.top
        columns = window_matrix(x, block, window, grid, gather, gathered)
        product = np.matmul(matrix, columns, out=products.array(*matrix.shape[:2], columns.shape[2]))
        planes = product.reshape(groups, *layer.stride, per_group, count, rows, *grid[1:])
        for phase in itertools.product(*map(range, layer.stride)):
            plane = planes[leading(1, *phase)]
            _interleave(plane, y[block.first : block.last], phase, (low[0] + block.top, *low[1:]), layer)
    return y.reshape(samples, groups * per_group, *layer.out_size)


def _by_taps(x: Array, weight: Array, layer: Geometry) -> Array:
    samples, groups, per_group, kernel = x.shape[0], layer.groups, weight.shape[1], weight.shape[2:]
    taps = math.prod(kernel)
    y = np.zeros((samples, groups, per_group, *layer.out_size), x.dtype)
    matrix = weight.reshape(groups, -1, per_group * taps).swapaxes(1, 2)
    # every phase lives on the input's grid, enlarged by the largest move
    reach = tuple(d * (k - 1) // s for d, k, s in zip(layer.dilation, kernel, layer.stride))
    grid = tuple(size + r for size, r in zip(x.shape[2:], reach))
    members = _taps_of_phases(kernel, layer)
    # a small image under a large kernel: the enlarged grid would be mostly zeros, so multiply the image alone
    compact = math.prod(grid) > 2 * math.prod(x.shape[2:])
    # a block of rows also needs the `reach` rows above it: keep them few, and rather cut the channels
    per_row = math.prod(grid[1:])
    rows_needed = grid[0] if compact else min(grid[0], 8 * reach[0] + 1) + reach[0]
    room = budget(PRODUCT_BYTES, x, weight, y)
    channels = max(1, min(per_group, room // (groups * taps * per_row * rows_needed)))
    per_column = groups * channels * taps
    products = Scratch(x.dtype)
    for block in blocks(samples, grid[0], per_row, per_column, max(room, per_column * per_row * rows_needed)):
        above = 0 if compact else min(reach[0], block.top)
        rows = (above + block.bottom - block.top, *grid[1:])
        held = x[block.first : block.last, :, block.top - above : block.bottom].swapaxes(0, 1)
        inputs = held if compact else _enlarged(held, rows)
        columns = inputs.reshape(groups, x.shape[1] // groups, -1)
        low = (block.top, *(0 for _ in grid[1:]))
        for c in range(0, per_group, channels):
            target = y[block.first : block.last, :, c : c + channels]
            part = matrix[:, c * taps : (c + channels) * taps]
            planes = np.matmul(part, columns, out=products.array(*part.shape[:2], columns.shape[2]))
            planes = planes.reshape(groups, -1, *kernel, *inputs.shape[1:])
            for phase, moves in members.items():
                total = (_sum_of_placed if compact else _sum_of_moved)(planes, moves, rows)
                _interleave(total[:, :, :, above:], target, phase, low, layer)
    return y.reshape(samples, groups * per_group, *layer.out_size)


Moves = list[tuple[Sizes, Sizes]]


def _taps_of_phases(kernel: Sizes, layer: Geometry) -> dict[Sizes, Moves]:
    """For each phase that has any: its taps, and by how many grid points each moves the input."""
    found: dict[Sizes, Moves] = {}
    for tap in itertools.product(*map(range, kernel)):
        parts = [divmod(d * t, s) for d, t, s in zip(layer.dilation, tap, layer.stride)]
        found.setdefault(tuple(b for _, b in parts), []).append((tap, tuple(i for i, _ in parts)))
    return found


def _enlarged(inputs: Array, size: Sizes) -> Array:
    """The inputs with zeros behind each axis, up to `size`."""
    if inputs.shape[2:] == size:
        return inputs
    enlarged = np.zeros(inputs.shape[:2] + size, inputs.dtype)
    enlarged[trailing(*map(slice, inputs.shape[2:]))] = inputs
    return enlarged


def _sum_of_moved(planes: Array, moves: Moves, grid: Sizes) -> Array:
    """Add the planes of a phase's taps, each moved to the right, in the memory of the first of them.

    planes is (groups, channels, *kernel, samples, *grid); a move on the grid is one flat offset.
    """
    pitch = [math.prod(grid[j + 1 :]) for j in range(len(grid))]
    flat = planes.reshape(*planes.shape[: 2 + len(grid)], -1)
    total: Array | None = None
    for tap, points in moves:
        offset = sum(i * step for i, step in zip(points, pitch))
        plane = flat[leading(2, *tap)]
        if total is not None:
            total[..., offset:] += plane[..., : plane.shape[-1] - offset]
        elif offset:
            total = np.zeros_like(plane)
            total[..., offset:] = plane[..., : plane.shape[-1] - offset]
        else:
            total = plane
    assert total is not None  # a phase without taps is not listed
    return total.reshape(*planes.shape[:2], *planes.shape[2 + len(grid) :])


def _sum_of_placed(planes: Array, moves: Moves, grid: Sizes) -> Array:
    """The same from planes (groups, channels, *kernel, samples, *n) of the image alone."""
    samples, *n = planes.shape[2 + len(grid) :]
    total = np.zeros((*planes.shape[:2], samples, *grid), planes.dtype)
    for tap, points in moves:
        part = trailing(*(slice(i, i + size) for i, size in zip(points, n)))
        total[part] += planes[leading(2, *tap)]
    return total
