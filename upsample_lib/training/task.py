"""What a network learns, as the training loop sees it: samples, losses, a measure of success."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

import numpy as np
import numpy.typing as npt
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LRScheduler

__all__ = ["Task"]


class Task(ABC):
    """Networks, their optimizers, and how one batch turns into losses.

    A subclass calls `Task.__init__` and writes `sample` and `losses`; `evaluate` where success can be
    measured. Everything else (devices, processes, precision, checkpoints, logs) is the loop's business, see
    `upsample_lib.training.loop.fit`.

    Parameters
    ----------
    networks : mapping of str to nn.Module
        One, or several that train together, such as a generator and a discriminator. `losses` must reach
        them through `self.networks`: with several processes the loop puts wrapped ones there.
    optimizers : mapping of str to Optimizer
        One for each loss that `losses` yields, under the same name.
    schedulers : mapping of str to LRScheduler, optional
        Each makes one step after every step of training.
    settings : mapping, optional
        Plain values that a continued run must share with the interrupted one.

    Attributes
    ----------
    goal : tuple of str and str, or None
        The measure of `evaluate` that early stopping watches, and whether "max" or "min" is best.

    Examples
    --------
    >>> import torch
    >>> class Line(Task):
    ...     def __init__(self):
    ...         network = nn.Linear(1, 1)
    ...         super().__init__({"line": network}, {"line": torch.optim.SGD(network.parameters(), 0.5)})
    ...
    ...     def sample(self, number, random):
    ...         x = random.uniform(-1, 1, 1).astype(np.float32)
    ...         return x, 3 * x
    ...
    ...     def losses(self, x, y):
    ...         yield "line", (self.networks["line"](x) - y).square().mean()
    >>> from upsample_lib.training.loop import fit
    >>> line = Line()
    >>> _ = fit(line, steps=100, batch_size=8, progress=False)
    >>> round(line.networks["line"].weight.item(), 3)
    3.0
    """

    goal: ClassVar[tuple[str, Literal["max", "min"]] | None] = None

    def __init__(
        self,
        networks: Mapping[str, nn.Module],
        optimizers: Mapping[str, Optimizer],
        schedulers: Mapping[str, LRScheduler] | None = None,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        self.networks = dict(networks)
        self.optimizers = dict(optimizers)
        self.schedulers = dict(schedulers or {})
        self.settings = dict(settings or {})

    @abstractmethod
    def sample(self, number: int, random: np.random.Generator) -> tuple[npt.NDArray[Any], ...]:
        """Draw one sample, each array without a batch axis.

        `number` counts all samples since the first step, and `random` depends on the seed and on `number`
        alone: the same batches come out however many processes share them and wherever a run is continued.
        """

    @abstractmethod
    def losses(self, *batch: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Yield (name of the optimizer, mean loss of the batch).

        The loop makes that optimizer's step before it asks for the next pair, so that a second loss already
        meets the changed network.
        """

    def evaluate(self) -> dict[str, float]:
        """Measure success; called without gradients and with the networks in evaluation mode."""
        return {}
