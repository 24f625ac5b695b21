"""One loop for every task: seeds, mixed precision, several processes, early stopping, a log, checkpoints."""

import copy
import math
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Literal, SupportsIndex

import numpy as np
import torch
from torch import Tensor

from upsample_lib._arguments import integer
from upsample_lib.training import distributed, random_states
from upsample_lib.training.checkpoint import CheckpointError, load_checkpoint, save_checkpoint, write_text
from upsample_lib.training.task import Task

__all__ = ["CHECKPOINT", "LOG", "Row", "fit"]

Row = dict[str, float]
Precision = Literal["auto", "float32", "bfloat16", "float16"]
CHECKPOINT, LOG = "checkpoint.pt", "log.csv"


def fit(
    task: Task,
    steps: SupportsIndex,
    batch_size: SupportsIndex = 16,
    *,
    seed: SupportsIndex = 0,
    device: str = "cpu",
    precision: Precision = "auto",
    evaluate_every: SupportsIndex | None = None,
    patience: SupportsIndex | None = None,
    folder: str | Path | None = None,
    resume: bool = False,
    progress: bool | None = None,
) -> list[Row]:
    """Train a task's networks and leave them trained, in evaluation mode.

    A run that was killed and resumed gives, bit for bit, what an uninterrupted one gives on the same machine.
    Under `torchrun` every process takes its share of the batch and averages the gradients.

    Parameters
    ----------
    task : Task
        What is trained; its networks are moved to `device`.
    steps : int
        How many batches in all, those before a resumption included.
    batch_size : int
        Of all processes together; their number must divide it.
    seed : int
        Of everything random. The weights are drawn before, when the networks are built.
    device : str
        "cpu", "cuda" or "cuda:1", for example.
    precision : {"auto", "float32", "bfloat16", "float16"}
        What the forward pass computes in. "auto" is float32 on the CPU; on a GPU bfloat16 where it has it,
        else float16 with scaled losses. Weights stay float32.
    evaluate_every : int, optional
        After how many steps `task.evaluate` is called, a row is logged and a checkpoint written; by default
        only at the end.
    patience : int, optional
        Stop after so many evaluations in a row without a better `task.goal`, and go back to the best weights.
    folder : str or Path, optional
        Where `checkpoint.pt` and `log.csv` go; without it nothing is written.
    resume : bool
        Go on from the folder's checkpoint, if there is one.
    progress : bool, optional
        Whether to draw a bar; by default where someone looks: in a terminal or a notebook.

    Returns
    -------
    list of dict
        The log: "step", the mean losses since the last row, the measures of `task.evaluate`.

    Raises
    ------
    ValueError
        For arguments out of range; for a checkpoint that is there without `resume`, or of other settings.
    CheckpointError
        If the checkpoint cannot be read.
    FloatingPointError
        If a loss is not finite any more; the last checkpoint is still from before.

    Examples
    --------
    See `Task`.
    """
    rank, world = distributed.rank_and_world()
    count, size = integer("steps", steps, 1), integer("batch_size", batch_size, 1)
    if size % world:
        raise ValueError(f"batch_size must be divisible by the {world} processes, got {size}")
    every = count if evaluate_every is None else integer("evaluate_every", evaluate_every, 1)
    settings = {"steps": count, "batch_size": size, "seed": integer("seed", seed, 0), "every": every}
    run = _Run(task, settings | task.settings, None if folder is None else Path(folder))
    autocast, scaler = _mixed_precision(precision, device)
    for network in task.networks.values():
        network.to(device)
    plain, parallel = task.networks, distributed.wrapped(task.networks, device)
    random_states.seed_all(settings["seed"] + rank)
    run.restore(scaler, resume)
    bar = _Bar(count, rank == 0 and (_watched() if progress is None else progress))
    sums: dict[str, Tensor] = {}
    try:
        while run.step < count and not run.stopped:
            task.networks = parallel
            _training_mode(task, True)
            batch = _batch(
                task, settings["seed"], range(run.step * size + rank, (run.step + 1) * size, world)
            )
            for name, loss in _under(autocast, task.losses(*(part.to(device) for part in batch))):
                task.optimizers[name].zero_grad(set_to_none=True)
                torch.autograd.backward(scaler.scale(loss))
                scaler.step(task.optimizers[name])
                sums[name] = sums.get(name, 0) + loss.detach().float()
            scaler.update()
            for scheduler in task.schedulers.values():
                scheduler.step()
            run.step += 1
            task.networks = plain
            if run.step % every == 0 or run.step == count:
                since = run.step - (int(run.rows[-1]["step"]) if run.rows else 0)
                run.log(
                    {name: _mean(total / since, run.step, name) for name, total in sums.items()}, patience
                )
                run.save(scaler)
                sums = {}
            bar.draw(run.step, run.rows)
    finally:
        task.networks = plain
        bar.close()
    run.take_best(patience)
    _training_mode(task, False)
    return run.rows


class _Run:
    """What a checkpoint holds beside the weights: where the run is, what it has logged, its best."""

    def __init__(self, task: Task, settings: dict[str, Any], folder: Path | None) -> None:
        self.task, self.settings, self.folder = task, settings, folder
        self.step = 0
        self.rows: list[Row] = []
        self.best: dict[str, Any] | None = None
        self.worse = 0  # evaluations since the best one
        self.stopped = False

    def restore(self, scaler: torch.amp.GradScaler, resume: bool) -> None:
        if self.folder is None:
            return
        path = self.folder / CHECKPOINT
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            return
        if not resume:
            raise ValueError(
                f"folder {str(self.folder)!r} holds a checkpoint: resume it or name another folder"
            )
        saved = load_checkpoint(path)
        try:
            self._compare(saved["settings"])
            for name, network in self.task.networks.items():
                network.load_state_dict(saved["networks"][name])
            for name, optimizer in self.task.optimizers.items():
                optimizer.load_state_dict(saved["optimizers"][name])
            for name, scheduler in self.task.schedulers.items():
                scheduler.load_state_dict(saved["schedulers"][name])
            scaler.load_state_dict(saved["scaler"])
            self.step, self.rows, self.best = saved["step"], saved["rows"], saved["best"]
            self.worse, self.stopped = saved["worse"], saved["stopped"]
            rank, world = distributed.rank_and_world()
            if len(saved["random"]) == world:
                random_states.set_states(saved["random"][rank])
        except (KeyError, RuntimeError, TypeError):
            raise CheckpointError(
                f"checkpoint {path.name} belongs to another network or another version: name another folder"
            ) from None

    def _compare(self, saved: dict[str, Any]) -> None:
        for name in {**self.settings, **saved}:
            own, theirs = self.settings.get(name), saved.get(name)
            if own != theirs:
                raise ValueError(f"{name} must be {theirs!r} as in the checkpoint, got {own!r}")

    def log(self, losses: Row, patience: SupportsIndex | None) -> None:
        """Evaluate in the first process, keep the row and decide, for all processes, whether to go on."""
        _training_mode(self.task, False)
        measures: Row = {}
        if distributed.rank_and_world()[0] == 0:
            with torch.no_grad():
                measures = self.task.evaluate()
        measures = distributed.of_first(measures)
        self.rows.append({"step": self.step, **losses, **measures})
        if patience is None or self.task.goal is None:
            return
        name, direction = self.task.goal
        value = measures[name] if direction == "max" else -measures[name]
        if self.best is None or value > self.best["value"]:
            weights = {name: copy.deepcopy(net.state_dict()) for name, net in self.task.networks.items()}
            self.best, self.worse = {"value": value, "networks": weights}, 0
        else:
            self.worse += 1
            self.stopped = self.worse >= integer("patience", patience, 1)

    def save(self, scaler: torch.amp.GradScaler) -> None:
        if self.folder is None:
            return
        states = distributed.gathered(random_states.get_states())
        if distributed.rank_and_world()[0] != 0:
            return
        names = list(dict.fromkeys(name for row in self.rows for name in row))
        lines = [names, *([_number(row.get(name, math.nan)) for name in names] for row in self.rows)]
        write_text(self.folder / LOG, "".join(",".join(line) + "\n" for line in lines))
        save_checkpoint(
            self.folder / CHECKPOINT,
            {
                "settings": self.settings,
                "networks": {name: net.state_dict() for name, net in self.task.networks.items()},
                "optimizers": {name: found.state_dict() for name, found in self.task.optimizers.items()},
                "schedulers": {name: found.state_dict() for name, found in self.task.schedulers.items()},
                "scaler": scaler.state_dict(),
                "random": states,
                "step": self.step,
                "rows": self.rows,
                "best": self.best,
                "worse": self.worse,
                "stopped": self.stopped,
            },
        )

    def take_best(self, patience: SupportsIndex | None) -> None:
        if patience is not None and self.best is not None:
            for name, network in self.task.networks.items():
                network.load_state_dict(self.best["networks"][name])


def _batch(task: Task, seed: int, numbers: range) -> tuple[Tensor, ...]:
    samples = [task.sample(number, np.random.default_rng([seed, number])) for number in numbers]
    return tuple(torch.from_numpy(np.stack(parts)) for parts in zip(*samples))


def _mixed_precision(
    precision: Precision, device: str
) -> tuple[AbstractContextManager[Any], torch.amp.GradScaler]:
    kind = torch.device(device).type
    if precision == "auto":
        precision = "float32"
        if kind == "cuda":
            precision = "bfloat16" if torch.cuda.is_bf16_supported() else "float16"
    if precision not in ("float32", "bfloat16", "float16"):
        raise ValueError(f"precision must be auto, float32, bfloat16 or float16, got {precision!r}")
    autocast = torch.autocast(kind, getattr(torch, precision), enabled=precision != "float32")
    # float16 has so small a range that gradients vanish unless the loss is scaled up
    return autocast, torch.amp.GradScaler(kind, enabled=precision == "float16")


def _under(
    context: AbstractContextManager[Any], pairs: Iterator[tuple[str, Tensor]]
) -> Iterator[tuple[str, Tensor]]:
    """The forward passes in mixed precision, what is done between them not."""
    while True:
        with context:
            pair = next(pairs, None)
        if pair is None:
            return
        yield pair


def _mean(total: Tensor, step: int, name: str) -> float:
    everywhere = distributed.gathered(float(total))
    mean = sum(everywhere) / len(everywhere)
    if not math.isfinite(mean):
        raise FloatingPointError(
            f"loss {name} is {mean} at step {step}: try a smaller learning rate or float32"
        )
    return mean


def _training_mode(task: Task, training: bool) -> None:
    for network in task.networks.values():
        network.train(training)


def _number(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.6g}"


def _watched() -> bool:
    return sys.stderr.isatty() or "ipykernel" in sys.modules


class _Bar:
    """One line that is drawn over itself: how far, the latest measures, and the time."""

    def __init__(self, steps: int, shown: bool) -> None:
        self.steps, self.shown, self.begin, self.drawn = steps, shown, time.monotonic(), -1.0

    def draw(self, step: int, rows: list[Row]) -> None:
        now = time.monotonic()
        if not self.shown or (now - self.drawn < 0.2 and step < self.steps):
            return
        self.drawn = now
        done = 20 * step // self.steps
        latest = "".join(
            f"  {name} {_number(v)}" for name, v in (rows[-1] if rows else {}).items() if name != "step"
        )
        line = f"{'█' * done}{'░' * (20 - done)} {step}/{self.steps}{latest}  {now - self.begin:.0f} s"
        print(f"\r{line:<100}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        if self.shown:
            print(file=sys.stderr)
