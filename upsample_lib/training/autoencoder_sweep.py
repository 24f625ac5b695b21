"""Autoencoders on Fashion-MNIST, measured over seeds: how long a latent vector, and which upsampling block.

`python -m upsample_lib.training.autoencoder_sweep` trains them and writes `results/autoencoder_sweep.json`,
which `results` reads.
"""

import argparse
import datetime
import json
import os
import platform
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from upsample_lib.artifacts import checkerboard_energy
from upsample_lib.nn.autoencoder import ConvAutoencoder
from upsample_lib.training.data import fashion_mnist

__all__ = ["KINDS", "LATENTS", "PERIOD", "PLACE", "measure", "results", "train"]

LATENTS = (2, 4, 8, 16, 32, 64)
# name: block and kernel size
KINDS: dict[str, tuple[str, int]] = {
    "k3": ("transposed", 3),
    "k4": ("transposed", 4),
    "N+k3": ("nearest_conv", 3),
    "B+k3": ("bilinear_conv", 3),
    "PS": ("subpixel", 3),
}
PERIOD = 4  # two doublings
PLACE = slice(4, 24)  # rows and columns that no border reaches: 20, a multiple of the period
LATENT = 16  # of the runs that compare blocks
_FILE = resources.files("upsample_lib.training") / "results" / "autoencoder_sweep.json"


def train(model: ConvAutoencoder, images: Tensor, steps: int, rate: float = 4e-3, batch: int = 64) -> None:
    """Adam with one cycle of the learning rate, binary cross-entropy, batches drawn at random.

    Parameters
    ----------
    model : ConvAutoencoder
        What is trained; afterwards it is in evaluation mode.
    images : Tensor, shape (N, C, H, W)
        Values 0 … 1.
    steps : int
        How many batches.
    rate : float
        The largest learning rate.
    batch : int
        Images in each.
    """
    model.train().to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # faster
    optimizer = torch.optim.Adam(model.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps)
    for _ in range(steps):
        x = images[torch.randint(len(images), (batch,))]
        loss = F.binary_cross_entropy_with_logits(model(x), x)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        schedule.step()
    model.eval()


@torch.no_grad()
def measure(model: ConvAutoencoder, images: Tensor) -> dict[str, float]:
    """Mean squared error of the reconstructions, and the share of energy that their pattern has.

    Parameters
    ----------
    model : ConvAutoencoder
        In evaluation mode.
    images : Tensor, shape (N, 1, 28, 28)
        Values 0 … 1.

    Returns
    -------
    dict
        "mse", and "energy": of the pattern of period 4, away from the borders.
    """
    found = model.reconstruct(images)
    return {
        "mse": F.mse_loss(found, images).item(),
        "energy": float(checkerboard_energy(found[:, 0, PLACE, PLACE], PERIOD)),
    }


def results() -> dict[str, Any]:
    """The stored measurements and how they were made.

    Returns
    -------
    dict
        "latent": for each length of the latent vector one {"mse", "energy"} a seed; "before" and "after":
        the same for each kind of block, before and after training; "real": the energy of the test images;
        "made": steps, setting, versions, machine and date.

    Examples
    --------
    >>> found = results()
    >>> [len(found["latent"][str(latent)]) == found["made"]["seeds"] for latent in LATENTS[:2]]
    [True, True]
    """
    stored: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    return stored


def _tensor(split: Any) -> Tensor:
    return torch.from_numpy(fashion_mnist(split)[0])[:, None]


def _run(seeds: int, steps: int) -> dict[str, Any]:
    images, test = _tensor("train"), _tensor("test")
    found: dict[str, Any] = {"latent": {}, "before": {}, "after": {}}

    def one(latent: int, kind: str, seed: int) -> tuple[dict[str, float], dict[str, float]]:
        block, kernel_size = KINDS[kind]
        torch.manual_seed(seed)
        model = ConvAutoencoder(latent=latent, upsampler=block, kernel_size=kernel_size)
        before = measure(model, test)
        train(model, images, steps)
        after = measure(model, test)
        print(f"{latent:3} {kind:5} {seed}: {after['mse']:.4f} {after['energy']:.2e}", flush=True)
        return before, after

    for kind in KINDS:
        runs = [one(LATENT, kind, seed) for seed in range(seeds)]
        found["before"][kind], found["after"][kind] = (list(part) for part in zip(*runs))
    for latent in LATENTS:
        found["latent"][str(latent)] = (
            found["after"]["k4"]
            if latent == LATENT
            else [one(latent, "k4", seed)[1] for seed in range(seeds)]
        )
    found["real"] = float(checkerboard_energy(test[:, 0, PLACE, PLACE], PERIOD))
    found["made"] = {
        "seeds": seeds,
        "steps": steps,
        "training images": len(images),
        "test images": len(test),
        "torch": torch.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": f"CPU, {platform.machine()}",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, measure and store; see `--help`."""
    parser = argparse.ArgumentParser(prog="python -m upsample_lib.training.autoencoder_sweep")
    parser.add_argument("--seeds", type=int, default=5, help="runs of each kind (default: 5)")
    parser.add_argument("--steps", type=int, default=1000, help="of training in each run (default: 1000)")
    parser.add_argument("--out", type=Path, default=Path(str(_FILE)), help="file to write")
    chosen = parser.parse_args(arguments)
    found = _run(chosen.seeds, chosen.steps)
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    unfinished = chosen.out.with_suffix(".part")
    unfinished.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    os.replace(unfinished, chosen.out)


if __name__ == "__main__":
    main()
