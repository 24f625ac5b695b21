"""Metrics: by hand first, then against scikit-image."""

import numpy as np
import pytest
from skimage import data as pictures
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity
from skimage.segmentation import find_boundaries

from upsample_lib.training import metrics


def test_iou_and_dice_by_hand():
    a, b = np.zeros((4, 4)), np.zeros((4, 4))
    a[:2] = 1  # 8 pixels
    b[1:3, :3] = 1  # 6 pixels, 3 of them shared
    assert metrics.iou(a, b) == 3 / 11
    assert metrics.dice(a, b) == 6 / 14
    assert metrics.iou(a, a) == metrics.dice(a, a) == 1
    assert metrics.iou(a, a == 0) == metrics.dice(a, a == 0) == 0
    assert metrics.iou(a * 0, a * 0) == metrics.dice(a * 0, a * 0) == 1


def test_dice_follows_from_iou():
    random = np.random.default_rng(0)
    for _ in range(20):
        a, b = random.random((2, 9, 7)) < random.random((2, 1, 1))
        iou = metrics.iou(a, b)
        assert np.isclose(metrics.dice(a, b), 2 * iou / (1 + iou))


def test_boundary_f1_by_hand():
    a, b = np.zeros((2, 12, 12))
    a[3:8, 3:8] = 1  # 16 outline pixels
    b[3:8, 6:11] = 1  # the same, three columns to the right
    assert metrics.boundary_f1(a, a, tolerance=0) == 1
    # rows 3 and 7, columns 6 and 7 belong to both outlines
    assert metrics.boundary_f1(a, b, tolerance=0) == 4 / 16
    assert metrics.boundary_f1(a, b, tolerance=3) == 1
    assert metrics.boundary_f1(a, a * 0) == 0
    assert metrics.boundary_f1(a * 0, a * 0) == 1
    assert metrics.boundary_f1(np.ones((5, 5)), np.ones((5, 5))) == 1


def test_boundary_f1_weighs_precision_and_recall():
    a, b = np.zeros((2, 15, 15))
    a[2:5, 2:5] = 1  # 8 outline pixels, all right
    b[2:5, 2:5] = b[9:12, 9:12] = 1  # 16, half of them missed
    precision, recall = 1, 1 / 2
    assert np.isclose(metrics.boundary_f1(a, b), 2 * precision * recall / (precision + recall))


def test_outline_is_scikit_images_inner_boundary():
    random = np.random.default_rng(1)
    blobs = np.kron(random.random((6, 6)) < 0.5, np.ones((4, 4))) > 0
    expected = find_boundaries(blobs, mode="inner", connectivity=1)
    np.testing.assert_array_equal(metrics._outline(blobs), expected)


def test_mse_psnr_ssim_are_scikit_images():
    image = pictures.camera()[100:164, 200:280] / 255
    noisy = image + np.random.default_rng(0).normal(0, 0.1, image.shape)
    assert np.isclose(metrics.mse(noisy, image), mean_squared_error(noisy, image))
    assert np.isclose(metrics.psnr(noisy, image), peak_signal_noise_ratio(image, noisy, data_range=1))
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    expected = structural_similarity(image, noisy, data_range=1, **options)
    assert np.isclose(metrics.ssim(noisy, image), expected, rtol=1e-9)
    expected = structural_similarity(255 * image, 255 * noisy, data_range=255, **options)
    assert np.isclose(metrics.ssim(255 * noisy, 255 * image, data_range=255), expected, rtol=1e-9)
    assert metrics.psnr(image, image) == np.inf


@pytest.mark.parametrize("metric", [metrics.iou, metrics.dice, metrics.mse, metrics.psnr, metrics.ssim])
def test_shapes_must_be_equal(metric):
    with pytest.raises(ValueError, match=r"prediction must have the target's shape \(3, 4\), got \(4, 3\)"):
        metric(np.ones((4, 3)), np.ones((3, 4)))


def test_other_refusals():
    square = np.ones((8, 8))
    with pytest.raises(
        ValueError, match=r"prediction must be \(height, width\), at least 11 × 11, got \(8, 8\)"
    ):
        metrics.ssim(square, square)
    with pytest.raises(ValueError, match="data_range must be > 0, got 0"):
        metrics.psnr(square, square * 2, data_range=0)
    with pytest.raises(ValueError, match="tolerance must be ≥ 0, got -1"):
        metrics.boundary_f1(square, square, tolerance=-1)
    with pytest.raises(ValueError, match=r"prediction must have the shape \(height, width\), got \(8,\)"):
        metrics.boundary_f1(square[0], square[0])
