"""DCGAN: a generator that is a stack of upsampling layers, and the discriminator that mirrors it."""

from torch import Tensor, nn

from upsample_lib._arguments import integer
from upsample_lib.nn.blocks import Subpixel
from upsample_lib.nn.blocks import upsampler as build_upsampler
from upsample_lib.nn.init import icnr_

__all__ = ["DCGANDiscriminator", "DCGANGenerator", "dcgan_init_"]

_SMALLEST_MAP = 4  # the generator starts from a map of 4 × 4 … 7 × 7 and doubles it
_STD = 0.02


class DCGANGenerator(nn.Module):
    """Generator of DCGAN: a latent vector becomes a small map, and each further layer doubles it.

    The first layer is a transposed convolution of a 1 × 1 map, that is a linear layer written as one. Then
    come doublings, each with half as many channels as the one before; batch normalisation and ReLU between
    the layers, tanh at the end. With the defaults this is the generator of the widespread PyTorch example:
    4 × 4 → 64 × 64 by k4 s2 p1, 3 576 704 parameters. The paper's own code doubles with 5 × 5 kernels
    (`kernel_size=5`: k5 s2 p2 output_padding 1) and 128 channels of width.

    Parameters
    ----------
    latent : int
        Length of the latent vector.
    channels : int
        Of the image.
    image_size : int
        Height and width of the image: 4, 5, 6 or 7, doubled at least once (64 = 4·2⁴, 28 = 7·2²).
    width : int
        Channels of the last hidden map; every earlier one has twice as many.
    upsampler : str
        How a map is doubled, one of `UPSAMPLERS`.
    kernel_size : int, optional
        Of the doublings; by default what `upsampler` takes (4 for "transposed", 3 for the others).

    Attributes
    ----------
    stages : nn.Sequential
        One entry a resolution, from the smallest map to the image: convenient to walk through.

    Raises
    ------
    ValueError
        If image_size is no such number, upsampler is unknown or does not take the kernel size.

    Convention: images run from −1 to 1. The weights start as in the paper, see `dcgan_init_`.

    References
    ----------
    Radford, Metz, Chintala, "Unsupervised Representation Learning with Deep Convolutional Generative
    Adversarial Networks", https://arxiv.org/abs/1511.06434

    Examples
    --------
    >>> import torch
    >>> generator = DCGANGenerator(latent=16, channels=1, image_size=28, width=8)
    >>> import torch
    >>> generator(torch.zeros(5, 16)).shape
    torch.Size([5, 1, 28, 28])
    >>> sum(p.numel() for p in DCGANGenerator().parameters())
    3576704
    """

    def __init__(
        self,
        latent: int = 100,
        channels: int = 3,
        image_size: int = 64,
        width: int = 64,
        upsampler: str = "transposed",
        kernel_size: int | None = None,
    ) -> None:
        super().__init__()
        self.latent = integer("latent", latent, 1)
        side, doublings = _smallest_map(image_size)
        widths = [integer("width", width, 1) << i for i in reversed(range(doublings))]
        integer("channels", channels, 1)
        stages = [_hidden(nn.ConvTranspose2d(latent, widths[0], side, bias=False), widths[0])]
        for wide, narrow in zip(widths, [*widths[1:], channels]):
            last = len(stages) == doublings
            # batch normalisation would take a bias away again; the last layer does without, like the example
            block = build_upsampler(upsampler, wide, narrow, 2, kernel_size, bias=False)
            stages.append(nn.Sequential(block, nn.Tanh()) if last else _hidden(block, narrow))
        self.stages = nn.Sequential(*stages)
        dcgan_init_(self)

    def forward(self, z: Tensor) -> Tensor:
        """Turn latent vectors `z`, shape (N, latent), into images (N, C, H, W) from −1 to 1."""
        if z.ndim != 2 or z.shape[1] != self.latent:
            raise ValueError(f"z must have shape (N, {self.latent}), got {tuple(z.shape)}")
        images: Tensor = self.stages(z[:, :, None, None])
        return images


class DCGANDiscriminator(nn.Module):
    """Discriminator of DCGAN: convolutions k4 s2 p1 halve the image, the last one turns it into one number.

    Leaky ReLU with slope 0.2 between the layers, batch normalisation behind all but the first and the last.
    With the defaults 2 765 568 parameters, as in the widespread PyTorch example.

    Parameters
    ----------
    channels : int
        Of the image.
    image_size : int
        Height and width of the image, as for `DCGANGenerator`.
    width : int
        Channels of the first hidden map; every later one has twice as many.

    Raises
    ------
    ValueError
        If image_size is not 4, 5, 6 or 7, doubled at least once.

    Convention: the result is a logit, without the example's sigmoid: use
    `torch.nn.functional.binary_cross_entropy_with_logits`, which stays finite where log(sigmoid(x)) does not.

    References
    ----------
    Radford, Metz, Chintala, https://arxiv.org/abs/1511.06434

    Examples
    --------
    >>> import torch
    >>> DCGANDiscriminator(channels=1, image_size=28, width=8)(torch.zeros(5, 1, 28, 28)).shape
    torch.Size([5])
    """

    def __init__(self, channels: int = 3, image_size: int = 64, width: int = 64) -> None:
        super().__init__()
        side, halvings = _smallest_map(image_size)
        self.channels = integer("channels", channels, 1)
        self.image_size = image_size
        widths = [integer("width", width, 1) << i for i in range(halvings)]
        layers: list[nn.Module] = []
        for narrow, wide in zip([channels, *widths], widths):
            layers.append(nn.Conv2d(narrow, wide, 4, stride=2, padding=1, bias=False))
            if len(layers) > 1:
                layers.append(nn.BatchNorm2d(wide))
            layers.append(nn.LeakyReLU(0.2))
        layers.append(nn.Conv2d(widths[-1], 1, side, bias=False))
        self.layers = nn.Sequential(*layers)
        dcgan_init_(self)

    def forward(self, x: Tensor) -> Tensor:
        """Judge images `x`, shape (N, C, H, W): one logit each, positive for "real"."""
        size = (self.channels, self.image_size, self.image_size)
        if x.ndim != 4 or x.shape[1:] != size:
            raise ValueError(f"x must have shape (N, {', '.join(map(str, size))}), got {tuple(x.shape)}")
        logits: Tensor = self.layers(x)
        return logits.flatten()


def dcgan_init_(model: nn.Module) -> nn.Module:
    """Draw the weights of a GAN as DCGAN does: convolutions from N(0, 0.02²), normalisations near 1.

    The scales of batch normalisation come from N(1, 0.02²) and its shifts are 0. `Subpixel` blocks keep equal
    phases (ICNR): one filter is drawn for the s² phases of a channel.

    Parameters
    ----------
    model : nn.Module
        Changed in place.

    Returns
    -------
    nn.Module
        `model`.

    References
    ----------
    Radford, Metz, Chintala, https://arxiv.org/abs/1511.06434, section 4

    Examples
    --------
    >>> import torch
    >>> _ = torch.manual_seed(0)
    >>> layer = dcgan_init_(nn.Conv2d(64, 64, 4))
    >>> round(layer.weight.std().item(), 3)
    0.02
    """
    for layer in model.modules():
        if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
            nn.init.normal_(layer.weight, 0, _STD)
        elif isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)) and layer.affine:
            nn.init.normal_(layer.weight, 1, _STD)
            nn.init.zeros_(layer.bias)
    for layer in model.modules():
        if isinstance(layer, Subpixel):
            icnr_(layer.conv.weight, layer.scale, lambda filters: nn.init.normal_(filters, 0, _STD))
    return model


def _smallest_map(image_size: int) -> tuple[int, int]:
    """The side of the map that the image is doubled from, and how often it is."""
    side, doublings = integer("image_size", image_size, 1), 0
    while side % 2 == 0 and side >= 2 * _SMALLEST_MAP:
        side, doublings = side // 2, doublings + 1
    if not (doublings and side < 2 * _SMALLEST_MAP):
        raise ValueError(f"image_size must be 4, 5, 6 or 7, doubled at least once, got {image_size}")
    return side, doublings


def _hidden(layer: nn.Module, channels: int) -> nn.Sequential:
    return nn.Sequential(layer, nn.BatchNorm2d(channels), nn.ReLU())
