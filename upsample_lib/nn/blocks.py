"""Learnable upsampling blocks with one interface: (N, C_in, H, W) → (N, C_out, s·H, s·W), exactly."""

from typing import Any

import torch
from torch import Tensor, nn

from upsample_lib.nn._upsampler import Upsampler, odd_kernel
from upsample_lib.nn.carafe import CARAFE
from upsample_lib.nn.dysample import DySample

__all__ = [
    "CONTENT_AWARE",
    "UPSAMPLERS",
    "BilinearConv",
    "NearestConv",
    "Subpixel",
    "Transposed",
    "Upsampler",
    "upsampler",
]


class Transposed(Upsampler):
    """Transposed convolution whose padding is chosen so that the output has exactly s·n positions.

    Parameters
    ----------
    in_channels, out_channels, scale : int
        See `Upsampler`.
    kernel_size : int, optional
        k ≥ s, by default 2s (3 at s = 1). The stamped area is k − s positions too large: p = ⌈(k − s)/2⌉ are
        cropped at both ends, and for odd k − s an output_padding of 1 gives one back at the far end. The
        overlap is even if and only if s divides k.
    bias : bool
        Whether to add a bias.
    device : torch.device or str, optional
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    ValueError
        If no padding gives s·n: k < s would leave positions that no tap reaches, and at s = 1 an even k
        cannot be cropped evenly.

    Examples
    --------
    >>> Transposed(8, 4, scale=2).conv
    ConvTranspose2d(8, 4, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))
    >>> Transposed(8, 4, scale=3)(torch.ones(1, 8, 5, 7)).shape
    torch.Size([1, 4, 15, 21])
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        scale: int = 2,
        kernel_size: int | None = None,
        bias: bool = True,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        if kernel_size is None:
            kernel_size = 2 * scale if scale > 1 else 3
        super().__init__(in_channels, out_channels, scale, kernel_size)
        excess = self.kernel_size - self.scale
        if excess < 0:
            raise ValueError(
                f"kernel_size must be ≥ scale {scale}, got {kernel_size}: "
                "some output positions would hold only the bias"
            )
        if excess % 2 and self.scale == 1:
            raise ValueError(f"kernel_size must be odd at scale 1 to keep the size, got {kernel_size}")
        self.conv = nn.ConvTranspose2d(
            in_channels,
            out_channels,
            kernel_size,
            stride=scale,
            padding=(excess + 1) // 2,
            output_padding=excess % 2,
            bias=bias,
            device=device,
            dtype=dtype,
        )

    def forward(self, x: Tensor) -> Tensor:
        """Upsample `x`, shape (N, C_in, H, W) or (C_in, H, W)."""
        y: Tensor = self.conv(x)
        return y


class _ResizeConv(Upsampler):
    """Interpolation, then a convolution that keeps the size."""

    resize: nn.Upsample

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        scale: int = 2,
        kernel_size: int | None = None,
        bias: bool = True,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        k = odd_kernel(3 if kernel_size is None else kernel_size)
        super().__init__(in_channels, out_channels, scale, k)
        self.resize = self._interpolation(self.scale)
        self.conv = nn.Conv2d(
            in_channels, out_channels, k, padding=k // 2, bias=bias, device=device, dtype=dtype
        )

    @staticmethod
    def _interpolation(scale: int) -> nn.Upsample:
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """Upsample `x`, shape (N, C_in, H, W) or (C_in, H, W)."""
        # nn.Upsample knows batches only
        y: Tensor = self.conv(self.resize(x) if x.ndim != 3 else self.resize(x[None])[0])
        return y


class NearestConv(_ResizeConv):
    """Nearest-neighbour upsampling, then a k × k convolution with padding k // 2 (resize-convolution).

    Equal to one transposed convolution with a tied kernel: see `transposed_from_nearest_conv`.

    Parameters
    ----------
    in_channels, out_channels, scale : int
        See `Upsampler`.
    kernel_size : int, optional
        Odd, by default 3.
    bias : bool
        Whether to add a bias.
    device : torch.device or str, optional
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    ValueError
        If kernel_size is even.

    Examples
    --------
    >>> NearestConv(8, 4, scale=2)(torch.ones(1, 8, 5, 7)).shape
    torch.Size([1, 4, 10, 14])
    """

    @staticmethod
    def _interpolation(scale: int) -> nn.Upsample:
        return nn.Upsample(scale_factor=scale, mode="nearest")


class BilinearConv(_ResizeConv):
    """Bilinear upsampling with half-pixel centres (align_corners=False), then a k × k convolution.

    Parameters
    ----------
    in_channels, out_channels, scale : int
        See `Upsampler`.
    kernel_size : int, optional
        Odd, by default 3.
    bias : bool
        Whether to add a bias.
    device : torch.device or str, optional
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    ValueError
        If kernel_size is even.

    Examples
    --------
    >>> BilinearConv(8, 4, scale=2)(torch.ones(1, 8, 5, 7)).shape
    torch.Size([1, 4, 10, 14])
    """

    @staticmethod
    def _interpolation(scale: int) -> nn.Upsample:
        return nn.Upsample(scale_factor=scale, mode="bilinear", align_corners=False)


class Subpixel(Upsampler):
    """Sub-pixel convolution: a k × k convolution to C_out · s² channels, then PixelShuffle.

    Parameters
    ----------
    in_channels, out_channels, scale : int
        See `Upsampler`.
    kernel_size : int, optional
        Odd, by default 3.
    bias : bool
        Whether to add a bias.
    icnr : bool
        Start with equal phases (`icnr_`, bias too), that is as a convolution followed by nearest upsampling.
    device : torch.device or str, optional
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    ValueError
        If kernel_size is even.

    References
    ----------
    Shi et al., "Real-Time Single Image and Video Super-Resolution", https://arxiv.org/abs/1609.05158

    Examples
    --------
    >>> Subpixel(8, 4, scale=3)(torch.ones(1, 8, 5, 7)).shape
    torch.Size([1, 4, 15, 21])
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        scale: int = 2,
        kernel_size: int | None = None,
        bias: bool = True,
        icnr: bool = True,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        k = odd_kernel(3 if kernel_size is None else kernel_size)
        super().__init__(in_channels, out_channels, scale, k)
        self.conv = nn.Conv2d(
            in_channels, out_channels * scale**2, k, padding=k // 2, bias=bias, device=device, dtype=dtype
        )
        self.shuffle = nn.PixelShuffle(scale)
        if icnr:
            # as icnr_, for weight and bias, with what Conv2d drew for each channel's first phase
            with torch.no_grad():
                for parameter in self.conv.parameters():
                    parameter.copy_(parameter[:: scale**2].repeat_interleave(scale**2, dim=0))

    def forward(self, x: Tensor) -> Tensor:
        """Upsample `x`, shape (N, C_in, H, W) or (C_in, H, W)."""
        y: Tensor = self.shuffle(self.conv(x))
        return y


# the same filter at every pixel, and filters that depend on the content
UPSAMPLERS: tuple[str, ...] = ("transposed", "nearest_conv", "bilinear_conv", "subpixel")
CONTENT_AWARE: tuple[str, ...] = ("carafe", "dysample")
_BLOCKS: dict[str, type[Transposed | NearestConv | BilinearConv | Subpixel | CARAFE | DySample]] = dict(
    zip(
        UPSAMPLERS + CONTENT_AWARE,
        (Transposed, NearestConv, BilinearConv, Subpixel, CARAFE, DySample),
        strict=True,
    )
)


def upsampler(
    name: str,
    in_channels: int,
    out_channels: int,
    scale: int = 2,
    kernel_size: int | None = None,
    bias: bool = True,
    **options: Any,
) -> Upsampler:
    """Build an upsampling block by its name.

    Parameters
    ----------
    name : str
        One of `UPSAMPLERS` ("transposed", "nearest_conv", "bilinear_conv", "subpixel") or of `CONTENT_AWARE`
        ("carafe", "dysample").
    in_channels, out_channels : int
        C_in and C_out.
    scale : int
        s, the factor for both axes.
    kernel_size : int, optional
        Of the block's convolution; by default 2s for "transposed", 1 for the content-aware blocks (it only
        changes the channels) and 3 for the others.
    bias : bool
        Whether to add a bias.
    **options
        What only some blocks take (`icnr` of "subpixel", `taps` of "carafe", `groups` of "dysample", …), and
        `device` and `dtype`.

    Returns
    -------
    Upsampler
        A module that maps (N, C_in, H, W) to (N, C_out, s·H, s·W).

    Raises
    ------
    ValueError
        If the name is unknown or the block cannot give s·n with this kernel size.

    Examples
    --------
    >>> x = torch.ones(1, 8, 5, 7)
    >>> {tuple(upsampler(name, 8, 4, scale=3)(x).shape) for name in UPSAMPLERS + CONTENT_AWARE}
    {(1, 4, 15, 21)}
    """
    if name not in _BLOCKS:
        raise ValueError(f"name must be one of {', '.join(_BLOCKS)}, got {name!r}")
    return _BLOCKS[name](in_channels, out_channels, scale, kernel_size, bias, **options)
