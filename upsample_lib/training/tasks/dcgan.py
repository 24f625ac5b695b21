"""Make pictures of clothing with DCGAN: a generator and a discriminator on Fashion-MNIST."""

import argparse

import numpy as np
import torch

from upsample_lib.nn import UPSAMPLERS, DCGANDiscriminator, DCGANGenerator
from upsample_lib.training import data
from upsample_lib.training.adversarial import Adversarial, generate
from upsample_lib.training.generated import checkerboard_shares, frechet_distance

__all__ = ["add_arguments", "build"]

_MADE = 500  # images for each evaluation


class _FashionDCGAN(Adversarial):
    """DCGAN on Fashion-MNIST, judged by its distance from test images and by its checkerboards."""

    def evaluate(self) -> dict[str, float]:
        """Measure the Fréchet distance from test images and the pattern shares of period 2 and 4."""
        made = generate(self.networks["generator"], _MADE)[:, 0].astype(float)
        real = 2 * data.fashion_mnist("test")[0].astype(float) - 1
        two, four = checkerboard_shares(made)
        return {"distance": frechet_distance(made, real), "pattern_2": two, "pattern_4": four}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the networks are.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Of this task.
    """
    parser.add_argument(
        "--upsampler", default="transposed", choices=UPSAMPLERS, help="how the generator doubles"
    )
    parser.add_argument("--kernel-size", type=int, help="of the doublings; by default the block's own")
    parser.add_argument("--width", type=int, default=16, help="channels of the widest maps: twice as many")
    parser.add_argument("--latent", type=int, default=64, help="length of the latent vector")
    parser.add_argument("--real-label", type=float, default=0.9, help="what the discriminator should answer")


def build(options: argparse.Namespace) -> Adversarial:
    """Make both networks and their data.

    Parameters
    ----------
    options : argparse.Namespace
        What `add_arguments` declares, and `seed` and `learning_rate`.

    Returns
    -------
    Adversarial
        Ready for `fit`.

    Raises
    ------
    ValueError
        If an option is out of range; in a sentence.
    """
    torch.manual_seed(options.seed)
    generator = DCGANGenerator(options.latent, 1, 28, options.width, options.upsampler, options.kernel_size)
    discriminator = DCGANDiscriminator(1, 28, options.width)
    images = data.fashion_mnist("train")[0].astype(np.float32)
    settings = {name: getattr(options, name) for name in ("upsampler", "kernel_size", "width")}
    rate = 1e-3 if options.learning_rate is None else options.learning_rate
    return _FashionDCGAN(generator, discriminator, images, rate, options.real_label, settings)
