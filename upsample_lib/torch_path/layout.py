"""How a tensor lies in memory, for operations that torch has no layout-keeping kernel for."""

import torch


def is_channels_last(input: torch.Tensor) -> bool:
    """Whether the channels of a batch of images or volumes are its fastest axis in memory, and only they."""
    if input.ndim not in (4, 5):
        return False
    layout = torch.channels_last if input.ndim == 4 else torch.channels_last_3d
    return input.is_contiguous(memory_format=layout) and not input.is_contiguous()
