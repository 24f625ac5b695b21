"""One stage of an encoder or a decoder: a few 3 × 3 convolutions, each followed by ReLU."""

from itertools import pairwise
from typing import Literal

from torch import nn

from upsample_lib._arguments import integer

__all__ = ["Norm", "conv_stage"]

Norm = Literal["batch"] | None


def normalised(norm: Norm) -> bool:
    """Whether `norm` asks for batch normalisation; refuses what is neither "batch" nor None."""
    if norm not in ("batch", None):
        raise ValueError(f"norm must be 'batch' or None, got {norm!r}")
    return norm == "batch"


def norm_relu(channels: int, norm: Norm) -> list[nn.Module]:
    """What follows each convolution."""
    return [nn.BatchNorm2d(channels)] * normalised(norm) + [nn.ReLU(inplace=True)]


def conv_norm_relu(
    in_channels: int, out_channels: int, norm: Norm = "batch", padding: int = 1
) -> list[nn.Module]:
    """Convolution 3 × 3, batch normalisation if asked for, ReLU.

    The convolution has a bias only where no normalisation follows: that would subtract it again. Its weights
    are drawn as He et al. (https://arxiv.org/abs/1502.01852) derive for ReLU and as U-Net's paper prescribes:
    standard deviation √(2 / (9 C_in)).
    """
    conv = nn.Conv2d(in_channels, out_channels, 3, padding=padding, bias=not normalised(norm))
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)
    return [conv, *norm_relu(out_channels, norm)]


def conv_stage(
    in_channels: int, out_channels: int, convs: int = 2, norm: Norm = "batch", padding: int = 1
) -> nn.Sequential:
    """`convs` convolutions 3 × 3, each followed by ReLU.

    Parameters
    ----------
    in_channels, out_channels : int
        C_in of the first convolution and C_out of all.
    convs : int
        How many.
    norm : "batch" or None
        Batch normalisation between each convolution and its ReLU, or none.
    padding : int
        1 keeps the size, 0 takes 2 pixels off each axis for each convolution.

    Returns
    -------
    nn.Sequential

    Raises
    ------
    ValueError
        If `norm` is unknown or a number is out of range.

    Examples
    --------
    >>> import torch
    >>> conv_stage(1, 8, padding=0)(torch.ones(1, 1, 9, 10)).shape
    torch.Size([1, 8, 5, 6])
    """
    widths = [integer("in_channels", in_channels, 1)]
    widths += [integer("out_channels", out_channels, 1)] * integer("convs", convs, 1)
    layers: list[nn.Module] = []
    for before, after in pairwise(widths):
        layers += conv_norm_relu(before, after, norm, padding)
    return nn.Sequential(*layers)
