"""A convolutional autoencoder: strided convolutions down to a short vector, upsampling blocks back."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from upsample_lib._arguments import integer, per_axis
from upsample_lib.nn.blocks import upsampler as upsampling_block

__all__ = ["ConvAutoencoder", "Crop"]

Size = tuple[int, int]


class Crop(nn.Module):
    """Keep the first rows and columns: an upsampling block gives 2⌈n/2⌉ positions, one too many for odd n.

    Parameters
    ----------
    size : (int, int)
        Height and width to keep.

    Raises
    ------
    ValueError
        If a side is smaller than 1, or an image that comes is smaller than `size`.

    Examples
    --------
    >>> Crop((7, 7))(torch.ones(1, 2, 8, 8)).shape
    torch.Size([1, 2, 7, 7])
    """

    def __init__(self, size: Size) -> None:
        super().__init__()
        height, width = per_axis("size", size, 2, 1)
        self.size = (height, width)

    def forward(self, x: Tensor) -> Tensor:
        """Crop `x`, shape (…, H, W)."""
        height, width = self.size
        if x.shape[-2] < height or x.shape[-1] < width:
            raise ValueError(f"x must be at least {height} × {width}, got {x.shape[-2]} × {x.shape[-1]}")
        return x[..., :height, :width]

    def extra_repr(self) -> str:
        """The size."""
        return f"size={self.size}"


def halvings(size: int | Size, times: int) -> list[Size]:
    """The sizes before and after each convolution with k = 3, s = 2, p = 1, which makes ⌈n/2⌉ of n.

    >>> halvings(28, 3)
    [(28, 28), (14, 14), (7, 7), (4, 4)]
    """
    height, width = per_axis("size", size, 2, 1)
    sizes = [(height, width)]
    for _ in range(times):
        height, width = (height + 1) // 2, (width + 1) // 2
        sizes.append((height, width))
    return sizes


def encoder(in_channels: int, outputs: int, widths: Sequence[int], size: int | Size) -> nn.Sequential:
    """Images (N, C, H, W) to vectors (N, outputs): each width is a convolution of stride 2 and a ReLU."""
    layers: list[nn.Module] = []
    channels = in_channels
    for width in widths:
        layers += [nn.Conv2d(channels, width, 3, stride=2, padding=1), nn.ReLU()]
        channels = width
    height, wide = halvings(size, len(widths))[-1]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(channels * height * wide, outputs))


def decoder(
    latent: int,
    out_channels: int,
    widths: Sequence[int],
    size: int | Size,
    upsampler: str,
    kernel_size: int | None = None,
) -> nn.Sequential:
    """Vectors (N, latent) to logits (N, C, H, W): the encoder's sizes in reverse order, each exactly."""
    sizes = halvings(size, len(widths))
    height, wide = sizes[-1]
    layers: list[nn.Module] = [
        nn.Linear(latent, widths[-1] * height * wide),
        nn.ReLU(),
        nn.Unflatten(1, (widths[-1], height, wide)),
    ]
    channels = [out_channels, *widths]
    for stage in reversed(range(len(widths))):
        layers.append(
            upsampling_block(upsampler, channels[stage + 1], channels[stage], 2, kernel_size=kernel_size)
        )
        wanted, small = sizes[stage], sizes[stage + 1]
        if wanted != (2 * small[0], 2 * small[1]):
            layers.append(Crop(wanted))
        if stage:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


def checked_widths(widths: Sequence[int]) -> tuple[int, ...]:
    """`widths` as a tuple of integers ≥ 1, refused when it is empty."""
    if len(widths) == 0:
        raise ValueError("widths must hold at least one number of channels, got none")
    return tuple(integer(f"widths[{i}]", width, 1) for i, width in enumerate(widths))


class ImageToVector(nn.Module):
    """What autoencoders share: their sizes, an `encoder`, a `decoder`, and the refusal of other images.

    Parameters
    ----------
    in_channels : int
        C of the images.
    latent : int
        Length of the latent vector.
    widths : sequence of int
        Channels after each halving of the size.
    upsampler : str
        One of `UPSAMPLERS`: what the decoder doubles the size with.
    size : int or (int, int)
        Height and width of the images.
    kernel_size : int, optional
        Of the upsampling blocks; see each block.
    outputs : int
        Of the encoder, a multiple of `latent`.
    """

    def __init__(
        self,
        in_channels: int,
        latent: int,
        widths: Sequence[int],
        upsampler: str,
        size: int | Size,
        kernel_size: int | None,
        outputs: int,
    ) -> None:
        super().__init__()
        self.in_channels = integer("in_channels", in_channels, 1)
        self.latent = integer("latent", latent, 1)
        self.widths = checked_widths(widths)
        self.size = halvings(size, 0)[0]
        self.encoder = encoder(in_channels, outputs, self.widths, self.size)
        self.decoder = decoder(latent, in_channels, self.widths, self.size, upsampler, kernel_size)

    def check_images(self, x: Tensor) -> None:
        """Refuse what is not a batch of images of the model's own size."""
        wanted = (self.in_channels, *self.size)
        if x.ndim != 4 or tuple(x.shape[1:]) != wanted:
            raise ValueError(
                f"x must have the shape (N, {', '.join(map(str, wanted))}), got {tuple(x.shape)}"
            )

    def decode(self, z: Tensor) -> Tensor:
        """Latent vectors (N, latent) to logits (N, C, H, W); their sigmoid is the image."""
        y: Tensor = self.decoder(z)
        return y


class ConvAutoencoder(ImageToVector):
    """Convolutional autoencoder: image → vector of `latent` numbers → image of exactly the same size.

    The encoder halves the size once for each width (convolution k = 3, s = 2, p = 1, ReLU) and ends in a
    linear layer. The decoder mirrors it with upsampling blocks; where the encoder met an odd size, the last
    row or column of the doubled map is cropped.

    Convention: pixels are 0 … 1, and the model answers with *logits*, to be trained with
    `binary_cross_entropy_with_logits`; `reconstruct` gives pixels.

    Parameters
    ----------
    in_channels : int
        C of the images.
    latent : int
        Length of the latent vector.
    widths : sequence of int
        Channels after each halving of the size.
    upsampler : str
        One of `UPSAMPLERS`: what the decoder doubles the size with.
    size : int or (int, int)
        Height and width of the images.
    kernel_size : int, optional
        Of the upsampling blocks; see each block.

    Raises
    ------
    ValueError
        If an argument is out of range, or images of another shape come.

    References
    ----------
    Masci et al., "Stacked Convolutional Auto-Encoders for Hierarchical Feature Extraction", 2011,
    https://doi.org/10.1007/978-3-642-21735-7_7

    Examples
    --------
    >>> model = ConvAutoencoder(latent=16, widths=(16, 32, 64))
    >>> x = torch.rand(5, 1, 28, 28)
    >>> model.encode(x).shape, model(x).shape
    (torch.Size([5, 16]), torch.Size([5, 1, 28, 28]))
    """

    def __init__(
        self,
        in_channels: int = 1,
        latent: int = 16,
        widths: Sequence[int] = (16, 32),
        upsampler: str = "transposed",
        size: int | Size = 28,
        kernel_size: int | None = None,
    ) -> None:
        super().__init__(in_channels, latent, widths, upsampler, size, kernel_size, outputs=latent)

    def encode(self, x: Tensor) -> Tensor:
        """Images (N, C, H, W) to latent vectors (N, latent)."""
        self.check_images(x)
        z: Tensor = self.encoder(x)
        return z

    def forward(self, x: Tensor) -> Tensor:
        """Images (N, C, H, W) to logits of the same shape."""
        return self.decode(self.encode(x))

    def reconstruct(self, x: Tensor) -> Tensor:
        """Images (N, C, H, W) to images: the sigmoid of the logits."""
        return torch.sigmoid(self(x))
