"""Rules of the audit that need one layer only: overlap, phases of a weight, grid of an interpolation."""

import math

import torch
from torch import Tensor

from upsample_lib.artifacts import overlap_is_even
from upsample_lib.nn._stamp import exact

Numbers = tuple[int, ...]

# What the phases may differ by, relative to their size, and still count as equal: it covers rounding in half
# precision, and a pattern fainter than that is not seen.
EQUAL_PHASES = 1e-2


def uneven_overlap(
    weight: Tensor, stride: Numbers, padding: Numbers, output_padding: Numbers, dilation: Numbers
) -> tuple[str, str] | None:
    """Reason and suggestion for a transposed convolution with uneven interior overlap, None if clean.

    Uneven overlap is harmless if the weight makes up for it, as a bilinear kernel for an odd stride does, or
    one that stands for nearest upsampling and a convolution: all phases then answer a constant alike.
    """
    kernel = tuple(weight.shape[2:])
    if overlap_is_even(kernel, stride, dilation) or phase_difference(weight, stride, dilation) == 0:
        return None
    reasons, settings = [], []
    for k, s, p, a, d in zip(kernel, stride, padding, output_padding, dilation):
        if overlap_is_even(k, s, d):
            settings.append((k, p, a, d))
            continue
        counts = ", ".join(str(sum(t * d % s == phase for t in range(k))) for phase in range(s))
        cause = (
            f"kernel_size {k} is not a multiple of stride {s}"
            if math.gcd(d, s) == 1
            else f"dilation {d} and stride {s} share the factor {math.gcd(d, s)}"
        )
        reasons.append(f"{cause}, so output positions collect {counts} taps in turn")
        settings.append(nearest_even_setting(k, s, p, a, d))
    names = ("kernel_size", "padding", "output_padding", "dilation")
    new_dilation = tuple(axis[3] for axis in settings)
    changed = [
        f"{name}={_shown(tuple(axis[i] for axis in settings))}"
        for i, name in enumerate(names)
        if name != "dilation" or new_dilation != tuple(dilation)
    ]
    return " and ".join(dict.fromkeys(reasons)), f"use {', '.join(changed)} for the same output size"


def nearest_even_setting(k: int, s: int, p: int, a: int, d: int) -> tuple[int, int, int, int]:
    """(k, p, output_padding, d) with even overlap, the same output size and k nearest to the given one."""
    new_d = d if math.gcd(d, s) == 1 else 1
    fixed = d * (k - 1) + a - 2 * p  # what the output size depends on, besides n and s
    candidates = []
    # a kernel two strides beyond both the given one and the size that needs no padding is always large enough
    for new_k in range(s, max(k, fixed) + 2 * s + 1, s):
        for new_a in range(max(s, new_d)):
            crop = new_d * (new_k - 1) + new_a - fixed
            if crop >= 0 and crop % 2 == 0:
                # of two kernels equally near take the larger one, then the least output_padding
                candidates.append((abs(new_k - k), new_k < k, new_a, (new_k, crop // 2, new_a, new_d)))
    return min(candidates)[-1]


def phase_difference(weight: Tensor, stride: Numbers, dilation: Numbers) -> float:
    """How differently the output phases of a transposed convolution answer a constant input.

    The root mean square deviation of the phases' tap sums from their mean, relative to the root mean square
    of the sums themselves; 0 when that is within rounding. A weight without values (zeros, or on the meta
    device) says nothing and counts as different.
    """
    if weight.is_meta or not weight.any():
        return 1.0
    taps = exact(weight)
    faint = rounding(weight)
    for axis, (s, d) in enumerate(zip(stride, dilation), start=2):
        phase = torch.arange(taps.shape[axis]) * d % s
        sums = taps.new_zeros(*taps.shape[:axis], s, *taps.shape[axis + 1 :])
        taps = sums.index_add(axis, phase, taps)
    return _spread(taps.flatten(2), faint)


def shuffle_phase_difference(weight: Tensor, scale: int) -> float:
    """The same for a convolution before a pixel shuffle: s² output channels in a row are the phases."""
    if weight.is_meta or not weight.any():
        return 1.0
    sums = exact(weight).flatten(2).sum(2)
    return _spread(sums.reshape(-1, scale**2, sums.shape[1]).transpose(1, 2), rounding(weight))


def rounding(weight: Tensor) -> float:
    """What rounding may leave of a sum of taps that should vanish."""
    return 4 * torch.finfo(weight.dtype).eps * float(weight.detach().abs().max())


def _spread(sums: Tensor, faint: float) -> float:
    """Deviation along the last axis, relative to the size of the whole."""
    deviation = float((sums - sums.mean(dim=-1, keepdim=True)).abs().square().mean().sqrt())
    relative = deviation / max(float(sums.abs().square().mean().sqrt()), faint)
    return relative if relative > EQUAL_PHASES and deviation > faint else 0.0


def moved_grid(mode: str, align_corners: bool | None) -> tuple[str, str] | None:
    """Reason and suggestion for an interpolation whose pixel grid depends on the size."""
    if not align_corners:
        return None
    return (
        f"{mode} interpolation with align_corners=True puts pixels (n − 1)/(m − 1) apart, "
        "which depends on the size and moves the map against those of other layers",
        "use align_corners=False",
    )


def uneven_repetition(mode: str, factors: tuple[float, ...]) -> tuple[str, str] | None:
    """Reason and suggestion for nearest upsampling by a factor that is no whole number."""
    if mode not in ("nearest", "nearest-exact") or all(f <= 1 or f == int(f) for f in factors):
        return None
    shown = " × ".join(f"{f:g}" for f in dict.fromkeys(factors))
    low, high = math.floor(max(factors)), math.ceil(max(factors))
    return (
        f"{mode} upsampling by {shown} repeats some pixels {low} times and others {high} times",
        f"use a whole factor such as {high}, or mode='bilinear'",
    )


def _shown(values: Numbers) -> str:
    return str(values[0]) if len(set(values)) == 1 else str(values)
