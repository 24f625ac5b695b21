"""A learner's own images and masks: two folders, matched by file name, checked before any training starts."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt

__all__ = ["folder"]

Images = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]

_SUFFIXES = (".png", ".tif", ".tiff", ".jpg", ".jpeg", ".bmp")
_SMALLEST = 16


def folder(images: str | Path, masks: str | Path) -> tuple[list[Images], list[Labels]]:
    """Read images and their masks from two folders; `cell-7.png` belongs to the mask `cell-7.tif`.

    Integer pixels are divided by the largest value of their type; floating-point ones are kept as they are.
    Transparency is dropped. The images may differ in size.

    Parameters
    ----------
    images : str or Path
        Folder of .png, .tif, .jpg or .bmp files, all grey or all in colour.
    masks : str or Path
        Folder with one file of the same name (the suffix may differ) and size for each image: one channel, a
        whole number at each pixel, 0 for background.

    Returns
    -------
    images : list of ndarray, float32, (height, width) or (height, width, 3)
        In alphabetical order.
    labels : list of ndarray, int32, (height, width)
        The numbers of the masks as they are stored.

    Raises
    ------
    FileNotFoundError
        A folder is missing or holds no image, or a file is missing on one side.
    ValueError
        A file is no image; an image is smaller than 16 × 16 or holds NaN or infinity; grey and colour are
        mixed; a mask differs in size from its image, has several channels or fractions, or is a JPEG; all
        masks together hold a single class.

    Examples
    --------
    >>> folder("no/such/place", "masks")
    Traceback (most recent call last):
    FileNotFoundError: images must name a folder, got 'no/such/place', which does not exist
    """
    pictures, drawings = _files("images", images), _files("masks", masks)
    _same_names(pictures, drawings)
    read = [_image(path) for path in pictures.values()]
    labels = [_mask(drawings[name], picture.shape[:2]) for name, picture in zip(pictures, read)]
    _one_kind(pictures.values(), read)
    classes = set().union(*(np.unique(label).tolist() for label in labels))
    if len(classes) < 2:
        raise ValueError(
            f"masks must hold at least two classes, background and something else, got only the value "
            f"{classes.pop()} in all {len(labels)} files of {str(masks)!r}"
        )
    return read, labels


def _files(name: str, place: str | Path) -> dict[str, Path]:
    if not Path(place).is_dir():
        raise FileNotFoundError(f"{name} must name a folder, got {str(place)!r}, which does not exist")
    found: dict[str, Path] = {}
    for path in sorted(Path(place).iterdir()):
        if path.suffix.lower() in _SUFFIXES and not path.name.startswith("."):
            if path.stem in found:
                raise ValueError(
                    f"{name} must hold one file of a name, got {found[path.stem].name} and {path.name} "
                    f"in {str(place)!r}"
                )
            found[path.stem] = path
    if not found:
        raise FileNotFoundError(f"{name} must hold {', '.join(_SUFFIXES)} files, got none in {str(place)!r}")
    return found


def _same_names(images: Iterable[str], masks: Iterable[str]) -> None:
    for kind, alone in (("mask", set(images) - set(masks)), ("image", set(masks) - set(images))):
        if alone:
            names = ", ".join(sorted(alone)[:5]) + (", …" if len(alone) > 5 else "")
            raise FileNotFoundError(f"each image needs a mask of the same name, got no {kind} for {names}")


def _pixels(path: Path, palette_to_colour: bool) -> npt.NDArray[np.generic]:
    from PIL import Image  # only pictures need Pillow

    plain = {"RGBA": "RGB", "CMYK": "RGB", "LA": "L", "1": "L"} | ({"P": "RGB"} if palette_to_colour else {})
    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert(plain[picture.mode]) if picture.mode in plain else picture)
    except OSError as error:  # also what Pillow raises for a file that is no picture
        raise ValueError(f"{path} must be a readable image: {error}") from None


def _image(path: Path) -> Images:
    pixels = _pixels(path, palette_to_colour=True)
    if min(pixels.shape[:2]) < _SMALLEST:
        raise ValueError(
            f"{path} must have at least {_SMALLEST} × {_SMALLEST} pixels, "
            f"got {pixels.shape[0]} × {pixels.shape[1]}"
        )
    if pixels.dtype.kind != "f":
        largest = 255 if pixels.dtype == np.uint8 else 65535  # Pillow may hand 16 bits over as int32
        return np.asarray(pixels, np.float32) / np.float32(largest)
    if not np.isfinite(pixels).all():
        count = int((~np.isfinite(pixels)).sum())
        raise ValueError(f"{path} must hold finite numbers, got NaN or infinity in {count} pixels")
    return pixels.astype(np.float32)


def _mask(path: Path, size: tuple[int, ...]) -> Labels:
    if path.suffix.lower() in (".jpg", ".jpeg"):
        raise ValueError(
            f"{path} must be .png, .tif or .bmp: JPEG changes the numbers that a mask consists of"
        )
    pixels = _pixels(path, palette_to_colour=False)
    if pixels.ndim != 2:
        raise ValueError(f"{path} must have one channel, a class number at each pixel, got {pixels.shape[2]}")
    if pixels.shape != size:
        raise ValueError(
            f"{path} must be as large as its image, {size[0]} × {size[1]}, "
            f"got {pixels.shape[0]} × {pixels.shape[1]}"
        )
    labels = pixels.astype(np.int32)
    if (labels != pixels).any():
        raise ValueError(f"{path} must hold whole numbers, got {pixels[labels != pixels][0]}")
    return labels


def _one_kind(paths: Iterable[Path], images: list[Images]) -> None:
    kinds: dict[int, str] = {}
    for path, image in zip(paths, images):
        kinds.setdefault(image.ndim, path.name)
    if len(kinds) > 1:
        raise ValueError(
            f"images must be all grey or all in colour, got {kinds[2]} in grey and {kinds[3]} in colour"
        )
