"""Max-unpooling as a block: it needs the remembered indices besides the feature map."""

from typing import Any

import torch
from torch import Tensor, nn

from upsample_lib._arguments import integer
from upsample_lib.nn._upsampler import odd_kernel

__all__ = ["MaxUnpoolConv"]


class MaxUnpoolConv(nn.Module):
    """Max-unpooling with remembered indices, then a k × k convolution, as in SegNet.

    Parameters
    ----------
    in_channels, out_channels : int
        C_in (also of the pooled map that the indices come from) and C_out.
    scale : int
        Kernel size and stride of the max pooling that is undone.
    kernel_size : int
        Of the convolution; odd.
    bias : bool
        Whether to add a bias.
    device : torch.device or str, optional
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    ValueError
        If kernel_size is even.

    References
    ----------
    Badrinarayanan, Kendall, Cipolla, "SegNet", https://arxiv.org/abs/1511.00561

    Examples
    --------
    >>> x = torch.rand(1, 8, 5, 7)
    >>> y, indices = torch.nn.functional.max_pool2d(x, 2, return_indices=True)
    >>> MaxUnpoolConv(8, 4)(y, indices, output_size=x.shape[-2:]).shape
    torch.Size([1, 4, 5, 7])
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        scale: int = 2,
        kernel_size: int = 3,
        bias: bool = True,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        self.in_channels = integer("in_channels", in_channels, 1)
        self.out_channels = integer("out_channels", out_channels, 1)
        self.scale = integer("scale", scale, 1)
        self.kernel_size = odd_kernel(kernel_size)
        self.unpool = nn.MaxUnpool2d(scale)
        self.conv = nn.Conv2d(
            in_channels,
            out_channels,
            kernel_size,
            padding=kernel_size // 2,
            bias=bias,
            device=device,
            dtype=dtype,
        )

    def forward(self, x: Tensor, indices: Tensor, output_size: Any = None) -> Tensor:
        """Put `x` (N, C_in, H, W) at `indices` of a map of `output_size`, by default s·H × s·W; convolve.

        Give `output_size` (the size before pooling) where s does not divide it; without it the remembered
        positions would be read in rows of the wrong length.
        """
        y: Tensor = self.conv(
            self.unpool(x, indices, output_size=None if output_size is None else list(output_size))
        )
        return y
