"""The command line: `python -m upsample_lib.training unet --steps 300 --folder runs/a`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from upsample_lib.training.distributed import process_group, rank_and_world
from upsample_lib.training.loop import fit
from upsample_lib.training.tasks import tasks

__all__ = ["main"]

_EPILOG = """Several processes or GPUs: torchrun --nproc-per-node N -m upsample_lib.training unet …
They share each batch; the result is that of one process, up to rounding."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Train what the command line asks for.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the process.

    Returns
    -------
    int
        0, or 2 after a sentence on standard error.
    """
    options = _parser().parse_args(arguments)
    try:
        device = _device(options.device)
        with process_group(device) as own:
            task = tasks()[options.task].build(options)
            rows = fit(
                task,
                options.steps,
                options.batch_size,
                seed=options.seed,
                device=own,
                precision=options.precision,
                evaluate_every=options.evaluate_every,
                patience=options.patience,
                folder=options.folder,
                resume=options.resume,
            )
            if rank_and_world()[0] == 0:
                print(*(f"{name} {value:.6g}" for name, value in rows[-1].items()), sep="  ")
    except (ValueError, TypeError, OSError, FloatingPointError) as error:
        print(f"{options.task}: {error}", file=sys.stderr)
        return 2
    return 0


def _device(name: str) -> str:
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise ValueError("--device must be cpu: PyTorch sees no GPU on this machine")
    return name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "python -m upsample_lib.training",
        description="Train a network of upsample_lib.nn on data that come with the package, or on your own.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="task", required=True, metavar="TASK")
    for name, task in tasks().items():
        summary = (task.__doc__ or "").strip().splitlines()[0]
        own = commands.add_parser(
            name,
            help=summary,
            description=summary,
            epilog=_EPILOG,
            formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        )
        task.add_arguments(own)
        _add_common(own)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    run = parser.add_argument_group("training")
    run.add_argument("--steps", type=int, default=200, help="batches in all")
    run.add_argument("--batch-size", type=int, default=8, help="of all processes together")
    run.add_argument("--learning-rate", type=float, help="the largest one; each task has its own default")
    run.add_argument("--seed", type=int, default=0, help="of the weights and the samples")
    run.add_argument(
        "--device", default="auto", choices=("auto", "cpu", "cuda"), help="auto: a GPU if there is one"
    )
    run.add_argument(
        "--precision",
        default="auto",
        choices=("auto", "float32", "bfloat16", "float16"),
        help="of the forward pass; auto: float32 on the CPU, mixed on a GPU",
    )
    run.add_argument("--evaluate-every", type=int, metavar="STEPS", help="evaluate, log and save so often")
    run.add_argument(
        "--patience", type=int, metavar="N", help="stop after N evaluations without a better one"
    )
    run.add_argument(
        "--folder", type=Path, help="for checkpoint.pt and log.csv; without it nothing is written"
    )
    run.add_argument("--resume", action="store_true", help="go on from the folder's checkpoint")
