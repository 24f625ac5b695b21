"""Sub-pixel rearrangement on PyTorch; the arguments come checked from `upsample_lib.subpixel`."""

import torch
import torch.nn.functional as F


def to_space(input: torch.Tensor, r: int, mode: str) -> torch.Tensor:
    if mode == "DCR":
        depth = input.shape[-3] // r**2
        input = _regrouped(input, r**2, depth)
    return F.pixel_shuffle(input, r)


def to_depth(input: torch.Tensor, r: int, mode: str) -> torch.Tensor:
    channels, height, width = input.shape[-3:]
    if input.numel() == 0:  # torch's CPU returns an empty input with its shape unchanged
        return input.reshape(*input.shape[:-3], channels * r**2, height // r, width // r)
    output = F.pixel_unshuffle(input, r)
    if mode == "DCR":
        output = _regrouped(output, channels, r**2)
    return output


def _regrouped(input: torch.Tensor, groups: int, members: int) -> torch.Tensor:
    """Channels in `groups` groups of `members` each, taken member by member instead of group by group."""
    lead, sizes = input.shape[:-3], input.shape[-2:]
    split = input.reshape(*lead, groups, members, *sizes)
    return split.transpose(-4, -3).reshape(*lead, members * groups, *sizes)
