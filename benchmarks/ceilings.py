"""What a machine can do at best: bytes moved by a plain copy, operations of one large matrix product."""

from collections.abc import Callable
from dataclasses import dataclass

import torch


@dataclass(frozen=True)
class Ceiling:
    """A task that is bound by one thing only, and how much of it a call does."""

    name: str  # of the rate, in units a second
    call: Callable[[], object]
    amount: float


def copy(device: str = "cpu", size: int = 1 << 28) -> Ceiling:
    """Read `size` bytes and write them elsewhere: far more than any cache holds."""
    source = torch.ones(size // 4, device=device)
    target = torch.empty_like(source)
    return Ceiling("bytes", lambda: target.copy_(source), 2.0 * size)


def product(device: str = "cpu", dtype: torch.dtype = torch.float32, n: int = 2048) -> Ceiling:
    """n × n times n × n: n³ multiplications and as many additions."""
    a, b = (torch.rand(n, n, device=device).to(dtype) for _ in range(2))
    return Ceiling("operations", lambda: a @ b, 2.0 * n**3)
