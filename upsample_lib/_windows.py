"""Sliding windows on NumPy arrays, one axis at a time: which inputs a window reads, its maximum, its sum.

Along an axis, tap j of the window of output o reads input o·s − p + j·d. A maximum or a sum over a box is
taken along one axis first and then along the next, so that it costs k large vector operations for each axis
instead of k × k. Padding is never stored: a tap is applied to just those outputs for which it falls inside
the input.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# planes are worked on a few at a time, so that what one step writes the next one reads from the cache
_BLOCK_BYTES = 1 << 19


class Axis(NamedTuple):
    """The windows along one axis: n inputs, m outputs, kernel size k, stride s, padding p, dilation d."""

    n: int
    m: int
    k: int
    s: int
    p: int
    d: int = 1

    def outputs_reached(self, tap: int) -> range:
        """The outputs whose tap `tap` falls inside the input."""
        shift = tap * self.d - self.p
        first = max(0, -(shift // self.s))
        return range(first, max(first, min(self.m, (self.n - 1 - shift) // self.s + 1)))

    def taps(self) -> Iterator[tuple[int, slice, slice]]:
        """Each tap that reads anything, with the outputs that it serves and the inputs that it reads."""
        for tap in range(self.k):
            outputs = self.outputs_reached(tap)
            if outputs:
                first = outputs[0] * self.s - self.p + tap * self.d
                last = outputs[-1] * self.s - self.p + tap * self.d
                yield tap, slice(outputs[0], outputs[-1] + 1), slice(first, last + 1, self.s)

    def starts(self) -> Array:
        """The input position of tap 0 of each output; negative in the padding."""
        # a stride beyond the input leaves one output, at −p, and might not fit an int64
        return np.arange(self.m) * (self.s if self.m > 1 else 1) - self.p


def _along(place: int, part: slice) -> tuple[Any, ...]:
    """An index that takes `part` of the axis at `place`, counted from the end (−1 is the last)."""
    return (..., part) + (slice(None),) * (-1 - place)


def _shape_with(x: Array, place: int, size: int) -> tuple[int, ...]:
    shape = list(x.shape)
    shape[place] = size
    return tuple(shape)


def blocks(planes: int, bytes_per_plane: int) -> Iterator[slice]:
    """Slices that cut `planes` planes into groups of about the size of a cache."""
    size = max(1, _BLOCK_BYTES // max(1, bytes_per_plane))
    for start in range(0, planes, size):
        yield slice(start, start + size)


def reduced(x: Array, axes: tuple[Axis, ...], ufunc: np.ufunc, identity: Any, out: Array) -> None:
    """Reduce the windows of `x` (planes, *sizes) with `ufunc` (maximum, add) to `out` (planes, *outputs)."""
    for place, axis in enumerate(axes, start=-len(axes)):
        final = place == -1
        y = out if final else np.empty(_shape_with(x, place, axis.m), out.dtype)
        taps = [(y[_along(place, o)], x[_along(place, i)]) for _, o, i in axis.taps()]
        full = [t for t in taps if t[0].shape == y.shape]
        rest = [t for t in taps if t[0].shape != y.shape]
        # the first write covers every output; only where no tap does that are outputs filled beforehand
        if len(full) > 1:
            ufunc(full[0][1], full[1][1], out=y)
        elif full:
            y[...] = full[0][1]
        else:
            y[...] = identity
        for target, source in full[2:] + rest:
            ufunc(target, source, out=target)
        x = y


def located(x: Array, axes: tuple[Axis, ...], lowest: Any, out: Array, indices: Array) -> None:
    """Write the maximum of every window into `out` and its flat position in the plane into `indices`.

    The first maximum in row-major order is taken; a NaN is larger than any number, and of several NaNs the
    last one is taken. Columns are compared before rows, with a strict >: the first column wins within a row,
    and the first row among equal rows.
    """
    _locate(x, axes, lowest, out, indices, nan=False)
    if out.dtype.kind == "f" and np.isnan(out).any():
        _locate(x, axes, lowest, out, indices, nan=True)


def _locate(x: Array, axes: tuple[Axis, ...], lowest: Any, out: Array, indices: Array, nan: bool) -> None:
    pitches = [1]  # how far apart neighbours along each axis lie in the flat plane
    for axis in reversed(axes[1:]):
        pitches.insert(0, pitches[0] * axis.n)
    reach = sum((a.k - 1) * a.d * pitch for a, pitch in zip(axes, pitches))
    offset_type = np.min_scalar_type(-reach - 1)

    offsets: Array | None = None  # of the winner from tap 0 of its window
    for place in range(-1, -len(axes) - 1, -1):
        axis, step = axes[place], axes[place].d * pitches[place]
        best = out if place == -len(axes) else np.empty(_shape_with(x, place, axis.m), x.dtype)
        winner = np.zeros(best.shape, offset_type)
        phases = _phases(x, axis) if place == -1 and axis.s > 1 else None
        reached = axis.outputs_reached(0)
        best[_along(place, slice(0, reached[0] if reached else axis.m))] = lowest
        for tap, outputs, inputs in axis.taps():
            writing, reading = _along(place, outputs), _along(place, inputs)
            value, current = x[reading] if phases is None else phases(inputs), best[writing]
            if tap == 0:
                current[...] = value
                if offsets is not None:
                    winner[writing] = offsets[reading]
                continue
            wins = value > current
            if nan:
                wins |= np.isnan(value)
            np.maximum(current, value, out=current)
            # selection by arithmetic: a masked copy would mispredict a branch at every other element
            chosen = winner[writing]
            if offsets is None:  # taps come in increasing order
                np.maximum(chosen, np.multiply(wins, tap * step, dtype=offset_type), out=chosen)
            else:
                move = offsets[reading] + offset_type.type(tap * step)
                move -= chosen
                move *= wins
                chosen += move
        x, offsets = best, winner

    np.add(_flat([a.starts() for a in axes], pitches), winner, out=indices)
    if any(axis.p for axis in axes):
        # nothing was larger than the padding: torch names the first input that the window covers
        starts = [a.starts() for a in axes]
        first = [np.where(s < 0, s + -(s // a.d) * a.d, s) for s, a in zip(starts, axes)]
        np.copyto(indices, _flat(first, pitches), where=out == lowest)


def _phases(x: Array, axis: Axis) -> Callable[[slice], Array]:
    """Read every s-th column from a contiguous copy of its phase: each column is then gathered only once."""
    copies: dict[int, Array] = {}

    def read(inputs: slice) -> Array:
        first, phase = divmod(inputs.start, axis.s)
        if phase not in copies:
            copies[phase] = x[..., phase :: axis.s].copy()
        return copies[phase][..., first : first + len(range(inputs.start, inputs.stop, axis.s))]

    return read


def _flat(positions: list[Array], pitches: list[int]) -> Array:
    """The grid of flat positions whose coordinate along axis i is one of positions[i]."""
    flat = np.zeros((), np.int64)
    for position, pitch in zip(positions, pitches):
        flat = flat[..., None] + position * pitch
    return flat


def spread(y: Array, axes: tuple[Axis, ...]) -> Array:
    """Add each value of `y` (planes, *outputs) to all inputs of its window: the adjoint of summing."""
    for place, axis in enumerate(axes, start=-len(axes)):
        x = np.zeros(_shape_with(y, place, axis.n), y.dtype)
        for _, outputs, inputs in axis.taps():
            x[_along(place, inputs)] += y[_along(place, outputs)]
        y = x
    return y
