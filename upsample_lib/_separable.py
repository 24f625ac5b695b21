"""One linear map for each axis, applied to a few planes at a time so that they stay in the cache."""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from upsample_lib._resampling import Taps, dense

Array = NDArray[Any]
# fills (before, m, after) from (before, n, after)
Stage = Callable[[Array, Array], None]

_CHUNK = 1 << 16  # output elements per chunk: a quarter of a megabyte in float32
_ROWS = 32  # rows of the matrix per product: enough for BLAS, few enough to skip the zeros off the diagonal


class _Band(NamedTuple):
    """The block of a matrix that holds all non-zeros of some of its rows."""

    rows: slice
    columns: slice
    matrix: Array


def _bands(taps: Taps, n: int) -> list[_Band] | None:
    """The matrix as blocks along its diagonal; None where it is so sparse that gathering is less work."""
    m = len(taps.column)
    height = min(max(_ROWS * m // n, _ROWS // 4), _ROWS)
    bands = []
    for start in range(0, m, height):
        part = Taps(*(field[start : start + height] for field in taps))
        first, last = int(part.column.min()), int(part.column.max()) + 1
        if last - first > 16 * taps.column.shape[1] + _ROWS:
            return None
        rows = slice(start, start + len(part.column))
        bands.append(_Band(rows, slice(first, last), dense(part, last - first, first)))
    return bands


def _all_finite(x: Array) -> bool:
    return math.isfinite(x.sum())  # an overflowing sum only means the slower way


def _gather(x: Array, taps: Taps, out: Array) -> None:
    out.fill(0)
    for t in range(taps.column.shape[1]):
        term = x.take(taps.column[:, t], axis=1)
        term *= taps.weight[:, t, None]
        term[:, t >= taps.used] = 0
        out += term


def weighted(taps: Taps, n: int) -> Stage:
    """Multiply by the matrix of the taps."""
    bands = _bands(taps, n)

    def stage(x: Array, out: Array) -> None:
        # zeros of the matrix must not touch inf and nan
        if bands is None or not _all_finite(x):
            _gather(x, taps, out)
        elif x.shape[2] == 1:
            for rows, columns, matrix in bands:
                np.matmul(x[:, columns, 0], matrix.T, out=out[:, rows, 0])
        else:
            for rows, columns, matrix in bands:
                np.matmul(matrix, x[:, columns], out=out[:, rows])

    return stage


def rounded(stage: Stage, bits: int) -> Stage:
    """Then divide by 2^bits, round half up and clip to 8 bits."""

    def rounding(x: Array, out: Array) -> None:
        stage(x, out)
        out += 0.5 * 2**bits
        out *= 2.0**-bits
        np.clip(np.floor(out, out=out), 0, 255, out=out)

    return rounding


def picked(index: Array, n: int) -> Stage:
    """Copy input sample index[j] to output j."""
    m = len(index)
    whole = m % n == 0 and m <= 16 * n and np.array_equal(index, np.arange(m) * n // m)
    repeat = m // n if whole else 0

    def stage(x: Array, out: Array) -> None:
        if repeat:
            out.reshape(x.shape[0], n, repeat, x.shape[2])[:] = x[:, :, None]
        else:
            x.take(index, axis=1, out=out, mode="clip")

    def interleave(x: Array, out: Array) -> None:
        for phase in range(repeat):
            out[:, phase::repeat] = x

    return lambda x, out: interleave(x, out) if repeat and x.shape[2] == 1 else stage(x, out)


def along_axes(
    x: Array, shape: Sequence[int], stages: Sequence[tuple[int, Stage]], work: np.dtype[Any]
) -> Array:
    """Put x (N, C, n₁, …) through the stages, each for one spatial axis, in the given order and dtype."""
    planes = x.reshape(-1, *x.shape[2:])
    out = np.empty((len(planes), *shape), x.dtype)
    chunk = max(1, _CHUNK // math.prod(shape))
    with np.errstate(all="ignore"):  # inf and nan in the input are the caller's, as they are in torch
        for start in range(0, len(planes), chunk):
            part = out[start : start + chunk]
            t = planes[start : start + chunk].astype(work, copy=False)
            for number, (axis, stage) in enumerate(stages, 1):
                before, after = t.shape[: axis + 1], t.shape[axis + 2 :]
                m = shape[axis]
                direct = number == len(stages) and work == x.dtype
                target = part if direct else np.empty((*before, m, *after), work)
                rows, columns = math.prod(before), math.prod(after)
                stage(t.reshape(rows, -1, columns), target.reshape(rows, m, columns))
                t = target
            if t is not part:
                part[...] = t
    return out.reshape(*x.shape[:2], *shape)
