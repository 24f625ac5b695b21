import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from upsample_lib.figures import COLOURS, SOFT, kernels_over, points_on_a_line, points_over, svg


def rectangles(figure, colour):
    (axes,) = figure.axes
    return [
        patch
        for patch in axes.patches
        if isinstance(patch, Rectangle) and patch.get_fill() and to_hex(patch.get_facecolor()) == colour
    ]


def test_outputs_are_read_at_the_points():
    figure = points_on_a_line([0, 0, 8, 8], [np.zeros(8), [0, 0, 0, -0.25, 0.25, 0, 0, 0]])
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert texts == ["(1)", *"0088", *"00026888", "(2)", *"0088", *"00008888"]
    assert len(rectangles(figure, SOFT["output"])) == 16
    assert svg(figure, "a").startswith("<svg")


def test_the_areas_of_a_kernel_are_its_weights():
    kernels = np.zeros((9, 14, 14))
    kernels[:, 6, 7] = weights = np.array([0.01, 0.09, 0, 0.25, 0.4, 0.25, 0, 0, 0])
    figure = kernels_over(np.full((7, 7), 0.5), kernels, [(6, 7)], around=3)
    squares = rectangles(figure, COLOURS["kernel"])
    assert [square.get_width() ** 2 / 0.8**2 for square in squares] == pytest.approx(weights)
    # the largest square is concentric with the input pixel that holds output pixel (6, 7)
    own, left = squares[4], 0.3
    assert own.get_x() + own.get_width() / 2 == pytest.approx(left + 3.5 * 0.8)
    frame = figure.axes[0].patches[-1]
    assert (frame.get_x(), frame.get_y()) == pytest.approx((left + 3.5 * 0.8, 1.0 + 3 * 0.8))


def test_points_end_where_the_offsets_lead():
    offsets = np.zeros((2, 4, 6))
    offsets[:, 1, 2] = 0.5, -0.25
    figure = points_over(np.linspace(0, 1, 6).reshape(2, 3), offsets, cell=1.0)
    dots = figure.axes[0].lines[-1]
    x, y = (values.reshape(4, 6) for values in dots.get_data())
    assert (x[1, 2], y[1, 2]) == pytest.approx((0.2 + 1.25 + 0.5, 0.2 + 0.75 - 0.25))
    assert (x[0, 0], y[0, 0]) == pytest.approx((0.45, 0.45))


def test_no_pixel_takes_a_colour_that_has_a_meaning():
    shades = np.arange(256).reshape(16, 16) / 255
    figure = points_over(shades, np.zeros((2, 16, 16)))
    used = {to_hex(patch.get_facecolor()) for patch in figure.axes[0].patches}
    assert len(used) > 240
    assert not used & {*COLOURS.values(), *SOFT.values(), "#000000", "#ffffff"}
