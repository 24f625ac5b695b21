import numpy as np
import pytest

from upsample_lib.figures import svg
from upsample_lib.figures.speed import Roof, call_times, ladder, rooflines, speedups


def test_a_rung_is_as_long_as_its_time():
    figure = ladder([2.0, 0.05, 0.001], bound=0.0004)
    (axes,) = figure.axes
    assert [bar.get_width() for bar in axes.patches] == [2.0, 0.05, 0.001]
    assert axes.get_xscale() == "log"
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["$2.0\\cdot10^{0}$", "$5.0\\cdot10^{-2}$", "$1.0\\cdot10^{-3}$"]
    assert axes.lines[0].get_xdata()[0] == 0.0004
    assert svg(figure, "a").startswith("<svg")
    assert not ladder([1.0]).axes[0].lines


def test_no_number_is_crossed_by_the_lower_bound():
    texts = ladder([2.0, 0.003, 0.0001], bound=0.004).axes[0].texts
    assert [text.xy[0] for text in texts] == [2.0, 0.004, 0.0001]


def test_a_roof_bends_where_bytes_and_operations_take_equal_time():
    points = {"input": [(2.0, 1e9), (50.0, 3e10)], "output": [(20.0, 5e10)]}
    figure = rooflines([Roof(8e10, 2e9, points), Roof(1e12, 1e11, points)])
    first, second = figure.axes
    x, y = first.lines[0].get_data()
    assert x[1] == 40  # 8e10 / 2e9
    np.testing.assert_allclose(y[0], 2e9 * x[0])
    assert y[1] == y[2] == 8e10
    assert second.lines[0].get_xdata()[1] == 10
    assert first.lines[1].get_xydata().tolist() == [[2, 1e9], [50, 3e10]]
    assert first.lines[2].get_xydata().tolist() == [[20, 5e10]]


def test_every_call_is_in_the_histogram():
    seconds = np.random.default_rng(0).lognormal(-7, 0.3, 200)
    figure = call_times(seconds, [seconds.min(), float(np.median(seconds))])
    (axes,) = figure.axes
    assert sum(bar.get_height() for bar in axes.patches) == 200
    assert axes.lines[0].get_xdata()[0] == pytest.approx(1e3 * seconds.min())


def test_speed_ups_with_their_quartiles():
    figure = speedups(
        ["a", "b"], [[(1.8, 2.0, 2.1), (0.9, 1.0, 1.3)], [(1, 1.5, 2), (1, 1.2, 1.4)]], [2.25, 4]
    )
    (axes,) = figure.axes
    points = axes.containers[0][0].get_xdata()
    assert points.tolist() == [2.0, 1.0]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["a", "b"]
    lines = [line.get_xdata()[0] for line in axes.lines[-3:]]
    assert lines == [1, 2.25, 4]
