"""SegNet: an encoder, and a decoder that puts each value back where max pooling found it."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from upsample_lib._arguments import integer, per_axis
from upsample_lib.nn.conv_stage import Norm, conv_norm_relu, conv_stage, norm_relu, normalised
from upsample_lib.nn.unpooling import MaxUnpoolConv

__all__ = ["SegNet"]


class SegNet(nn.Module):
    """Encoder–decoder without skip connections: only the indices of the maxima cross from one to the other.

    Each encoder stage is a few 3 × 3 convolutions and a 2 × 2 max pooling; the decoder mirrors it, starting
    each stage with the unpooling at the remembered indices. A 1 × 1 convolution gives the logits.

    Convention for odd sizes: pooling drops the last row or column, unpooling restores the size and leaves
    zeros there, which the convolutions then fill from their neighbours.

    Parameters
    ----------
    in_channels : int
        Channels of the image.
    classes : int
        Channels of the logits: one for each class, or 1 for a single foreground logit.
    widths : sequence of int
        Channels of the stages, from the finest to the coarsest.
    convs : int or sequence of int
        Convolutions of each stage.
    norm : "batch" or None
        Batch normalisation after each 3 × 3 convolution, or none.

    Raises
    ------
    ValueError
        If an argument is out of range or unknown.

    References
    ----------
    Badrinarayanan, Kendall, Cipolla, "SegNet", https://arxiv.org/abs/1511.00561. Its encoder is VGG-16
    without its dense layers (14.7 million parameters):
    ``SegNet(3, 11, (64, 128, 256, 512, 512), convs=(2, 2, 3, 3, 3))``.

    Examples
    --------
    >>> SegNet(classes=3)(torch.zeros(1, 1, 45, 70)).shape
    torch.Size([1, 3, 45, 70])
    """

    def __init__(
        self,
        in_channels: int = 1,
        classes: int = 2,
        widths: Sequence[int] = (16, 32, 64),
        convs: int | Sequence[int] = 2,
        norm: Norm = "batch",
    ) -> None:
        super().__init__()
        if len(widths) < 1:
            raise ValueError("widths must hold at least 1 number, got ()")
        widths = tuple(integer("widths", width, 1) for width in widths)
        counts = per_axis("convs", convs, len(widths), 1)
        self.in_channels = integer("in_channels", in_channels, 1)
        self.classes = integer("classes", classes, 1)
        self.depth = len(widths)
        self.encoder = nn.ModuleList(
            conv_stage(before, after, n, norm)
            for before, after, n in zip((in_channels, *widths), widths, counts)
        )
        self.decoder = nn.ModuleList(
            _DecoderStage(coarse, fine, n, norm)
            for fine, coarse, n in zip((widths[0], *widths), widths, counts)
        )
        self.head = nn.Conv2d(widths[0], classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (N, classes, H, W) of the images `x` (N, in_channels, H, W)."""
        if x.ndim != 4 or x.shape[1] != self.in_channels:
            raise ValueError(f"x must have the shape (N, {self.in_channels}, H, W), got {tuple(x.shape)}")
        if min(x.shape[-2:]) < 2**self.depth:
            height, width = x.shape[-2:]
            raise ValueError(
                f"x must have at least {2**self.depth} rows and columns for {self.depth} poolings, "
                f"got {height} × {width}"
            )
        remembered = []
        for stage in self.encoder:
            x = stage(x)
            size = x.shape[-2:]
            x, indices = F.max_pool2d(x, 2, return_indices=True)
            remembered.append((indices, size))
        for stage, (indices, size) in zip(reversed(self.decoder), reversed(remembered)):
            x = stage(x, indices, size)
        logits: Tensor = self.head(x)
        return logits


class _DecoderStage(nn.Module):
    """Unpooling and `convs` convolutions; the last one changes the number of channels."""

    def __init__(self, in_channels: int, out_channels: int, convs: int, norm: Norm) -> None:
        super().__init__()
        widths = [in_channels] * convs + [out_channels]
        self.unpool = MaxUnpoolConv(in_channels, widths[1], bias=not normalised(norm))
        layers = norm_relu(widths[1], norm)
        for before, after in pairwise(widths[1:]):
            layers += conv_norm_relu(before, after, norm)
        self.convs = nn.Sequential(*layers)

    def forward(self, x: Tensor, indices: Tensor, size: torch.Size) -> Tensor:
        y: Tensor = self.convs(self.unpool(x, indices, output_size=size))
        return y
