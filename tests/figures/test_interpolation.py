"""The pictures of interpolation show what the operations give: numbers and places are read back from them."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, Rectangle

import upsample_lib as up
from upsample_lib import figures
from upsample_lib.figures.style import COLOURS


def texts(figure):
    return [t.get_text() for t in figure.axes[0].texts]


def squares(figure, role, thick=None):
    """Left edge and width of each pixel of one colour."""
    found = [p for p in figure.axes[0].patches if isinstance(p, Rectangle)]
    found = [p for p in found if to_hex(p.get_edgecolor()) == COLOURS[role]]
    if thick is not None:
        found = [p for p in found if (p.get_linewidth() > 1) == thick]
    return [(p.get_x(), p.get_width()) for p in found]


def test_pixel_grids_write_both_conventions_coordinates():
    drawn = texts(figures.pixel_grids(3, 6))
    assert drawn == [
        *("(1)", "−1/4", "1/4", "3/4", "5/4", "7/4", "9/4"),
        *("(2)", "0", "2/5", "4/5", "6/5", "8/5", "2"),
    ]


def test_pixel_grids_let_edges_or_corner_centres_coincide():
    figure = figures.pixel_grids(3, 6, scale=2)
    source, output = squares(figure, "input"), squares(figure, "output")
    ends = [(row[0][0], row[-1][0] + row[-1][1]) for row in (source[:3], output[:6], source[3:], output[6:])]
    assert ends[0] == pytest.approx(ends[1])
    centres = [[left + width / 2 for left, width in row] for row in (source[3:], output[6:])]
    assert centres[0][0] == pytest.approx(centres[1][0])
    assert centres[0][-1] == pytest.approx(centres[1][-1])
    assert output[6][1] == pytest.approx(2 * 2 / 5)  # (n − 1)/(m − 1), two units to an input pixel


@pytest.mark.parametrize(("n", "m"), [(5, 3), (4, 6), (7, 4)])
def test_nearest_choices_mark_the_pixels_that_torch_takes_and_point_at_them(n, m):
    figure = figures.nearest_choices(n, m, scale=2)
    ruler = torch.arange(n, dtype=torch.float64)[None, None]
    strong = [round((left - 1.2) / 2) for left, _ in squares(figure, "input", thick=True)]
    taken = [
        F.interpolate(ruler, size=m, mode=mode)[0, 0].int().tolist() for mode in ("nearest", "nearest-exact")
    ]
    assert strong == sorted(set(taken[0])) + sorted(set(taken[1]))
    arrows = [p for p in figure.axes[0].patches if isinstance(p, FancyArrowPatch)]
    assert len(arrows) == 2 * m
    ends = [arrow.get_path().vertices[0, 0] for arrow in arrows[m:]]
    assert [int((x - 1.2) / 2 + 1e-3) for x in ends] == taken[1]


def test_separable_shows_weights_image_weights_and_the_resized_image():
    image = np.array([[0.0, 4], [8, 12]])
    drawn = [t for t in texts(figures.separable(image, 4, 4)) if "$" not in t]
    expected = F.interpolate(torch.tensor(image)[None, None], size=4, mode="bilinear")[0, 0]
    assert drawn[:8] == ["1", "0", "3/4", "1/4", "1/4", "3/4", "0", "1"]
    assert drawn[8:12] == ["0", "4", "8", "12"]
    assert drawn[-16:] == [figures.number_text(float(value)) for value in expected.ravel()]


def test_weight_matrices_keep_zeros_grey():
    figure = figures.weight_matrices(up.interpolation_matrix(2, 4), np.eye(2))
    assert texts(figure)[0] == "(1)"
    assert texts(figure)[9] == "(2)"
    assert len(squares(figure, "zero")) == 2 + 2
    assert len(squares(figure, "kernel")) == 6 + 2


def test_an_aliased_wave_meets_the_slow_wave_at_every_sample():
    (axes,) = figures.aliased_wave(0.45, 2, 13).axes
    fast, slow, samples = axes.lines
    for line in (fast, slow):
        np.testing.assert_allclose(
            np.interp(samples.get_xdata(), *line.get_data()), samples.get_ydata(), atol=1e-3
        )
    turns = np.sum(np.diff(np.sign(slow.get_ydata())) != 0)
    assert turns == 2  # 24 pixels of a period of 20, from a crest on


@pytest.mark.parametrize(
    ("row", "frequency", "expected"),
    [([1], 0.4, 1), ([0.5, 0.5], 0.5, 0), ([0.5, 0.5], 0.25, 0.5**0.5), ([1 / 8, 3 / 8, 3 / 8, 1 / 8], 0, 1)],
)
def test_gain_of_known_filters(row, frequency, expected):
    assert figures.gain(row, [frequency]) == pytest.approx([expected], abs=1e-12)


def test_gain_is_what_a_wave_keeps():
    f, row = 0.1, up.interpolation_matrix(64, 32, "bilinear", antialias=True)[16]
    wave = np.exp(2j * np.pi * f * np.arange(64))
    assert figures.gain(row, [f]) == pytest.approx([abs(row @ wave)])


def test_gains_number_their_curves():
    figure = figures.gains([[1], [0.5, 0.5]])
    assert texts(figure) == ["(1)", "(2)"]
    assert figure.axes[0].lines[0].get_ydata() == pytest.approx(np.ones(201))


def test_kernels_are_one_or_zero_at_integers():
    for axes in figures.resampling_kernels().axes:
        for curve in axes.lines[1:-1]:
            t, value = curve.get_data()
            assert np.interp(range(-2, 3), t, value) == pytest.approx([0, 0, 1, 0, 0], abs=1e-12)


def test_label_colours_tell_neighbouring_labels_apart():
    colours = figures.label_colours(np.arange(14).reshape(2, 7))
    assert colours.shape == (2, 7, 3)
    assert colours.min() >= 0
    assert colours.max() <= 1
    assert colours[0, 0].tolist() == [0.9] * 3
    flat = colours.reshape(-1, 3)
    apart = np.abs(flat[:, None] - flat).max(axis=2) + np.eye(14)
    assert apart.min() > 0.1


@pytest.mark.parametrize(
    "picture",
    [figures.resampling_kernels, lambda: figures.pixel_grids(2, 4), lambda: figures.nearest_choices(4, 2)],
)
def test_pictures_are_reproducible(picture):
    assert figures.svg(picture()) == figures.svg(picture())
