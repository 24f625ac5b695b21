"""Segmentation as a task: what is normalised with what, cut out how, and judged where."""

import numpy as np
import pytest
import torch
from torch import nn

from upsample_lib.nn import UNet
from upsample_lib.training import compare, data, metrics
from upsample_lib.training.segmentation import Segmentation, strips

IMAGE, LABELS = data.nuclei()
MASK = (LABELS > 0).astype(np.int64)


class Brightness(nn.Module):
    """Logits (0, x): class 1 where the normalised image is positive."""

    def __init__(self):
        super().__init__()
        self.one = nn.Parameter(torch.ones(()))

    def forward(self, x):
        return torch.cat([torch.zeros_like(x), x * self.one], dim=1)


def task(fold=3, **options):
    return Segmentation(Brightness(), *strips(IMAGE, MASK, fold), **{"steps": 1, "crop": 64} | options)


def test_only_training_pixels_normalise():
    part = IMAGE[:, :384]
    found = task()
    assert np.isclose(found.mean, part.mean())
    assert np.isclose(found.deviation, part.std())
    assert not np.isclose(found.mean, IMAGE.mean(), rtol=1e-3)
    np.testing.assert_allclose(
        found.normalised(IMAGE)[0], (IMAGE - part.mean()) / part.std(), rtol=1e-4, atol=1e-5
    )


def test_strips_are_disjoint_and_complete():
    for fold in range(4):
        (kept, _), ([held], [mask]) = strips(IMAGE, MASK, fold)
        assert held.shape == (512, 128)
        np.testing.assert_array_equal(mask, MASK[:, 128 * fold : 128 * fold + 128])
        assert sum(part.shape[1] for part in kept) == 384
        left = IMAGE[:, : 128 * fold], IMAGE[:, 128 * fold + 128 :]
        np.testing.assert_array_equal(np.hstack(kept), np.hstack(left))


def test_a_sample_is_a_turned_crop_of_a_training_image():
    found = task(fold=1)
    (kept, _), _ = strips(IMAGE, MASK, 1)
    places = set()
    for number in range(12):
        crop, classes = found.sample(number, np.random.default_rng([0, number]))
        assert (crop.shape, crop.dtype, classes.shape, classes.dtype) == (
            (1, 64, 64),
            np.float32,
            (64, 64),
            np.int64,
        )
        again, _ = found.sample(number, np.random.default_rng([0, number]))
        np.testing.assert_array_equal(crop, again)
        # bright where the mask is: image and mask were cut, turned and mirrored together
        assert crop[0][classes == 1].mean() > crop[0][classes == 0].mean() + 0.5
        places.add(crop.tobytes())
    assert len(places) == 12
    assert [part.shape for part in kept] == [(512, 128), (512, 256)]


def test_evaluation_is_on_the_held_out_strip():
    found = task()
    prediction = IMAGE[:, 384:] > found.mean
    assert np.isclose(found.evaluate()["iou"], metrics.iou(prediction, MASK[:, 384:]))
    np.testing.assert_array_equal(found.predict(IMAGE), found.mean < IMAGE)


def test_several_classes_are_averaged():
    classes = MASK + (MASK > 0) * (np.arange(512) > 450)  # the right end is class 2
    found = Segmentation(Brightness(), ([IMAGE], [classes]), ([IMAGE], [classes]), steps=1)
    ones = metrics.iou(found.mean < IMAGE, classes == 1)
    assert np.isclose(found.evaluate()["iou"], ones / 2)  # class 2 is never found


def test_colour_becomes_channels_first():
    image = np.random.default_rng(0).random((40, 50, 3), np.float32)
    classes = (image.sum(axis=2) > 1.5).astype(int)
    found = Segmentation(UNet(3, widths=(2, 4)), ([image], [classes]), ([image], [classes]), steps=1, crop=32)
    assert found.sample(0, np.random.default_rng(0))[0].shape == (3, 32, 32)
    assert found.predict(image).shape == (40, 50)


@pytest.mark.parametrize(
    ("images", "labels", "sentence"),
    [
        (
            np.zeros((64, 64)),
            np.zeros((64, 60), int),
            r"labels must have the image's size \(64, 64\), got \(64, 60\)",
        ),
        (np.full((64, 64), np.nan), np.eye(64), "images must hold finite numbers, got 4096 that are not"),
        (
            np.zeros((64, 64)),
            np.ones((64, 64), int),
            "training must hold at least two classes, got masks of a single",
        ),
        (
            np.zeros((60, 64)),
            np.eye(64)[:60],
            "crop must fit into every training image, got 64 for one of 60 × 64",
        ),
    ],
)
def test_refusals(images, labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        Segmentation(Brightness(), ([images], [labels]), ([images], [labels]), steps=1)


def test_otsu_on_the_strips_is_what_the_book_says():
    assert [round(compare.otsu(*compare.split("nuclei", fold)), 2) for fold in range(4)][3] == 0.73


def test_without_skips_the_encoders_maps_do_not_matter():
    torch.manual_seed(0)
    network = compare.network("no_skips").eval()
    seen = []
    network.decoder[0].register_forward_hook(lambda module, inputs, output: seen.append(inputs[0]))
    network(torch.randn(1, 1, 32, 32))
    assert (seen[0][:, :8] == 0).all()
    assert (seen[0][:, 8:] != 0).any()


def test_the_stored_comparison_is_complete():
    found = compare.results()
    keys = [(run["data"], run["kind"], run["seed"], run["fold"]) for run in found["runs"]]
    assert len(keys) == len(set(keys))
    expected = {
        (name, kind, seed, fold)
        for name, folds in (("nuclei", 4), ("cells", 1))
        for fold in range(folds)
        for kind in compare.KINDS
        for seed in range(5)
    }
    assert expected <= set(keys)
    assert found["provenance"]["versions"].keys() == {"python", "torch", "numpy"}
    counted = {kind: sum(p.numel() for p in compare.network(kind).parameters()) for kind in compare.KINDS}
    assert found["parameters"] == counted
