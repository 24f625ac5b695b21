"""The common form of equal upsampling layers: one kernel, stamped at every s-th position, then cropped.

Transposed convolution, sub-pixel convolution and nearest upsampling followed by a convolution all are
"stamp the kernel K at every s-th position, add, crop". Each converter reads one layer into this form and
writes another layer from it, so that every proof of equality is needed once for a layer and not once for a
pair.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

Pair = tuple[int, int]


@dataclass(frozen=True)
class Stamp:
    """Along an axis the output has (n − 1)·s + K − before − after positions; a negative crop adds bias."""

    kernel: Tensor  # (C_in, C_out / groups, K_h, K_w), on the CPU in double precision
    bias: Tensor | None  # (C_out,)
    stride: Pair
    before: Pair  # cropped at the top and at the left
    after: Pair  # cropped at the bottom and at the right
    groups: int

    @property
    def size(self) -> Pair:
        """(K_h, K_w)."""
        return self.kernel.shape[2], self.kernel.shape[3]

    def with_zero_taps(self, front: Pair, back: Pair) -> "Stamp":
        """The same operation with a larger kernel: zero taps stamp nothing, so they are cropped too."""
        return replace(
            self,
            kernel=nn.functional.pad(self.kernel, (front[1], back[1], front[0], back[0])),
            before=_add(self.before, front),
            after=_add(self.after, back),
        )

    def without_last_zero_taps(self, at_most: Pair) -> "Stamp":
        """The same operation without trailing taps that are exactly zero in all channels."""
        kernel, dropped = self.kernel, []
        for axis, limit in zip((2, 3), at_most):
            used = kernel.ne(0).any(dim=[d for d in range(4) if d != axis]).nonzero()
            last = int(used.max()) + 1 if len(used) else 1
            drop = min(limit, kernel.shape[axis] - last)
            kernel = kernel.narrow(axis, 0, kernel.shape[axis] - drop)
            dropped.append(drop)
        return replace(self, kernel=kernel, after=(self.after[0] - dropped[0], self.after[1] - dropped[1]))


def _add(a: Pair, b: Pair) -> Pair:
    return a[0] + b[0], a[1] + b[1]


def each(rule: Callable[..., int], *pairs: Pair) -> Pair:
    """`rule` on the heights and on the widths of the pairs."""
    return rule(*(p[0] for p in pairs)), rule(*(p[1] for p in pairs))


def exact(parameter: Tensor) -> Tensor:
    """A detached copy on the CPU in double precision."""
    return parameter.detach().to(
        "cpu", torch.complex128 if parameter.is_complex() else torch.float64, copy=True
    )


def dense(weight: Tensor, dilation: Pair) -> Tensor:
    """The kernel with the d − 1 zeros that dilation puts between its taps."""
    k_h, k_w = weight.shape[2:]
    d_h, d_w = dilation
    spread = weight.new_zeros(*weight.shape[:2], d_h * (k_h - 1) + 1, d_w * (k_w - 1) + 1)
    spread[..., ::d_h, ::d_w] = weight
    return spread


def by_group(weight: Tensor, groups: int) -> Tensor:
    """Weight (C_out, C_in / g, …) of a convolution as (g, C_in / g, C_out / g, …), as its transpose."""
    return weight.reshape(groups, -1, *weight.shape[1:]).transpose(1, 2)


def box_matrix(k: int, s: int) -> Tensor:
    """(k + s − 1, k): full convolution of k taps with s ones, as a matrix."""
    taps = torch.arange(k + s - 1)[:, None] - torch.arange(k)
    return ((taps >= 0) & (taps < s)).double()


def stamp_of_transposed(layer: nn.ConvTranspose2d) -> Stamp:
    """Read a transposed convolution: padding crops both ends, output_padding moves the far end outwards."""
    padding, extra = _pair(layer.padding), _pair(layer.output_padding)
    return Stamp(
        kernel=dense(exact(layer.weight), _pair(layer.dilation)),
        bias=None if layer.bias is None else exact(layer.bias),
        stride=_pair(layer.stride),
        before=padding,
        after=each(lambda p, a: p - a, padding, extra),
        groups=layer.groups,
    )


def stamp_of_subpixel(conv: nn.Conv2d, scale: int, pad: tuple[Pair, Pair], crop: tuple[Pair, Pair]) -> Stamp:
    """Read a q × q convolution on an input padded by `pad` (rows, columns), shuffled by s, cropped by `crop`.

    Output phase a of window position u is tap (q − 1 − u)·s + a of the stamped kernel.
    """
    s, g = scale, conv.groups
    weight = dense(exact(conv.weight), _pair(conv.dilation))
    q_h, q_w = weight.shape[2:]
    phases = by_group(weight, g).flip(-2, -1).reshape(g, weight.shape[1], -1, s, s, q_h, q_w)
    kernel = phases.permute(0, 1, 2, 5, 3, 6, 4).reshape(conv.in_channels, -1, q_h * s, q_w * s)
    rest = [
        [(q - 1 - pad_end) * s + cut for pad_end, cut in zip(*ends)]
        for q, *ends in zip((q_h, q_w), pad, crop)
    ]
    bias = None
    if conv.bias is not None:
        of_phases = exact(conv.bias).reshape(-1, s * s)
        if not torch.allclose(of_phases, of_phases[:, :1], rtol=tolerance(conv.bias), atol=0):
            raise ValueError(
                "layer must have the same bias in all phases of a channel, "
                "since a transposed convolution has one bias a channel; "
                f"got phases that differ by up to {(of_phases - of_phases[:, :1]).abs().max():.3g}"
            )
        bias = of_phases[:, 0]
    (top, bottom), (left, right) = rest
    stamp = Stamp(kernel, bias, (s, s), (top, left), (bottom, right), g)
    # a kernel whose size s does not divide was filled up with zeros to q·s: give that back
    return stamp.without_last_zero_taps((s - 1, s - 1))


def stamp_of_nearest(conv: nn.Conv2d, scale: Pair, pad: tuple[Pair, Pair]) -> Stamp:
    """Read nearest upsampling by s, padding, k × k convolution: K = flip(w) ∗ ones(s), of size k + s − 1."""
    weight = dense(exact(conv.weight), _pair(conv.dilation))
    k = weight.shape[2], weight.shape[3]
    flipped = by_group(weight, conv.groups).flip(-2, -1)
    rows, columns = (box_matrix(size, s).to(weight.dtype) for size, s in zip(k, scale))
    kernel = (rows @ flipped @ columns.T).flatten(0, 1)
    (top, bottom), (left, right) = pad
    return Stamp(
        kernel=kernel,
        bias=None if conv.bias is None else exact(conv.bias),
        stride=scale,
        before=(k[0] - 1 - top, k[1] - 1 - left),
        after=(k[0] - 1 - bottom, k[1] - 1 - right),
        groups=conv.groups,
    )


def tolerance(like: Tensor) -> float:
    """Relative error that rounding in the precision of `like` explains."""
    return 100 * torch.finfo(like.dtype).eps


def _pair(value: int | str | tuple[int, ...]) -> Pair:
    """Torch keeps one number per axis, but types it more widely."""
    if isinstance(value, int):
        return value, value
    return int(value[0]), int(value[1])
