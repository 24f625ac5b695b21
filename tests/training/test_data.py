"""The packaged images, against what their sources publish, and the pictures drawn by the computer."""

import subprocess
import sys

import numpy as np
import pytest
from skimage.filters import threshold_otsu
from skimage.measure import label

from upsample_lib.training import data


def test_nuclei_are_the_published_image():
    image, labels = data.nuclei()
    assert (image.shape, image.dtype, labels.shape, labels.dtype) == (
        (512, 512), np.float32, (512, 512), np.int32,
    )  # fmt: skip
    assert round(float(image.astype(float).mean() * 255), 4) == 31.7813  # of the distributed TIFF
    assert round(float(labels.mean()), 4) == 18.9914
    assert len(np.unique(labels)) == 126


def test_fashion_mnist_begins_as_the_published_one():
    images, labels = data.fashion_mnist()
    assert images.shape == (8000, 28, 28)
    assert labels[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    assert np.bincount(labels).tolist() == [747, 860, 809, 807, 763, 795, 807, 818, 792, 802]
    test_images, test_labels = data.fashion_mnist("test")
    assert test_images.shape == (2000, 28, 28)
    assert test_labels[:10].tolist() == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7]
    assert np.bincount(test_labels).tolist() == [200, 203, 214, 190, 219, 195, 197, 200, 194, 188]
    with pytest.raises(ValueError, match='split must be "train" or "test", got \'validation\''):
        data.fashion_mnist("validation")


def test_digits_are_the_published_ones():
    images, labels = data.digits()
    assert (images * 16)[0, 0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]  # as scikit-learn prints it
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


@pytest.mark.parametrize("images", [data.nuclei()[0], data.fashion_mnist("test")[0], data.digits()[0]])
def test_values_lie_between_0_and_1(images):
    assert images.dtype == np.float32
    assert images.min() == 0
    assert 0.9 < images.max() <= 1


def test_cells_are_reproducible_and_differ_between_seeds():
    images, labels = data.cells(3, size=48, seed=1)
    again, _ = data.cells(2, size=48, seed=1)
    np.testing.assert_array_equal(again, images[:2])
    assert (images[0] != images[1]).mean() > 0.9
    assert (data.cells(1, size=48, seed=2)[0][0] != images[0]).mean() > 0.9
    assert (images.dtype, labels.dtype, images.shape) == (np.float32, np.int32, (3, 48, 48))


def test_cells_vary_in_size_touch_and_are_not_found_by_a_threshold():
    images, labels = data.cells(40, size=64, seed=0)
    assert images.min() >= 0
    assert images.max() <= 1
    areas = np.concatenate([np.bincount(picture.ravel())[1:] for picture in labels])
    whole = areas[areas > 20]
    assert whole.max() > 4 * whole.min()
    assert 0.15 < (labels > 0).mean() < 0.5
    cells = sum(len(np.unique(picture)) - 1 for picture in labels)
    blobs = sum(int(label(picture > 0).max()) for picture in labels)
    assert blobs < 0.8 * cells  # neighbours touch
    found, mask = images > threshold_otsu(images), labels > 0
    assert (found & mask).sum() / (found | mask).sum() < 0.85


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"count": 0}, "count must be ≥ 1, got 0"),
        ({"count": 1, "size": 8}, "size must be ≥ 16, got 8"),
        ({"count": 1, "seed": -1}, "seed must be ≥ 0, got -1"),
        ({"count": 1.5}, "count must be an integer, got 1.5"),
    ],
)
def test_cells_refuse(arguments, sentence):
    with pytest.raises((ValueError, TypeError), match=sentence):
        data.cells(**arguments)


def test_loading_data_loads_no_torch():
    code = (
        "import sys; from upsample_lib.training import data; data.nuclei(); sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
