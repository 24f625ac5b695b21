"""Sub-pixel convolution with its borders spelled out, as it comes out of a transposed convolution."""

from torch import Tensor, nn

__all__ = ["ShuffledConv"]

Pair = tuple[int, int]
Ends = tuple[Pair, Pair]  # (top, bottom), (left, right)


class ShuffledConv(nn.Module):
    """Sub-pixel convolution with its borders spelled out: pad (or crop) the input, convolve, shuffle, crop.

    Parameters
    ----------
    conv : nn.Conv2d
        Stride 1, C_out · s² output channels.
    scale : int
        s, of the pixel shuffle.
    pad : ((int, int), (int, int))
        Zeros added to the input (top, bottom), (left, right), besides the convolution's own padding; negative
        numbers crop.
    crop : ((int, int), (int, int))
        Positions cut off after the shuffle, each in 0 … s − 1.
    """

    def __init__(
        self, conv: nn.Conv2d, scale: int, pad: Ends = ((0, 0), (0, 0)), crop: Ends = ((0, 0), (0, 0))
    ) -> None:
        super().__init__()
        self.conv = conv
        self.shuffle = nn.PixelShuffle(scale)
        self.pad = pad
        self.crop = crop

    def forward(self, x: Tensor) -> Tensor:
        """Upsample `x`, shape (N, C_in, H, W) or (C_in, H, W)."""
        (top, bottom), (left, right) = self.pad
        if any((top, bottom, left, right)):
            x = nn.functional.pad(x, (left, right, top, bottom))
        y: Tensor = self.shuffle(self.conv(x))
        (top, bottom), (left, right) = self.crop
        return y[..., top : y.shape[-2] - bottom, left : y.shape[-1] - right]

    def extra_repr(self) -> str:
        """What is padded and cropped, beside the submodules."""
        return f"pad={self.pad}, crop={self.crop}"
