"""Interpolation: every output sample a fixed weighted sum of input samples, axis after axis.

Upsampling by interpolation is linear: along one axis it is a matrix with m rows and n columns
(`interpolation_matrix`), and an image is resized by one such matrix for each of its axes.
"""

import math
from collections.abc import Sequence
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from upsample_lib import _resampling, _separable
from upsample_lib._arguments import integer
from upsample_lib._paths import on_torch

Image = TypeVar("Image")  # array in, array out; tensor in, tensor out

# numbers of spatial axes that a mode is defined for
_AXES = {
    "nearest": (1, 2, 3),
    "nearest-exact": (1, 2, 3),
    "linear": (1,),
    "bilinear": (2,),
    "bicubic": (2,),
    "trilinear": (3,),
    "area": (1, 2, 3),
    "lanczos": (2,),
}
_WITHOUT_CORNERS = ("nearest", "nearest-exact", "area")
_ANTIALIASED = ("bilinear", "bicubic", "lanczos")
_ON_UINT8 = ("nearest", "nearest-exact", "bilinear", "bicubic", "lanczos")
_LAYOUTS = {1: "3-D (N, C, L)", 2: "4-D (N, C, H, W)", 3: "5-D (N, C, D, H, W)"}


def interpolate(
    input: Image,
    size: int | Sequence[int] | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Image:
    """Resize the spatial axes of a batch to `size` or by `scale_factor`.

    Parameters
    ----------
    input : ndarray or Tensor, shape (N, C, n₁[, n₂[, n₃]])
        Of floating point; uint8 in the modes nearest, nearest-exact, bilinear, bicubic and lanczos.
    size : int or sequence of int, optional
        The output's spatial shape (m₁, …); an integer stands for all axes.
    scale_factor : float or sequence of float, optional
        Instead of `size`: mᵢ = ⌊nᵢ · scale_factorᵢ⌋.
    mode : str
        ``"nearest"``, ``"nearest-exact"``, ``"area"`` (one to three axes), ``"linear"`` (one),
        ``"bilinear"``, ``"bicubic"``, ``"lanczos"`` (two) or ``"trilinear"`` (three).
    align_corners : bool, optional
        For the linear and cubic modes: let the centres of the corner pixels coincide. None means False.
    recompute_scale_factor : bool, optional
        Positions from the ratio nᵢ/mᵢ of the sizes. Otherwise they follow 1/`scale_factor` where that was
        given, which differs when nᵢ · scale_factorᵢ is not a whole number.
    antialias : bool
        Widen the kernel when the image shrinks, as Pillow does (bilinear, bicubic; always with lanczos).

    Returns
    -------
    ndarray or Tensor, shape (N, C, m₁[, m₂[, m₃]])
        Of the input's kind and dtype.

    Raises
    ------
    ValueError, TypeError
        For the calls that PyTorch refuses: both or neither of `size` and `scale_factor`, a mode for another
        number of axes, an empty output, `align_corners` with nearest or area, …

    Notes
    -----
    Convention: pixels are squares, output j has its centre at (j + ½)·n/m − ½; with `align_corners` at
    j·(n−1)/(m−1). The border pixel is repeated. ``nearest`` takes ⌊j·n/m⌋, half a pixel off the centres;
    ``nearest-exact`` takes the nearest centre. ``area`` averages the pixels that touch [j·n/m, (j+1)·n/m).
    Cubic kernels have a = −¾, with antialias −½.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html

    R. Keys, Cubic convolution interpolation for digital image processing, 1981,
    https://doi.org/10.1109/TASSP.1981.1163711

    Examples
    --------
    >>> import numpy as np
    >>> from upsample_lib import interpolate
    >>> row = np.array([[[0.0, 4.0]]])
    >>> interpolate(row, size=4, mode="linear").tolist()
    [[[0.0, 1.0, 3.0, 4.0]]]
    >>> interpolate(row, scale_factor=2).tolist()
    [[[0.0, 0.0, 4.0, 4.0]]]
    """
    tensor = on_torch(input=input)
    array = cast(Any, input)
    shape = tuple(array.shape)
    _check_options(mode, align_corners, antialias)
    out, scales = _sizes(shape, mode, size, scale_factor, recompute_scale_factor)
    # with antialias the CPU takes no half precision, accelerators do, and a mere copy is always possible
    narrow = antialias and str(array.device) == "cpu" and out != shape[2:]
    _check_dtype(str(array.dtype).removeprefix("torch."), mode, narrow)
    if not tensor:
        return cast(Image, _resample(array, out, scales, mode, bool(align_corners), bool(antialias)))
    from upsample_lib.torch_path import interpolation as torch_path

    return cast(Image, torch_path.interpolate(array, out, scales, mode, align_corners, bool(antialias)))


def interpolation_matrix(
    n: int,
    m: int,
    mode: str = "linear",
    align_corners: bool = False,
    scale: float | None = None,
    antialias: bool = False,
) -> NDArray[np.float64]:
    """The matrix that `interpolate` applies to one axis.

    Parameters
    ----------
    n, m : int
        Numbers of input and output samples.
    mode : str
        A mode of `interpolate`; bilinear and trilinear mean linear, since they are linear on each axis.
    align_corners : bool
        As in `interpolate`.
    scale : float, optional
        The scale factor from which the positions are computed, instead of m/n.
    antialias : bool
        As in `interpolate`.

    Returns
    -------
    ndarray, shape (m, n)
        float64; each row sums to 1. Its transpose maps the output's gradient to the input's.

    Raises
    ------
    ValueError, TypeError
        n or m < 1, an unknown mode, options that `interpolate` refuses for the mode.

    Notes
    -----
    Convention: as in `interpolate`. An image is resized as ``vertical @ image @ horizontal.T``.

    References
    ----------
    V. Dumoulin, F. Visin, A guide to convolution arithmetic for deep learning, https://arxiv.org/abs/1603.07285

    Examples
    --------
    >>> from upsample_lib import interpolation_matrix
    >>> interpolation_matrix(2, 4)
    array([[1.  , 0.  ],
           [0.75, 0.25],
           [0.25, 0.75],
           [0.  , 1.  ]])
    """
    n, m = integer("n", n, 1), integer("m", m, 1)
    _check_options(mode, align_corners or None, antialias)
    if scale is not None:
        scale = _positive("scale", scale)
    rule = _resampling.AXIS_RULE[mode]
    return _resampling.dense(_resampling.taps(rule, n, m, align_corners, scale, antialias), n)


def _check_options(mode: str, align_corners: bool | None, antialias: bool) -> None:
    if not isinstance(mode, str) or mode not in _AXES:
        raise ValueError(f"mode must be one of {', '.join(_AXES)}, got {mode!r}")
    if align_corners is not None and not isinstance(align_corners, bool):
        raise TypeError(f"align_corners must be True, False or None, got {align_corners!r}")
    if align_corners is not None and mode in _WITHOUT_CORNERS:
        raise ValueError(f"align_corners must be None with mode={mode!r}, got {align_corners}")
    if antialias and mode not in _ANTIALIASED:
        raise ValueError(f"antialias must be False except with {', '.join(_ANTIALIASED)}, got mode={mode!r}")
    if mode == "lanczos" and not antialias:
        raise ValueError("antialias must be True with mode='lanczos', got False")
    if mode == "lanczos" and align_corners:
        raise ValueError("align_corners must be None or False with mode='lanczos', got True")


def _check_dtype(dtype: str, mode: str, antialias: bool) -> None:
    allowed = ["float32", "float64"] if antialias else ["float16", "bfloat16", "float32", "float64"]
    if mode in _ON_UINT8:
        allowed.append("uint8")
    if dtype not in allowed:
        kind = f"mode={mode!r}" + (", antialias=True" if antialias else "")
        raise TypeError(
            f"input must be {', '.join(allowed)} for {kind}, got {dtype}; convert it to float32 first"
        )


def _positive(name: str, value: object) -> float:
    if not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"{name} must be a number or a sequence of numbers, got {value!r}")
    if not 0 < value < math.inf:
        raise ValueError(f"{name} must be > 0 and finite, got {value!r}")
    return float(value)


def _for_each_axis(name: str, value: Any, axes: int) -> tuple[Any, ...]:
    if not isinstance(value, (tuple, list)):
        return (value,) * axes
    if len(value) != axes:
        raise ValueError(f"{name} must have an entry for each of the {axes} spatial axes, got {tuple(value)}")
    return tuple(value)


def _sizes(
    shape: tuple[int, ...],
    mode: str,
    size: int | Sequence[int] | None,
    scale_factor: float | Sequence[float] | None,
    recompute_scale_factor: bool | None,
) -> tuple[tuple[int, ...], tuple[float | None, ...]]:
    """The output's spatial shape, and for each axis the scale that its positions follow (None: n/m)."""
    if len(shape) - 2 not in _AXES[mode]:
        layouts = " or ".join(_LAYOUTS[axes] for axes in _AXES[mode])
        raise ValueError(f"input must be {layouts} for mode={mode!r}, got shape {shape}")
    if 0 in (shape[2:] if mode == "area" and len(shape) < 5 else shape[1:]):
        raise ValueError(f"input must not be empty on any axis but the batch, got shape {shape}")
    axes = len(shape) - 2
    if (size is None) == (scale_factor is None):
        which = "neither" if size is None else "both"
        raise ValueError(f"exactly one of size and scale_factor must be given, got {which}")
    smallest = 0 if mode == "area" else 1  # torch lets area, which is adaptive pooling, make an empty image
    if size is not None:
        if recompute_scale_factor:
            raise ValueError("recompute_scale_factor must be None or False when size is given, got True")
        if isinstance(size, bool):
            raise TypeError(f"size must be an integer or a sequence of integers, got {size}")
        return tuple(integer("size", m, smallest) for m in _for_each_axis("size", size, axes)), (None,) * axes
    factors = tuple(_positive("scale_factor", f) for f in _for_each_axis("scale_factor", scale_factor, axes))
    if any(n * f >= 2**63 for n, f in zip(shape[2:], factors)):
        raise ValueError(f"scale_factor must keep the output's size below 2⁶³, got {scale_factor}")
    out = tuple(int(n * f) for n, f in zip(shape[2:], factors))
    if min(out) < smallest:
        raise ValueError(
            f"scale_factor must leave a sample on each axis, got {scale_factor} for shape {shape}"
        )
    return out, (None,) * axes if recompute_scale_factor or mode == "area" else factors


def _resample(
    x: NDArray[Any],
    out: tuple[int, ...],
    scales: tuple[float | None, ...],
    mode: str,
    align_corners: bool,
    antialias: bool,
) -> NDArray[Any]:
    if 0 in out or x.size == 0:
        return np.empty((*x.shape[:2], *out), x.dtype)
    rule = _resampling.AXIS_RULE[mode]
    picks = rule.startswith("nearest")
    precision = np.float64 if x.dtype == np.float64 else np.float32
    axes = list(enumerate(zip(x.shape[2:], out, scales)))
    stages: list[tuple[int, _separable.Stage]] = []
    if x.dtype == np.uint8 and not picks:
        work = np.dtype(np.float64)  # holds the integers of the fixed-point arithmetic exactly
        for axis, (n, m, scale) in reversed(axes):  # as torch: the last axis first, equal sizes untouched
            if n != m:
                taps = _resampling.taps(rule, n, m, align_corners, scale, antialias)
                whole, bits = _resampling.fixed_point(taps)
                stages.append((axis, _separable.rounded(_separable.weighted(whole, n), bits)))
        return _separable.along_axes(x, out, stages, work)
    # shrink before growing; for equal ratios the last axis first, because its product is the dearer one
    axes.sort(key=lambda item: (item[1][1] / item[1][0], -item[0]))
    for axis, (n, m, scale) in axes:
        if not picks:
            taps = _resampling.taps(rule, n, m, align_corners, scale, antialias, precision)
            stages.append((axis, _separable.weighted(taps, n)))
        elif len(out) == 2 and sum(out) <= 128:  # torch has another kernel for small images
            index = _resampling.nearest_index_small_image(n, m, rule == "nearest-exact", scale)
            stages.append((axis, _separable.picked(index, n)))
        else:
            index = _resampling.nearest_index(n, m, rule == "nearest-exact", scale, precision)
            stages.append((axis, _separable.picked(index, n)))
    return _separable.along_axes(x, out, stages, x.dtype if picks else np.dtype(precision))
