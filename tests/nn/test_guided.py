"""Joint bilateral upsampling: weights by hand, the limits of its two sigmas, borders, refusals."""

import math

import pytest
import torch
from torch.nn import functional as F

from upsample_lib.nn import joint_bilateral_kernels, joint_bilateral_upsample


def test_weights_by_hand():
    """One row, s = 2: output column 2 lies ¼ left of the centre of input pixel 1."""
    guide = torch.tensor([0.0, 0.0, 0.0, 0.4, 1.0, 1.0]).view(1, 1, 1, 6).expand(1, 1, 2, 6)
    kernels = joint_bilateral_kernels(guide, 2, taps=3, sigma_space=1.0, sigma_range=0.5)
    coarse = (0.0, 0.2, 1.0)  # the guide's means
    raw = [
        math.exp(-((q - 1 + 0.25) ** 2) / 2) * math.exp(-((coarse[q] - 0.0) ** 2) / (2 * 0.25))
        for q in range(3)
    ]
    expected = torch.tensor(raw) / sum(raw)
    torch.testing.assert_close(kernels[0, 3:6, 0, 2], expected)  # the rows above and below are outside
    assert kernels[0, [0, 1, 2, 6, 7, 8], 0, 2].count_nonzero() == 0


def test_a_constant_stays_constant_up_to_the_border():
    guide = torch.rand(2, 3, 12, 9)
    y = joint_bilateral_upsample(torch.full((2, 2, 4, 3), 5.0), guide)
    torch.testing.assert_close(y, torch.full((2, 2, 12, 9), 5.0))


def test_a_flat_guide_leaves_a_gaussian_and_a_narrow_one_nearest_neighbour():
    x = torch.rand(1, 1, 5, 6)
    flat = torch.zeros(1, 1, 10, 12)
    narrow = joint_bilateral_upsample(x, flat, sigma_space=0.05)
    torch.testing.assert_close(narrow, F.interpolate(x, scale_factor=2, mode="nearest"))
    wide = joint_bilateral_upsample(x, flat, taps=3, sigma_space=1e4)
    inside = F.interpolate(F.avg_pool2d(x, 3, stride=1), scale_factor=2, mode="nearest")
    torch.testing.assert_close(wide[..., 2:-2, 2:-2], inside)


def test_edges_come_from_the_guide():
    """A disc averaged over 8 × 8 blocks comes back nearly as it was; bilinear upsampling blurs it."""
    rows, columns = torch.meshgrid(torch.arange(96.0), torch.arange(96.0), indexing="ij")
    disc = (((rows - 45) ** 2 + (columns - 50) ** 2) < 30**2).float()[None, None]
    coarse = F.avg_pool2d(disc, 8)
    guided = joint_bilateral_upsample(coarse, disc, sigma_range=0.2)
    bilinear = F.interpolate(coarse, scale_factor=8, mode="bilinear")
    error = lambda y: (y - disc).abs().mean().item()  # noqa: E731
    assert error(guided) < error(bilinear) / 3


def test_gradient_of_the_coarse_map():
    x = torch.rand(1, 1, 2, 3, dtype=torch.float64, requires_grad=True)
    guide = torch.rand(1, 1, 4, 6, dtype=torch.float64)
    assert torch.autograd.gradcheck(lambda x: joint_bilateral_upsample(x, guide, taps=3), x)


def test_refusals():
    guide = torch.rand(1, 1, 4, 6)
    with pytest.raises(ValueError, match=r"guide must have the shape \(N, C, s·H, s·W\) with s = 3, got"):
        joint_bilateral_kernels(guide, 3)
    with pytest.raises(ValueError, match="taps must be odd and ≥ 1, got 4"):
        joint_bilateral_kernels(guide, 2, taps=4)
    with pytest.raises(ValueError, match="sigma_range must be > 0, got 0"):
        joint_bilateral_kernels(guide, 2, sigma_range=0)
    with pytest.raises(ValueError, match="scale must be ≥ 1, got 0"):
        joint_bilateral_upsample(torch.rand(1, 1, 9, 9), guide)
