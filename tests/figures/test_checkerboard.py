"""The pictures show what the library counts: their numbers and curves are read back from the drawing."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from upsample_lib import figures


def numbers(axes):
    return [t.get_text() for t in axes.texts if "$" not in t.get_text()]


def test_bricks_stand_one_stride_apart_over_their_counts():
    figure = figures.overlap_bricks([(3, 2), (2, 2)], n=3)
    axes = figure.axes[0]
    assert numbers(axes) == ["1", "1", "2", "1", "2", "1", "1", *"111111"]
    bricks = [
        patch
        for patch in axes.patches
        if isinstance(patch, Rectangle) and to_hex(patch.get_edgecolor()) == figures.COLOURS["kernel"]
    ]
    cell = bricks[0].get_width() / 3
    assert np.allclose([brick.get_width() for brick in bricks], cell * np.array([3, 3, 3, 2, 2, 2]))
    assert np.allclose(np.diff([brick.get_x() for brick in bricks[:3]]), 2 * cell)


def test_maps_show_the_product_of_both_axes():
    (axes,) = figures.overlap_maps([(3, 2)], n=2).axes
    row = np.array([1, 1, 2, 1, 1])
    assert numbers(axes) == [str(c) for c in np.outer(row, row).ravel()]


def test_the_darkest_cells_are_those_with_most_stamps():
    (axes,) = figures.overlap_maps([(3, 2)], n=2).axes
    filled = [patch.get_alpha() for patch in axes.patches if patch.get_alpha() is not None]
    assert np.argmax(filled) == 12
    assert len(set(filled)) == 3


def test_responses_are_the_kernels_fourier_transforms():
    figure = figures.responses([(2, [("$a$", [1, 1, 1], "kernel"), ("$b$", [1, 3, 3, 1], "output")])])
    *_, first, second = figure.axes[0].lines
    assert first.get_ydata()[[0, -1]] == pytest.approx([1, 1 / 3])
    assert second.get_ydata()[[0, -1]] == pytest.approx([1, 0])
    assert [t.get_text() for t in figure.axes[0].get_xticklabels()] == ["0", "1/2"]


def test_responses_mark_the_frequencies_of_the_period():
    figure = figures.responses([(4, [("$a$", [1, 2], "ink")])])
    marks = [line.get_xdata()[0] for line in figure.axes[0].lines if line.get_linestyle() == ":"]
    assert marks == [0.25, 0.5]


def test_energies_draw_every_sample_and_their_mean():
    figure = figures.energies({"$a$": [0.1, 0.3], "$b$": [1e-5, 1e-5]}, floor=1e-6)
    (axes,) = figure.axes
    assert axes.get_xscale() == "log"
    dots = [line for line in axes.lines if line.get_marker() == "."]
    assert [line.get_xdata().tolist() for line in dots] == [[0.1, 0.3], [1e-5, 1e-5]]
    means = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "o"]
    assert means == pytest.approx([0.2, 1e-5])
    assert [t.get_text() for t in axes.get_yticklabels()] == ["$a$", "$b$"]


def test_row_spectra_reach_from_zero_to_one_half():
    figure = figures.row_spectra([[("$a$", [4, 2, 1], "ink")], [("$b$", [1, 1], "output")]], period=4)
    assert len(figure.axes) == 2
    curve = figure.axes[0].lines[-1]
    assert curve.get_xdata().tolist() == [0, 0.25, 0.5]
    assert curve.get_ydata().tolist() == [4, 2, 1]


def test_tiles_fill_rows_from_the_left_with_transparent_gaps():
    a, b, c, d = (np.full((1, 2), value) for value in (0.0, 0.2, 0.4, 1.0))
    picture = figures.tiles(a, b, c, d, zoom=1, gap=1)
    assert picture[:, :, 0].tolist() == [[0, 0, 0, 51, 51], [0] * 5, [102, 102, 0, 255, 255]]
    assert picture[:, :, 3].tolist() == [[255, 255, 0, 255, 255], [0] * 5, [255, 255, 0, 255, 255]]


@pytest.mark.parametrize(
    "picture",
    [
        figures.overlap_bricks,
        figures.overlap_maps,
        lambda: figures.energies({"$a$": [0.1, 0.2]}, 1e-3),
        lambda: figures.responses([(2, [("$a$", [1, 2], "ink")])]),
    ],
)
def test_pictures_are_reproducible(picture):
    assert figures.svg(picture()) == figures.svg(picture())
