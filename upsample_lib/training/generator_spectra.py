"""How much of a checkerboard a DCGAN on Fashion-MNIST shows, before and after training, by upsampling block.

`python -m upsample_lib.training.generator_spectra` trains each kind of generator from several seeds and
writes `results/generator-spectra.npz`, which `results` reads. An interrupted run goes on where it was.
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
import numpy.typing as npt
import torch

from upsample_lib.artifacts import spectrum
from upsample_lib.nn import DCGANDiscriminator, DCGANGenerator
from upsample_lib.training.adversarial import Adversarial, generate
from upsample_lib.training.data import fashion_mnist
from upsample_lib.training.generated import checkerboard_shares, frechet_distance
from upsample_lib.training.loop import fit

__all__ = ["KINDS", "results"]

Measured = dict[str, npt.NDArray[Any]]

# name: block and kernel size
KINDS: dict[str, tuple[str, int]] = {
    "transposed k4": ("transposed", 4),
    "transposed k5": ("transposed", 5),
    "nearest + k3": ("nearest_conv", 3),
    "bilinear + k3": ("bilinear_conv", 3),
    "sub-pixel k3": ("subpixel", 3),
}
_LATENT, _WIDTH, _BATCH, _RATE = 64, 16, 64, 1e-3
_IMAGES = 1000  # for each measurement
_KEPT = 16  # of them, as pictures, for the first seed
_NAMES = ("energy", "spectrum", "distance", "images")
_FILE = resources.files("upsample_lib.training") / "results" / "generator-spectra.npz"


def results() -> tuple[Measured, dict[str, Any]]:
    """Read the stored measurements, and how they were made.

    Returns
    -------
    measured : dict of ndarray
        "energy" (kinds, seeds, before and after, periods 2 and 4); "spectrum" (kinds, before and after, 28,
        28), averaged over the seeds; "distance" (kinds, seeds, before and after); "images" (kinds, before and
        after, 16, 28, 28) of the first seed, 8 bits; and "real_…" of test images.
    made : dict
        Kinds, seeds, steps, settings, versions and date.

    Examples
    --------
    >>> measured, made = results()
    >>> measured["energy"].shape == (len(made["kinds"]), made["seeds"], 2, 2)
    True
    """
    with _FILE.open("rb") as file, np.load(file) as stored:
        measured = {name: stored[name] for name in stored.files}
    return measured, json.loads(str(measured.pop("made")))


def _trained(kind: str, seed: int, steps: int) -> list[Measured]:
    """What is measured of a generator as it was drawn, and after training."""
    block, kernel_size = KINDS[kind]
    torch.manual_seed(seed)
    generator = DCGANGenerator(_LATENT, 1, 28, _WIDTH, block, kernel_size)
    task = Adversarial(generator, DCGANDiscriminator(1, 28, _WIDTH), fashion_mnist("train")[0], _RATE)
    before = _measured(generator)
    fit(task, steps, _BATCH, seed=seed, progress=False)
    return [before, _measured(generator)]


def _measured(generator: DCGANGenerator) -> Measured:
    images = generate(generator, _IMAGES, seed=1)[:, 0].astype(float)
    return _measures(images, _real())


def _measures(images: npt.NDArray[np.float64], real: npt.NDArray[np.float64]) -> Measured:
    return {
        "energy": np.array(checkerboard_shares(images)),
        "spectrum": spectrum(images, remove_mean=True).astype(np.float32),
        "distance": np.array(frechet_distance(images, real)),
        "images": np.round((images[:_KEPT] + 1) * 127.5).astype(np.uint8),
    }


def _real() -> npt.NDArray[np.float64]:
    real: npt.NDArray[np.float64] = 2 * fashion_mnist("test")[0].astype(float) - 1
    return real


def _run(seeds: int, steps: int, path: Path) -> None:
    runs: dict[tuple[str, int], list[Measured]] = {}
    parts: list[Path] = []
    for seed in range(seeds):
        for number, kind in enumerate(KINDS):
            parts.append(path.with_name(f".{path.stem}-{number}-{seed}-{steps}.npz"))
            if parts[-1].exists():
                with np.load(parts[-1]) as stored:
                    runs[kind, seed] = [{n: stored[f"{n}{i}"] for n in _NAMES} for i in range(2)]
            else:
                runs[kind, seed] = _trained(kind, seed, steps)
                _write(parts[-1], {f"{n}{i}": m[n] for i, m in enumerate(runs[kind, seed]) for n in _NAMES})
            after = runs[kind, seed][1]
            shares = ", ".join(f"{share:.2e}" for share in after["energy"])
            print(f"{kind:14} {seed}: {shares}; {float(after['distance']):.1f}", flush=True)
    _write(path, {**_gathered(runs, seeds), "made": json.dumps(_provenance(seeds, steps))})
    for part in parts:
        part.unlink()


def _gathered(runs: dict[tuple[str, int], list[Measured]], seeds: int) -> Measured:
    def every(name: str, chosen: Sequence[int]) -> npt.NDArray[Any]:
        return np.array([[[m[name] for m in runs[kind, seed]] for seed in chosen] for kind in KINDS])

    # one half of the test images beside the other: how near two sets of real images come
    real = _measures(_real()[:_IMAGES], _real()[_IMAGES:])
    return {
        "energy": every("energy", range(seeds)),
        "spectrum": every("spectrum", range(seeds)).mean(axis=1).astype(np.float32),
        "distance": every("distance", range(seeds)),
        "images": every("images", [0])[:, 0],
        **{f"real_{name}": values for name, values in real.items()},
    }


def _provenance(seeds: int, steps: int) -> dict[str, Any]:
    return {
        "command": f"python -m upsample_lib.training.generator_spectra --seeds {seeds} --steps {steps}",
        "kinds": list(KINDS),
        "seeds": seeds,
        "steps": steps,
        "settings": {"latent": _LATENT, "width": _WIDTH, "batch_size": _BATCH, "learning_rate": _RATE},
        "torch": torch.__version__,
        "numpy": np.__version__,
        "python": platform.python_version(),
        "machine": f"{platform.machine()} CPU, {torch.get_num_threads()} threads",
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }


def _write(path: Path, arrays: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        np.savez_compressed(file, **arrays)
    os.replace(unfinished, path)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, measure and store; see `--help`.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the process.
    """
    parser = argparse.ArgumentParser(prog="python -m upsample_lib.training.generator_spectra")
    parser.add_argument("--seeds", type=int, default=5, help="runs of each kind (default: 5)")
    parser.add_argument("--steps", type=int, default=1000, help="of training in each run (default: 1000)")
    parser.add_argument("--out", type=Path, default=Path(str(_FILE)), help="file to write")
    chosen = parser.parse_args(arguments)
    if min(chosen.seeds, chosen.steps) < 1:
        parser.error(f"--seeds and --steps must be ≥ 1, got {chosen.seeds} and {chosen.steps}")
    _run(chosen.seeds, chosen.steps, chosen.out)


if __name__ == "__main__":
    main()
