"""Guided upsampling: a coarse map takes its edges from a fine image; nothing is learned."""

import torch
from torch import Tensor
from torch.nn import functional as F

from upsample_lib._arguments import integer
from upsample_lib.nn.carafe import reassemble

__all__ = ["joint_bilateral_kernels", "joint_bilateral_upsample"]


def joint_bilateral_kernels(
    guide: Tensor, scale: int, taps: int = 5, sigma_space: float = 1.0, sigma_range: float = 0.1
) -> Tensor:
    """Give kernels for `reassemble` that weigh input pixels by nearness and by likeness in a guide image.

    The weight of input pixel q for output pixel p is exp(−‖p − q‖² / 2σ_s²) · exp(−‖g_p − g_q‖² / 2σ_r²),
    where the distance is measured in input pixels between centres, g_p is the guide at p and g_q its mean
    over the s × s pixels of q. Pixels outside the image get no weight; each output pixel's weights sum to 1.

    Parameters
    ----------
    guide : Tensor
        The fine image, shape (N, C, s·H, s·W).
    scale : int
        s.
    taps : int
        k, odd: the side of the neighbourhood.
    sigma_space : float
        σ_s, in input pixels.
    sigma_range : float
        σ_r, in units of the guide.

    Returns
    -------
    Tensor
        Shape (N, taps², s·H, s·W).

    Raises
    ------
    ValueError
        If the guide's size is not a multiple of scale, taps is even or a sigma not positive.

    Examples
    --------
    >>> joint_bilateral_kernels(torch.rand(1, 3, 8, 6), scale=2).sum(1).round(decimals=5).unique().tolist()
    [1.0]
    """
    integer("scale", scale, 1)
    if guide.ndim != 4 or guide.shape[2] % scale or guide.shape[3] % scale:
        raise ValueError(
            f"guide must have the shape (N, C, s·H, s·W) with s = {scale}, got {tuple(guide.shape)}"
        )
    if taps < 1 or taps % 2 == 0:
        raise ValueError(f"taps must be odd and ≥ 1, got {taps}")
    for name, sigma in (("sigma_space", sigma_space), ("sigma_range", sigma_range)):
        if sigma <= 0:
            raise ValueError(f"{name} must be > 0, got {sigma}")
    r = taps // 2
    coarse = F.pad(F.avg_pool2d(guide, scale), (r, r, r, r), value=torch.inf)  # outside: infinitely unlike
    height, width = guide.shape[2] // scale, guide.shape[3] // scale
    # where the s output pixels lie within their input pixel, from its centre
    within = (torch.arange(scale, device=guide.device, dtype=guide.dtype) + 0.5) / scale - 0.5
    logits = []
    for t in range(taps**2):
        top, left = divmod(t, taps)
        there = coarse[..., top : top + height, left : left + width]
        unlike = (guide - F.interpolate(there, scale_factor=scale, mode="nearest")).square().sum(1)
        far = ((top - r) - within).square()[:, None] + ((left - r) - within).square()
        logits.append(-unlike / (2 * sigma_range**2) - far.repeat(height, width) / (2 * sigma_space**2))
    return torch.stack(logits, dim=1).softmax(dim=1)


def joint_bilateral_upsample(
    x: Tensor,
    guide: Tensor,
    taps: int = 5,
    sigma_space: float = 1.0,
    sigma_range: float = 0.1,
) -> Tensor:
    """Upsample a coarse map so that its edges fall on those of a fine image.

    Parameters
    ----------
    x : Tensor
        The coarse map, shape (N, C, H, W).
    guide : Tensor
        The fine image, shape (N, C_guide, s·H, s·W).
    taps, sigma_space, sigma_range
        See `joint_bilateral_kernels`.

    Returns
    -------
    Tensor
        Shape (N, C, s·H, s·W).

    Raises
    ------
    ValueError
        If the shapes do not fit or a number is out of range.

    References
    ----------
    Kopf et al., "Joint Bilateral Upsampling", https://doi.org/10.1145/1276377.1276497

    Examples
    --------
    A black and white guide cuts a coarse edge where its own edge is:

    >>> guide = torch.tensor([0.0, 0.0, 0.0, 1.0, 1.0, 1.0]).expand(1, 1, 2, 6)
    >>> y = joint_bilateral_upsample(torch.tensor([[[[0.0, 0.5, 1.0]]]]), guide)
    >>> y[0, 0, 0].round(decimals=2).tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    """
    return reassemble(
        x,
        joint_bilateral_kernels(guide, guide.shape[2] // max(x.shape[2], 1), taps, sigma_space, sigma_range),
    )
