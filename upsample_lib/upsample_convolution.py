"""Nearest upsampling and a convolution as one transposed convolution: same numbers, fewer multiplications.

Enlarging a map s times by copying and convolving it with k × k weights w equals, borders included, one
transposed convolution of stride s with the *tied* kernel flip(w) ∗ ones(s, s) of size k + s − 1. The enlarged
map is never made, and of (s·k)² multiplications a position (k + s − 1)² are left.
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

    Which of the two forms computes a tensor is decided by shape: the transposed convolution, unless the maps
    are so small that making its kernel would cost more than it saves, or the input channels (of a group) so
    few that there is nothing to save. That was measured on CPUs; elsewhere the transposed convolution is
    always taken. `nn.UpsampleConv2d` keeps the kernel between calls.

    Raises
    ------
    ValueError
        If the shapes do not fit each other, the kernel size is even or a number is out of range.
    TypeError
        If arrays and tensors, or dtypes, are mixed, or the dtype is not a float.

    References
    ----------
    I. Colbert et al., An Energy-Efficient Edge Computing Paradigm for Convolution-Based Image Upsampling,
    2021, https://arxiv.org/abs/2107.07647

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
