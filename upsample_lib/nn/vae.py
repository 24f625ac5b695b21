"""The variational autoencoder: a cloud of latent vectors for each image, and the price of the cloud."""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.nn.autoencoder import ImageToVector, Size

__all__ = ["VAE", "kl_divergence", "negative_elbo", "reparametrise"]


def reparametrise(mean: Tensor, log_variance: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Draw z ~ N(μ, σ²) as z = μ + σ·ε with ε ~ N(0, 1), so that gradients reach μ and σ.

    Parameters
    ----------
    mean, log_variance : Tensor
        μ and log σ², of one shape.
    generator : torch.Generator, optional
        Where ε comes from; by default torch's own.

    Returns
    -------
    Tensor
        z, of the same shape.

    References
    ----------
    Kingma, Welling, "Auto-Encoding Variational Bayes", section 2.4, https://arxiv.org/abs/1312.6114

    Examples
    --------
    >>> z = reparametrise(torch.full((50_000,), 3.0), torch.full((50_000,), 4.0).log())
    >>> round(z.mean().item(), 1), round(z.std().item(), 1)
    (3.0, 2.0)
    """
    noise = torch.randn(mean.shape, dtype=mean.dtype, device=mean.device, generator=generator)
    return mean + torch.exp(0.5 * log_variance) * noise


def kl_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (μ² + σ² − log σ² − 1), in nats, one number for each sample.

    Parameters
    ----------
    mean, log_variance : Tensor, shape (N, latent)
        μ and log σ².

    Returns
    -------
    Tensor, shape (N,)
        The sum over the last axis.

    References
    ----------
    Kingma, Welling, "Auto-Encoding Variational Bayes", appendix B, https://arxiv.org/abs/1312.6114

    Examples
    --------
    >>> kl_divergence(torch.tensor([[2.0, 0.0]]), torch.zeros(1, 2))
    tensor([2.])
    """
    return 0.5 * (mean.square() + log_variance.exp() - log_variance - 1).sum(dim=-1)


def negative_elbo(
    logits: Tensor, x: Tensor, mean: Tensor, log_variance: Tensor, beta: float = 1.0
) -> tuple[Tensor, Tensor]:
    """The two parts of the loss of a VAE, each summed over pixels or latents and averaged over the batch.

    Parameters
    ----------
    logits : Tensor, shape (N, C, H, W)
        What the decoder answered.
    x : Tensor, shape (N, C, H, W)
        The images, 0 … 1.
    mean, log_variance : Tensor, shape (N, latent)
        What the encoder answered.
    beta : float
        Weight of the second part; 1 is the bound itself.

    Returns
    -------
    reconstruction, divergence : Tensor
        Two numbers whose sum is to be minimised: the binary cross-entropy, and β·KL. For pixels that are 0
        or 1 the sum (β = 1) estimates an upper bound of −log p(x). For grey pixels it estimates the bound
        averaged over images binarised at random with P(1) = x.

    References
    ----------
    Kingma, Welling, "Auto-Encoding Variational Bayes", https://arxiv.org/abs/1312.6114; β: Higgins et al.,
    "beta-VAE", https://openreview.net/forum?id=Sy2fzU9gl

    Examples
    --------
    >>> half = torch.zeros(2, 1, 4, 4)
    >>> reconstruction, divergence = negative_elbo(half, half, torch.zeros(2, 3), torch.zeros(2, 3))
    >>> round(reconstruction.item(), 4), divergence.item()  # 16 pixels of log 2 nats each
    (11.0904, 0.0)
    """
    reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum") / len(x)
    return reconstruction, beta * kl_divergence(mean, log_variance).mean()


class VAE(ImageToVector):
    """Variational autoencoder with the encoder and decoder of `ConvAutoencoder`.

    The encoder answers with a mean and a log-variance for each latent number; the decoder gets a draw.

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
    Kingma, Welling, "Auto-Encoding Variational Bayes", https://arxiv.org/abs/1312.6114

    Examples
    --------
    >>> model = VAE(latent=2)
    >>> logits, mean, log_variance = model(torch.rand(5, 1, 28, 28))
    >>> logits.shape, mean.shape, log_variance.shape
    (torch.Size([5, 1, 28, 28]), torch.Size([5, 2]), torch.Size([5, 2]))
    """

    def __init__(
        self,
        in_channels: int = 1,
        latent: int = 2,
        widths: Sequence[int] = (16, 32, 64),
        upsampler: str = "transposed",
        size: int | Size = 28,
        kernel_size: int | None = None,
    ) -> None:
        super().__init__(in_channels, latent, widths, upsampler, size, kernel_size, outputs=2 * latent)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Images (N, C, H, W) to μ and log σ², each (N, latent)."""
        self.check_images(x)
        mean, log_variance = self.encoder(x).chunk(2, dim=1)
        return mean, log_variance

    def forward(self, x: Tensor, generator: torch.Generator | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Images (N, C, H, W) to logits of the same shape, μ and log σ².

        In training mode the decoder gets a draw; in evaluation mode the mean.
        """
        mean, log_variance = self.encode(x)
        z = reparametrise(mean, log_variance, generator) if self.training else mean
        return self.decode(z), mean, log_variance

    def loss(self, x: Tensor, beta: float = 1.0) -> Tensor:
        """`negative_elbo` of a batch as one number, in nats an image."""
        logits, mean, log_variance = self(x)
        reconstruction, divergence = negative_elbo(logits, x, mean, log_variance, beta)
        return reconstruction + divergence

    @torch.no_grad()
    def sample(self, count: int, generator: torch.Generator | None = None) -> Tensor:
        """Draw z ~ N(0, 1) and decode: `count` images (count, C, H, W), 0 … 1."""
        parameter = next(self.parameters())
        z = torch.randn(
            (count, self.latent), dtype=parameter.dtype, device=parameter.device, generator=generator
        )
        return torch.sigmoid(self.decode(z))
