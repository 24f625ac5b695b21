"""The states of all random generators of a process, as values that a checkpoint can hold."""

import random
from typing import Any

import numpy as np
import torch

__all__ = ["get_states", "seed_all", "set_states"]


def seed_all(seed: int) -> None:
    """Seed Python, NumPy and PyTorch on every device.

    Parameters
    ----------
    seed : int
        Not negative.
    """
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002  the global state is what other people's code draws from
    torch.manual_seed(seed)


def get_states() -> dict[str, Any]:
    """Read the states of Python's, NumPy's and PyTorch's generators, on every GPU too.

    Returns
    -------
    dict
        Of tensors, tuples and numbers only, which `torch.load(weights_only=True)` accepts.
    """
    kind, keys, *rest = np.random.get_state()  # noqa: NPY002
    return {
        "python": random.getstate(),
        "numpy": (kind, torch.from_numpy(np.asarray(keys, np.int64)), *rest),
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }


def set_states(states: dict[str, Any]) -> None:
    """Put the generators back into the states that `get_states` read.

    Parameters
    ----------
    states : dict
        From `get_states`. States of GPUs that this machine lacks are left out.
    """
    random.setstate(states["python"])
    kind, keys, *rest = states["numpy"]
    np.random.set_state((kind, keys.numpy().astype(np.uint32), *rest))  # noqa: NPY002
    torch.set_rng_state(states["torch"])
    if torch.cuda.is_available():
        for device, state in enumerate(states["cuda"][: torch.cuda.device_count()]):
            torch.cuda.set_rng_state(state, device)
