"""Which input samples one output sample of one axis is made of, and with which weights.

Every mode of `interpolate` treats the axes one after the other, so all of it is here, for one axis of n
input and m output samples. Positions are those of pixel centres: output j lies at (j + ½)·n/m − ½, or at
j·(n−1)/(m−1) with align_corners. They are computed in the precision that PyTorch uses, because rounding
decides where a position falls exactly between two samples.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Precision = type[np.floating[Any]]

# the same rule for one axis under its 1-D, 2-D and 3-D names
AXIS_RULE = {
    "nearest": "nearest",
    "nearest-exact": "nearest-exact",
    "linear": "linear",
    "bilinear": "linear",
    "trilinear": "linear",
    "bicubic": "cubic",
    "lanczos": "lanczos",
    "area": "area",
}


class Taps(NamedTuple):
    """Row j of the axis's matrix: the first `used[j]` weights and the columns where they are."""

    column: Array
    weight: Array
    used: Array


def step(n: int, m: int, align_corners: bool, scale: float | None, precision: Precision) -> np.floating[Any]:
    """How far the input position moves from one output sample to the next."""
    if align_corners:
        return precision(n - 1) / precision(m - 1) if m > 1 else precision(0)
    return precision(1 / scale) if scale is not None else precision(n) / precision(m)


def _positions(
    n: int, m: int, align_corners: bool, scale: float | None, precision: Precision, below_zero: bool
) -> Array:
    s = step(n, m, align_corners, scale, precision)
    j = np.arange(m).astype(np.float64)
    # product and difference are rounded once, as by the fused multiply-add that torch is compiled to
    u: Array = (s * j if align_corners else s * (j + 0.5) - 0.5).astype(precision)
    return u if below_zero or align_corners else np.maximum(u, precision(0))


def nearest_index(n: int, m: int, exact: bool, scale: float | None, precision: Precision) -> Array:
    """floor(j·n/m), or floor((j + ½)·n/m) when exact; the last step in float32, whatever the precision."""
    s = step(n, m, False, scale, precision)
    if exact:
        u = _positions(n, m, False, scale, precision, below_zero=False).astype(np.float64) + 0.5
    else:
        u = s * np.arange(m).astype(precision)
    return np.minimum(np.floor(u.astype(np.float32)).astype(np.int64), n - 1)


def nearest_index_small_image(n: int, m: int, exact: bool, scale: float | None) -> Array:
    """The same in PyTorch's kernel for small images: float32; not exact, ×1 and ×2 ignore the scale."""
    j = np.arange(m)
    if m in (n, 2 * n) and not exact:
        return j * n // m
    s = step(n, m, False, scale, np.float32)
    u = (j + 0.5) * np.float64(s) if exact else j.astype(np.float32) * s
    return np.minimum(np.floor(u.astype(np.float32)).astype(np.int64), n - 1)


def cubic_kernel(x: Array, a: float) -> Array:
    """Keys' piecewise cubic; a = −½ is third-order exact (Pillow), a = −¾ is OpenCV's and torch's choice."""
    x = np.abs(x)
    near = ((a + 2) * x - (a + 3)) * x * x + 1
    far = ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    return np.where(x < 1, near, np.where(x < 2, far, 0)).astype(x.dtype)


def _triangle(x: Array) -> Array:
    return np.asarray(np.maximum(1 - np.abs(x), 0))


def _lanczos(x: Array) -> Array:
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0).astype(x.dtype)


# half width at ×1, and the kernel, of the modes that antialias can widen
_FILTERS: dict[str, tuple[float, Callable[[Array], Array]]] = {
    "linear": (1, _triangle),
    "cubic": (2, lambda x: cubic_kernel(x, -0.5)),
    "lanczos": (3, _lanczos),
}


def _linear(n: int, m: int, align_corners: bool, scale: float | None, precision: Precision) -> Taps:
    if m == n:  # torch copies, even where scale·n was rounded down to n
        return Taps(np.arange(n)[:, None], np.ones((n, 1), precision), np.ones(n, np.int64))
    u = _positions(n, m, align_corners, scale, precision, below_zero=False)
    i = np.minimum(u.astype(np.int64), n - 1)
    t = np.clip(u - i.astype(precision), 0, 1).astype(precision)
    index = np.stack([i, np.minimum(i + 1, n - 1)], 1)
    return Taps(index, np.stack([1 - t, t], 1), np.full(m, 2))


def _cubic(n: int, m: int, align_corners: bool, scale: float | None, precision: Precision) -> Taps:
    u = _positions(n, m, align_corners, scale, precision, below_zero=True)
    i = np.minimum(np.floor(u).astype(np.int64), n - 1)
    t = np.clip(u - i.astype(precision), 0, 1).astype(precision)
    reach = np.arange(-1, 3)
    weight = cubic_kernel(reach.astype(precision) - t[:, None], -0.75)
    return Taps(np.clip(i[:, None] + reach, 0, n - 1), weight, np.full(m, 4))  # the border is repeated


def _windows(n: int, first: Array, count: Array) -> tuple[Array, Array]:
    """Columns first, first + 1, …, as many as the longest window has; and which of them are in the window."""
    reach = np.arange(max(int(count.max(initial=1)), 1))
    return np.minimum(first[:, None] + reach, n - 1), reach < count[:, None]


def _area(n: int, m: int, precision: Precision) -> Taps:
    j = np.arange(m)
    first = j * n // max(m, 1)
    count = -(-(j + 1) * n // max(m, 1)) - first
    index, inside = _windows(n, first, count)
    return Taps(index, (inside / count[:, None]).astype(precision), count)


def _antialiased(
    rule: str, n: int, m: int, align_corners: bool, scale: float | None, precision: Precision
) -> Taps:
    """The kernel stretched to cover the input between two outputs, cut at the border and normalised."""
    if m == n:
        return _linear(n, m, False, None, precision)
    s = step(n, m, align_corners, scale, precision)
    half_width, kernel = _FILTERS[rule]
    stretch = max(float(s), 1.0)
    support = precision(half_width * stretch)
    centre = (s * (np.arange(m) + 0.5)).astype(precision)
    first = np.maximum((centre - support + 0.5).astype(np.int64), 0)
    count = np.minimum((centre + support + 0.5).astype(np.int64), n) - first
    count = np.clip(count, 0, int(np.ceil(support)) * 2 + 1)
    index, inside = _windows(n, first, count)
    unclipped = first[:, None] + np.arange(index.shape[1])
    weight = kernel(((unclipped - centre[:, None] + 0.5) / stretch).astype(precision)) * inside
    total = weight.sum(1, keepdims=True)
    return Taps(index, np.divide(weight, total, out=weight, where=total != 0), count)


def taps(
    rule: str,
    n: int,
    m: int,
    align_corners: bool = False,
    scale: float | None = None,
    antialias: bool = False,
    precision: Precision = np.float64,
) -> Taps:
    """The taps of one axis. `scale` is the factor that torch was given, when it is used in place of m/n."""
    if antialias:
        return _antialiased(rule, n, m, align_corners, scale, precision)
    if rule == "linear":
        return _linear(n, m, align_corners, scale, precision)
    if rule == "cubic":
        return _cubic(n, m, align_corners, scale, precision)
    if rule == "area":
        return _area(n, m, precision)
    index = nearest_index(n, m, rule == "nearest-exact", scale, np.float32)
    return Taps(index[:, None], np.ones((m, 1), precision), np.ones(m, np.int64))


def dense(taps: Taps, columns: int, first: int = 0) -> Array:
    """The taps as the rows of a matrix whose columns start at input sample `first`."""
    matrix = np.zeros((len(taps.column), columns), taps.weight.dtype)
    some = np.arange(taps.column.shape[1]) < taps.used[:, None]
    np.add.at(matrix, (np.nonzero(some)[0], taps.column[some] - first), taps.weight[some])
    return matrix


def fixed_point(taps: Taps) -> tuple[Taps, int]:
    """Weights as 16-bit integers over 2^bits, rounded as Pillow and torch round them for 8-bit images."""
    merged = np.zeros_like(taps.weight)
    largest = 0.0
    # border samples that occur twice are merged before rounding, in the order in which torch meets them
    for t in range(taps.column.shape[1]):
        first = np.argmax(taps.column == taps.column[:, t : t + 1], axis=1)
        rows = np.arange(len(first))
        merged[rows, first] += taps.weight[:, t]
        largest = max(largest, float(merged[rows, first].max(initial=0)))
    bits = next((b for b in range(22) if int(0.5 + largest * 2 ** (b + 1)) >= 2**15), 22)
    scaled = merged * 2.0**bits
    return taps._replace(weight=np.trunc(scaled + np.copysign(0.5, scaled))), bits
