"""CARAFE: each output pixel is a weighted mean of an input neighbourhood, with weights from the content."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from upsample_lib._arguments import integer
from upsample_lib.nn._upsampler import Upsampler, odd_kernel

__all__ = ["CARAFE", "KernelPrediction", "reassemble"]


def reassemble(x: Tensor, kernels: Tensor) -> Tensor:
    """Upsample with a kernel of its own for each output pixel, shared by all channels.

    Output pixel (i, j) is Σ_t kernels[t, i, j] · x[⌊i/s⌋ + t_y − r, ⌊j/s⌋ + t_x − r], where t = k·t_y + t_x
    runs over the k × k neighbourhood of the input pixel that (i, j) lies in, and r = k // 2. Outside the
    image x is 0.

    Parameters
    ----------
    x : Tensor
        Shape (N, C, H, W).
    kernels : Tensor
        Shape (N, k², s·H, s·W) with odd k and whole s ≥ 1, both read off the shapes.

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
    The centre tap alone is nearest-neighbour upsampling:

    >>> centre = torch.zeros(1, 9, 4, 4)
    >>> centre[:, 4] = 1
    >>> reassemble(torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]]), centre)[0, 0].tolist()
    [[1.0, 1.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0], [3.0, 3.0, 4.0, 4.0], [3.0, 3.0, 4.0, 4.0]]
    """
    k, s = _kernel_size_and_scale(x, kernels)
    (n, channels, height, width), r = x.shape, k // 2
    # the s² output pixels of one input pixel share its neighbourhood: work in the input's grid; and in rows,
    # for the window slides over channels-last maps nearly twice as slowly
    phases = F.pixel_unshuffle(kernels.contiguous(), s).view(n, k * k, 1, s * s, height, width)
    padded = F.pad(x.contiguous(), (r, r, r, r))[:, :, None]
    y = padded.new_zeros(()).expand(n, channels, s * s, height, width)
    for t in range(k * k):
        top, left = divmod(t, k)
        y = torch.addcmul(y, padded[..., top : top + height, left : left + width], phases[:, t])
    return F.pixel_shuffle(y.reshape(n, channels * s * s, height, width), s)


def _kernel_size_and_scale(x: Tensor, kernels: Tensor) -> tuple[int, int]:
    if x.ndim != 4 or kernels.ndim != 4 or len(x) != len(kernels):
        raise ValueError(
            "x must have the shape (N, C, H, W) and kernels (N, k², s·H, s·W), "
            f"got {tuple(x.shape)} and {tuple(kernels.shape)}"
        )
    k, s = math.isqrt(kernels.shape[1]), kernels.shape[2] // x.shape[2]
    if k * k != kernels.shape[1] or k % 2 == 0:
        raise ValueError(
            f"kernels must have k² channels with odd k (1, 9, 25, …), got {kernels.shape[1]} channels"
        )
    if s < 1 or kernels.shape[2:] != (s * x.shape[2], s * x.shape[3]):
        raise ValueError(
            f"kernels must be a whole number of times as large as x with its {tuple(x.shape[2:])} rows and "
            f"columns, got {tuple(kernels.shape[2:])}"
        )
    return k, s


class KernelPrediction(nn.Module):
    """Predict the kernels for `reassemble` from a feature map; each is positive and sums to 1.

    A 1 × 1 convolution compresses the channels, a convolution encodes the neighbourhood into s² kernels of k²
    taps for each pixel, the pixel shuffle puts them at their output pixels and softmax normalises them. The
    last convolution starts near zero, so that all kernels start nearly uniform.

    Parameters
    ----------
    channels : int
        Of the feature map.
    scale : int
        s.
    taps : int
        k, odd: the side of the neighbourhood that is mixed.
    encoder_size : int
        Kernel size of the encoding convolution, odd; the paper recommends k − 2.
    compressed : int
        Channels after compression.
    device : torch.device or str, optional
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    ValueError
        If a number is out of range or a size even.

    Examples
    --------
    >>> kernels = KernelPrediction(8, scale=2)(torch.rand(1, 8, 5, 7))
    >>> kernels.shape, bool(torch.allclose(kernels.sum(1), torch.ones(10, 14)))
    (torch.Size([1, 25, 10, 14]), True)
    """

    def __init__(
        self,
        channels: int,
        scale: int = 2,
        taps: int = 5,
        encoder_size: int = 3,
        compressed: int = 64,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        for name, value in (("taps", taps), ("encoder_size", encoder_size)):
            if integer(name, value, 1) % 2 == 0:
                raise ValueError(f"{name} must be odd, got {value}")
        self.scale = integer("scale", scale, 1)
        outputs = taps**2 * scale**2
        compressed = integer("compressed", compressed, 1)
        self.compress = nn.Conv2d(channels, compressed, 1, device=device, dtype=dtype)
        self.encode = nn.Conv2d(
            compressed, outputs, encoder_size, padding=encoder_size // 2, device=device, dtype=dtype
        )
        nn.init.xavier_uniform_(self.compress.weight)
        nn.init.normal_(self.encode.weight, std=0.001)
        for conv in (self.compress, self.encode):
            if conv.bias is not None:
                nn.init.zeros_(conv.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Kernels (N, k², s·H, s·W) for the feature map `x`, shape (N, channels, H, W)."""
        logits = F.pixel_shuffle(self.encode(self.compress(x)), self.scale)
        return logits.softmax(dim=1)


class CARAFE(Upsampler):
    """Content-aware reassembly of features, then a change of channels.

    The kernels are predicted from `x`; a convolution changes the channels *before* the reassembly, where it
    costs s² times less. For the default 1 × 1 convolution without a bias the order makes no difference:
    mixing channels pixel by pixel and mixing pixels channel by channel commute. (A bias loses weight near the
    border, where kernels reach outside the image.) ``conv=False`` leaves the published operator alone.

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
    taps, encoder_size, compressed : int
        See `KernelPrediction`; the defaults are the paper's.
    device : torch.device or str, optional
    dtype : torch.dtype, optional
        Of the parameters.

    Raises
    ------
    ValueError
        If a number is out of range, a size even, or the channels differ without a convolution.

    References
    ----------
    Wang et al., "CARAFE: Content-Aware ReAssembly of FEatures", https://arxiv.org/abs/1905.02188

    Examples
    --------
    >>> CARAFE(8, 4, scale=3)(torch.ones(1, 8, 5, 7)).shape
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
        taps: int = 5,
        encoder_size: int = 3,
        compressed: int = 64,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        k = odd_kernel(1 if kernel_size is None else kernel_size)
        super().__init__(in_channels, out_channels, scale, k)
        self.kernels = KernelPrediction(in_channels, scale, taps, encoder_size, compressed, device, dtype)
        self.conv = channel_change(in_channels, out_channels, k, bias, conv, device, dtype)

    def forward(self, x: Tensor) -> Tensor:
        """Upsample `x`, shape (N, C_in, H, W) or (C_in, H, W)."""
        if x.ndim == 3:
            return self.forward(x[None])[0]
        return reassemble(self.conv(x), self.kernels(x))


def channel_change(
    in_channels: int,
    out_channels: int,
    kernel_size: int,
    bias: bool,
    conv: bool,
    device: torch.device | str | None,
    dtype: torch.dtype | None,
) -> nn.Module:
    """The convolution that a content-aware block does in the input's grid, or none."""
    if conv:
        return nn.Conv2d(
            in_channels,
            out_channels,
            kernel_size,
            padding=kernel_size // 2,
            bias=bias,
            device=device,
            dtype=dtype,
        )
    if in_channels != out_channels:
        raise ValueError(
            f"out_channels must equal in_channels {in_channels} without conv, got {out_channels}"
        )
    return nn.Identity()
