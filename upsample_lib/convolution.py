"""Convolution and transposed convolution in one, two and three dimensions.

"Convolution" is used as neural networks use it: the kernel is not flipped (cross-correlation). The transposed
convolution is the adjoint of a convolution with the same weight, stride, padding and dilation: an ordinary
layer that maps the shape of a convolution's output to the shape of its input. It does not undo it.
"""

from typing import Any, TypeVar

import numpy as np

from upsample_lib._arguments import PerAxis
from upsample_lib._convolution_checks import check_conv, check_conv_transpose
from upsample_lib._convolution_numpy import Array, correlate
from upsample_lib._paths import on_torch
from upsample_lib._transposed_convolution_numpy import transpose

__all__ = ["conv1d", "conv2d", "conv3d", "conv_transpose1d", "conv_transpose2d", "conv_transpose3d"]

A = TypeVar("A")  # an array or a tensor: what comes in goes out


def conv1d(
    input: A,
    weight: A,
    bias: A | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> A:
    """Convolve over one spatial axis.

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, L) or (C_in, L)
        The feature maps.
    weight : array or tensor, shape (C_out, C_in/groups, k)
        The kernels.
    bias : array or tensor, shape (C_out,), optional
        Added to every pixel of its output channel.
    stride : int or sequence of int
        Step between neighbouring outputs, s.
    padding : int, sequence of int, 'same' or 'valid'
        Zeros added on both sides of the input, p; 'valid' is 0, 'same' keeps the size (stride 1 only).
    dilation : int or sequence of int
        Step between neighbouring kernel taps, d.
    groups : int
        The channels are split into this many groups, each with its own kernels.

    Returns
    -------
    array or tensor, shape (N, C_out, …) or (C_out, …)
        Along each axis m = ⌊(n + 2p − d(k−1) − 1) / s⌋ + 1.

    Convention: no flip; output o sees inputs s·o − p + d·i, i = 0 … k−1; zeros beyond the border. With 'same'
    and an even span the odd zero goes to the end.

    Raises
    ------
    ValueError
        If the shapes do not fit each other or a number is out of range.
    TypeError
        If arrays and tensors, or dtypes, are mixed, or the dtype is not one that PyTorch computes.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html

    Examples
    --------
    >>> x, w = np.array([[1.0, 2, 4, 8]]), np.array([[[1.0, 10]]])
    >>> conv1d(x, w)
    array([[21., 42., 84.]])
    >>> conv1d(x, w, stride=2, padding=1)
    array([[10., 42.,  8.]])
    """
    return _conv(1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: A,
    weight: A,
    bias: A | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> A:
    """Convolve over two spatial axes.

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, H, W) or (C_in, H, W)
        The feature maps.
    weight : array or tensor, shape (C_out, C_in/groups, kH, kW)
        The kernels.
    bias : array or tensor, shape (C_out,), optional
        Added to every pixel of its output channel.
    stride : int or sequence of int
        Step between neighbouring outputs, s.
    padding : int, sequence of int, 'same' or 'valid'
        Zeros added on both sides of the input, p; 'valid' is 0, 'same' keeps the size (stride 1 only).
    dilation : int or sequence of int
        Step between neighbouring kernel taps, d.
    groups : int
        The channels are split into this many groups, each with its own kernels.

    Returns
    -------
    array or tensor, shape (N, C_out, …) or (C_out, …)
        Along each axis m = ⌊(n + 2p − d(k−1) − 1) / s⌋ + 1.

    Convention: no flip; output o sees inputs s·o − p + d·i, i = 0 … k−1; zeros beyond the border. With 'same'
    and an even span the odd zero goes to the end.

    Raises
    ------
    ValueError
        If the shapes do not fit each other or a number is out of range.
    TypeError
        If arrays and tensors, or dtypes, are mixed, or the dtype is not one that PyTorch computes.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html

    Examples
    --------
    >>> x = np.arange(9.0).reshape(1, 3, 3)
    >>> conv2d(x, np.ones((1, 1, 2, 2)))
    array([[[ 8., 12.],
            [20., 24.]]])
    >>> conv2d(x, np.ones((1, 1, 3, 3)), padding="same").shape
    (1, 3, 3)
    """
    return _conv(2, input, weight, bias, stride, padding, dilation, groups)


def conv3d(
    input: A,
    weight: A,
    bias: A | None = None,
    stride: PerAxis = 1,
    padding: PerAxis | str = 0,
    dilation: PerAxis = 1,
    groups: int = 1,
) -> A:
    """Convolve over three spatial axes.

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, D, H, W) or (C_in, D, H, W)
        The feature maps.
    weight : array or tensor, shape (C_out, C_in/groups, kD, kH, kW)
        The kernels.
    bias : array or tensor, shape (C_out,), optional
        Added to every pixel of its output channel.
    stride : int or sequence of int
        Step between neighbouring outputs, s.
    padding : int, sequence of int, 'same' or 'valid'
        Zeros added on both sides of the input, p; 'valid' is 0, 'same' keeps the size (stride 1 only).
    dilation : int or sequence of int
        Step between neighbouring kernel taps, d.
    groups : int
        The channels are split into this many groups, each with its own kernels.

    Returns
    -------
    array or tensor, shape (N, C_out, …) or (C_out, …)
        Along each axis m = ⌊(n + 2p − d(k−1) − 1) / s⌋ + 1.

    Convention: no flip; output o sees inputs s·o − p + d·i, i = 0 … k−1; zeros beyond the border. With 'same'
    and an even span the odd zero goes to the end.

    Raises
    ------
    ValueError
        If the shapes do not fit each other or a number is out of range.
    TypeError
        If arrays and tensors, or dtypes, are mixed, or the dtype is not one that PyTorch computes.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv3d.html

    Examples
    --------
    >>> conv3d(np.ones((1, 2, 2, 2)), np.ones((1, 1, 2, 2, 2)))
    array([[[[8.]]]])
    """
    return _conv(3, input, weight, bias, stride, padding, dilation, groups)


def conv_transpose1d(
    input: A,
    weight: A,
    bias: A | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> A:
    """Transposed convolution over one spatial axis.

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, L) or (C_in, L)
        The feature maps.
    weight : array or tensor, shape (C_in, C_out/groups, k)
        The kernels; input channels come first, unlike in a convolution.
    bias : array or tensor, shape (C_out,), optional
        Added to every pixel of its output channel.
    stride : int or sequence of int
        How far apart neighbouring inputs stamp their kernels, s.
    padding : int or sequence of int
        How many pixels are cropped from both sides of the output, p.
    output_padding : int or sequence of int
        How many pixels less are cropped from the end, a; smaller than stride or dilation.
    groups : int
        The channels are split into this many groups, each with its own kernels.
    dilation : int or sequence of int
        Step between neighbouring kernel taps, d.

    Returns
    -------
    array or tensor, shape (N, C_out, …) or (C_out, …)
        Along each axis m = (n−1)s − 2p + d(k−1) + a + 1.

    Convention: input h adds weight[i]·input[h] to output s·h + d·i − p, for each tap i; what falls outside is
    dropped.

    Raises
    ------
    ValueError
        If the shapes do not fit each other or a number is out of range.
    TypeError
        If arrays and tensors, or dtypes, are mixed, or the dtype is not one that PyTorch computes.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose1d.html

    Examples
    --------
    Each input pixel stamps the kernel; where stamps overlap they add.

    >>> x, w = np.array([[1.0, 2, 4]]), np.array([[[1.0, 10, 100]]])
    >>> conv_transpose1d(x, w, stride=2)
    array([[  1.,  10., 102.,  20., 204.,  40., 400.]])
    >>> conv_transpose1d(x, w, stride=2, padding=1, output_padding=1)
    array([[ 10., 102.,  20., 204.,  40., 400.]])
    """
    return _conv_transpose(1, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    input: A,
    weight: A,
    bias: A | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> A:
    """Transposed convolution over two spatial axes.

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, H, W) or (C_in, H, W)
        The feature maps.
    weight : array or tensor, shape (C_in, C_out/groups, kH, kW)
        The kernels; input channels come first, unlike in a convolution.
    bias : array or tensor, shape (C_out,), optional
        Added to every pixel of its output channel.
    stride : int or sequence of int
        How far apart neighbouring inputs stamp their kernels, s.
    padding : int or sequence of int
        How many pixels are cropped from both sides of the output, p.
    output_padding : int or sequence of int
        How many pixels less are cropped from the end, a; smaller than stride or dilation.
    groups : int
        The channels are split into this many groups, each with its own kernels.
    dilation : int or sequence of int
        Step between neighbouring kernel taps, d.

    Returns
    -------
    array or tensor, shape (N, C_out, …) or (C_out, …)
        Along each axis m = (n−1)s − 2p + d(k−1) + a + 1.

    Convention: input h adds weight[i]·input[h] to output s·h + d·i − p, for each tap i; what falls outside is
    dropped.

    Raises
    ------
    ValueError
        If the shapes do not fit each other or a number is out of range.
    TypeError
        If arrays and tensors, or dtypes, are mixed, or the dtype is not one that PyTorch computes.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html

    Examples
    --------
    >>> x = np.array([[[1.0, 2], [3, 4]]])
    >>> conv_transpose2d(x, np.ones((1, 1, 2, 2)), stride=2)
    array([[[1., 1., 2., 2.],
            [1., 1., 2., 2.],
            [3., 3., 4., 4.],
            [3., 3., 4., 4.]]])
    """
    return _conv_transpose(2, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose3d(
    input: A,
    weight: A,
    bias: A | None = None,
    stride: PerAxis = 1,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    groups: int = 1,
    dilation: PerAxis = 1,
) -> A:
    """Transposed convolution over three spatial axes.

    Parameters
    ----------
    input : array or tensor, shape (N, C_in, D, H, W) or (C_in, D, H, W)
        The feature maps.
    weight : array or tensor, shape (C_in, C_out/groups, kD, kH, kW)
        The kernels; input channels come first, unlike in a convolution.
    bias : array or tensor, shape (C_out,), optional
        Added to every pixel of its output channel.
    stride : int or sequence of int
        How far apart neighbouring inputs stamp their kernels, s.
    padding : int or sequence of int
        How many pixels are cropped from both sides of the output, p.
    output_padding : int or sequence of int
        How many pixels less are cropped from the end, a; smaller than stride or dilation.
    groups : int
        The channels are split into this many groups, each with its own kernels.
    dilation : int or sequence of int
        Step between neighbouring kernel taps, d.

    Returns
    -------
    array or tensor, shape (N, C_out, …) or (C_out, …)
        Along each axis m = (n−1)s − 2p + d(k−1) + a + 1.

    Convention: input h adds weight[i]·input[h] to output s·h + d·i − p, for each tap i; what falls outside is
    dropped.

    Raises
    ------
    ValueError
        If the shapes do not fit each other or a number is out of range.
    TypeError
        If arrays and tensors, or dtypes, are mixed, or the dtype is not one that PyTorch computes.

    References
    ----------
    https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose3d.html

    Examples
    --------
    >>> conv_transpose3d(np.ones((3, 4, 4, 4)), np.ones((3, 2, 4, 4, 4)), stride=2, padding=1).shape
    (2, 8, 8, 8)
    """
    return _conv_transpose(3, input, weight, bias, stride, padding, output_padding, groups, dilation)


def _conv(
    axes: int,
    input: A,
    weight: Any,
    bias: Any,
    stride: PerAxis,
    padding: PerAxis | str,
    dilation: PerAxis,
    groups: int,
) -> A:
    tensors = on_torch(input=input, weight=weight, bias=bias)
    layer = check_conv(axes, input, weight, bias, stride, padding, dilation, groups, tensors)
    x: Any = input
    y: Any
    if tensors:
        from upsample_lib.torch_path import convolution as torch_path

        y = torch_path.conv(axes, x, weight, bias, layer, padding if isinstance(padding, str) else None)
    elif weight.shape[1] == 0:
        # no input channels: PyTorch answers with no output channels
        y = np.zeros((*x.shape[:-axes], *layer.out_size), x.dtype)
    else:
        y = _finished(axes, correlate(*_computed(axes, x, weight), layer), bias, x)
    return y  # type: ignore[no-any-return]


def _conv_transpose(
    axes: int,
    input: A,
    weight: Any,
    bias: Any,
    stride: PerAxis,
    padding: PerAxis,
    output_padding: PerAxis,
    groups: int,
    dilation: PerAxis,
) -> A:
    tensors = on_torch(input=input, weight=weight, bias=bias)
    layer = check_conv_transpose(
        axes, input, weight, bias, stride, padding, output_padding, groups, dilation, tensors
    )
    x: Any = input
    y: Any
    if tensors:
        from upsample_lib.torch_path import convolution as torch_path

        y = torch_path.conv_transpose(axes, x, weight, bias, layer)
    else:
        y = _finished(axes, transpose(*_computed(axes, x, weight), layer), bias, x)
    return y  # type: ignore[no-any-return]


def _computed(axes: int, input: Array, weight: Array) -> tuple[Array, Array]:
    """Input (with a batch axis) and weight, contiguous and in the dtype that is computed in."""
    x = input if input.ndim == axes + 2 else input[None]
    # sums of float16 are kept in float32 and rounded once, as PyTorch does
    dtype = np.float32 if input.dtype == np.float16 else input.dtype
    return np.ascontiguousarray(x, dtype), np.ascontiguousarray(weight, dtype)


def _finished(axes: int, y: Array, bias: Array | None, input: Array) -> Array:
    """Bias added, dtype and batch axis as the input has them."""
    if bias is not None:
        y += bias.astype(y.dtype, copy=False).reshape(-1, *(1,) * axes)
    y = y.astype(input.dtype, copy=False)
    return y if input.ndim == axes + 2 else y[0]
