"""The same U-Net with one upsampling block after another, over seeds and over strips of the micrograph.

`python -m upsample_lib.training.compare` trains them all and writes `results/upsamplers.json`, which
`results` reads; with `--set content_aware` it trains those whose filter depends on the content, under the
same conditions. It goes on where it was interrupted: runs that the file holds already are not repeated.
"""

import argparse
import datetime
import json
import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

from upsample_lib.nn import CONTENT_AWARE, UPSAMPLERS, SegNet, UNet
from upsample_lib.training import data, metrics
from upsample_lib.training.checkpoint import write_text
from upsample_lib.training.loop import fit
from upsample_lib.training.segmentation import Pairs, Segmentation, strips

__all__ = ["CONTENT_AWARE_KINDS", "KINDS", "main", "network", "otsu", "results", "split"]

KINDS = (*UPSAMPLERS, "unpooling", "no_skips")
CONTENT_AWARE_KINDS = (*CONTENT_AWARE, "pointwise")
_SETS = {"upsamplers": KINDS, "content_aware": CONTENT_AWARE_KINDS}
_FOLDER = Path(__file__).parent / "results"
# block, its kernel size and its other options, where they are not simply the kind's name and the defaults
_BLOCKS: dict[str, tuple[str, int | None, dict[str, Any]]] = {
    "no_skips": ("transposed", None, {}),
    "carafe": ("carafe", None, {"compressed": 8}),  # a quarter of the channels, as the paper's 64 of 256
    "pointwise": ("bilinear_conv", 1, {}),
}
_SETTINGS: dict[str, Any] = {
    "steps": 200,
    "batch_size": 8,
    "crop": 64,
    "learning_rate": 4e-3,
    "widths": [8, 16, 32],
}


def network(kind: str, widths: tuple[int, ...] = (8, 16, 32)) -> nn.Module:
    """One of the networks that are compared, with freshly drawn weights.

    Parameters
    ----------
    kind : str
        One of `KINDS` or `CONTENT_AWARE_KINDS`: a U-Net with this upsampling block; "unpooling", a SegNet
        with as many poolings, whose decoder gets the indices of the maxima and nothing else; "no_skips", the
        U-Net with transposed convolutions that gets zeros in place of the encoder's maps; "pointwise", the
        U-Net with bilinear upsampling and 1 × 1 convolutions: "dysample" without its offsets.
    widths : tuple of int
        Channels of the U-Net's stages.

    Returns
    -------
    nn.Module
        (N, 1, H, W) → (N, 2, H, W).

    Raises
    ------
    ValueError
        For another kind.

    Examples
    --------
    >>> x = torch.zeros(1, 1, 20, 24)
    >>> {tuple(network(kind)(x).shape) for kind in KINDS + CONTENT_AWARE_KINDS}
    {(1, 2, 20, 24)}
    """
    if kind not in KINDS + CONTENT_AWARE_KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS + CONTENT_AWARE_KINDS)}, got {kind!r}")
    if kind == "unpooling":
        return SegNet(1, 2, widths[1:])
    block, kernel_size, options = _BLOCKS.get(kind, (kind, None, {}))
    built = UNet(1, 2, widths, block, up_kernel_size=kernel_size, up_options=options)
    if kind == "no_skips":
        for stage, width in zip(built.decoder, widths):
            stage.register_forward_pre_hook(_Forget(width))
    return built


class _Forget:
    """Sets the first channels of a decoder stage's input, those of the skip connection, to zero."""

    def __init__(self, channels: int) -> None:
        self.channels = channels

    def __call__(self, _: nn.Module, inputs: tuple[Tensor, ...]) -> Tensor:
        skipped, upsampled = inputs[0][:, : self.channels], inputs[0][:, self.channels :]
        return torch.cat([torch.zeros_like(skipped), upsampled], dim=1)


def split(name: str, fold: int) -> tuple[Pairs, Pairs]:
    """Training and held-out images with their masks.

    Parameters
    ----------
    name : {"nuclei", "cells"}
        One micrograph, of which a strip is held out; or 200 drawn pictures, and 50 others held out.
    fold : int
        Number of the strip, 0 … 3; of no effect for "cells".

    Returns
    -------
    training, held_out : pair of lists
        Images and masks.

    Examples
    --------
    >>> training, held_out = split("nuclei", fold=0)
    >>> training[0][0].shape, held_out[0][0].shape
    ((512, 384), (512, 128))
    """
    if name == "nuclei":
        image, labels = data.nuclei()
        return strips(image, (labels > 0).astype(np.int64), fold)
    (images, labels), (others, their) = data.cells(200, 64, seed=1), data.cells(50, 64, seed=2)
    return (list(images), list((labels > 0).astype(int))), (list(others), list((their > 0).astype(int)))


def otsu(training: Pairs, held_out: Pairs) -> float:
    """IoU of Otsu's threshold, chosen on the training images, over the held-out pixels.

    Parameters
    ----------
    training, held_out : pair of lists
        From `split`.

    Returns
    -------
    float
        0 … 1.
    """
    from skimage.filters import threshold_otsu  # only the comparison needs it

    pixels = np.concatenate([image.ravel() for image in training[0]])
    threshold = float(threshold_otsu(pixels))  # type: ignore[no-untyped-call]
    pixels, mask = (np.concatenate([part.ravel() for part in parts]) for parts in held_out)
    return metrics.iou(pixels > threshold, mask)


def results(name: Literal["upsamplers", "content_aware"] = "upsamplers") -> dict[str, Any]:
    """What the last complete comparison found.

    Parameters
    ----------
    name : {"upsamplers", "content_aware"}
        Which networks: `KINDS` or `CONTENT_AWARE_KINDS`.

    Returns
    -------
    dict
        "runs": one dict each, with "data", "kind", "seed", "fold", "iou", "dice", "boundary_f1"; "otsu": IoU
        by data and fold; "parameters": by kind; "settings" and "provenance".

    Examples
    --------
    >>> sorted(results())
    ['otsu', 'parameters', 'provenance', 'runs', 'settings']
    """
    found: dict[str, Any] = json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def _plan(kinds: tuple[str, ...], seeds: int) -> Iterator[dict[str, Any]]:
    for seed in range(seeds):
        for name, folds in (("nuclei", 4), ("cells", 1)):
            for fold in range(folds):
                for kind in kinds:
                    yield {"data": name, "kind": kind, "seed": seed, "fold": fold}


def _trained(run: dict[str, Any]) -> dict[str, Any]:
    torch.manual_seed(run["seed"])
    steps, size = _SETTINGS["steps"], _SETTINGS["batch_size"]
    task = Segmentation(
        network(run["kind"]),
        *split(run["data"], run["fold"]),
        steps,
        _SETTINGS["crop"],
        _SETTINGS["learning_rate"],
    )
    [row] = fit(task, steps, size, seed=run["seed"], progress=False)
    return run | {name: round(row[name], 5) for name in ("iou", "dice", "boundary_f1")}


def main() -> None:
    """Train whatever the file does not hold yet; `--help` says how much that is."""
    parser = argparse.ArgumentParser("python -m upsample_lib.training.compare", description=__doc__)
    parser.add_argument("--set", choices=tuple(_SETS), default="upsamplers", help="which networks")
    parser.add_argument(
        "--seeds", type=int, default=5, help="five make 25 runs of some seconds for each network (default: 5)"
    )
    parser.add_argument("--threads", type=int, default=1, help="of PyTorch (default: 1)")
    parser.add_argument("--output", type=Path, help="JSON file (default: the package's own)")
    options = parser.parse_args()
    kinds, output = _SETS[options.set], options.output or _FOLDER / f"{options.set}.json"
    torch.set_num_threads(options.threads)
    runs: list[dict[str, Any]] = []
    if output.exists():
        runs = json.loads(output.read_text("utf-8"))["runs"]
    done = {tuple(run[name] for name in ("data", "kind", "seed", "fold")) for run in runs}
    for run in _plan(kinds, options.seeds):
        if tuple(run.values()) not in done:
            runs.append(_trained(run))
            write_text(output, json.dumps(_report(options.set, runs), indent=1) + "\n")
            print(*runs[-1].values(), flush=True)


def _report(name: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "provenance": {
            "command": f"python -m upsample_lib.training.compare --set {name}",
            "date": datetime.date.today().isoformat(),
            "machine": f"{platform.machine()}, CPU, {torch.get_num_threads()} thread",
            "versions": {
                "python": platform.python_version(),
                "torch": torch.__version__,
                "numpy": np.__version__,
            },
        },
        "settings": _SETTINGS,
        "parameters": {kind: sum(p.numel() for p in network(kind).parameters()) for kind in _SETS[name]},
        "otsu": {
            images: [round(otsu(*split(images, fold)), 5) for fold in range(folds)]
            for images, folds in (("nuclei", 4), ("cells", 1))
        },
        "runs": runs,
    }


if __name__ == "__main__":
    main()
