"""Chapter 4's answers: first by hand, then against NumPy and PyTorch."""

import numpy as np
import torch
import torch.nn.functional as F

from upsample_lib.exercises import ch04
from upsample_lib.exercises.cases import agree


def test_hand_computed_answers() -> None:
    assert ch04.convolve.expected[1].tolist() == [1, 12, 23, 30]
    assert ch04.convolution_matrix.expected[1].tolist() == [[1, 10, 100, 0, 0], [0, 0, 1, 10, 100]]
    assert ch04.convolution_matrix.expected[2].tolist() == [
        [10, 100, 0, 0],
        [1, 10, 100, 0],
        [0, 1, 10, 100],
        [0, 0, 1, 10],
    ]
    assert ch04.grouped_conv.expected[0].ravel().tolist() == [19, 28.5, 47.5, 66.5]


def test_convolution_is_numpys() -> None:
    for case, answer in zip(ch04.convolve.cases, ch04.convolve.expected):
        assert agree(answer, np.convolve(case["x"], case["w"]))


def test_matrices_and_layers_are_torchs() -> None:
    for case, answer in zip(ch04.convolution_matrix.cases, ch04.convolution_matrix.expected):
        n, w, *others = case.values()
        units = torch.eye(n).double()[:, None]
        given = F.conv1d(units, torch.from_numpy(w)[None, None], None, *others)[:, 0].T
        assert agree(answer, given.numpy())
    for case, answer in zip(ch04.grouped_conv.cases, ch04.grouped_conv.expected):
        x, w = (torch.from_numpy(case[name]) for name in "xw")
        given = F.conv2d(x, w, None, case["stride"], case["padding"], 1, case["groups"])
        assert agree(answer, given.numpy())
