"""Chapter 11's exercises: answers by hand, and PyTorch and the library as oracles."""

import numpy as np
import pytest
import torch
from torch import nn

from upsample_lib.exercises import ch11
from upsample_lib.exercises.cases import agree
from upsample_lib.nn import DCGANGenerator, NearestConv
from upsample_lib.sizes import conv_transpose_output_size


def test_the_plan_of_the_64_pixel_generator_by_hand() -> None:
    assert ch11.plan.expected[-1].tolist() == [
        [100, 512, 4, 1, 0],
        [512, 256, 4, 2, 1],
        [256, 128, 4, 2, 1],
        [128, 64, 4, 2, 1],
        [64, 3, 4, 2, 1],
    ]
    assert ch11.plan.expected[0].tolist() == [[3, 2, 4, 1, 0], [2, 1, 4, 2, 1]]


@pytest.mark.parametrize("number", range(4))
def test_the_plan_is_that_of_the_librarys_generator(number: int) -> None:
    case, answer = ch11.plan.cases[number], ch11.plan.expected[number]
    model = DCGANGenerator(case["latent"], case["channels"], case["size"], case["width"])
    layers = [layer for layer in model.modules() if isinstance(layer, nn.ConvTranspose2d)]
    ours = [(c.in_channels, c.out_channels, c.kernel_size[0], c.stride[0], int(c.padding[0])) for c in layers]
    assert answer.tolist() == [list(row) for row in ours]
    side = 1
    for _, _, k, s, p in answer.astype(int).tolist():
        side = conv_transpose_output_size(side, k, s, p)
    assert side == case["size"]


def test_nearest_and_convolution_by_hand() -> None:
    x = torch.tensor([[[[2.0, 3.0]]]], dtype=torch.float64)
    w = torch.tensor([[[[0.0, 0, 0], [1, 10, 100], [0, 0, 0]]]], dtype=torch.float64)
    y = ch11.resize_conv.reference(x, w, 2)
    # 2, 2, 3, 3 under 1, 10, 100
    assert y[0, 0].tolist() == [[220, 322, 332, 33]] * 2


def test_nearest_and_convolution_is_the_librarys_block() -> None:
    for case, answer in zip(ch11.resize_conv.cases, ch11.resize_conv.expected):
        w = torch.from_numpy(case["w"])
        block = NearestConv(w.shape[1], w.shape[0], case["s"], w.shape[2], bias=False, dtype=torch.float64)
        block.load_state_dict({"conv.weight": w})
        assert agree(answer, block(torch.from_numpy(case["x"])).detach().numpy())
        assert np.isfinite(answer).all()
