"""Several processes, one batch: who is who, wrapped networks, and normalisation over the whole batch."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.nn.functional import all_reduce
from torch.nn.parallel import DistributedDataParallel

__all__ = ["process_group", "rank_and_world", "wrapped"]

Value = TypeVar("Value")


def rank_and_world() -> tuple[int, int]:
    """Number of this process and the number of all; (0, 1) where there is just one.

    Returns
    -------
    tuple of int
        (rank, world).

    Examples
    --------
    >>> rank_and_world()
    (0, 1)
    """
    return (dist.get_rank(), dist.get_world_size()) if dist.is_initialized() else (0, 1)


@contextmanager
def process_group(device: str) -> Iterator[str]:
    """Join the group that `torchrun` started, if it did, and leave it at the end.

    Parameters
    ----------
    device : str
        "cpu" or "cuda".

    Yields
    ------
    str
        The device of this process: with several GPUs its own one.
    """
    if "TORCHELASTIC_RUN_ID" not in os.environ:
        yield device
        return
    if device == "cuda":
        device = f"cuda:{os.environ['LOCAL_RANK']}"
        torch.cuda.set_device(device)
    dist.init_process_group("nccl" if device.startswith("cuda") else "gloo")
    try:
        yield device
    finally:
        dist.destroy_process_group()


def wrapped(networks: Mapping[str, nn.Module], device: str) -> dict[str, nn.Module]:
    """Wrap networks so that the gradients are averaged over all processes.

    Batch normalisation is replaced, in the networks themselves, by one over the whole batch.

    Parameters
    ----------
    networks : mapping of str to nn.Module
        On this process's device. All processes start with the first one's weights.
    device : str
        That device.

    Returns
    -------
    dict of str to nn.Module
        The same networks where there is just one process.
    """
    if rank_and_world()[1] == 1:
        return dict(networks)
    for network in networks.values():
        _normalise_globally(network)
    ids = [torch.device(device)] if device.startswith("cuda") else None
    # buffers are equal everywhere already, and copying them between two passes would break the gradients
    return {
        name: DistributedDataParallel(network, device_ids=ids, broadcast_buffers=False)
        for name, network in networks.items()
    }


def gathered(value: Value) -> list[Value]:
    """`value` of every process, in order of rank."""
    _, world = rank_and_world()
    if world == 1:
        return [value]
    values: list[Any] = [None] * world
    dist.all_gather_object(values, value)
    return values


def of_first(value: Value) -> Value:
    """`value` of the first process."""
    values = [value]
    if rank_and_world()[1] > 1:
        dist.broadcast_object_list(values, src=0)
    return values[0]


class GlobalBatchNorm2d(nn.BatchNorm2d):
    """Batch normalisation with the mean and variance of the whole batch, spread over several processes.

    As `torch.nn.SyncBatchNorm`, but on the CPU too. All processes must hold equally many pixels. In
    evaluation it does what `BatchNorm2d` does.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Normalise `x`, shape (N, C, H, W), the share of this process."""
        _, world = rank_and_world()
        if not self.training or world == 1:
            return super().forward(x)
        dtype, x = x.dtype, x.float()
        mean = _sum(x.mean(dim=(0, 2, 3))) / world
        centred = x - mean[:, None, None]
        variance = _sum(centred.square().mean(dim=(0, 2, 3))) / world
        if (
            self.running_mean is not None
            and self.running_var is not None
            and self.num_batches_tracked is not None
        ):
            count = world * x.numel() / x.shape[1]
            rate = self.momentum if self.momentum is not None else 1 / (1 + int(self.num_batches_tracked))
            with torch.no_grad():
                self.num_batches_tracked += 1
                self.running_mean.lerp_(mean, rate)
                self.running_var.lerp_(variance * count / (count - 1), rate)
        y = centred * torch.rsqrt(variance + self.eps)[:, None, None]
        if self.affine:
            y = y * self.weight[:, None, None] + self.bias[:, None, None]
        z: Tensor = y.to(dtype)
        return z


def _sum(x: Tensor) -> Tensor:
    """Over all processes; gradients are summed too."""
    total: Tensor = all_reduce(x)  # type: ignore[no-untyped-call]
    return total


def _normalise_globally(module: nn.Module) -> None:
    """Turn every BatchNorm2d into a GlobalBatchNorm2d; parameters stay the same, optimizers know them."""
    for part in module.modules():
        if type(part) is nn.BatchNorm2d:
            part.__class__ = GlobalBatchNorm2d
