"""Chapter 6's answers: first by hand, then against PyTorch and the library."""

import torch
import torch.nn.functional as F
from torch import nn

from upsample_lib.exercises import ch06
from upsample_lib.exercises.cases import agree
from upsample_lib.nn import bilinear_


def test_hand_computed_answers() -> None:
    sizes = [answer.tolist() for answer in ch06.output_sizes.expected]
    assert sizes[:6] == [[5], [3], [4], [8], [11], [18]]
    assert sizes[-1] == [4, 8, 16, 34]
    crops = [answer.tolist() for answer in ch06.crop.expected]
    assert crops[1:4] == [[20, 203, 30], [20, 203, 30, 300], [203, 30]]
    assert crops[5] == [2, 20, 203, 30, 300, 0]
    assert [int(answer) for answer in ch06.output_padding.expected[:3]] == [0, 1, 2]  # 16, 17, 18 all give 6
    assert ch06.bilinear.expected[0][0, 0, 1].tolist() == [3 / 16, 9 / 16, 9 / 16, 3 / 16]


def test_sizes_are_those_of_torchs_layers() -> None:
    for case, answer in zip(ch06.output_sizes.cases, ch06.output_sizes.expected):
        x, sizes = torch.zeros(1, 1, case["n"]), []
        for k, s, p, a, d in case["layers"]:
            x = F.conv_transpose1d(x, torch.ones(1, 1, k), None, s, p, a, 1, d)
            sizes.append(x.shape[2])
        assert answer.tolist() == sizes


def test_crops_are_those_of_torchs_layer() -> None:
    """The stamped area of one input equal to 1 is the kernel itself; a stride of 4 allows a up to 3."""
    for case, answer in zip(ch06.crop.cases, ch06.crop.expected):
        w, one = torch.from_numpy(case["full"])[None, None], torch.ones(1, 1, 1).double()
        given = F.conv_transpose1d(one, w, None, 4, case["p"], case["a"])
        assert agree(answer, given[0, 0].numpy())


def test_output_padding_brings_the_size_back() -> None:
    for case, answer in zip(ch06.output_padding.cases, ch06.output_padding.expected):
        k, s, p = case["k"], case["s"], case["p"]
        small = nn.Conv1d(1, 1, k, s, p)(torch.zeros(1, 1, case["m"]))
        back = nn.ConvTranspose1d(1, 1, k, s, p, output_padding=int(answer))(small)
        assert back.shape[2] == case["m"]


def test_bilinear_weights_are_the_librarys() -> None:
    for case, answer in zip(ch06.bilinear.cases, ch06.bilinear.expected):
        shape, s = case["w"].shape, case["s"]
        if shape[0] == shape[1] and shape[2] == 2 * s - s % 2:
            given = bilinear_(torch.empty(shape, dtype=torch.float64), s)
            assert agree(answer, given.numpy())


def test_the_decoder_finds_its_output_padding_as_torchs_layer_does() -> None:
    for case, answer in zip(ch06.decoder.cases, ch06.decoder.expected):
        x, skip, w, v = (torch.from_numpy(value) for value in case.values())
        layer = nn.ConvTranspose2d(*w.shape[:2], 3, 2, 1, bias=False).double()
        layer.weight = nn.Parameter(w, requires_grad=False)
        y = torch.cat([layer(x, output_size=skip.shape[2:]), skip], dim=1)
        assert agree(answer, F.conv2d(y, v, padding=1).numpy())
        assert answer.shape[2:] == tuple(skip.shape[2:])
