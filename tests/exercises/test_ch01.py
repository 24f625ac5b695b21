"""Chapter 1's answers: first by hand, then against PyTorch."""

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from upsample_lib.exercises import ch01
from upsample_lib.exercises.cases import agree


def tensor(case: dict[str, Any], name: str = "x") -> torch.Tensor:
    return torch.from_numpy(case[name])


def test_hand_computed_answers() -> None:
    assert ch01.min_pool.expected[0].tolist() == [[[[2, 5]]]]
    assert [answer.tolist() for answer in ch01.average.expected[:3]] == [[3, 7], [6, 12, 10], [9, 12, 15]]
    places = [answer.tolist() for answer in ch01.pool_and_remember.expected[:6]]
    assert places[:2] == [[[4, 6]], [[4, 7]]]
    assert places[2:4] == [[[5, 5]], [[0, 3]]]  # the first of equal numbers
    assert places[4:] == [[[-1, -1]], [[1, 1]]]  # no zero has come in
    assert ch01.max_gradient.expected[1].tolist() == [0, 11, 0]
    assert ch01.max_gradient.expected[2].tolist() == [0, 0, 11, 0, 0, 100, 0]
    assert ch01.max_gradient.wrong["spread"][0].tolist() == [0.5, 0.5, 5, 5]  # type: ignore[union-attr]


def test_minima_are_those_of_the_windows() -> None:
    for case, answer in zip(ch01.min_pool.cases, ch01.min_pool.expected):
        x, p = tensor(case), case["p"]
        padded = F.pad(x, (p, p, p, p), value=float("inf"))
        seen = padded.unfold(2, case["k"], case["s"]).unfold(3, case["k"], case["s"])
        assert agree(answer, seen.amin((4, 5)).numpy())


def test_means_and_maxima_are_torchs() -> None:
    for case, answer in zip(ch01.average.cases, ch01.average.expected):
        given = F.avg_pool1d(tensor(case)[None], *list(case.values())[1:4], False, case["count_include_pad"])
        assert agree(answer, given[0].numpy())
    pairs = ch01.pool_and_remember.expected
    for case, y, j in zip(ch01.pool_and_remember.cases, pairs[::2], pairs[1::2]):
        given = F.max_pool2d(tensor(case)[None], *list(case.values())[1:], return_indices=True)
        assert agree(y, given[0][0].numpy())
        assert agree(j, given[1][0].numpy())


def test_the_gradient_is_autograds() -> None:
    for case, answer in zip(ch01.max_gradient.cases, ch01.max_gradient.expected):
        x = tensor(case).requires_grad_()
        y = F.max_pool1d(x[None], case["k"], case["s"])[0]
        (given,) = torch.autograd.grad(y, x, tensor(case, "g"))
        assert agree(answer, given.numpy())


def test_what_is_wrong_with_the_function_to_be_repaired() -> None:
    """Its faults are named as soon as anything in it is changed."""
    scope: dict[str, Any] = {"np": np, "F": F}
    exec(ch01.max_gradient.stub, scope)
    broken = scope["max_gradient"]
    report = ch01.max_gradient.examine(lambda *given: broken(*given))
    assert set(report.diagnosis) == {"assigned", "stride_ignored"}
