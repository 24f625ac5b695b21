"""Initialisers: kernels written out by hand, interpolate and nearest upsampling as oracles."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from upsample_lib.nn import bilinear_, icnr_


@pytest.mark.parametrize(
    ("s", "taps"),
    [(1, [1]), (2, [1 / 4, 3 / 4, 3 / 4, 1 / 4]), (3, [1 / 3, 2 / 3, 1, 2 / 3, 1 / 3])],
)
def test_bilinear_kernels_by_hand(s, taps):
    taps = torch.tensor(taps, dtype=torch.float64)
    weight = bilinear_(torch.empty(1, 1, len(taps), dtype=torch.float64), s)
    torch.testing.assert_close(weight[0, 0], taps)
    weight = bilinear_(torch.empty(1, 1, len(taps), len(taps), dtype=torch.float64), s)
    torch.testing.assert_close(weight[0, 0], torch.outer(taps, taps))


@pytest.mark.parametrize("s", [1, 2, 3, 4, 5, 8])
def test_bilinear_sums_to_s_squared_on_the_diagonal_only(s):
    k = 2 * s - s % 2
    weight = bilinear_(torch.full((3, 3, k, k), 7.0, dtype=torch.float64), s)
    torch.testing.assert_close(weight.sum((2, 3)), s**2 * torch.eye(3, dtype=torch.float64))


@pytest.mark.parametrize("s", [2, 3, 4, (2, 3)])
@pytest.mark.parametrize("groups", [1, 2, 4])
def test_bilinear_layer_interpolates_inside(s, groups):
    strides = s if isinstance(s, tuple) else (s, s)
    kernel = tuple(2 * v - v % 2 for v in strides)
    padding = tuple((k - v) // 2 for k, v in zip(kernel, strides))
    layer = nn.ConvTranspose2d(4, 4, kernel, strides, padding, bias=False, groups=groups, dtype=torch.float64)
    bilinear_(layer.weight, s, groups)
    x = torch.randn(2, 4, 5, 6, dtype=torch.float64)
    expected = F.interpolate(x, scale_factor=strides, mode="bilinear", align_corners=False)
    inside = (..., slice(strides[0], -strides[0]), slice(strides[1], -strides[1]))
    torch.testing.assert_close(layer(x)[inside], expected[inside])


def test_bilinear_layer_at_the_border_of_ones():
    layer = nn.ConvTranspose2d(1, 1, 4, 2, 1, bias=False)
    bilinear_(layer.weight, 2)
    y = layer(torch.ones(1, 1, 4, 4))[0, 0]
    assert y[0, 0].item() == 0.5625
    assert y[0, 3].item() == 0.75
    assert (y[1:-1, 1:-1] == 1).all()


@pytest.mark.parametrize("axes", [1, 3])
def test_bilinear_on_one_and_three_axes(axes):
    weight = bilinear_(torch.empty(2, 2, *[4] * axes), 2)
    torch.testing.assert_close(weight.flatten(2).sum(2), 2.0**axes * torch.eye(2))


def test_bilinear_keeps_the_parameter():
    layer = nn.ConvTranspose2d(2, 2, 4, 2)
    parameter = layer.weight
    assert bilinear_(layer.weight, 2) is parameter
    assert parameter.requires_grad
    assert parameter.is_leaf


@pytest.mark.parametrize(
    ("shape", "stride", "groups", "sentence"),
    [
        ((2, 2, 3, 3), 2, 1, "weight must have kernel size 4 for stride 2, got 3"),
        ((2, 3, 4, 4), 2, 1, "C_in must equal C_out; got 2 and 3"),
        ((4, 4, 4, 4), 2, 2, "C_in must equal C_out; got 4 and 8"),
        ((4, 4), 2, 1, "weight must have 3, 4 or 5 axes"),
        ((4, 4, 4, 4), 0, 1, "stride must be ≥ 1, got 0"),
        ((4, 4, 4, 4), 2, 0, "groups must be ≥ 1, got 0"),
    ],
)
def test_bilinear_refuses(shape, stride, groups, sentence):
    with pytest.raises(ValueError, match=sentence):
        bilinear_(torch.empty(shape), stride, groups)


def test_icnr_order_by_hand():
    def count(filters):
        filters.copy_(torch.arange(filters.numel()).view_as(filters))

    weight = icnr_(torch.empty(8, 1, 1, 1), 2, count)
    # repeat_interleave: channel 0 four times, then channel 1 four times
    assert weight.flatten().tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert icnr_(torch.empty(8), 2, count).tolist() == [0, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize("s", [1, 2, 3])
@pytest.mark.parametrize("groups", [1, 2])
def test_icnr_layer_starts_as_nearest_upsampling(s, groups):
    conv = nn.Conv2d(4, 6 * s**2, 3, padding=1, groups=groups, dtype=torch.float64)
    icnr_(conv.weight, s)
    icnr_(conv.bias, s, nn.init.normal_)
    x = torch.randn(2, 4, 5, 6, dtype=torch.float64)
    small = F.conv2d(x, conv.weight[:: s**2], conv.bias[:: s**2], padding=1, groups=groups)
    expected = F.interpolate(small, scale_factor=s, mode="nearest")
    torch.testing.assert_close(F.pixel_shuffle(conv(x), s), expected)
    assert conv.weight.requires_grad


def test_icnr_refuses():
    with pytest.raises(ValueError, match=r"multiple of scale² = 4 output channels, got shape \(6, 1, 3, 3\)"):
        icnr_(torch.empty(6, 1, 3, 3), 2)
    with pytest.raises(ValueError, match="scale must be ≥ 1, got 0"):
        icnr_(torch.empty(4), 0)
    with pytest.raises(ValueError, match=r"got shape \(\)"):
        icnr_(torch.empty(()), 2)
