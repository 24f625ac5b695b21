"""Which path computes a call: NumPy for arrays, PyTorch for tensors."""

import sys

import numpy as np


def is_tensor(value: object) -> bool:
    """Whether `value` is a torch tensor, found out without importing torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def on_torch(**arrays: object) -> bool:
    """Return whether the arrays of one call are tensors (True) or NumPy arrays (False).

    Arguments that are None are left out of the decision. Anything that is neither an array nor a tensor, or a
    mix of the two, is a TypeError that names the argument.
    """
    kinds: dict[bool, str] = {}
    for name, value in arrays.items():
        if value is None:
            continue
        tensor = is_tensor(value)
        if not tensor and not isinstance(value, np.ndarray):
            raise TypeError(
                f"{name} must be a NumPy array or a torch tensor, got {type(value).__name__}; "
                "convert it with numpy.asarray or torch.as_tensor"
            )
        kinds.setdefault(tensor, name)
    if len(kinds) == 2:
        raise TypeError(
            f"{kinds[False]} is a NumPy array but {kinds[True]} is a torch tensor; "
            "convert one of them so that both are of the same kind"
        )
    return True in kinds
