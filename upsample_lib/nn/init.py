"""Initialisers with which an upsampling layer starts as plain interpolation."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.init import kaiming_uniform_

from upsample_lib._arguments import PerAxis, integer, per_axis

__all__ = ["bilinear_", "icnr_"]


def bilinear_(weight: Tensor, stride: PerAxis, groups: int = 1) -> Tensor:
    """Fill the weight of a transposed convolution so that it interpolates linearly, each channel alone.

    Along an axis, tap t is `1 − |t − (k − 1)/2| / s` with k = 2s − (s mod 2). Every phase of the kernel sums
    to 1 and the whole kernel to s (s² in two dimensions), so that a constant stays the same constant. Only
    the pairs (c, c) of channels get the kernel; all others get 0. A kernel in every pair would add the
    channels up.

    Parameters
    ----------
    weight : Tensor, shape (C, C / groups, k, …)
        Of ConvTranspose1d, 2d or 3d, changed in place. C_in must equal C_out, and the kernel size must be
        2s − (s mod 2) along each axis.
    stride : int or sequence of int
        s of the layer.
    groups : int
        Of the layer.

    Returns
    -------
    Tensor
        `weight`.

    Convention: with padding (k − s) / 2 the layer gives s·n positions with the half-pixel centres of
    `interpolate(…, align_corners=False)`. It equals that inside; at the borders it fades to zero padding
    (0.75 at an edge and 0.5625 in a corner for s = 2 and an image of ones) where `interpolate` repeats the
    last pixel.

    Raises
    ------
    ValueError
        If the shape does not fit the stride or the groups, or a channel would not map to itself.

    References
    ----------
    Long, Shelhamer, Darrell, "Fully Convolutional Networks", https://arxiv.org/abs/1411.4038

    Examples
    --------
    >>> layer = torch.nn.ConvTranspose2d(3, 3, 4, stride=2, padding=1)
    >>> _ = bilinear_(layer.weight, stride=2)
    >>> layer.weight[0, 0, 1].tolist()
    [0.1875, 0.5625, 0.5625, 0.1875]
    >>> layer.weight[0, 1].abs().sum().item()
    0.0
    """
    axes = weight.ndim - 2
    if axes not in (1, 2, 3):
        raise ValueError(f"weight must have 3, 4 or 5 axes (C_in, C_out/groups, …), got {weight.ndim}")
    strides = per_axis("stride", stride, axes, 1)
    parts = integer("groups", groups, 1)
    for k, s in zip(weight.shape[2:], strides):
        if k != 2 * s - s % 2:
            raise ValueError(f"weight must have kernel size {2 * s - s % 2} for stride {s}, got {k}")
    inputs, outputs = weight.shape[0], weight.shape[1] * parts
    if inputs != outputs:
        raise ValueError(
            f"weight must map every channel to itself, so C_in must equal C_out; got {inputs} and {outputs}"
        )
    kernel = torch.ones((), dtype=weight.dtype, device=weight.device)
    for k, s in zip(weight.shape[2:], strides):
        distance = (torch.arange(k, dtype=weight.dtype, device=weight.device) - (k - 1) / 2).abs()
        kernel = kernel[..., None] * (1 - distance / s)
    with torch.no_grad():
        weight.zero_()
        channel = torch.arange(inputs, device=weight.device)
        # within its group, channel c is number c mod C/groups
        weight[channel, channel % weight.shape[1]] = kernel
    return weight


def icnr_(weight: Tensor, scale: int, initializer: Callable[[Tensor], Any] = kaiming_uniform_) -> Tensor:
    """Fill the weight (or bias) of a convolution before PixelShuffle to start as nearest upsampling.

    One filter is drawn for each output channel and repeated for its s² phases. They lie next to each other in
    the order of `pixel_shuffle` (channel c becomes channels c·s², …, c·s² + s² − 1), hence
    `repeat_interleave` and not `repeat`. The layer then equals a convolution with the drawn filters followed
    by nearest upsampling, provided that the bias is the same in all phases too: `icnr_(bias, scale,
    torch.nn.init.zeros_)`.

    Parameters
    ----------
    weight : Tensor, shape (C_out · s², C_in / groups, k_h, k_w), or a bias of shape (C_out · s²,)
        Changed in place.
    scale : int
        s, the upscale factor of the pixel shuffle.
    initializer : callable
        Fills a tensor (C_out, …) in place, such as the functions of `torch.nn.init`.

    Returns
    -------
    Tensor
        `weight`.

    Raises
    ------
    ValueError
        If the first axis is not a multiple of s².

    References
    ----------
    Aitken et al., "Checkerboard artifact free sub-pixel convolution", https://arxiv.org/abs/1707.02937

    Examples
    --------
    >>> layer = torch.nn.Conv2d(8, 3 * 2**2, 3, padding=1)
    >>> _ = icnr_(layer.weight, scale=2)
    >>> bool((layer.weight[:4] == layer.weight[0]).all()), bool((layer.weight[4] == layer.weight[0]).all())
    (True, False)
    """
    phases = integer("scale", scale, 1) ** 2
    if weight.ndim == 0 or weight.shape[0] % phases:
        raise ValueError(
            f"weight must have a multiple of scale² = {phases} output channels, "
            f"got shape {tuple(weight.shape)}"
        )
    drawn = torch.empty(
        (weight.shape[0] // phases, *weight.shape[1:]), dtype=weight.dtype, device=weight.device
    )
    initializer(drawn)
    with torch.no_grad():
        weight.copy_(drawn.repeat_interleave(phases, dim=0))
    return weight
