"""The pictures of convolution show what the operations give: their numbers are read back from the drawing."""

import numpy as np
import pytest

from upsample_lib import conv_matrix, derivations, figures
from upsample_lib.figures import Layer

W = [1, 10, 100]


def numbers(figure):
    return [t.get_text() for t in figure.axes[0].texts if t.get_text().isdigit()]


def symbols(figure):
    return [t.get_text() for t in figure.axes[0].texts if "$" in t.get_text()]


@pytest.mark.parametrize(("stride", "outputs"), [(1, ["321", "432", "543"]), (2, ["321", "543"])])
def test_gather_writes_the_kernel_at_each_place_and_its_sum(stride, outputs):
    drawn = numbers(figures.gather_1d([1, 2, 3, 4, 5], W, stride))
    rows = [["1", "10", "100", total] for total in outputs]
    assert drawn == ["1", "2", "3", "4", "5", *(number for row in rows for number in row)]


def test_correlation_of_an_impulse_is_flipped_and_convolution_is_not():
    drawn = numbers(figures.flip_1d(W))
    assert drawn[:5] == ["0", "0", "1", "0", "0"]
    assert drawn[5:13] == ["1", "10", "100", "0", "100", "10", "1", "0"]
    assert drawn[13:] == ["1", "10", "100", "0", "1", "10", "100", "0"]


def test_flip_refuses_a_kernel_without_a_middle():
    with pytest.raises(ValueError, match="w must have an odd number of taps to keep the size, got 2"):
        figures.flip_1d([1, 2])


def test_kernel_places_name_the_layers_and_count_the_places():
    layers = [Layer(n, 3, 3) for n in (6, 7, 8, 9)] + [Layer(7, 3, 1, 0, 2, "$d=2$")]
    drawn = symbols(figures.kernel_places(layers))
    assert drawn[1::2] == ["$2$", "$2$", "$2$", "$3$", "$3$"]
    assert drawn[-2] == "$d=2$"
    assert len(drawn) == 2 * len(layers)


def test_kernel_places_leave_pixels_that_nothing_reads_empty():
    picture = figures.kernel_places([Layer(8, 3, 3)])
    cells = [patch for patch in picture.axes[0].patches if hasattr(patch, "get_width")]
    assert [cell.get_facecolor()[3] for cell in cells] == [1] * 6 + [0] * 2


def test_matrices_hold_the_kernel_and_nothing_where_no_wire_is():
    drawn = numbers(figures.matrices_1d(W, [Layer(5, 3, 2, 0, 1, "$s=2$"), Layer(3, 3, 1, 1, 1, "$p=1$")]))
    assert drawn == ["1", "10", "100"] * 2 + ["10", "100"] + ["1", "10", "100"] + ["1", "10"]


def test_a_tap_of_zero_is_drawn():
    assert numbers(figures.matrices_1d([1, 0], [Layer(2, 2)])) == ["1", "0"]


def test_block_matrix_repeats_the_rows_of_the_kernel():
    w = np.arange(1, 10).reshape(3, 3)
    drawn = numbers(figures.block_matrix(w, n=4))
    assert drawn == [str(tap) for tap in range(1, 10)] * 5
    c = derivations.correlate2d(np.eye(16).reshape(16, 1, 4, 4)[3], w[None, None].astype(float))
    np.testing.assert_array_equal(conv_matrix(w[None, None], (4, 4)).toarray()[:, 3], c.ravel())


def test_matrix_pixels_are_fullest_where_the_entry_is_largest():
    pixels = figures.matrix_pixels([[0, 1], [-2, 0]])
    assert pixels.shape == (2, 2, 4)
    assert pixels[1, 0, 3] == 255
    assert pixels[0, 0, 3] < pixels[0, 1, 3] < 255
    assert pixels[1, 0, :3].tolist() == [0xD5, 0x5E, 0x00]
    assert figures.matrix_pixels(np.zeros((2, 2))).shape == (2, 2, 4)


@pytest.mark.parametrize(
    "picture",
    [
        lambda: figures.gather_1d([1, 2, 3], [1, 2]),
        lambda: figures.kernel_places([Layer(7, 3, 2, 1)]),
        lambda: figures.block_matrix(np.ones((2, 3)), n=4),
    ],
)
def test_pictures_are_reproducible(picture):
    assert figures.svg(picture()) == figures.svg(picture())
