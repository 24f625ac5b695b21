"""Nearest upsampling and a convolution without the enlarged map: same numbers, fewer multiplications.

Enlarging a map s times by copying and convolving it with k × k weights w equals, borders included, one
transposed convolution of stride s with the *tied* kernel flip(w) ∗ ones(s, s) of size k + s − 1: of (s·k)²
multiplications a position (k + s − 1)² are left. As convolution is associative, the ones may also wait: a
transposed convolution with flip(w) alone makes each product once, k² a position, and sums over s × s windows
hand it to all outputs that need it.
"""

import functools
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from upsample_lib._arguments import PerAxis, integer
from upsample_lib._convolution_checks import check_tied_kernel, check_upsample_conv
from upsample_lib._paths import on_torch
from upsample_lib.convolution import conv_transpose2d

__all__ = ["tied_kernel", "upsample_conv2d"]

A = TypeVar("A")  # an array or a tensor: what comes in goes out

# Measured: with fewer input channels to sum over, the sums over windows take longer than what they save.
_ENOUGH_CHANNELS = 8


def upsample_conv2d(input: A, weight: A, bias: A | None = None, scale: PerAxis = 2, groups: int = 1) -> A:
    """Enlarge by nearest neighbour, then convolve and keep the size, without making the enlarged map.

    Equal, with all gradients, to `conv2d(interpolate(input, scale_factor=scale), weight, bias,
    padding=k // 2, groups=groups)` up to rounding.

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, H, W) or (C_in, H, W)
        The feature maps: float16, bfloat16 (tensors), float32 or float64.
    weight : array or tensor, shape (C_out, C_in/groups, kH, kW)
        The weights of the convolution, as `conv2d` takes them; kH and kW are odd.
    bias : array or tensor, shape (C_out,), optional
        Added to every pixel of its output channel.
    scale : int or sequence of int
        The factor of the enlargement, s, at least 1.
    groups : int
        The channels are split into this many groups, each with its own kernels.

    Returns
    -------
    array or tensor, shape (N, C_out, s·H, s·W) or (C_out, s·H, s·W)

    Convention: output q sees the enlarged pixels q − k // 2 … q + k // 2, and enlarged pixel e is input
    ⌊e / s⌋; zeros beyond the border.

    What is computed is decided by shape: a transposed convolution with the weights and sums after it; one
    with the tied kernel, where input channels are few; or the pair itself, where maps are so small that
    neither would save anything. That was measured on CPUs; on other devices tensors always take the tied
    kernel. `nn.UpsampleConv2d` keeps that kernel between calls.

    Raises
    ------
    ValueError
        If the shapes do not fit each other, the kernel size is even or a number is out of range.
    TypeError
        If arrays and tensors, or dtypes, are mixed, or the dtype is not a float.

    References
    ----------
    I. Colbert et al., An Energy-Efficient Edge Computing Paradigm for Convolution-Based Image Upsampling,
    2021, https://arxiv.org/abs/2107.07647: the tied kernel

    T. Karras et al., Analyzing and Improving the Image Quality of StyleGAN, 2020,
    https://arxiv.org/abs/1912.04958: a transposed convolution and a filter after it, `upsample_conv_2d` in
    their code

    Examples
    --------
    >>> x, w = np.array([[[1.0, 10.0]]]), np.array([[[[2.0, 3.0, 5.0]]]])
    >>> upsample_conv2d(x, w, scale=(1, 2))  # 1 1 10 10 under 2 3 5
    array([[[ 8., 55., 82., 50.]]])
    """
    tensors = on_torch(input=input, weight=weight, bias=bias)
    scales, groups = check_upsample_conv(input, weight, bias, scale, groups, tensors)
    x: Any = input
    w: Any = weight
    y: Any
    if tensors:
        from upsample_lib.torch_path import upsample_convolution as torch_path

        b: Any = bias
        y = torch_path.upsample_conv(x, w, b, scales, groups)
    elif w.shape[1] >= _ENOUGH_CHANNELS:
        y = _box(x, w, bias, scales, groups)
    else:
        kernel = _tied(w, scales, groups).astype(x.dtype, copy=False)
        y = conv_transpose2d(
            x, kernel, bias, stride=scales, padding=(w.shape[2] // 2, w.shape[3] // 2), groups=groups
        )
    return y  # type: ignore[no-any-return]


def tied_kernel(weight: A, scale: PerAxis = 2, groups: int = 1) -> A:
    """Kernel of the transposed convolution that equals nearest upsampling and a convolution.

    Parameters
    ----------
    weight : array or tensor, shape (C_out, C_in/groups, kH, kW)
        The weights of the convolution; kH and kW are odd.
    scale : int or sequence of int
        The factor of the enlargement, s, at least 1: the stride of the transposed convolution.
    groups : int
        Of the convolution.

    Returns
    -------
    array or tensor, shape (C_in, C_out/groups, kH + s − 1, kW + s − 1)
        flip(weight) ∗ ones(s, s) with the channel axes swapped: the weight of a `conv_transpose2d` with
        stride s, padding k // 2 and the same groups. A tensor's is differentiable.

    Raises
    ------
    ValueError
        If the weight has not four axes, the kernel size is even, or groups do not divide the output channels.
    TypeError
        If the weight is neither an array nor a tensor, or a number is not an integer.

    References
    ----------
    I. Colbert et al., An Energy-Efficient Edge Computing Paradigm for Convolution-Based Image Upsampling,
    2021, https://arxiv.org/abs/2107.07647

    Examples
    --------
    >>> tied_kernel(np.array([[[[1.0, 10.0, 100.0]]]]), scale=(1, 2))
    array([[[[100., 110.,  11.,   1.]]]])
    """
    tensors = on_torch(weight=weight)
    scales = check_tied_kernel(weight, scale)
    w: Any = weight
    groups = integer("groups", groups, 1)
    if w.shape[0] % groups:
        raise ValueError(f"groups must divide the {w.shape[0]} output channels of weight, got {groups}")
    kernel: Any
    if tensors:
        from upsample_lib.torch_path import upsample_convolution as torch_path

        kernel = torch_path.tied_kernel(w, scales, groups)
    else:
        kernel = np.ascontiguousarray(_tied(w, scales, groups), w.dtype)
    return kernel  # type: ignore[no-any-return]


@functools.lru_cache(maxsize=64)
def smearing(kernel: tuple[int, int], scale: tuple[int, int]) -> npt.NDArray[np.float64]:
    """(K², k²): the matrix that flips k × k taps and smears each over s × s places, K = k + s − 1."""
    rows, columns = (
        np.array([[float(k - 1 - t <= u < k - 1 - t + s) for t in range(k)] for u in range(k + s - 1)])
        for k, s in zip(kernel, scale)
    )
    matrix = np.kron(rows, columns)
    matrix.flags.writeable = False
    return matrix


def borders(kernel: tuple[int, int], scale: tuple[int, int]) -> tuple[list[int], list[int]]:
    """Of the crop by k // 2: what the transposed convolution cuts off; the zeros that the sums still need."""
    beyond = [k // 2 - (s - 1) for k, s in zip(kernel, scale)]
    return [max(b, 0) for b in beyond], [max(-b, 0) for b in beyond]


def _box(x: Any, weight: Any, bias: Any, scale: tuple[int, int], groups: int) -> npt.NDArray[Any]:
    """The transposed convolution with the weights themselves, then the sums."""
    (c_out, per_group, *k), dtype = weight.shape, np.result_type(x, np.float32)
    taps = weight.reshape(groups, c_out // groups, per_group, *k).swapaxes(1, 2)[..., ::-1, ::-1]
    kernel = taps.reshape(groups * per_group, c_out // groups, *k).astype(dtype, copy=False)
    cut, padding = borders((k[0], k[1]), scale)
    y = conv_transpose2d(x.astype(dtype, copy=False), kernel, stride=scale, padding=cut, groups=groups)
    for axis, s, p in zip((-2, -1), scale, padding):
        y = _sums(y, axis, s, p)
    if bias is not None:
        y += bias[:, None, None]
    result: npt.NDArray[Any] = y.astype(x.dtype, copy=False)
    return result


def _sums(x: npt.NDArray[Any], axis: int, length: int, padding: int) -> npt.NDArray[Any]:
    """Over windows along an axis, with zeros at both ends."""
    if length == 1:
        return x
    if padding:
        x = np.pad(x, [(padding if a == axis % x.ndim else 0,) * 2 for a in range(x.ndim)])
    places = np.moveaxis(x, axis, 0)
    outputs = len(places) - length + 1
    total = places[:outputs] + places[1 : outputs + 1]
    for start in range(2, length):
        total += places[start : start + outputs]
    return np.moveaxis(total, 0, axis)


def _tied(weight: npt.NDArray[Any], scale: tuple[int, int], groups: int) -> npt.NDArray[Any]:
    c_out, per_group, *k = weight.shape
    # sums of float16 are kept in float32
    dtype = np.float32 if weight.dtype == np.float16 else weight.dtype
    taps = weight.astype(dtype, copy=False).reshape(groups, c_out // groups, per_group, k[0] * k[1])
    matrix = smearing((k[0], k[1]), scale).T.astype(dtype, copy=False)
    size = (length + s - 1 for length, s in zip(k, scale))
    kernel: npt.NDArray[Any] = (taps.swapaxes(1, 2) @ matrix).reshape(
        groups * per_group, c_out // groups, *size
    )
    return kernel
