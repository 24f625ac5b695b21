"""The pictures show what the operations give: their numbers are read back from the drawing."""

import numpy as np
import pytest

from upsample_lib import derivations, figures


def numbers(figure):
    return [t.get_text() for t in figure.axes[0].texts if "$" not in t.get_text()]


def test_stamps_1d_writes_kernel_inputs_stamps_and_sums():
    drawn = numbers(figures.stamps_1d([2, 3], [1, 10, 100], stride=2))
    rows = [
        ["1", "10", "100"],
        ["2"],
        ["2", "20", "200"],
        ["3"],
        ["3", "30", "300"],
        ["2", "20", "203", "30", "300"],
    ]
    assert drawn == [number for row in rows for number in row]


def test_stamps_2d_ends_with_the_output():
    x, w = np.array([[1.0, 2], [3, 4]]), np.array([[1.0, 2, 1], [2, 4, 2], [1, 2, 1]])
    y = derivations.scatter2d(x[None], w[None, None], 2)[0]
    assert numbers(figures.stamps_2d(x, w, 2))[-25:] == [figures.number_text(v) for v in y.ravel()]


def test_stamps_2d_refuses_what_it_cannot_draw():
    with pytest.raises(ValueError, match=r"x must be 2 × 2 to be drawn as four sheets, got \(3, 3\)"):
        figures.stamps_2d(np.ones((3, 3)), np.ones((2, 2)))


def test_recipe_shows_zeros_the_flipped_kernel_and_the_output():
    drawn = numbers(figures.recipe_1d([2, 3], [1, 10, 100], stride=2))
    assert drawn[:12] == ["2", "3", "2", "0", "3", "0", "0", "2", "0", "3", "0", "0"]
    assert drawn[12:15] == ["100", "10", "1"]
    assert drawn[-5:] == ["2", "20", "203", "30", "300"]


def test_matrices_are_each_others_transpose():
    drawn = numbers(figures.matrices([1, 10, 100], n=2, stride=2))
    assert drawn[:10] == ["1", "10", "100", "0", "0", "0", "0", "1", "10", "100"]
    assert drawn[10:] == ["1", "0", "10", "0", "100", "1", "0", "10", "0", "100"]


@pytest.mark.parametrize(
    "picture",
    [figures.four_cases, lambda: figures.four_cases([(3, 0)], n=3, k=2), lambda: figures.wires([1, 2])],
)
def test_pictures_without_numbers_are_reproducible(picture):
    assert figures.svg(picture()) == figures.svg(picture())
