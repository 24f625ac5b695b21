"""Chapter 3's answers: first by hand, then against PyTorch and Pillow."""

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from upsample_lib.exercises import ch03
from upsample_lib.exercises.cases import agree


def test_hand_computed_answers() -> None:
    assert [answer.tolist() for answer in ch03.chosen.expected[1:3]] == [[0, 1, 3], [0, 2, 4]]
    assert ch03.chosen.expected[3].tolist() == [0, 0, 1, 1, 2, 2]
    ratio = ch03.chosen.wrong["step_of_the_sizes"][3]
    assert ratio is not None
    assert ratio.tolist() == [0, 0, 1, 2, 2, 3]
    assert ch03.linear_matrix.expected[1].tolist() == [[1, 0], [0.75, 0.25], [0.25, 0.75], [0, 1]]
    assert ch03.bilinear.expected[1][1].tolist() == [2, 3, 5, 6]
    assert ch03.enlarge_labels.expected[0].tolist() == [[0, 0, 0, 2, 2, 2]]
    mixed = ch03.enlarge_labels.wrong["mixed"][0]
    assert mixed is not None
    assert 1 in mixed  # a class that is not there


def test_chosen_pixels_are_torchs() -> None:
    for case, answer in zip(ch03.chosen.cases, ch03.chosen.expected):
        ruler = torch.arange(float(case["n"])).double()[None, None]
        mode = "nearest-exact" if case["exact"] else "nearest"
        given = F.interpolate(ruler, scale_factor=case["factor"], mode=mode)
        assert given[0, 0].tolist() == answer.tolist()


def test_from_the_centre_is_pillows_choice() -> None:
    for n, m in ((5, 3), (4, 2), (2, 6)):
        row = Image.fromarray(np.arange(n, dtype=np.float32)[None])
        pillow = np.asarray(row.resize((m, 1), Image.Resampling.NEAREST))[0]
        assert pillow.tolist() == ch03.chosen.reference(n, m / n, exact=True).tolist()


def test_matrices_and_pictures_are_torchs() -> None:
    for case, answer in zip(ch03.linear_matrix.cases, ch03.linear_matrix.expected):
        n, m, corners = case.values()
        units = torch.eye(n).double()[:, None]
        given = F.interpolate(units, size=m, mode="linear", align_corners=corners)[:, 0].T
        assert agree(answer, given.numpy())
        np.testing.assert_allclose(answer.sum(axis=1), 1)
    smoothed = ch03.bilinear.wrong["smoothed"]
    for case, answer, wrong in zip(ch03.bilinear.cases, ch03.bilinear.expected, smoothed):
        image, *size = case.values()
        options = {"size": size, "mode": "bilinear"}
        given = F.interpolate(torch.from_numpy(image)[None, None], **options)
        assert agree(answer, given[0, 0].numpy())
        smooth = F.interpolate(torch.from_numpy(image)[None, None], **options, antialias=True)
        assert agree(wrong, smooth[0, 0].numpy())


def test_no_class_wins_by_a_tie_and_none_is_invented() -> None:
    for case, answer in zip(ch03.enlarge_labels.cases, ch03.enlarge_labels.expected):
        labels, classes, size = case.values()
        shares = [
            F.interpolate(torch.from_numpy(labels == c).double()[None, None], size=size, mode="bilinear")[
                0, 0
            ]
            for c in range(classes)
        ]
        first, second = torch.stack(shares).topk(2, dim=0).values
        assert (first - second).min() > 0.01
        assert set(answer.ravel()) <= set(labels.ravel())


def test_what_is_wrong_with_the_function_to_be_repaired() -> None:
    """Its faults are named as soon as anything in it is changed."""
    scope: dict[str, Any] = {"np": np, "F": F}
    exec(ch03.enlarge_labels.stub, scope)
    broken = scope["enlarge_labels"]
    report = ch03.enlarge_labels.examine(lambda *given: broken(*given))
    assert set(report.diagnosis) == {"mixed"}
