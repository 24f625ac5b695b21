"""Training two networks against each other, as Goodfellow et al. proposed and DCGAN does it."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from upsample_lib.training.task import Task

__all__ = ["Adversarial", "generate"]

Images = npt.NDArray[np.float32]


class Adversarial(Task):
    """A generator learns to make images that a discriminator cannot tell from given ones.

    The discriminator learns to answer `real_label` for given images and 0 for made ones, both with binary
    cross-entropy; then the generator learns to make it answer 1 (the non-saturating loss).

    Parameters
    ----------
    generator : nn.Module
        Maps latent vectors (N, `generator.latent`) to images from −1 to 1; for example `DCGANGenerator`.
    discriminator : nn.Module
        Maps images to one logit each; for example `DCGANDiscriminator`.
    images : ndarray, float32, (count, H, W) or (count, C, H, W)
        Values 0 … 1.
    learning_rate : float
        Of the generator's Adam; the discriminator's is half of it.
    real_label : float
        1, or a little less (one-sided label smoothing, Salimans et al., https://arxiv.org/abs/1606.03498): it
        keeps the discriminator from growing too sure.
    settings : dict, optional
        More values that a continued run must share.

    Raises
    ------
    ValueError
        If the images have another shape, or values outside 0 … 1, or real_label is out of range.

    Convention: Adam with β = (0.5, 0.999), as in DCGAN.

    References
    ----------
    Goodfellow et al., "Generative Adversarial Nets", https://arxiv.org/abs/1406.2661

    Examples
    --------
    >>> from upsample_lib.nn import DCGANDiscriminator, DCGANGenerator
    >>> from upsample_lib.training.loop import fit
    >>> _ = torch.manual_seed(0)
    >>> networks = DCGANGenerator(8, 1, 28, width=4), DCGANDiscriminator(1, 28, width=4)
    >>> task = Adversarial(*networks, np.zeros((20, 28, 28), np.float32))
    >>> [row] = fit(task, steps=2, batch_size=4, progress=False)
    >>> list(row)
    ['step', 'discriminator', 'generator']
    """

    def __init__(
        self,
        generator: nn.Module,
        discriminator: nn.Module,
        images: Images,
        learning_rate: float = 1e-3,
        real_label: float = 0.9,
        settings: dict[str, Any] | None = None,
    ) -> None:
        if not 0.5 < real_label <= 1:
            raise ValueError(f"real_label must be above 0.5 and at most 1, got {real_label}")
        if images.ndim not in (3, 4) or not len(images):
            raise ValueError(
                f"images must have the shape (count, H, W) or (count, C, H, W), got {images.shape}"
            )
        if not (images.min() >= 0 and images.max() <= 1):  # NaN fails too
            raise ValueError(f"images must run from 0 to 1, got {images.min():g} … {images.max():g}")
        pixels = images if images.ndim == 4 else images[:, None]
        self.images = 2 * pixels.astype(np.float32) - 1
        self.real_label = real_label
        self.latent = int(generator.latent)  # type: ignore[arg-type]
        networks = {"discriminator": discriminator, "generator": generator}
        for network in networks.values():
            network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # faster
        rates = {"discriminator": learning_rate / 2, "generator": learning_rate}
        optimizers = {
            name: torch.optim.Adam(network.parameters(), rates[name], betas=(0.5, 0.999))
            for name, network in networks.items()
        }
        known = {"learning_rate": learning_rate, "real_label": real_label, "latent": self.latent}
        super().__init__(networks, optimizers, settings={**known, **(settings or {})})

    def sample(self, number: int, random: np.random.Generator) -> tuple[npt.NDArray[Any], ...]:
        """Draw one of the images, from −1 to 1, and a latent vector."""
        image = self.images[random.integers(len(self.images))]
        return image, random.standard_normal(self.latent, np.float32)

    def losses(self, *batch: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Yield the discriminator's loss on given and made images, then the generator's."""
        real, z = batch
        made = self.networks["generator"](z)
        judge = self.networks["discriminator"]
        # detached: this half of the step must not move the generator
        loss = _cross_entropy(judge(real), self.real_label) + _cross_entropy(judge(made.detach()), 0)
        yield "discriminator", loss
        yield "generator", _cross_entropy(judge(made), 1)


def generate(generator: nn.Module, count: int, seed: int = 0) -> Images:
    """Make images with the statistics of the batch in the normalisations, as in training.

    Parameters
    ----------
    generator : nn.Module
        As for `Adversarial`; it is left as it was.
    count : int
        How many.
    seed : int
        Of the latent vectors.

    Returns
    -------
    ndarray, float32, (count, C, H, W)
        From −1 to 1.

    Examples
    --------
    >>> from upsample_lib.nn import DCGANGenerator
    >>> generate(DCGANGenerator(8, 1, 28, width=4), 3).shape
    (3, 1, 28, 28)
    """
    z = torch.randn(count, int(generator.latent), generator=torch.Generator().manual_seed(seed))  # type: ignore[arg-type]
    kept = {name: value.clone() for name, value in generator.state_dict().items()}
    training = generator.training
    with torch.no_grad():
        images = generator.train()(z.to(next(generator.parameters()).device))
    generator.load_state_dict(kept)  # the running statistics have moved
    generator.train(training)
    made: Images = images.float().cpu().numpy()
    return made


def _cross_entropy(logits: Tensor, label: float) -> Tensor:
    return F.binary_cross_entropy_with_logits(
        logits.float(), torch.full_like(logits, label, dtype=torch.float32)
    )
