"""Every operation and every network on a GPU: the same values as on the CPU, on the same device."""

from collections.abc import Callable

import pytest
import torch

import upsample_lib as up
from upsample_lib.nn import UPSAMPLERS, Blur2d, SegNet, UNet, upsampler

DEVICE = "cuda"
pytestmark = pytest.mark.gpu


def drawn(*shape: int) -> torch.Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


X, SMALL = drawn(2, 4, 8, 10), drawn(2, 4, 4, 5)
OPERATIONS: dict[str, tuple[Callable[..., torch.Tensor], tuple[torch.Tensor, ...]]] = {
    "conv2d": (lambda x, w: up.conv2d(x, w, stride=2, padding=1), (X, drawn(3, 4, 3, 3))),
    "conv_transpose2d": (
        lambda x, w: up.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1),
        (X, drawn(4, 3, 3, 3)),
    ),
    "upsample_conv2d": (
        lambda x, w: up.upsample_conv2d(x, w, scale=3, groups=2),
        (SMALL, drawn(6, 2, 3, 3)),
    ),
    "conv_transpose1d": (lambda x, w: up.conv_transpose1d(x, w, stride=3), (X[..., 0], drawn(4, 2, 5))),
    "conv_transpose3d": (lambda x, w: up.conv_transpose3d(x[None], w), (X, drawn(2, 3, 2, 2, 2))),
    "max_pool2d": (lambda x: up.max_pool2d(x, 2), (X,)),
    "avg_pool2d": (lambda x: up.avg_pool2d(x, 2), (X,)),
    "max_unpool2d": (lambda x: up.max_unpool2d(*up.max_pool2d(x, 2, return_indices=True), 2), (X,)),
    "avg_unpool": (lambda x: up.avg_unpool(x, 2), (SMALL,)),
    "bed_of_nails": (lambda x: up.bed_of_nails(x, 2), (SMALL,)),
    "zero_insert": (lambda x: up.zero_insert(x, 2), (SMALL,)),
    "blur_pool": (lambda x: up.blur_pool(x), (X,)),
    "nearest": (lambda x: up.interpolate(x, scale_factor=2), (SMALL,)),
    "bilinear": (lambda x: up.interpolate(x, (9, 13), mode="bilinear"), (SMALL,)),
    "bicubic": (lambda x: up.interpolate(x, (9, 13), mode="bicubic", antialias=True), (SMALL,)),
    "pixel_shuffle": (lambda x: up.pixel_shuffle(x, 2), (SMALL,)),
    "pixel_unshuffle": (lambda x: up.pixel_unshuffle(x, 2), (X,)),
    "depth_to_space": (lambda x: up.depth_to_space(x, 2, "DCR"), (SMALL,)),
    "space_to_depth": (lambda x: up.space_to_depth(x, 2), (X,)),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_operation(name: str) -> None:
    function, arguments = OPERATIONS[name]
    found = function(*(argument.to(DEVICE) for argument in arguments))
    assert found.device.type == DEVICE
    torch.testing.assert_close(found.cpu(), function(*arguments), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name != "bicubic"])
def test_gradients(name: str) -> None:
    function, arguments = OPERATIONS[name]
    slopes = []
    for device in ("cpu", DEVICE):
        x = arguments[0].to(device).requires_grad_()
        y = function(x, *(argument.to(device) for argument in arguments[1:]))
        slopes.append(torch.autograd.grad(y.square().sum(), x)[0].cpu())
    torch.testing.assert_close(*slopes, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", [*UPSAMPLERS, "blur", "U-Net", "U-Net, valid", "SegNet"])
def test_network(name: str) -> None:
    torch.manual_seed(0)
    networks = {
        "blur": lambda: Blur2d(),
        "U-Net": lambda: UNet(4, 3, (4, 8, 16)),
        "U-Net, valid": lambda: UNet(4, 3, (4, 8), padding="valid"),
        "SegNet": lambda: SegNet(4, 3, (4, 8)),
    }
    network = networks[name]() if name in networks else upsampler(name, 4, 3)
    network = network.double().eval()
    x = drawn(2, 4, 45, 38)
    with torch.no_grad():
        expected = network(x)
        found = network.to(DEVICE)(x.to(DEVICE))
    assert found.device.type == DEVICE
    torch.testing.assert_close(found.cpu(), expected, rtol=1e-9, atol=1e-9)
