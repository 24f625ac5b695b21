"""Converters between equal upsampling layers: weights are carried over, outputs agree, borders included.

- transposed convolution ≡ q × q convolution, pixel shuffle, crop (q = ⌈k/s⌉);
- nearest upsampling ×s, then a k × k convolution ≡ a transposed convolution with the tied kernel
  flip(w) ∗ ones(s, s) of size k + s − 1. The reverse exists only for kernels of that form.
"""

from typing import TypeVar

import torch
from torch import Tensor, nn

from upsample_lib.nn._parts import nearest_conv_parts, subpixel_parts, transposed_parts
from upsample_lib.nn._stamp import (
    Pair,
    Stamp,
    box_matrix,
    each,
    stamp_of_nearest,
    stamp_of_subpixel,
    stamp_of_transposed,
    tolerance,
)
from upsample_lib.nn.shuffled_conv import Ends, ShuffledConv

__all__ = [
    "nearest_conv_from_transposed",
    "subpixel_from_transposed",
    "transposed_from_nearest_conv",
    "transposed_from_subpixel",
]

Layer = TypeVar("Layer", nn.Conv2d, nn.ConvTranspose2d)


def subpixel_from_transposed(layer: nn.Module, *, crop: bool = True) -> ShuffledConv:
    """Write a transposed convolution as a convolution and a pixel shuffle with the same outputs.

    With the kernel filled up to q·s taps (q = ⌈k/s⌉), every one of the s² output phases is a stride-1
    convolution with a q × q window, and all phases share the window: one convolution with s² times the
    channels.

    Parameters
    ----------
    layer : nn.ConvTranspose2d or Transposed
        With equal strides on both axes; any kernel size, padding, output_padding, dilation, groups.
    crop : bool
        True: the smallest window; the shuffled map then has up to s − 1 positions too many at each end, named
        in the result's `crop`. None are if s divides both the padding and the kernel size. False: the window
        is enlarged so that nothing need be cropped (k4 s2 p1: 3 × 3 instead of 2 × 2).

    Returns
    -------
    ShuffledConv
        New parameters with the same values, dtype and device.

    Raises
    ------
    TypeError
        If layer is not a transposed convolution on two axes.
    ValueError
        If the strides differ; if crop is False and the output size is not a multiple of s.

    References
    ----------
    Shi et al., "Is the deconvolution layer the same as a convolutional layer?",
    https://arxiv.org/abs/1609.07009

    Examples
    --------
    >>> layer = nn.ConvTranspose2d(8, 4, 4, stride=2, padding=1)
    >>> equal = subpixel_from_transposed(layer)
    >>> equal
    ShuffledConv(
      pad=((0, 0), (0, 0)), crop=((1, 1), (1, 1))
      (conv): Conv2d(8, 16, kernel_size=(2, 2), stride=(1, 1), padding=(1, 1))
      (shuffle): PixelShuffle(upscale_factor=2)
    )
    >>> x = torch.rand(1, 8, 5, 7)
    >>> torch.allclose(equal(x), layer(x), atol=1e-6)
    True
    >>> subpixel_from_transposed(layer, crop=False).conv
    Conv2d(8, 16, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
    """
    source = transposed_parts(layer)
    stamp = stamp_of_transposed(source)
    s = stamp.stride[0]
    if stamp.stride[1] != s:
        raise ValueError(f"layer must have the same stride on both axes, got {stamp.stride}")
    if not crop:
        excess = each(lambda k, b, a: (k - b - a) % s, stamp.size, stamp.before, stamp.after)
        if any(excess):
            raise ValueError(
                f"crop must be True where the output size is not a multiple of the stride {s}, got False"
            )
        # zero taps in front until the crop is a whole number of phases
        stamp = stamp.with_zero_taps(front=each(lambda b: -b % s, stamp.before), back=(0, 0))
    stamp = stamp.with_zero_taps(front=(0, 0), back=each(lambda k: -k % s, stamp.size))
    q = each(lambda k: k // s, stamp.size)
    g, inputs = stamp.groups, stamp.kernel.shape[0]
    # tap (q − 1 − u)·s + a becomes window position u of phase a
    phases = stamp.kernel.reshape(g, inputs // g, -1, q[0], s, q[1], s).flip(3, 5)
    weight = phases.permute(0, 2, 4, 6, 1, 3, 5).reshape(-1, inputs // g, *q)
    bias = None if stamp.bias is None else stamp.bias.repeat_interleave(s * s)
    # s·(q − 1 − pad) + cut positions are cropped at each end
    rows, columns = (
        [(q[axis] - 1 - end[axis] // s, end[axis] % s) for end in (stamp.before, stamp.after)]
        for axis in (0, 1)
    )
    pad = (rows[0][0], rows[1][0]), (columns[0][0], columns[1][0])
    cut = (rows[0][1], rows[1][1]), (columns[0][1], columns[1][1])
    own, pad = _own_padding(pad)
    return ShuffledConv(_conv(weight, bias, own, g, source.weight), s, pad, cut)


def transposed_from_subpixel(layer: nn.Module) -> nn.ConvTranspose2d:
    """Write a convolution followed by a pixel shuffle as one transposed convolution with the same outputs.

    A q × q window becomes a kernel of q·s taps with padding (q − 1 − p)·s. Trailing zero taps (fewer than s)
    are left out, so that a layer from `subpixel_from_transposed` comes back with its own kernel size.

    Parameters
    ----------
    layer : Subpixel, ShuffledConv or nn.Sequential(nn.Conv2d, nn.PixelShuffle)
        The convolution has stride 1 and pads with zeros.

    Returns
    -------
    nn.ConvTranspose2d
        New parameters with the same values, dtype and device.

    Raises
    ------
    TypeError
        If layer is none of these.
    ValueError
        If the convolution is strided or pads with something else than zeros, or if its bias differs between
        the phases of a channel.

    Examples
    --------
    >>> layer = nn.Sequential(nn.Conv2d(8, 16, 3, padding=1), nn.PixelShuffle(2))
    >>> _ = layer[0].bias.data.zero_()
    >>> transposed_from_subpixel(layer)
    ConvTranspose2d(8, 4, kernel_size=(6, 6), stride=(2, 2), padding=(2, 2))
    """
    conv, s, pad, crop = subpixel_parts(layer)
    return _write_transposed(stamp_of_subpixel(conv, s, pad, crop), conv.weight)


def transposed_from_nearest_conv(layer: nn.Module) -> nn.ConvTranspose2d:
    """Write nearest upsampling followed by a convolution as one transposed convolution with the same outputs.

    The kernel is flip(w) ∗ ones(s, s), of size k + s − 1, with stride s; for odd k and padding k // 2 its
    padding is k // 2 too. It works on the small map: s² times fewer positions are read.

    Parameters
    ----------
    layer : NearestConv or nn.Sequential(nn.Upsample(scale_factor=s, mode="nearest"), nn.Conv2d)
        The convolution has stride 1 and pads with zeros. An nn.ZeroPad2d may stand between the two.

    Returns
    -------
    nn.ConvTranspose2d
        New parameters with the same dtype and device. Training moves the taps independently: tie the kernel
        (keep `layer` and convert again) if it is to stay a resize-convolution.

    Raises
    ------
    TypeError
        If layer is none of these.
    ValueError
        If the scale factor is not a whole number, or the convolution is strided or pads with something else
        than zeros.

    Examples
    --------
    >>> from upsample_lib.nn import NearestConv
    >>> layer = NearestConv(8, 4, scale=2)
    >>> equal = transposed_from_nearest_conv(layer)
    >>> equal
    ConvTranspose2d(8, 4, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))
    >>> x = torch.rand(1, 8, 5, 7)
    >>> torch.allclose(equal(x), layer(x), atol=1e-6)
    True
    """
    conv, scale, pad = nearest_conv_parts(layer)
    return _write_transposed(stamp_of_nearest(conv, scale, pad), conv.weight)


def nearest_conv_from_transposed(layer: nn.Module) -> nn.Sequential:
    """Write a transposed convolution as nearest upsampling and a convolution, where its kernel allows that.

    The kernel must be a box of s × s ones convolved with something: a k × k kernel has k² free numbers, the
    result's convolution (k − s + 1)².

    Parameters
    ----------
    layer : nn.ConvTranspose2d or Transposed
        Any stride, padding, output_padding, dilation, groups.

    Returns
    -------
    nn.Sequential
        Of nn.Upsample, nn.ZeroPad2d where the padding differs between the ends, nn.Conv2d. New parameters
        with the same dtype and device.

    Raises
    ------
    TypeError
        If layer is not a transposed convolution on two axes.
    ValueError
        If the kernel is smaller than the stride or is not of that form (beyond rounding).

    Examples
    --------
    >>> layer = nn.ConvTranspose2d(1, 1, 4, stride=2, padding=1)
    >>> from upsample_lib.nn import bilinear_
    >>> _ = bilinear_(layer.weight, 2)  # bilinear is nearest, smoothed by 1/4, 1/2, 1/4
    >>> nearest_conv_from_transposed(layer)[1].weight[0, 0].sum(0).tolist()
    [0.25, 0.5, 0.25]
    """
    source = transposed_parts(layer)
    stamp = stamp_of_transposed(source)
    k = each(lambda size, s: size - s + 1, stamp.size, stamp.stride)
    if min(k) < 1:
        raise ValueError(
            f"layer must have a kernel no smaller than its stride {stamp.stride}, got {stamp.size}"
        )
    rows, columns = (box_matrix(size, s).to(stamp.kernel.dtype) for size, s in zip(k, stamp.stride))
    inner = torch.linalg.pinv(rows) @ stamp.kernel @ torch.linalg.pinv(columns).T
    error = (rows @ inner @ columns.T - stamp.kernel).abs().max().item()
    largest = stamp.kernel.abs().max().item()
    if error > tolerance(source.weight) * largest:
        raise ValueError(
            "layer must have a kernel that is a box of ones, one stride wide, convolved with a smaller "
            f"kernel; got one that is {error / largest:.2g} of its largest tap away from that form"
        )
    g = stamp.groups
    weight = inner.reshape(g, -1, *inner.shape[1:]).transpose(1, 2).flatten(0, 1).flip(-2, -1)
    pad = tuple((k[a] - 1 - stamp.before[a], k[a] - 1 - stamp.after[a]) for a in (0, 1))
    own, ((top, bottom), (left, right)) = _own_padding((pad[0], pad[1]))
    layers: list[nn.Module] = [nn.Upsample(scale_factor=stamp.stride, mode="nearest")]
    if any((top, bottom, left, right)):
        layers.append(nn.ZeroPad2d((left, right, top, bottom)))
    return nn.Sequential(*layers, _conv(weight, stamp.bias, own, g, source.weight))


def _write_transposed(stamp: Stamp, like: Tensor) -> nn.ConvTranspose2d:
    """Padding p crops both ends and output_padding a < s gives back at the far end."""
    # before = p and after = p − a: zero taps in front until p ≥ 0 and a ≥ 0, then behind until a < s
    front = each(lambda b, a: max(0, -b, a - b), stamp.before, stamp.after)
    stamp = stamp.with_zero_taps(front=front, back=(0, 0))
    back = each(lambda b, a, s: max(0, b - a - (s - 1)), stamp.before, stamp.after, stamp.stride)
    stamp = stamp.with_zero_taps(front=(0, 0), back=back)
    inputs, outputs = stamp.kernel.shape[0], stamp.kernel.shape[1] * stamp.groups
    layer = nn.ConvTranspose2d(
        inputs,
        outputs,
        stamp.size,
        stamp.stride,
        padding=stamp.before,
        output_padding=each(lambda b, a: b - a, stamp.before, stamp.after),
        groups=stamp.groups,
        bias=stamp.bias is not None,
        device=like.device,
        dtype=like.dtype,
    )
    return _filled(layer, stamp.kernel, stamp.bias)


def _conv(weight: Tensor, bias: Tensor | None, padding: Pair, groups: int, like: Tensor) -> nn.Conv2d:
    layer = nn.Conv2d(
        weight.shape[1] * groups,
        weight.shape[0],
        (weight.shape[2], weight.shape[3]),
        padding=padding,
        groups=groups,
        bias=bias is not None,
        device=like.device,
        dtype=like.dtype,
    )
    return _filled(layer, weight, bias)


def _filled(layer: Layer, weight: Tensor, bias: Tensor | None) -> Layer:
    with torch.no_grad():
        layer.weight.copy_(weight)
        if layer.bias is not None and bias is not None:
            layer.bias.copy_(bias)
    return layer


def _own_padding(pad: Ends) -> tuple[Pair, Ends]:
    """The part of `pad` that the convolution's own, symmetric padding can do, and the rest."""
    own = tuple(max(0, start) if start == end else 0 for start, end in pad)
    rest = tuple((start - o, end - o) for (start, end), o in zip(pad, own))
    return (own[0], own[1]), (rest[0], rest[1])
