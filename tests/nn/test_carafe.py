"""CARAFE: hand-computed reassembly, the fixed upsamplings it contains, the paper's counts, refusals."""

import pytest
import torch
from torch.nn import functional as F
from torch.utils.flop_counter import FlopCounterMode

from upsample_lib.nn import CARAFE, KernelPrediction, reassemble, upsampler


def one_hot(tap, k, shape):
    kernels = torch.zeros(1, k * k, *shape)
    kernels[:, tap] = 1
    return kernels


def test_one_output_pixel_by_hand():
    """Pixel (2, 1) of the output lies in input pixel (1, 0); its 3 × 3 neighbourhood has a column outside."""
    x = torch.tensor([[[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]]])
    kernels = torch.zeros(1, 9, 6, 4)
    kernels[0, :, 2, 1] = torch.tensor([0.5, 0.1, 0.2, 0.0, 0.3, 0.4, 7.0, 0.0, 1.0])
    y = reassemble(x, kernels)
    expected = 0.1 * 1 + 0.2 * 2 + 0.3 * 3 + 0.4 * 4 + 0.0 * 5 + 1.0 * 6
    assert y[0, 0, 2, 1].item() == pytest.approx(expected) == pytest.approx(9.0)
    assert y.count_nonzero() == 1


@pytest.mark.parametrize("scale", [1, 2, 3])
@pytest.mark.parametrize("k", [1, 3, 5])
def test_centre_tap_is_nearest_neighbour_and_other_taps_are_shifts(scale, k):
    x = torch.rand(1, 2, 4, 5)
    nearest = F.interpolate(x, scale_factor=scale, mode="nearest")
    centre = k * k // 2
    torch.testing.assert_close(reassemble(x, one_hot(centre, k, nearest.shape[2:])), nearest)
    if k > 1:
        right = reassemble(x, one_hot(centre + 1, k, nearest.shape[2:]))
        torch.testing.assert_close(right[..., :-scale], nearest[..., scale:])
        assert right[..., -scale:].count_nonzero() == 0  # zeros from outside


def test_uniform_kernels_are_a_box_filter_of_the_nearest_neighbour_map():
    x = torch.rand(2, 3, 4, 5)
    box = F.interpolate(F.avg_pool2d(x, 5, stride=1, padding=2), scale_factor=2, mode="nearest")
    torch.testing.assert_close(reassemble(x, torch.full((2, 25, 8, 10), 1 / 25)), box)
    # the same in the output's grid: the taps lie s pixels apart
    nearest = F.pad(F.interpolate(x, scale_factor=2, mode="nearest"), (4, 4, 4, 4))
    taps = F.unfold(nearest, 5, dilation=2).view(2, 3, 25, 8, 10)
    torch.testing.assert_close(taps.mean(2), box)


def test_bilinear_upsampling_is_one_choice_of_kernels():
    x = torch.rand(1, 2, 6, 7)
    weights = {0: (0.25, 0.75, 0.0), 1: (0.0, 0.75, 0.25)}  # of the three pixels around, by phase
    kernels = torch.tensor(
        [
            [[weights[i % 2][a] * weights[j % 2][b] for j in range(14)] for i in range(12)]
            for a in range(3)
            for b in range(3)
        ]
    )[None]
    bilinear = F.interpolate(x, scale_factor=2, mode="bilinear")
    torch.testing.assert_close(reassemble(x, kernels)[..., 1:-1, 1:-1], bilinear[..., 1:-1, 1:-1])


def test_against_unfolding():
    x, kernels = torch.rand(2, 3, 4, 5), torch.rand(2, 9, 12, 15)
    nearest = F.interpolate(x, scale_factor=3, mode="nearest")
    taps = F.unfold(F.pad(nearest, (3, 3, 3, 3)), 3, dilation=3).view(2, 3, 9, 12, 15)
    torch.testing.assert_close(reassemble(x, kernels), torch.einsum("nctij,ntij->ncij", taps, kernels))


def test_gradients():
    x = torch.rand(1, 2, 3, 2, dtype=torch.float64, requires_grad=True)
    kernels = torch.rand(1, 9, 6, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(reassemble, (x, kernels))
    block = CARAFE(2, 3, taps=3, compressed=2, dtype=torch.float64)
    assert torch.autograd.gradcheck(block, x)


def test_kernels_are_positive_and_sum_to_one():
    torch.manual_seed(0)
    prediction = KernelPrediction(4, scale=3, taps=3, encoder_size=1, compressed=8)
    with torch.no_grad():
        prediction.encode.weight.normal_()
    kernels = prediction(torch.randn(2, 4, 5, 6))
    assert kernels.shape == (2, 9, 15, 18)
    assert kernels.min() > 0
    torch.testing.assert_close(kernels.sum(1), torch.ones(2, 15, 18))
    assert kernels.std(dim=(2, 3)).min() > 0.01  # they differ from pixel to pixel


def test_it_starts_as_a_box_filter():
    torch.manual_seed(0)
    x = torch.rand(1, 16, 6, 6)
    block = CARAFE(16, 16, conv=False)
    box = F.interpolate(F.avg_pool2d(x, 5, stride=1, padding=2), scale_factor=2, mode="nearest")
    assert (block(x) - box).abs().max() < 3e-3


def test_the_order_of_reassembly_and_1x1_convolution_does_not_matter():
    torch.manual_seed(0)
    block = CARAFE(6, 4, bias=False)
    x = torch.rand(1, 6, 5, 5)
    after = block.conv(reassemble(x, block.kernels(x)))
    torch.testing.assert_close(block(x), after)


def test_the_paper_s_numbers_of_parameters_and_operations():
    """256 channels to 256, × 2: 74 thousand parameters; 199 thousand operations for each input pixel."""
    block = CARAFE(256, 256, conv=False)
    parameters = (256 + 1) * 64 + (9 * 64 + 1) * 2**2 * 5**2
    assert sum(p.numel() for p in block.parameters()) == parameters == 74_148
    prediction = 2 * (256 + 1) * 64 + 2 * (9 * 64 + 1) * 100
    assert prediction + 2 * 100 * 256 == 199_496
    counter = FlopCounterMode(display=False)
    with counter:
        block.kernels(torch.rand(1, 256, 4, 5))
    assert counter.get_total_flops() == 20 * (prediction - 2 * 64 - 2 * 100)  # it leaves biases out


def test_block():
    block = CARAFE(3, 2, scale=3)
    assert block(torch.rand(2, 3, 5, 1)).shape == (2, 2, 15, 3)
    assert block(torch.rand(3, 1, 7)).shape == (2, 3, 21)
    assert (block.in_channels, block.out_channels, block.scale, block.kernel_size) == (3, 2, 3, 1)
    assert upsampler("carafe", 3, 2, taps=3).kernels.encode.out_channels == 9 * 4
    assert upsampler("carafe", 3, 2, bias=False).conv.bias is None
    assert upsampler("carafe", 3, 2, device="meta").kernels.encode.weight.device.type == "meta"


def test_exports_and_compiles():
    block = CARAFE(3, 2).eval()
    x = torch.rand(1, 3, 5, 6)
    torch.testing.assert_close(torch.export.export(block, (x,)).module()(x), block(x))
    with torch.no_grad():
        torch.testing.assert_close(torch.compile(block, fullgraph=True, backend="aot_eager")(x), block(x))


@pytest.mark.parametrize(
    ("kernels", "message"),
    [
        ((9, 6, 6), r"x must have the shape \(N, C, H, W\) and kernels \(N, k², s·H, s·W\), got"),
        ((2, 9, 6, 6), r"x must have the shape .*got \(1, 2, 3, 3\) and \(2, 9, 6, 6\)"),
        ((1, 8, 6, 6), "kernels must have k² channels with odd k .*got 8 channels"),
        ((1, 4, 6, 6), "kernels must have k² channels with odd k .*got 4 channels"),
        ((1, 9, 6, 9), r"kernels must be a whole number of times as large as x .*got \(6, 9\)"),
        ((1, 9, 2, 2), r"kernels must be a whole number of times as large as x .*got \(2, 2\)"),
    ],
)
def test_refused_kernels(kernels, message):
    with pytest.raises(ValueError, match=message):
        reassemble(torch.rand(1, 2, 3, 3), torch.rand(kernels))


def test_refused_arguments():
    with pytest.raises(ValueError, match="taps must be odd, got 4"):
        CARAFE(2, 2, taps=4)
    with pytest.raises(ValueError, match="encoder_size must be odd, got 2"):
        KernelPrediction(2, encoder_size=2)
    with pytest.raises(ValueError, match="out_channels must equal in_channels 2 without conv, got 3"):
        CARAFE(2, 3, conv=False)
    with pytest.raises(ValueError, match="kernel_size must be odd to keep the size, got 2"):
        CARAFE(2, 3, kernel_size=2)
    with pytest.raises(ValueError, match="compressed must be ≥ 1, got 0"):
        CARAFE(2, 2, compressed=0)
