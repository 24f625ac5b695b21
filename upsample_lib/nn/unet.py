"""U-Net: an encoder, a decoder, and skip connections that hand the encoder's detail to the decoder."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from upsample_lib._arguments import integer
from upsample_lib.nn.blocks import upsampler as upsampling_block
from upsample_lib.nn.conv_stage import Norm, conv_stage

__all__ = ["UNet"]


class UNet(nn.Module):
    """U-Net with any of the library's upsampling blocks, for images of any size.

    With widths w₀ … w_d the encoder has d + 1 stages of two 3 × 3 convolutions with 2 × 2 max pooling between
    them. Each of the d decoder stages upsamples by 2 from w_{i+1} to w_i channels, concatenates the encoder's
    map of the same stage and convolves twice again. A 1 × 1 convolution gives the logits.

    Convention for sizes that 2^d does not divide: the image is continued at its lower and right end by
    repeating its last row and column, and the logits are cropped back, so that pixel (0, 0) of the image is
    pixel (0, 0) of every pooling grid. `torch.export` takes any one size, or dynamic multiples of 2^d.

    Parameters
    ----------
    in_channels : int
        Channels of the image.
    classes : int
        Channels of the logits: one for each class, or 1 for a single foreground logit.
    widths : sequence of int
        Channels of the stages, from the finest to the coarsest; at least two.
    upsampler : str
        Name of the decoder's block, see `upsample_lib.nn.upsampler`.
    padding : "same" or "valid"
        "same" pads each convolution with zeros, and H × W pixels give H × W logits. "valid" pads none, as the
        paper does: the skips are cropped to the centre and the logits have `margin` pixels less on each side,
        but no 3 × 3 convolution has seen a made-up zero. (An upsampling block may add its own at its border;
        transposed convolution with kernel size 2 does not.)
    norm : "batch" or None
        Batch normalisation after each 3 × 3 convolution (as is common), or none (as in the paper).
    up_kernel_size : int, optional
        Kernel size of the upsampling blocks, by default the block's own.
    up_options : mapping of str to value, optional
        What else the blocks take: ``{"compressed": 8}`` for "carafe", for example.

    Attributes
    ----------
    margin : int
        How many pixels the logits lack on each side: 0 for "same", 6·2^d − 4 for "valid".

    Raises
    ------
    ValueError
        If an argument is out of range or unknown.

    References
    ----------
    Ronneberger, Fischer, Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation",
    https://arxiv.org/abs/1505.04597. Its own network is
    ``UNet(1, 2, (64, 128, 256, 512, 1024), "transposed", "valid", None, up_kernel_size=2)``
    with 31,030,658 parameters; 572 × 572 pixels give 388 × 388 logits.

    Examples
    --------
    >>> UNet(classes=3)(torch.zeros(1, 1, 45, 70)).shape
    torch.Size([1, 3, 45, 70])
    >>> valid = UNet(widths=(4, 8, 16), padding="valid")
    >>> valid.margin, valid(torch.zeros(1, 1, 45, 70)).shape
    (20, torch.Size([1, 2, 5, 30]))
    """

    def __init__(
        self,
        in_channels: int = 1,
        classes: int = 2,
        widths: Sequence[int] = (16, 32, 64, 128),
        upsampler: str = "transposed",
        padding: Literal["same", "valid"] = "same",
        norm: Norm = "batch",
        up_kernel_size: int | None = None,
        up_options: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        if padding not in ("same", "valid"):
            raise ValueError(f"padding must be 'same' or 'valid', got {padding!r}")
        if len(widths) < 2:
            raise ValueError(f"widths must hold at least 2 numbers, got {tuple(widths)}")
        widths = tuple(integer("widths", width, 1) for width in widths)
        self.in_channels = integer("in_channels", in_channels, 1)
        self.classes = integer("classes", classes, 1)
        self.padding = padding
        self.depth = len(widths) - 1
        self.margin = 0 if padding == "same" else 6 * 2**self.depth - 4
        border = 1 if padding == "same" else 0
        self.encoder = nn.ModuleList(
            conv_stage(before, after, 2, norm, border)
            for before, after in zip((in_channels, *widths), widths)
        )
        self.up = nn.ModuleList(
            upsampling_block(upsampler, coarse, fine, 2, up_kernel_size, **(up_options or {}))
            for fine, coarse in pairwise(widths)
        )
        self.decoder = nn.ModuleList(conv_stage(2 * width, width, 2, norm, border) for width in widths[:-1])
        self.head = nn.Conv2d(widths[0], classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (N, classes, H − 2·margin, W − 2·margin) of the images `x` (N, in_channels, H, W)."""
        height, width = self._checked_size(x)
        # "valid" takes 4 pixels off before each pooling, so that H + 4 must be divisible instead of H
        shift = 0 if self.padding == "same" else 4
        rows, columns = (-(n + shift) % 2**self.depth for n in (height, width))
        x = F.pad(x, (0, columns, 0, rows), mode="replicate")
        skips = []
        for i, stage in enumerate(self.encoder):
            x = stage(x if i == 0 else F.max_pool2d(x, 2))
            skips.append(x)
        for i in reversed(range(self.depth)):
            x = self.up[i](x)
            x = self.decoder[i](torch.cat([_centre(skips[i], x), x], dim=1))
        logits: Tensor = self.head(x)
        return logits[..., : height - 2 * self.margin, : width - 2 * self.margin]

    def crop_target(self, target: Tensor) -> Tensor:
        """The part of a map (…, H, W) in the image's size that the logits describe."""
        rows, columns = (slice(self.margin, n - self.margin) for n in target.shape[-2:])
        return target[..., rows, columns]

    def _checked_size(self, x: Tensor) -> tuple[int, int]:
        if x.ndim != 4 or x.shape[1] != self.in_channels:
            raise ValueError(f"x must have the shape (N, {self.in_channels}, H, W), got {tuple(x.shape)}")
        height, width = x.shape[-2:]
        if min(height, width) <= 2 * self.margin:
            raise ValueError(
                f"x must have more than {2 * self.margin} rows and columns, got {height} × {width}"
                + (": the unpadded convolutions leave nothing" if self.margin else "")
            )
        return height, width


def _centre(skip: Tensor, x: Tensor) -> Tensor:
    """The middle of `skip` in the size of `x`."""
    top, left = ((a - b) // 2 for a, b in zip(skip.shape[-2:], x.shape[-2:]))
    return skip[..., top : top + x.shape[-2], left : left + x.shape[-1]]
