"""Blurring as a layer: before subsampling against aliasing, after upsampling against checkerboards."""

from torch import Tensor, nn

from upsample_lib._arguments import integer, per_axis
from upsample_lib.blur_pooling import blur_pool

__all__ = ["Blur2d", "BlurPool2d"]


class BlurPool2d(nn.Module):
    """Blur every channel with a binomial filter, then keep every s-th pixel; no parameters.

    In place of a strided layer: `nn.MaxPool2d(2)` becomes `nn.MaxPool2d(2, stride=1)` and `BlurPool2d()`, a
    convolution with stride 2 one with stride 1 and `BlurPool2d()`.

    Convention: an axis of n pixels becomes ⌈n/s⌉ long; the border mirrors without repeating the edge pixel.

    Parameters
    ----------
    kernel_size : int or (int, int)
        Taps of the filter, 1 to 7; see `upsample_lib.blur_pool`.
    stride : int or (int, int)
        s.

    Raises
    ------
    ValueError
        If kernel_size or stride is out of range.

    References
    ----------
    R. Zhang, "Making Convolutional Networks Shift-Invariant Again", https://arxiv.org/abs/1904.11486

    Examples
    --------
    >>> import torch
    >>> BlurPool2d()(torch.rand(1, 3, 7, 8)).shape
    torch.Size([1, 3, 4, 4])
    """

    def __init__(self, kernel_size: int | tuple[int, int] = 4, stride: int | tuple[int, int] = 2) -> None:
        super().__init__()
        for taps in per_axis("kernel_size", kernel_size, 2, 1):
            if taps > 7:
                raise ValueError(f"kernel_size must be ≤ 7, got {kernel_size}")
        self.kernel_size = kernel_size
        self.stride = stride
        per_axis("stride", stride, 2, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Blur and subsample `x`, shape (…, H, W)."""
        kernel = per_axis("kernel_size", self.kernel_size, 2, 1)
        return blur_pool(x, kernel, per_axis("stride", self.stride, 2, 1))

    def extra_repr(self) -> str:
        """The two arguments."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}"


class Blur2d(BlurPool2d):
    """Blur every channel with a binomial filter and keep the size, against checkerboards of period 2.

    Every binomial filter with at least 2 taps has response 0 at the frequency of alternating pixels, so that
    it removes what a ×2 upsampling layer before it leaves at that frequency: exactly inside, where the
    artifact has the same strength everywhere; nearly where it varies slowly. It removes fine detail too.

    Parameters
    ----------
    kernel_size : int
        Taps of the filter on both axes, 1 to 7. With an even number the image moves by half a pixel.

    Raises
    ------
    ValueError
        If kernel_size is out of range.

    Examples
    --------
    >>> import torch
    >>> stripes = torch.tensor([0.0, 1.0]).repeat(3).expand(1, 1, 4, 6)
    >>> Blur2d()(stripes)[0, 0, 0].tolist()
    [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    """

    def __init__(self, kernel_size: int = 3) -> None:
        super().__init__(integer("kernel_size", kernel_size, 1), stride=1)
