"""A learner's own folder: what is read, and the sentence for everything that can be wrong with it."""

import re

import numpy as np
import pytest
from PIL import Image

from upsample_lib.training.data import folder

GREY = np.arange(16 * 20, dtype=np.uint16).reshape(16, 20).astype(np.uint8)
MASK = np.zeros((16, 20), np.uint8)
MASK[4:9, 5:12] = 255


@pytest.fixture
def place(tmp_path):
    (tmp_path / "images").mkdir()
    (tmp_path / "masks").mkdir()
    return tmp_path


def put(place, kind, name, pixels, mode=None):
    picture = Image.fromarray(pixels)
    (picture.convert(mode) if mode else picture).save(place / kind / name)


def read(place):
    return folder(place / "images", str(place / "masks"))


def test_images_and_masks_are_matched_by_name(place):
    put(place, "images", "b.png", GREY)
    put(place, "images", "a.tif", (GREY.astype(np.uint16) * 257))
    put(place, "masks", "a.png", MASK // 255)
    put(place, "masks", "b.tiff", MASK)
    (place / "images" / "notes.txt").write_text("not an image")
    images, labels = read(place)
    np.testing.assert_allclose(images[0], GREY / 255, rtol=1e-6)  # 16 bits
    np.testing.assert_allclose(images[1], GREY / 255, rtol=1e-6)
    assert [np.unique(label).tolist() for label in labels] == [[0, 1], [0, 255]]
    assert (images[0].dtype, labels[0].dtype) == (np.float32, np.int32)


def test_floating_point_images_are_kept_and_colour_stays_colour(place):
    put(place, "images", "a.tif", GREY.astype(np.float32) * 3)
    put(place, "masks", "a.png", MASK)
    np.testing.assert_array_equal(read(place)[0][0], GREY.astype(np.float32) * 3)
    (place / "images" / "a.tif").unlink()
    put(place, "images", "a.png", GREY, mode="RGBA")
    assert read(place)[0][0].shape == (16, 20, 3)


def test_a_palette_is_colour_in_an_image_and_class_numbers_in_a_mask(place):
    put(place, "images", "a.png", GREY, mode="P")
    put(place, "masks", "a.png", MASK // 255, mode="P")
    palette = Image.fromarray(MASK // 255, mode=None).convert("P")
    palette.putpalette([0, 0, 0, 255, 0, 0])
    palette.save(place / "masks" / "a.png")
    images, labels = read(place)
    assert images[0].shape == (16, 20, 3)
    assert np.unique(labels[0]).tolist() == [0, 1]


def refused(place, error, sentence):
    with pytest.raises(error, match=sentence) as caught:
        read(place)
    assert "\n" not in str(caught.value)


def test_missing_folders_and_files(place):
    refused(place, FileNotFoundError, r"images must hold \.png, .* files, got none in")
    put(place, "images", "a.png", GREY)
    with pytest.raises(
        FileNotFoundError, match="masks must name a folder, got 'nowhere', which does not exist"
    ):
        folder(place / "images", "nowhere")
    put(place, "masks", "b.png", MASK)
    refused(place, FileNotFoundError, "each image needs a mask of the same name, got no mask for a$")
    put(place, "masks", "a.png", MASK)
    refused(place, FileNotFoundError, "got no image for b$")
    put(place, "images", "b.png", GREY)
    put(place, "images", "b.tif", GREY)
    refused(place, ValueError, r"images must hold one file of a name, got b\.png and b\.tif")


def test_a_file_that_is_no_picture(place):
    (place / "images" / "a.png").write_bytes(b"not a picture")
    put(place, "masks", "a.png", MASK)
    refused(place, ValueError, r"a\.png must be a readable image")
    put(place, "images", "a.png", GREY)
    whole = (place / "images" / "a.png").read_bytes()
    (place / "images" / "a.png").write_bytes(whole[:-40])
    refused(place, ValueError, r"a\.png must be a readable image")


def test_pictures_that_cannot_be_trained_on(place):
    put(place, "masks", "a.png", MASK)
    put(place, "images", "a.png", GREY[:12])
    refused(place, ValueError, r"a\.png must have at least 16 × 16 pixels, got 12 × 20")
    (place / "images" / "a.png").unlink()
    broken = GREY.astype(np.float32)
    broken[3, 4:6] = np.nan
    put(place, "images", "a.tif", broken)
    refused(place, ValueError, r"a\.tif must hold finite numbers, got NaN or infinity in 2 pixels")


def test_grey_and_colour_are_not_mixed(place):
    put(place, "images", "a.png", GREY)
    put(place, "images", "b.png", GREY, mode="RGB")
    for name in "ab":
        put(place, "masks", f"{name}.png", MASK)
    refused(
        place,
        ValueError,
        r"images must be all grey or all in colour, got a\.png in grey and b\.png in colour",
    )


@pytest.mark.parametrize(
    ("pixels", "sentence"),
    [
        (MASK[:, :18], "must be as large as its image, 16 × 20, got 16 × 18"),
        (np.stack([MASK] * 3, axis=2), "must have one channel, a class number at each pixel, got 3"),
        (MASK.astype(np.float32) / 2, "must hold whole numbers, got 127.5"),
        (MASK * 0, "masks must hold at least two classes, .* got only the value 0 in all 1 files"),
    ],
)
def test_masks_that_do_not_fit(place, pixels, sentence):
    put(place, "images", "a.png", GREY)
    put(place, "masks", "a.tif", pixels)
    refused(place, ValueError, sentence)


def test_masks_are_not_stored_as_jpeg(place):
    put(place, "images", "a.png", GREY)
    put(place, "masks", "a.jpg", MASK)
    refused(place, ValueError, re.escape("must be .png, .tif or .bmp: JPEG changes the numbers"))
