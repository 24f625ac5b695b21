"""The pictures show what the operations give: their numbers are read back from the drawing."""

import numpy as np
import pytest

from upsample_lib import figures
from upsample_lib.figures import PoolingCase

IMAGE = [[1, 3, 2, 1], [4, 2, 0, 6], [5, 1, 7, 2], [0, 2, 3, 4]]
SIGNAL = [2, 1, 7, 5, 3, 8, 4]


def numbers(figure):
    return [t.get_text() for t in figure.axes[0].texts if "$" not in t.get_text()]


def test_pooled_twice_writes_the_image_its_maxima_and_its_averages():
    drawn = numbers(figures.pooled_twice(IMAGE))
    assert drawn == [str(v) for row in IMAGE for v in row] + ["4", "6", "5", "7"] + ["5/2", "9/4", "2", "4"]


def test_switches_number_the_pixels_row_by_row():
    drawn = numbers(figures.switches_2d(IMAGE))
    assert drawn[16:32] == [str(number) for number in range(16)]
    assert drawn[32:] == ["4", "6", "5", "7", "4", "7", "8", "10"]


def test_sliding_windows_shows_borders_and_the_incomplete_window():
    cases = [PoolingCase(2, 2), PoolingCase(2, 2, ceil_mode=True), PoolingCase(3, 2, 1)]
    figure = figures.sliding_windows(SIGNAL, cases)
    assert numbers(figure) == [
        *map(str, SIGNAL), "2", "7", "8",
        *map(str, SIGNAL), "2", "7", "8", "4",
        *map(str, SIGNAL), "2", "7", "8", "8",
    ]  # fmt: skip
    assert sum("infty" in t.get_text() for t in figure.axes[0].texts) == 2


def test_gradients_add_up_at_a_maximum_of_two_windows():
    drawn = numbers(figures.max_gradient_1d(SIGNAL, [1, 10, 100], 3, 2))
    assert drawn[:10] == [*map(str, SIGNAL), "7", "7", "8"]
    assert drawn[10:] == ["0", "0", "11", "0", "0", "100", "0", "1", "10", "100"]


def test_the_field_drawn_is_as_wide_as_the_receptive_field():
    layers = [(3, 1, 1), (2, 2, 0), (3, 1, 1), (2, 2, 0), (3, 1, 1)]
    boxes = figures.receptive_field_1d(layers, 24, 3).axes[0].patches
    inputs = boxes[:24]
    assert sum(box.get_facecolor()[3] > 0 for box in inputs) == 18
    assert len(boxes) == 24 + 24 + 12 + 12 + 6 + 6


def test_signed_difference_is_grey_where_pictures_agree():
    picture = figures.signed_difference([[0.5, 0.7, 0.0]], [[0.5, 0.5, 1.0]])
    np.testing.assert_allclose(picture, [[0.5, 0.7, 0.0]])


def test_scores_draws_one_mark_a_value():
    axes = figures.scores([("$a$", "input", [1, 2]), ("$b$", "output", [3, 5])], "dB").axes[0]
    assert [list(line.get_ydata()) for line in axes.lines] == [[1, 2], [3, 5]]


@pytest.mark.parametrize("picture", [lambda: figures.pooled_twice(IMAGE), lambda: figures.switches_2d(IMAGE)])
def test_pictures_are_reproducible(picture):
    assert figures.svg(picture()) == figures.svg(picture())
