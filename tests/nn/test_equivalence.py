"""Converters: kernels worked out by hand, then equality in float64 on random layers, and refusals."""

import re
from itertools import product

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn

from upsample_lib.nn import (
    BilinearConv,
    NearestConv,
    ShuffledConv,
    Subpixel,
    Transposed,
    nearest_conv_from_transposed,
    subpixel_from_transposed,
    transposed_from_nearest_conv,
    transposed_from_subpixel,
)

EXACT = {"rtol": 0, "atol": 1e-12}


def agree(first, second, channels, sizes=((1, 1), (4, 5), (7, 3))):
    """Both give the same outputs, or both have none, for several input sizes."""
    compared = 0
    for size in sizes:
        x = torch.randn(2, channels, *size, dtype=torch.float64)
        try:
            expected = first(x)
        except RuntimeError:  # the output would have no positions
            continue
        torch.testing.assert_close(second(x), expected, **EXACT)
        if not any(isinstance(part, nn.Upsample) for part in (*first.children(), *second.children())):
            torch.testing.assert_close(second(x[0]), expected[0], **EXACT)
        compared += 1
    assert compared > 0


# --- by hand ----------------------------------------------------------------------------------------------


def one_row(layer, taps):
    """The layer with the kernel `taps` in its only row."""
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(taps, dtype=torch.float64).view_as(layer.weight))
    return layer


def test_phases_by_hand():
    # stamps of 2, 3, 5, 7 with stride 2 in both axes of a 4 × 4 kernel of ones times columns
    layer = nn.ConvTranspose2d(1, 1, 4, 2, bias=False, dtype=torch.float64)
    one_row(layer, [[2, 3, 5, 7]] * 4)
    equal = subpixel_from_transposed(layer)
    # even columns: x[j]·2 + x[j−1]·5, so the window (left to right) is 5, 2; odd columns 7, 3
    assert equal.conv.weight[0, 0].tolist() == [[5, 2], [5, 2]]
    assert equal.conv.weight[1, 0].tolist() == [[7, 3], [7, 3]]
    assert equal.crop == ((0, 0), (0, 0))
    assert equal.conv.padding == (1, 1)


def test_tied_kernel_by_hand():
    # w = 2, 3, 5 read from right to left and smeared over 2 positions: 5, 5+3, 3+2, 2
    conv = nn.Conv2d(1, 1, (1, 3), padding=(0, 1), bias=False, dtype=torch.float64)
    layer = nn.Sequential(nn.Upsample(scale_factor=(1, 2)), one_row(conv, [[2, 3, 5]]))
    equal = transposed_from_nearest_conv(layer)
    assert equal.weight.tolist() == [[[[5, 8, 5, 2]]]]
    assert (equal.kernel_size, equal.stride, equal.padding) == ((1, 4), (1, 2), (0, 1))
    # x = 1, 10 → nearest 1, 1, 10, 10 → 0·2+1·3+1·5,  1·2+1·3+10·5 = 55, 1·2+10·3+10·5 = 82, 10·2+10·3 = 50
    assert equal(torch.tensor([[[[1.0, 10.0]]]]).double()).tolist() == [[[[8, 55, 82, 50]]]]


@pytest.mark.parametrize(
    ("k", "s", "p", "window", "padding", "crop"),
    [
        (2, 2, 0, 1, 0, (0, 0)),
        (4, 2, 1, 2, 1, (1, 1)),
        (6, 2, 2, 3, 1, (0, 0)),
        (4, 4, 0, 1, 0, (0, 0)),
        (5, 1, 2, 5, 2, (0, 0)),
    ],
)
def test_usual_layers(k, s, p, window, padding, crop):
    equal = subpixel_from_transposed(nn.ConvTranspose2d(1, 1, k, s, p))
    assert equal.conv.kernel_size == (window, window)
    assert equal.conv.padding == (padding, padding)
    assert equal.pad == ((0, 0), (0, 0))
    assert equal.crop == (crop, crop)


# --- transposed ↔ sub-pixel -------------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "s"), list(product(range(1, 7), range(1, 5))))
def test_every_transposed_convolution_is_a_subpixel_convolution(k, s):
    for p, a, groups, bias in product(range(k + 1), range(s), (1, 2), (True, False)):
        layer = nn.ConvTranspose2d(4, 2, k, s, p, a, groups, bias, dtype=torch.float64)
        equal = subpixel_from_transposed(layer)
        assert all(0 <= cut < s for ends in equal.crop for cut in ends)
        assert equal.conv.kernel_size == (-(-k // s),) * 2
        sizes = ((1, 1), (p + 2, 2 * p + 2))
        agree(layer, equal, 4, sizes)
        back = transposed_from_subpixel(equal)
        agree(layer, back, 4, sizes)
        assert (back.kernel_size, back.padding, back.output_padding) == ((k, k), (p, p), (a, a))
        torch.testing.assert_close(back.weight, layer.weight, rtol=0, atol=0)


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_transposed_to_subpixel_with_unequal_axes_and_dilation(data):
    pair = lambda low, high: tuple(data.draw(st.tuples(*[st.integers(low, high)] * 2)))  # noqa: E731
    k, p, d, s = pair(1, 4), pair(0, 4), pair(1, 3), data.draw(st.integers(1, 3))
    a = tuple(data.draw(st.integers(0, max(s, e) - 1)) for e in d)
    groups = data.draw(st.sampled_from((1, 2)))
    layer = nn.ConvTranspose2d(2, 4, k, s, p, a, groups, data.draw(st.booleans()), d, dtype=torch.float64)
    n = pair(1, 6)
    assume(all((n[i] - 1) * s - 2 * p[i] + d[i] * (k[i] - 1) + a[i] + 1 > 0 for i in (0, 1)))
    equal = subpixel_from_transposed(layer)
    agree(layer, equal, 2, (n,))
    agree(layer, transposed_from_subpixel(equal), 2, (n,))


@pytest.mark.parametrize(
    ("k", "s", "p", "a"), [(4, 2, 1, 0), (3, 2, 1, 1), (6, 3, 2, 1), (5, 3, 1, 0), (2, 2, 0, 0), (7, 2, 3, 1)]
)
def test_enlarged_window_needs_no_crop(k, s, p, a):
    layer = nn.ConvTranspose2d(2, 3, k, s, p, a, dtype=torch.float64)
    equal = subpixel_from_transposed(layer, crop=False)
    assert equal.crop == ((0, 0), (0, 0))
    agree(layer, equal, 2)


def test_no_crop_is_impossible_for_sizes_that_are_no_multiple():
    with pytest.raises(
        ValueError, match="crop must be True where the output size is not a multiple of the stride 2"
    ):
        subpixel_from_transposed(nn.ConvTranspose2d(1, 1, 3, 2, 1), crop=False)


@pytest.mark.parametrize(("q", "s"), list(product(range(1, 6), range(1, 4))))
def test_every_subpixel_convolution_is_a_transposed_convolution(q, s):
    for padding, groups, dilation in product(range(q + 2), (1, 2), (1, 2)):
        conv = nn.Conv2d(4, 2 * s**2, q, 1, padding, dilation, groups, dtype=torch.float64)
        conv.bias.data = torch.randn(2, dtype=torch.float64).repeat_interleave(s**2)
        layer = nn.Sequential(conv, nn.PixelShuffle(s))
        agree(layer, transposed_from_subpixel(layer), 4, ((2 * q, 2 * q + 1), (1, 1)))


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("padding", ["same", "valid"])
@pytest.mark.parametrize("q", [1, 2, 3, 4])
def test_padding_by_name(padding, q):
    conv = nn.Conv2d(2, 8, q, padding=padding, bias=False, dtype=torch.float64)
    layer = nn.Sequential(conv, nn.PixelShuffle(2))
    agree(layer, transposed_from_subpixel(layer), 2)
    plain = nn.Sequential(
        nn.Upsample(scale_factor=2), nn.Conv2d(2, 3, q, padding=padding, dtype=torch.float64)
    )
    agree(plain, transposed_from_nearest_conv(plain), 2)


def test_blocks_convert():
    subpixel = Subpixel(3, 2, 2, dtype=torch.float64)
    agree(subpixel, transposed_from_subpixel(subpixel), 3)
    transposed = Transposed(3, 2, 3, dtype=torch.float64)
    agree(transposed, subpixel_from_transposed(transposed), 3)


# --- nearest + convolution ↔ transposed -------------------------------------------------------------------


@pytest.mark.parametrize(("k", "s"), list(product(range(1, 8), range(1, 5))))
def test_nearest_conv_is_a_transposed_convolution_and_back(k, s):
    for padding, groups, bias in product(sorted({0, k // 2, k - 1, k}), (1, 2), (True, False)):
        conv = nn.Conv2d(4, 2, k, padding=padding, groups=groups, bias=bias, dtype=torch.float64)
        layer = nn.Sequential(nn.Upsample(scale_factor=s, mode="nearest"), conv)
        equal = transposed_from_nearest_conv(layer)
        if padding < k:
            assert equal.kernel_size == (k + s - 1,) * 2
        if k % 2 and padding == k // 2:
            assert equal.padding == (k // 2, k // 2)
            assert equal.output_padding == (0, 0)
        agree(layer, equal, 4, ((1, 1), (7, 8)))
        back = nearest_conv_from_transposed(equal)
        agree(layer, back, 4, ((1, 1), (7, 8)))
        if padding < k:
            torch.testing.assert_close(back[-1].weight, conv.weight, rtol=0, atol=1e-12)


def test_block_and_unequal_axes():
    block = NearestConv(3, 2, 3, kernel_size=5, dtype=torch.float64)
    agree(block, transposed_from_nearest_conv(block), 3)
    conv = nn.Conv2d(3, 2, (3, 2), padding=(1, 0), dilation=(2, 1), dtype=torch.float64)
    layer = nn.Sequential(
        nn.Upsample(scale_factor=(2, 3), mode="nearest-exact"), nn.ZeroPad2d((-1, 2, 1, 0)), conv
    )
    equal = transposed_from_nearest_conv(layer)
    agree(layer, equal, 3, ((4, 5),))
    agree(layer, nearest_conv_from_transposed(equal), 3, ((4, 5),))


def test_a_layer_passes_through_all_three_forms():
    block = NearestConv(3, 2, 2, dtype=torch.float64)
    subpixel = subpixel_from_transposed(transposed_from_nearest_conv(block))
    assert isinstance(subpixel, ShuffledConv)
    again = nearest_conv_from_transposed(transposed_from_subpixel(subpixel))
    agree(block, again, 3)
    torch.testing.assert_close(again[-1].weight, block.conv.weight, **EXACT)


def test_kernels_that_are_no_resize_convolution_are_refused():
    with pytest.raises(
        ValueError, match=r"a box of ones, one stride wide.* got one that is [\d.]+ of its largest tap away"
    ):
        nearest_conv_from_transposed(nn.ConvTranspose2d(2, 2, 4, 2, 1))
    layer = transposed_from_nearest_conv(NearestConv(2, 2, 2))
    nearest_conv_from_transposed(layer)  # float32 rounding is forgiven
    layer.weight.data[0, 0, 0, 0] += 1e-3
    with pytest.raises(ValueError, match="a box of ones"):
        nearest_conv_from_transposed(layer)
    with pytest.raises(ValueError, match=re.escape("kernel no smaller than its stride (3, 3), got (2, 2)")):
        nearest_conv_from_transposed(nn.ConvTranspose2d(1, 1, 2, 3))


# --- what comes out ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_dtype_is_kept_and_parameters_are_new_and_trainable(dtype):
    layer = nn.ConvTranspose2d(2, 2, 4, 2, 1, dtype=dtype)
    nearest = NearestConv(2, 2, dtype=dtype)
    subpixel = subpixel_from_transposed(layer)
    for new in (subpixel.conv, transposed_from_subpixel(subpixel), transposed_from_nearest_conv(nearest)):
        for parameter in new.parameters():
            assert parameter.dtype == dtype
            assert parameter.requires_grad
    before = layer.weight.detach().clone()
    subpixel.conv.weight.data.zero_()
    assert torch.equal(layer.weight, before)


def test_refusals():
    with pytest.raises(TypeError, match="layer must be a ConvTranspose2d or a Transposed block, got Conv2d"):
        subpixel_from_transposed(nn.Conv2d(1, 1, 1))
    with pytest.raises(
        TypeError, match="layer must be a ConvTranspose2d or a Transposed block, got ConvTranspose1d"
    ):
        nearest_conv_from_transposed(nn.ConvTranspose1d(1, 1, 1))
    with pytest.raises(ValueError, match=r"same stride on both axes, got \(2, 3\)"):
        subpixel_from_transposed(nn.ConvTranspose2d(1, 1, 3, (2, 3)))
    with pytest.raises(TypeError, match="Sequential of Conv2d and PixelShuffle, got Sequential"):
        transposed_from_subpixel(nn.Sequential(nn.Conv2d(1, 4, 1)))
    with pytest.raises(ValueError, match=r"layer must convolve with stride 1, got \(2, 2\)"):
        transposed_from_subpixel(nn.Sequential(nn.Conv2d(1, 4, 3, 2), nn.PixelShuffle(2)))
    with pytest.raises(ValueError, match="layer must pad with zeros, got padding_mode 'reflect'"):
        transposed_from_subpixel(
            nn.Sequential(nn.Conv2d(1, 4, 3, padding=1, padding_mode="reflect"), nn.PixelShuffle(2))
        )
    with pytest.raises(ValueError, match="same bias in all phases of a channel"):
        transposed_from_subpixel(nn.Sequential(nn.Conv2d(1, 4, 3), nn.PixelShuffle(2)))
    with pytest.raises(
        TypeError, match="NearestConv block or a Sequential of Upsample and Conv2d, got BilinearConv"
    ):
        transposed_from_nearest_conv(BilinearConv(1, 1))
    with pytest.raises(TypeError, match="got Sequential of Conv2d"):
        transposed_from_nearest_conv(nn.Sequential(nn.Conv2d(1, 1, 1)))
    with pytest.raises(ValueError, match="layer must upsample with mode nearest, got bilinear"):
        transposed_from_nearest_conv(
            nn.Sequential(nn.Upsample(scale_factor=2, mode="bilinear"), nn.Conv2d(1, 1, 1))
        )
    with pytest.raises(ValueError, match=r"whole numbers ≥ 1, got scale_factor 1\.5"):
        transposed_from_nearest_conv(nn.Sequential(nn.Upsample(scale_factor=1.5), nn.Conv2d(1, 1, 1)))
    with pytest.raises(ValueError, match="whole numbers ≥ 1, got scale_factor None"):
        transposed_from_nearest_conv(nn.Sequential(nn.Upsample(size=4), nn.Conv2d(1, 1, 1)))
    crop_then_pad = nn.Sequential(
        nn.Upsample(scale_factor=2), nn.ZeroPad2d((0, 0, -1, 0)), nn.Conv2d(1, 1, 3, padding=1)
    )
    with pytest.raises(ValueError, match="must not crop an end and then pad it again"):
        transposed_from_nearest_conv(crop_then_pad)
