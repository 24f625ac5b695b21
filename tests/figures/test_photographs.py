import numpy as np
import pytest
from skimage import data

from upsample_lib import figures


def test_a_photograph_keeps_its_pixels():
    part = figures.photograph("camera", slice(10, 20), slice(30, 45))
    np.testing.assert_array_equal(np.round(part * 255), data.camera()[10:20, 30:45])


def test_grey_is_the_luminance():
    grey = figures.photograph("astronaut", slice(0, 4), slice(0, 4), grey=True)
    np.testing.assert_allclose(grey, data.astronaut()[:4, :4] / 255 @ [0.2125, 0.7154, 0.0721])


def test_beside_enlarges_by_whole_pixels_and_leaves_the_gap_transparent():
    small, large = np.array([[0.0, 1.0]]), np.full((2, 1), 0.5)
    picture = figures.beside(small, large, gap=1, zoom=2)
    assert picture[:, :, 3].tolist() == [[255] * 8 + [0] + [255] * 2] * 4
    assert picture[0, :, 0].tolist() == [0] * 4 + [255] * 4 + [0] + [128] * 2


def test_stack_puts_pictures_under_each_other():
    upper, lower = figures.beside(np.ones((1, 2))), figures.beside(np.zeros((2, 1)))
    picture = figures.stack(upper, lower, gap=1)
    assert picture[:, :, 3].tolist() == [[255, 255], [0, 0], [255, 0], [255, 0]]
    assert picture[:, 0, 0].tolist() == [255, 0, 0, 0]


@pytest.mark.parametrize(
    "name", ["astronaut", "brick", "camera", "cell", "chelsea", "coffee", "coins", "retina"]
)
def test_every_packaged_photograph_loads_without_a_download(name):
    image = figures.photograph(name)
    assert image.min() >= 0
    assert image.max() <= 1
