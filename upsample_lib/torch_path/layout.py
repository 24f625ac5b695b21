"""How a tensor lies in memory, for operations that torch has no layout-keeping kernel for."""

import torch


def is_channels_last(input: torch.Tensor) -> bool:
    """Whether the channels of a batch of images or volumes are its fastest axis in memory, and only they."""
    if input.ndim not in (4, 5):
        return False
    return input.movedim(1, -1).is_contiguous() and not input.is_contiguous()
