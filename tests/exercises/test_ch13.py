"""Chapter 13's exercises: answers by hand, and the library's own layers as oracle."""

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

import upsample_lib as up
from upsample_lib.exercises import ch13


def test_multiplications_by_hand() -> None:
    # 4 × 4 outputs of 9 taps; 2 × 2 inputs of 4 × 4 taps
    assert ch13.counts.expected[1].tolist() == [16 * 9, 4 * 16]
    assert ch13.counts.expected[0].tolist() == [4, 4]  # k = 1: nothing to save


@pytest.mark.parametrize("number", range(5))
def test_pytorch_counts_the_same(number: int) -> None:
    case = ch13.counts.cases[number]
    x = torch.zeros(1, case["c_in"], case["n"], case["n"])
    weight = torch.zeros(case["c_out"], case["c_in"], case["k"], case["k"])
    grown = x.repeat_interleave(case["s"], 2).repeat_interleave(case["s"], 3)
    kernel = up.tied_kernel(weight, case["s"])
    found = []
    for call in (
        lambda: torch.conv2d(grown, weight, padding=case["k"] // 2),
        lambda: torch.conv_transpose2d(x, kernel, stride=case["s"], padding=case["k"] // 2),
    ):
        with FlopCounterMode(display=False) as counter:
            call()
        found.append(counter.get_total_flops() / 2)  # a multiplication and an addition
    assert ch13.counts.expected[number].tolist() == found


def test_a_speed_up_by_hand() -> None:
    # ratios of the rounds: 6/3, 21/9, 8/5, 30/10, 6/2.5; sorted 1.6, 2, 2.33, 2.4, 3
    assert ch13.speedup.expected[2] == pytest.approx(7 / 3)
    assert ch13.speedup.expected[1] == 2
    # a machine that is ten times slower in every other round changes nothing
    case = ch13.speedup.cases[2]
    slower = np.array([1, 10, 1, 10, 1])[:, None]
    assert ch13.speedup.reference(case["old"] * slower, case["new"] * slower) == pytest.approx(7 / 3)
