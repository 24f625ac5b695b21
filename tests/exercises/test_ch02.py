"""Chapter 2's answers: first by hand, then against PyTorch and the library."""

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from upsample_lib.exercises import ch01, ch02
from upsample_lib.exercises.cases import agree


def test_hand_computed_answers() -> None:
    assert ch02.bed.expected[1].tolist() == [[0, 1, 0, 2], [0] * 4, [0, 3, 0, 4], [0] * 4]
    assert ch02.unpool.expected[1].tolist() == [[0, 0, 3, 0, 0, 8, 0]]
    assert ch02.unpool.wrong["added"][1].tolist() == [[0, 0, 10, 0, 0, 8, 0]]  # type: ignore[union-attr]
    assert ch02.unpool.expected[3].tolist() == [[-3, 0, 0, 0], [0] * 4, [5, 0, 0, 0]]
    assert ch02.share.expected[1].tolist() == [1, 3, 5, 3]
    assert ch02.share.expected[2].tolist() == [3, 9, 6]
    back, x = ch02.there_and_back.expected[0], ch02.there_and_back.cases[0]["x"]
    assert sorted(back[back != 0]) == sorted(x[0, 0, :, i : i + 2].max() for i in (0, 2))


def test_nails_are_a_transposed_convolution_with_a_single_one() -> None:
    for case, answer in zip(ch02.bed.cases, ch02.bed.expected):
        w = torch.zeros(1, 1, case["s"], case["s"]).double()
        w[0, 0, case["row"], case["column"]] = 1
        given = F.conv_transpose2d(torch.from_numpy(case["y"])[None, None], w, stride=case["s"])
        assert agree(answer, given[0, 0].numpy())


def test_unpooling_is_torchs() -> None:
    for case, answer in zip(ch02.unpool.cases, ch02.unpool.expected):
        y, j = (torch.from_numpy(case[name])[None, None] for name in "yj")
        if len(np.unique(case["j"])) == case["j"].size:
            given = torch.zeros(1, 1, np.prod(case["shape"])).double()
            given = given.scatter(2, j.flatten(2), y.flatten(2)).reshape(case["shape"])
            assert agree(answer, given.numpy())
    for case, answer in zip(ch02.there_and_back.cases, ch02.there_and_back.expected):
        x = torch.from_numpy(case["x"])
        y, j = F.max_pool2d(x, case["k"], case["s"], return_indices=True)
        kept = torch.zeros(x.shape).double().flatten(2).scatter(2, j.flatten(2), y.flatten(2))
        assert agree(answer, kept.view_as(x).numpy())


def test_shares_are_the_adjoint_of_the_mean_without_padding() -> None:
    for case, answer in zip(ch02.share.cases, ch02.share.expected):
        k, s, n, p = (case[name] for name in "ksnp")
        x = torch.randn(n, dtype=torch.float64, requires_grad=True)
        mean = F.avg_pool1d(x[None], k, s, p, False, False)[0]
        (given,) = torch.autograd.grad(mean, x, torch.from_numpy(case["y"]))
        assert agree(answer, given.numpy())
        assert np.isclose(answer.sum(), case["y"].sum())
        assert agree(ch01.average.reference(x.detach().numpy(), k, s, p, False), mean.detach().numpy())


def test_what_is_wrong_with_the_function_to_be_repaired() -> None:
    """Its faults are named as soon as anything in it is changed."""
    scope: dict[str, Any] = {"np": np, "F": F}
    exec(ch02.there_and_back.stub, scope)
    broken = scope["there_and_back"]
    report = ch02.there_and_back.examine(lambda *given: broken(*given))
    assert set(report.diagnosis) == {"copied"}
