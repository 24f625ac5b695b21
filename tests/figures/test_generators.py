import numpy as np
import pytest
from matplotlib.patches import Rectangle

from upsample_lib.figures import growing_maps, image_rows, svg


def test_maps_grow_with_the_logarithm_of_their_side():
    figure = growing_maps([(8, 1), (4, 4), (2, 8)], ["k4 s1 p0", "k4 s2 p1"])
    (axes,) = figure.axes
    widths = [patch.get_width() for patch in axes.patches if isinstance(patch, Rectangle)]
    sides = sorted(set(np.round(widths, 6)))
    # sides 1, 4 and 8 are 0, 2 and 3 doublings
    assert (sides[1] - sides[0]) / (sides[2] - sides[1]) == pytest.approx(2)
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("k4 s2 p1") == 1
    assert "$4\\times4$" in texts
    assert svg(figure, "a").startswith("<svg")
    with pytest.raises(ValueError, match="layers must number one less than the 2 shapes, got 2"):
        growing_maps([(8, 1), (4, 4)], ["a", "b"])


def test_rows_of_images_keep_their_pixels():
    first = np.linspace(-1, 1, 3 * 4 * 4).reshape(3, 4, 4)
    second = np.arange(48, dtype=np.uint8).reshape(3, 4, 4)
    picture = image_rows(first, second, across=2, gap=2, zoom=3)
    # two rows of two images and the gaps between them
    assert picture.shape == (3 * (4 + 4 + 4), 3 * (4 + 2 + 4), 4)
    small = picture[1::3, 1::3]
    np.testing.assert_array_equal(small[:4, :4, 0], np.round((first[0] + 1) * 127.5))
    np.testing.assert_array_equal(small[8:, 6:, 0], second[1])
    assert (small[:4, 4:6, 3] == 0).all()
    assert (small[4:8, :, 3] == 0).all()
    assert (small[:4, :4, 3] == 255).all()
