"""The pictures show what the operations give: their numbers are read back from the drawing."""

import numpy as np
import pytest

from upsample_lib import figures

IMAGE = [[1, 3, 2, 1], [4, 2, 0, 6], [5, 1, 7, 2], [0, 2, 3, 4]]
ODD = np.array([[1, 3, 2, 1, 0], [4, 2, 0, 6, 1], [2, 5, 7, 2, 3], [0, 2, 3, 4, 1], [3, 1, 0, 2, 5]])


def numbers(figure):
    return [int(t.get_text()) for t in figure.axes[0].texts if "$" not in t.get_text()]


def test_copies_fill_their_blocks_and_nails_stand_in_the_corners():
    drawn = numbers(figures.copies_and_nails([[1, 2], [3, 4]]))
    assert drawn[:4] == [1, 2, 3, 4]
    assert drawn[4:20] == [1, 1, 2, 2] * 2 + [3, 3, 4, 4] * 2
    assert drawn[20:] == [1, 0, 2, 0] + [0] * 4 + [3, 0, 4, 0] + [0] * 4


def test_changed_values_return_to_the_remembered_places():
    drawn = numbers(figures.remembered_places(IMAGE, [[1, 2], [3, 4]]))
    assert drawn[:16] == [value for row in IMAGE for value in row]
    assert drawn[16:32] == [0, 0, 0, 0, 1, 0, 0, 2, 3, 0, 4, 0, 0, 0, 0, 0]
    assert drawn[32:] == [4, 6, 5, 7, 1, 2, 3, 4]


def test_a_shared_place_is_assigned_once_or_added_twice():
    drawn = numbers(figures.assign_or_add_1d([2, 1, 7, 5, 3, 8, 4], 3, 2))
    assert drawn[7:10] == [7, 7, 8]
    assert drawn[10:] == [0, 0, 7, 0, 0, 8, 0, 0, 0, 14, 0, 0, 8, 0]


def test_the_wrong_width_moves_the_maxima():
    drawn = np.array(numbers(figures.wrong_width(ODD)))
    right, wrong = drawn[25:50].reshape(5, 5), drawn[50:].reshape(4, 4)
    assert all(ODD[where] == value for where, value in np.ndenumerate(right) if value)
    assert np.argwhere(wrong).tolist() == [[1, 1], [2, 0], [2, 3], [3, 0]]


@pytest.mark.parametrize(
    "picture",
    [
        lambda: figures.copies_and_nails([[1, 2]]),
        lambda: figures.remembered_places(IMAGE, [[1, 2], [3, 4]]),
        lambda: figures.wrong_width(ODD),
    ],
)
def test_pictures_are_reproducible(picture):
    assert figures.svg(picture()) == figures.svg(picture())
