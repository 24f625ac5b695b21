"""Blur layers: the function of the library as a module, and what it does to a checkerboard."""

import pytest
import torch
from torch import nn

from upsample_lib.artifacts import checkerboard_energy
from upsample_lib.blur_pooling import blur_pool
from upsample_lib.nn import Blur2d, BlurPool2d


def test_by_hand():
    x = torch.tensor([[0.0, 0.0, 8.0, 0.0, 0.0, 0.0]]).expand(1, 1, 3, 6)
    # [1, 2, 1]/4 centred on columns 0, 2, 4
    assert BlurPool2d(3)(x)[0, 0].tolist() == [[0, 4, 0], [0, 4, 0]]


@pytest.mark.parametrize(("kernel_size", "stride"), [(4, 2), (3, 2), ((2, 5), (1, 3)), (1, 2)])
def test_is_the_library_function(kernel_size, stride):
    x = torch.randn(2, 3, 7, 8, dtype=torch.float64, requires_grad=True)
    kernels, strides = ((v, v) if isinstance(v, int) else v for v in (kernel_size, stride))
    layer = BlurPool2d(kernel_size, stride)
    torch.testing.assert_close(layer(x), blur_pool(x, kernels, strides))
    assert torch.autograd.gradcheck(layer, x)
    assert layer(x).shape[2:] == (-(-7 // strides[0]), -(-8 // strides[1]))
    assert list(layer.parameters()) == []


@pytest.mark.parametrize("taps", [2, 3, 4, 5])
def test_blur_removes_the_checkerboard_of_an_uneven_layer(taps):
    layer = nn.ConvTranspose2d(1, 1, 3, 2, bias=False)
    nn.init.ones_(layer.weight)
    smooth = torch.ones(1, 1, 10, 10)
    inside = (..., slice(4, -5), slice(4, -5))  # a window of even size away from the borders
    assert checkerboard_energy(layer(smooth)[inside], 2) == pytest.approx(1)
    blurred = Blur2d(taps)(layer(smooth))
    assert blurred.shape == (1, 1, 21, 21)
    torch.testing.assert_close(blurred[inside], torch.full_like(blurred[inside], 9 / 4))


def test_repr_and_refusals():
    assert repr(BlurPool2d(3, 2)) == "BlurPool2d(kernel_size=3, stride=2)"
    assert repr(Blur2d()) == "Blur2d(kernel_size=3, stride=1)"
    with pytest.raises(ValueError, match="kernel_size must be ≤ 7, got 8"):
        BlurPool2d(8)
    with pytest.raises(ValueError, match="kernel_size must be ≥ 1, got 0"):
        Blur2d(0)
    with pytest.raises(ValueError, match="stride must be ≥ 1, got 0"):
        BlurPool2d(3, 0)
