"""The interface of every upsampling block: (N, C_in, H, W) → (N, C_out, s·H, s·W)."""

from torch import Tensor, nn

from upsample_lib._arguments import integer

__all__ = ["Upsampler", "odd_kernel"]


class Upsampler(nn.Module):
    """What the blocks share: `in_channels`, `out_channels`, `scale`, `kernel_size` and a size.

    Parameters
    ----------
    in_channels, out_channels : int
        C_in and C_out.
    scale : int
        s, the factor for both axes.
    kernel_size : int
        Of the block's convolution.
    """

    def __init__(self, in_channels: int, out_channels: int, scale: int, kernel_size: int) -> None:
        super().__init__()
        self.in_channels = integer("in_channels", in_channels, 1)
        self.out_channels = integer("out_channels", out_channels, 1)
        self.scale = integer("scale", scale, 1)
        self.kernel_size = integer("kernel_size", kernel_size, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Upsample `x`, shape (N, C_in, H, W) or (C_in, H, W)."""
        raise NotImplementedError


def odd_kernel(kernel_size: int) -> int:
    """`kernel_size`, refused when a convolution with padding k // 2 would change the size."""
    if integer("kernel_size", kernel_size, 1) % 2 == 0:
        raise ValueError(f"kernel_size must be odd to keep the size, got {kernel_size}")
    return kernel_size
