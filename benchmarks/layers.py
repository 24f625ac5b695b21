"""The layers on which `upsample_conv2d` is measured, and what each of its forms must compute and move."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Layer:
    """Nearest upsampling and a convolution in a decoder."""

    network: str
    c_in: int
    c_out: int
    size: int
    k: int = 3
    scale: int = 2

    @property
    def name(self) -> str:
        return f"{self.c_in}→{self.c_out} at {self.size}²"

    def tensors(
        self,
        device: str = "cpu",
        dtype: torch.dtype = torch.float32,
        channels_last: bool = False,
        batch: int = 1,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Input, weight and bias."""
        generator = torch.Generator().manual_seed(0)
        shapes = (
            (batch, self.c_in, self.size, self.size),
            (self.c_out, self.c_in, self.k, self.k),
            (self.c_out,),
        )
        x, weight, bias = (torch.randn(s, generator=generator).to(device, dtype) for s in shapes)
        if channels_last:
            x, weight = (t.contiguous(memory_format=torch.channels_last) for t in (x, weight))
        return x, weight, bias

    @property
    def kernel_size(self) -> int:
        """Of the tied kernel, K = k + s − 1."""
        return self.k + self.scale - 1

    def multiplications(self, batch: int = 1) -> dict[str, int]:
        """One for each tap that meets an input, borders not deducted."""
        channels, pixels = self.c_in * self.c_out, batch * self.size**2
        return {
            "pair": channels * pixels * (self.scale * self.k) ** 2,
            "tied": channels * pixels * self.kernel_size**2,
            "box": channels * pixels * self.k**2,
        }

    def moved(self, itemsize: int = 4, batch: int = 1) -> dict[str, int]:
        """Bytes that must be read or written at least once; a map in between is both."""
        pixels, larger = batch * self.size**2, batch * (self.scale * self.size) ** 2
        ends = self.c_in * pixels + self.c_out * larger
        weight = self.c_in * self.c_out
        spread = self.scale * (self.size - 1) + self.k - 2 * max(self.k // 2 - self.scale + 1, 0)
        return {
            "pair": itemsize * (ends + weight * self.k**2 + 2 * self.c_in * larger),
            "tied": itemsize * (ends + weight * self.kernel_size**2),
            "box": itemsize * (ends + weight * self.k**2 + 2 * self.c_out * batch * spread**2),
        }


LAYERS = (
    Layer("diffusion decoder", 128, 128, 16),
    Layer("diffusion decoder", 128, 128, 32),
    Layer("diffusion decoder", 64, 64, 64),
    Layer("diffusion decoder", 512, 512, 32),
    Layer("diffusion decoder", 256, 256, 64),
    Layer("U-Net", 256, 128, 8),
    Layer("U-Net", 128, 64, 16),
    Layer("U-Net", 64, 32, 32),
    Layer("DCGAN", 128, 64, 7),
)
