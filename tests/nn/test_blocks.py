"""Upsampling blocks: the promised size for every scale and kernel, what they compute, what they refuse."""

import subprocess
import sys

import pytest
import torch
from torch.nn import functional as F

from upsample_lib.nn import UPSAMPLERS, MaxUnpoolConv, Subpixel, Transposed, upsampler


def test_names():
    assert UPSAMPLERS == ("transposed", "nearest_conv", "bilinear_conv", "subpixel")


@pytest.mark.parametrize("name", UPSAMPLERS)
@pytest.mark.parametrize("scale", [1, 2, 3, 4, 5])
def test_output_size_is_exact(name, scale):
    block = upsampler(name, 3, 2, scale)
    assert block(torch.ones(2, 3, 5, 1)).shape == (2, 2, 5 * scale, scale)
    assert block(torch.ones(3, 1, 7)).shape == (2, scale, 7 * scale)  # unbatched
    assert block(torch.ones(0, 3, 4, 4)).shape == (0, 2, 4 * scale, 4 * scale)
    assert (block.in_channels, block.out_channels, block.scale) == (3, 2, scale)


@pytest.mark.parametrize("scale", [1, 2, 3, 4])
def test_transposed_gives_the_exact_size_for_every_kernel_or_says_why_not(scale):
    for k in range(1, 10):
        if k < scale:
            with pytest.raises(ValueError, match=f"kernel_size must be ≥ scale {scale}, got {k}"):
                Transposed(1, 1, scale, kernel_size=k)
        elif scale == 1 and k % 2 == 0:
            with pytest.raises(
                ValueError, match=f"kernel_size must be odd at scale 1 to keep the size, got {k}"
            ):
                Transposed(1, 1, scale, kernel_size=k)
        else:
            assert Transposed(1, 1, scale, kernel_size=k)(torch.ones(1, 1, 5, 6)).shape[2:] == (
                5 * scale,
                6 * scale,
            )


@pytest.mark.parametrize("name", ["nearest_conv", "bilinear_conv", "subpixel"])
def test_convolution_blocks_take_odd_kernels(name):
    for k in (1, 3, 5, 7):
        assert upsampler(name, 2, 2, 2, kernel_size=k)(torch.ones(1, 2, 3, 4)).shape[2:] == (6, 8)
    with pytest.raises(ValueError, match="kernel_size must be odd to keep the size, got 4"):
        upsampler(name, 2, 2, 2, kernel_size=4)


@pytest.mark.parametrize("name", UPSAMPLERS)
def test_bias_device_dtype_and_gradients(name):
    with_bias, without = (upsampler(name, 2, 3, 2, bias=b, dtype=torch.float64) for b in (True, False))
    assert any(n.endswith("bias") for n, _ in with_bias.named_parameters())
    assert not any(n.endswith("bias") for n, _ in without.named_parameters())
    x = torch.randn(1, 2, 3, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(with_bias, x)
    assert upsampler(name, 2, 3, 2, device="meta").conv.weight.device.type == "meta"


def test_resize_blocks_compute_what_they_say():
    x = torch.randn(2, 3, 4, 5)
    for name, options in [("nearest_conv", {"mode": "nearest"}), ("bilinear_conv", {"mode": "bilinear"})]:
        block = upsampler(name, 3, 2, 3)
        expected = F.conv2d(
            F.interpolate(x, scale_factor=3, **options), block.conv.weight, block.conv.bias, padding=1
        )
        torch.testing.assert_close(block(x), expected)
        torch.testing.assert_close(block(x[0]), expected[0])


def test_subpixel_starts_with_equal_phases_unless_told_otherwise():
    x = torch.randn(1, 3, 4, 5)
    y = Subpixel(3, 2, 2)(x)
    torch.testing.assert_close(y, F.interpolate(y[..., ::2, ::2], scale_factor=2, mode="nearest"))
    z = Subpixel(3, 2, 2, icnr=False)(x)
    assert not torch.allclose(z, F.interpolate(z[..., ::2, ::2], scale_factor=2, mode="nearest"))


def test_max_unpool_conv_restores_odd_sizes():
    x = torch.rand(2, 3, 5, 7)
    block = MaxUnpoolConv(3, 4)
    pooled, indices = F.max_pool2d(x, 2, return_indices=True)
    y = block(pooled, indices, output_size=x.shape[-2:])
    assert y.shape == (2, 4, 5, 7)
    expected = F.max_unpool2d(pooled, indices, 2, output_size=(5, 7))
    torch.testing.assert_close(y, block.conv(expected))
    torch.testing.assert_close(block(pooled, indices, output_size=x.size()), y)
    even, indices = F.max_pool2d(x[..., :4, :6], 2, return_indices=True)
    assert block(even, indices).shape == (2, 4, 4, 6)
    with pytest.raises(ValueError, match="kernel_size must be odd to keep the size, got 2"):
        MaxUnpoolConv(3, 4, kernel_size=2)


def test_refusals():
    with pytest.raises(
        ValueError,
        match=r"name must be one of transposed, nearest_conv, .*, carafe, dysample, got 'deconv'",
    ):
        upsampler("deconv", 1, 1)
    for name in UPSAMPLERS:
        with pytest.raises(ValueError, match="scale must be ≥ 1, got 0"):
            upsampler(name, 1, 1, 0)
        with pytest.raises(ValueError, match="in_channels must be ≥ 1, got 0"):
            upsampler(name, 0, 1)
        with pytest.raises(TypeError, match=r"scale must be an integer, got 1\.5"):
            upsampler(name, 1, 1, 1.5)


def test_the_package_itself_does_not_import_nn():
    code = (
        "import sys, upsample_lib; assert 'torch' not in sys.modules and 'upsample_lib.nn' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
