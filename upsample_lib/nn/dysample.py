"""DySample: bilinear interpolation at sampling points that move with the content."""

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from upsample_lib._arguments import integer
from upsample_lib.nn._upsampler import Upsampler, odd_kernel
from upsample_lib.nn.carafe import channel_change

__all__ = ["DySample", "OffsetPrediction", "sample_points"]


def sample_points(x: Tensor, offsets: Tensor) -> Tensor:
    """Bilinear upsampling in which every sampling point is moved by its own offset.

    Output pixel (i, j) is read at (i + ½)/s − ½ + Δy and (j + ½)/s − ½ + Δx in the grid whose pixel centres
    have whole coordinates; zero offsets give bilinear upsampling with half-pixel centres
    (align_corners=False). Points outside the image read its border.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, H, W).
    offsets : Tensor
        In input pixels, shape (N, 2g, s·H, s·W) with whole s ≥ 1: first Δx for each of the g groups, then Δy.
        The channels of x are split into g equal runs that share their points.

    Returns
    -------
    Tensor
        Shape (N, C, s·H, s·W).

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> x = torch.tensor([[[[0.0, 4.0]]]])
    >>> sample_points(x, torch.zeros(1, 2, 2, 4))[0, 0, 0].tolist()
    [0.0, 1.0, 3.0, 4.0]
    >>> right = torch.zeros(1, 2, 2, 4)
    >>> right[:, 0] = 0.25
    >>> sample_points(x, right)[0, 0, 0].tolist()
    [0.0, 2.0, 4.0, 4.0]
    """
    if x.ndim != 4 or offsets.ndim != 4 or len(x) != len(offsets):
        raise ValueError(
            "x must have the shape (N, C, H, W) and offsets (N, 2g, s·H, s·W), "
            f"got {tuple(x.shape)} and {tuple(offsets.shape)}"
        )
    n, channels, height, width = x.shape
    groups, rows, columns = offsets.shape[1] // 2, *offsets.shape[2:]
    s = rows // height
    if s < 1 or (rows, columns) != (s * height, s * width):
        raise ValueError(
            f"offsets must be a whole number of times as large as x with its {(height, width)} rows and "
            f"columns, got {(rows, columns)}"
        )
    if offsets.shape[1] % 2 or groups < 1 or channels % groups:
        raise ValueError(
            "offsets must have 2g channels, where g divides the channels of x, "
            f"got {offsets.shape[1]} for {channels}"
        )
    # grid_sample measures from −1, the left edge of the first pixel, to 1, the right edge of the last
    centres = [(torch.arange(s * m, device=x.device, dtype=x.dtype) + 0.5) / s for m in (width, height)]
    points = offsets.view(n, 2, groups, rows, columns)
    grid = torch.stack(
        [
            2 / width * (points[:, 0] + centres[0]) - 1,
            2 / height * (points[:, 1] + centres[1][:, None]) - 1,
        ],
        dim=-1,
    )
    y = F.grid_sample(
        x.reshape(n * groups, channels // groups, height, width),
        grid.flatten(0, 1),
        mode="bilinear",
        padding_mode="border",
        align_corners=False,
    )
    return y.view(n, channels, rows, columns)


class OffsetPrediction(nn.Module):
    """Predict the offsets for `sample_points` from a feature map, in input pixels.

    A 1 × 1 convolution gives the 2g offsets of each output pixel, scaled by ¼ so that with s = 2 the
    points of neighbouring output pixels pass each other only where the convolution gives more than 1. The
    weights start near zero: the layer begins as bilinear interpolation.

    Parameters
    ----------
    channels : int
        Of the feature map.
    scale : int
        s.
    groups : int
        g: how many sets of points.
    style : "lp" or "pl"
        Linear layer, then pixel shuffle, or the pixel shuffle first, which divides the parameters by s⁴ but
        needs channels divisible by s².
    dynamic_scope : bool
        Scale by ½ σ(a second 1 × 1 convolution) instead of ¼ (the paper's DySample+); it starts at ¼.
    device : torch.device or str, optional
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    ValueError
        If a number is out of range, `style` unknown, or "pl" cannot shuffle the channels.

    Examples
    --------
    >>> OffsetPrediction(8, scale=2)(torch.rand(1, 8, 5, 7)).shape
    torch.Size([1, 8, 10, 14])
    """

    def __init__(
        self,
        channels: int,
        scale: int = 2,
        groups: int = 4,
        style: Literal["lp", "pl"] = "lp",
        dynamic_scope: bool = False,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.scale = integer("scale", scale, 1)
        self.style = style
        outputs = 2 * integer("groups", groups, 1)
        if style == "lp":
            outputs *= scale**2
        elif style == "pl":
            if channels % scale**2:
                raise ValueError(
                    f"channels must be a multiple of scale² = {scale**2} for style 'pl', got {channels}"
                )
            channels //= scale**2
        else:
            raise ValueError(f"style must be 'lp' or 'pl', got {style!r}")
        self.offset = nn.Conv2d(channels, outputs, 1, device=device, dtype=dtype)
        nn.init.normal_(self.offset.weight, std=0.001)
        self.scope = nn.Conv2d(channels, outputs, 1, device=device, dtype=dtype) if dynamic_scope else None
        for parameter in (self.offset.bias, *(self.scope.parameters() if self.scope is not None else ())):
            if parameter is not None:
                nn.init.zeros_(parameter)

    def forward(self, x: Tensor) -> Tensor:
        """Offsets (N, 2g, s·H, s·W) for the feature map `x`, shape (N, channels, H, W)."""
        if self.style == "pl":
            x = F.pixel_shuffle(x, self.scale)
        scope = 0.25 if self.scope is None else 0.5 * self.scope(x).sigmoid()
        offsets: Tensor = self.offset(x) * scope
        return F.pixel_shuffle(offsets, self.scale) if self.style == "lp" else offsets


class DySample(Upsampler):
    """Dynamic sampling, after a change of channels.

    The offsets are predicted from `x`; a convolution changes the channels before the sampling, where it costs
    s² times less. ``conv=False`` leaves the published operator alone.

    Parameters
    ----------
    in_channels, out_channels, scale : int
        See `Upsampler`.
    kernel_size : int, optional
        Of the convolution from C_in to C_out; odd, by default 1.
    bias : bool
        Whether that convolution has a bias.
    conv : bool
        Without it the block only resamples, and out_channels must equal in_channels.
    groups, style, dynamic_scope
        See `OffsetPrediction`; groups must divide out_channels.
    device : torch.device or str, optional
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    ValueError
        If a number is out of range or does not divide, or the channels differ without a convolution.

    References
    ----------
    Liu et al., "Learning to Upsample by Learning to Sample", https://arxiv.org/abs/2308.15085

    Examples
    --------
    >>> DySample(8, 4, scale=3)(torch.ones(1, 8, 5, 7)).shape
    torch.Size([1, 4, 15, 21])
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        scale: int = 2,
        kernel_size: int | None = None,
        bias: bool = True,
        conv: bool = True,
        groups: int = 4,
        style: Literal["lp", "pl"] = "lp",
        dynamic_scope: bool = False,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        k = odd_kernel(1 if kernel_size is None else kernel_size)
        super().__init__(in_channels, out_channels, scale, k)
        if out_channels % integer("groups", groups, 1):
            raise ValueError(f"out_channels must be a multiple of groups {groups}, got {out_channels}")
        self.offsets = OffsetPrediction(in_channels, scale, groups, style, dynamic_scope, device, dtype)
        self.conv = channel_change(in_channels, out_channels, k, bias, conv, device, dtype)

    def forward(self, x: Tensor) -> Tensor:
        """Upsample `x`, shape (N, C_in, H, W) or (C_in, H, W)."""
        if x.ndim == 3:
            return self.forward(x[None])[0]
        return sample_points(self.conv(x), self.offsets(x))
