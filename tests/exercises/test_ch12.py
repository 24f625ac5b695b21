"""Chapter 12's exercises: answers by hand, PyTorch and the library as oracles."""

import numpy as np
import torch
import torch.nn.functional as F

from upsample_lib.exercises import ch12
from upsample_lib.exercises.cases import agree
from upsample_lib.nn import reassemble, sample_points


def test_bilinear_kernels_by_hand() -> None:
    kernels = ch12.bilinear_kernels.reference(1, 2, 2)
    assert kernels.shape == (1, 9, 2, 4)
    # one row: the taps 3, 4, 5 of a 3 × 3 kernel, for the points 0 (clamped from −¼), ¼, ¾ and 1
    assert kernels[0, 3:6, 0].tolist() == [[0, 0, 0.25, 0], [1, 0.75, 0.75, 1], [0, 0.25, 0, 0]]
    assert kernels[0, [0, 1, 2, 6, 7, 8]].count_nonzero() == 0


def test_with_these_kernels_reassembly_is_bilinear_up_to_the_border() -> None:
    for case, answer in zip(ch12.bilinear_kernels.cases, ch12.bilinear_kernels.expected):
        x = torch.rand(1, 3, case["height"], case["width"], dtype=torch.float64)
        y = F.interpolate(x, scale_factor=case["s"], mode="bilinear")
        assert agree(y.numpy(), reassemble(x, torch.tensor(answer)).numpy())


def test_reading_by_hand() -> None:
    x = torch.tensor([[[[0.0, 4.0]]]], dtype=torch.float64)
    offsets = torch.zeros(1, 2, 2, 4, dtype=torch.float64)
    assert ch12.sample.reference(x, offsets)[0, 0].tolist() == [[0, 1, 3, 4]] * 2
    offsets[0, 0] = 0.25
    assert ch12.sample.reference(x, offsets)[0, 0].tolist() == [[0, 2, 4, 4]] * 2


def test_reading_is_the_librarys() -> None:
    for case, answer in zip(ch12.sample.cases, ch12.sample.expected):
        y = sample_points(torch.from_numpy(case["x"]), torch.from_numpy(case["offsets"]))
        assert agree(answer, y.numpy())
        assert np.abs(case["offsets"]).max() < 1
