"""DySample: bilinear interpolation where no point moves, hand-computed offsets, the paper's counts."""

import pytest
import torch
from torch.nn import functional as F

from upsample_lib.nn import DySample, OffsetPrediction, sample_points, upsampler


@pytest.mark.parametrize("scale", [1, 2, 3, 4])
@pytest.mark.parametrize("groups", [1, 3])
def test_zero_offsets_are_bilinear_upsampling(scale, groups):
    x = torch.rand(2, 6, 4, 7, dtype=torch.float64)
    offsets = torch.zeros(2, 2 * groups, 4 * scale, 7 * scale, dtype=torch.float64)
    bilinear = F.interpolate(x, scale_factor=scale, mode="bilinear", align_corners=False)
    torch.testing.assert_close(sample_points(x, offsets), bilinear, rtol=0, atol=1e-13)


def test_offsets_by_hand():
    """Output column j is read at (j + ½)/2 − ½ + Δx, row i at (i + ½)/2 − ½ + Δy."""
    x = (torch.arange(4.0) * 10)[None, None, None].expand(1, 1, 3, 4) + torch.arange(3.0)[:, None]
    offsets = torch.zeros(1, 2, 6, 8)
    offsets[0, :, 3, 3] = torch.tensor([0.5, -0.25])  # (1.25, 1.25) moves to x = 1.75, y = 1.0
    offsets[0, :, 2, 4] = torch.tensor([-9.0, 9.0])  # outside on both axes: the corner below left
    y = sample_points(x, offsets)
    assert y[0, 0, 3, 3].item() == pytest.approx(10 * 1.75 + 1.0)
    assert y[0, 0, 2, 4].item() == pytest.approx(2.0)
    assert y[0, 0, 2, 3].item() == pytest.approx(10 * 1.25 + 0.75)  # its neighbour has not moved


def test_groups_move_their_own_channels():
    x = torch.arange(5.0).expand(1, 4, 3, 5)
    offsets = torch.zeros(1, 4, 3, 5)
    offsets[:, 1] = 1.0  # Δx of the second group
    y = sample_points(x, offsets)
    torch.testing.assert_close(y[0, :2], x[0, :2])
    torch.testing.assert_close(y[0, 2:, 0], torch.tensor([1.0, 2, 3, 4, 4]).expand(2, 5))


def test_a_whole_pixel_s_offset_is_a_shift():
    x = torch.rand(1, 2, 5, 6, dtype=torch.float64)
    offsets = torch.zeros(1, 2, 10, 12, dtype=torch.float64)
    offsets[:, 1] = 1.0  # Δy
    bilinear = F.interpolate(x, scale_factor=2, mode="bilinear")
    torch.testing.assert_close(sample_points(x, offsets)[..., :-3, :], bilinear[..., 2:-1, :])


def test_gradients():
    torch.manual_seed(0)
    x = torch.rand(1, 4, 3, 2, dtype=torch.float64, requires_grad=True)
    offsets = (0.2 * (torch.rand(1, 4, 6, 4, dtype=torch.float64) - 0.5)).requires_grad_()
    assert torch.autograd.gradcheck(sample_points, (x, offsets))
    block = DySample(4, 2, groups=2, dynamic_scope=True, dtype=torch.float64)
    assert torch.autograd.gradcheck(block, x)


@pytest.mark.parametrize("style", ["lp", "pl"])
def test_the_static_scope_is_a_quarter(style):
    prediction = OffsetPrediction(8, scale=2, groups=1, style=style)
    x = torch.rand(1, 8, 3, 4)
    with torch.no_grad():
        prediction.offset.weight.zero_()
        prediction.offset.bias.fill_(1.0)
    torch.testing.assert_close(prediction(x), torch.full((1, 2, 6, 8), 0.25))
    dynamic = OffsetPrediction(8, scale=2, groups=1, style=style, dynamic_scope=True)
    dynamic.offset.load_state_dict(prediction.offset.state_dict())
    torch.testing.assert_close(dynamic(x), torch.full((1, 2, 6, 8), 0.25))  # it starts there
    with torch.no_grad():
        dynamic.scope.bias.fill_(100.0)
    torch.testing.assert_close(dynamic(x), torch.full((1, 2, 6, 8), 0.5))  # and is bounded by a half


@pytest.mark.parametrize("style", ["lp", "pl"])
def test_each_output_pixel_has_its_own_offset(style):
    """Style lp gives the four phases of a pixel their own weights, style pl a quarter of the channels."""
    torch.manual_seed(0)
    prediction = OffsetPrediction(8, scale=2, groups=1, style=style)
    with torch.no_grad():
        prediction.offset.weight.normal_()
    x = torch.rand(1, 8, 1, 1)
    offsets = prediction(x)
    assert offsets.unique().numel() == 8
    w = prediction.offset.weight[..., 0, 0]
    if style == "lp":
        expected = (w @ x.flatten()).view(2, 2, 2)
    else:
        expected = torch.einsum("ac,cp->ap", w, x.view(2, 4)).view(2, 2, 2)
    torch.testing.assert_close(offsets[0], 0.25 * expected)


def test_it_starts_as_bilinear_upsampling():
    torch.manual_seed(0)
    x = torch.rand(1, 16, 6, 6)
    difference = DySample(16, 16, conv=False)(x) - F.interpolate(x, scale_factor=2, mode="bilinear")
    assert 0 < difference.abs().max() < 0.01


def test_parameters():
    """2gs² offsets for each input pixel; after the shuffle 2g from a quarter of the channels."""
    count = lambda **options: sum(p.numel() for p in DySample(64, 64, conv=False, **options).parameters())  # noqa: E731
    assert count() == (64 + 1) * 2 * 4 * 4 == 2080
    assert count(style="pl") == (16 + 1) * 2 * 4 == 136
    assert count(dynamic_scope=True) == 2 * 2080
    assert count(groups=8) == 2 * 2080
    assert sum(p.numel() for p in DySample(64, 32).parameters()) == 2080 + 65 * 32


def test_block():
    block = DySample(3, 4, scale=3)
    assert block(torch.rand(2, 3, 5, 1)).shape == (2, 4, 15, 3)
    assert block(torch.rand(3, 1, 7)).shape == (4, 3, 21)
    assert (block.in_channels, block.out_channels, block.scale, block.kernel_size) == (3, 4, 3, 1)
    assert upsampler("dysample", 3, 2, groups=1).offsets.offset.out_channels == 8
    assert upsampler("dysample", 3, 4, bias=False).conv.bias is None
    assert upsampler("dysample", 3, 4, device="meta").offsets.offset.weight.device.type == "meta"


def test_exports_and_compiles():
    block = DySample(3, 4).eval()
    x = torch.rand(1, 3, 5, 6)
    torch.testing.assert_close(torch.export.export(block, (x,)).module()(x), block(x))
    with torch.no_grad():
        torch.testing.assert_close(torch.compile(block, fullgraph=True, backend="aot_eager")(x), block(x))


@pytest.mark.parametrize(
    ("offsets", "message"),
    [
        ((2, 6, 6), r"x must have the shape \(N, C, H, W\) and offsets \(N, 2g, s·H, s·W\), got"),
        ((1, 3, 6, 6), "offsets must have 2g channels, where g divides the channels of x, got 3 for 4"),
        ((1, 6, 6, 6), "offsets must have 2g channels, where g divides the channels of x, got 6 for 4"),
        ((1, 2, 6, 9), r"offsets must be a whole number of times as large as x .*got \(6, 9\)"),
    ],
)
def test_refused_offsets(offsets, message):
    with pytest.raises(ValueError, match=message):
        sample_points(torch.rand(1, 4, 3, 3), torch.rand(offsets))


def test_refused_arguments():
    with pytest.raises(ValueError, match="out_channels must be a multiple of groups 4, got 3"):
        DySample(4, 3)
    with pytest.raises(ValueError, match="style must be 'lp' or 'pl', got 'lpl'"):
        DySample(4, 4, style="lpl")
    with pytest.raises(ValueError, match="channels must be a multiple of scale² = 4 for style 'pl', got 6"):
        DySample(6, 4, style="pl")
    with pytest.raises(ValueError, match="out_channels must equal in_channels 4 without conv, got 8"):
        DySample(4, 8, conv=False)
