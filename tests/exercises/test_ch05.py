"""Chapter 5's answers: first by hand, then against PyTorch."""

import torch
import torch.nn.functional as F

from upsample_lib.exercises import ch05
from upsample_lib.exercises.cases import agree


def test_hand_computed_answers() -> None:
    """The chapter's own example: prints 2, 20, 200 and 3, 30, 300 overlap in 203."""
    assert ch05.scatter.expected[0].tolist() == [2, 20, 203, 30, 300]
    assert ch05.scatter.expected[1].tolist() == [2, 23, 230, 300]
    assert ch05.scatter.expected[2].tolist() == [20, 203, 30]
    assert ch05.recipe.expected[0].tolist() == [2, 20, 203, 30, 300]
    assert ch05.matrix.expected[0].T.tolist() == [[1, 10, 100, 0, 0], [0, 0, 1, 10, 100]]
    assert ch05.scatter.wrong["overwritten"][0].tolist() == [2, 20, 3, 30, 300]  # type: ignore[union-attr]
    assert ch05.recipe.wrong["not_flipped"][0].tolist() == [200, 20, 302, 30, 3]  # type: ignore[union-attr]


def test_references_agree_with_torch() -> None:
    for one in (ch05.scatter, ch05.recipe):
        for case, answer in zip(one.cases, one.expected):
            x, w = (torch.from_numpy(case[key])[None, None] for key in "xw")
            right = F.conv_transpose1d(x, w, stride=case["s"], padding=case["p"])
            assert agree(answer, right[0, 0].numpy())
    for case, answer in zip(ch05.matrix.cases, ch05.matrix.expected):
        w, ones = torch.from_numpy(case["w"])[None, None], torch.eye(case["n"]).double()[:, None]
        columns = F.conv_transpose1d(ones, w, stride=case["s"], padding=case["p"])
        assert agree(answer, columns[:, 0].T.numpy())
    for case, answer in zip(ch05.conv_transpose.cases, ch05.conv_transpose.expected):
        x, w, *others = (torch.from_numpy(v) if hasattr(v, "shape") else v for v in case.values())
        assert agree(answer, F.conv_transpose2d(x, w, None, *others).numpy())
