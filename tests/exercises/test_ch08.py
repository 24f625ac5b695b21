"""Chapter 8's answers: first by hand, then against PyTorch."""

import numpy as np
import torch
import torch.nn.functional as F

from upsample_lib.exercises import ch08
from upsample_lib.exercises.cases import agree


def test_hand_computed_answers() -> None:
    assert ch08.unshuffle.expected[0].ravel().tolist() == [1, 2, 3, 4]
    assert ch08.icnr.expected[1].ravel().tolist() == [2, 2, 2, 2, 3, 3, 3, 3]
    assert ch08.icnr.wrong["repeated"][1].ravel().tolist() == [2, 3] * 4  # type: ignore[union-attr]
    assert ch08.tied_kernel.expected[0].tolist() == [100, 110, 11, 1]
    icnr = ch08.tied_kernel.wrong["convolution_first"][0]
    assert icnr is not None
    assert icnr.tolist() == [100, 100, 10, 10, 1, 1]


def test_unshuffling_is_torchs() -> None:
    for case, answer in zip(ch08.unshuffle.cases, ch08.unshuffle.expected):
        given = F.pixel_unshuffle(torch.from_numpy(case["y"]), case["s"])
        assert np.array_equal(answer, given.numpy())


def test_icnr_makes_equal_blocks() -> None:
    for case, answer in zip(ch08.icnr.cases, ch08.icnr.expected):
        f, s = torch.from_numpy(case["f"]), case["s"]
        x = torch.arange(25.0 * f.shape[1]).double().reshape(1, -1, 5, 5)
        start = F.pixel_shuffle(F.conv2d(x, torch.from_numpy(answer)), s)
        plain = F.interpolate(F.conv2d(x, f), scale_factor=s)
        assert agree(start.numpy(), plain.numpy())


def test_the_tied_kernel_equals_nearest_and_convolution() -> None:
    for case, answer in zip(ch08.tied_kernel.cases, ch08.tied_kernel.expected):
        w, s = torch.from_numpy(case["w"])[None, None], case["s"]
        x = torch.tensor([[[2.0, 3, 5, 7]]], dtype=torch.float64)
        pad = w.shape[2] // 2
        pair = F.conv1d(F.interpolate(x, scale_factor=s), w, padding=pad)
        one = F.conv_transpose1d(x, torch.from_numpy(answer)[None, None], None, s, pad)
        assert agree(one.numpy(), pair.numpy())


def test_the_rebuilt_layer_is_torchs() -> None:
    for case, answer in zip(ch08.rebuilt.cases, ch08.rebuilt.expected):
        x, w = torch.from_numpy(case["x"]), torch.from_numpy(case["w"])
        assert agree(answer, F.conv_transpose2d(x, w, None, case["s"], case["p"]).numpy())
