"""How good a mask or an image is, in numbers: IoU, Dice and boundary F1; MSE, PSNR and SSIM. NumPy only."""

import numpy as np
import numpy.typing as npt

__all__ = ["boundary_f1", "dice", "iou", "mse", "psnr", "ssim"]

Mask = npt.NDArray[np.bool_]
Image = npt.NDArray[np.float64]


def iou(prediction: npt.ArrayLike, target: npt.ArrayLike) -> float:
    """Intersection over union, also called the Jaccard index: |A ∩ B| / |A ∪ B|.

    Parameters
    ----------
    prediction, target : array_like, equal shapes
        Masks: everything that is not 0 belongs to the object.

    Returns
    -------
    float
        0 … 1; 1 where both masks are empty.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> iou([[1, 1, 0]], [[0, 1, 1]])
    0.3333333333333333
    """
    found, true = _masks(prediction, target)
    union = np.count_nonzero(found | true)
    return float(np.count_nonzero(found & true) / union) if union else 1.0


def dice(prediction: npt.ArrayLike, target: npt.ArrayLike) -> float:
    """Dice coefficient, the F1 score of the pixels: 2 |A ∩ B| / (|A| + |B|) = 2 IoU / (1 + IoU).

    Parameters
    ----------
    prediction, target : array_like, equal shapes
        Masks: everything that is not 0 belongs to the object.

    Returns
    -------
    float
        0 … 1; 1 where both masks are empty.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> dice([[1, 1, 0]], [[0, 1, 1]])
    0.5
    """
    found, true = _masks(prediction, target)
    both = np.count_nonzero(found) + np.count_nonzero(true)
    return float(2 * np.count_nonzero(found & true) / both) if both else 1.0


def boundary_f1(prediction: npt.ArrayLike, target: npt.ArrayLike, tolerance: float = 1.5) -> float:
    """F1 score of the outlines: how many of their pixels lie within `tolerance` of the other outline.

    Parameters
    ----------
    prediction, target : array_like, (height, width)
        Masks: everything that is not 0 belongs to the object. An outline consists of the pixels of the object
        that touch the background by an edge; what the image's border cuts off is no outline.
    tolerance : float
        Largest distance, in pixels, at which two outline pixels are taken for the same.

    Returns
    -------
    float
        0 … 1; 1 where neither mask has an outline.

    Raises
    ------
    ValueError
        If the shapes differ or have not two axes, or the tolerance is negative.

    References
    ----------
    G. Csurka et al., *What is a good evaluation measure for semantic segmentation?*, BMVC 2013,
    https://doi.org/10.5244/C.27.32

    Examples
    --------
    >>> square = np.zeros((9, 9))
    >>> square[2:7, 2:7] = 1
    >>> boundary_f1(np.roll(square, 1, axis=1), square)
    1.0
    """
    found, true = _masks(prediction, target)
    if found.ndim != 2:
        raise ValueError(f"prediction must have the shape (height, width), got {found.shape}")
    if not tolerance >= 0:
        raise ValueError(f"tolerance must be ≥ 0, got {tolerance}")
    edges = _outline(found), _outline(true)
    counts = [np.count_nonzero(edge) for edge in edges]
    if not any(counts):
        return 1.0
    if not all(counts):
        return 0.0
    precision = np.count_nonzero(edges[0] & _near(edges[1], tolerance)) / counts[0]
    recall = np.count_nonzero(edges[1] & _near(edges[0], tolerance)) / counts[1]
    return float(2 * precision * recall / (precision + recall)) if precision + recall else 0.0


def mse(prediction: npt.ArrayLike, target: npt.ArrayLike) -> float:
    """Mean squared error.

    Parameters
    ----------
    prediction, target : array_like, equal shapes
        Any numbers.

    Returns
    -------
    float
        The mean of (prediction − target)², 0 or larger.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> mse([0, 1, 2], [0, 1, 5])
    3.0
    """
    given, true = _images(prediction, target)
    return float(np.mean((given - true) ** 2))


def psnr(prediction: npt.ArrayLike, target: npt.ArrayLike, data_range: float = 1.0) -> float:
    """Peak signal-to-noise ratio in decibels: 10 log₁₀(data_range² / MSE).

    Parameters
    ----------
    prediction, target : array_like, equal shapes
        Images.
    data_range : float
        Distance between the largest and the smallest possible value.

    Returns
    -------
    float
        Infinity for equal images.

    Raises
    ------
    ValueError
        If the shapes differ or data_range is not positive.

    Examples
    --------
    >>> round(psnr([0.5, 0.5], [0.4, 0.6]), 6)
    20.0
    """
    error = mse(prediction, target)
    _positive(data_range)
    return float(10 * np.log10(data_range**2 / error)) if error else float("inf")


def ssim(prediction: npt.ArrayLike, target: npt.ArrayLike, data_range: float = 1.0) -> float:
    """Structural similarity of two grey images, with the paper's Gaussian window.

    Means, variances and the covariance are weighted by a Gaussian of σ = 1.5 cut off to 11 × 11 pixels; the
    result is the mean over all places where the window lies inside the image.

    Parameters
    ----------
    prediction, target : array_like, (height, width)
        Images of at least 11 × 11 pixels.
    data_range : float
        Distance between the largest and the smallest possible value.

    Returns
    -------
    float
        1 for equal images; may be negative.

    Raises
    ------
    ValueError
        If the shapes differ, have not two axes or are too small, or data_range is not positive.

    References
    ----------
    Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli, *Image quality assessment: from error visibility to
    structural similarity*, https://doi.org/10.1109/TIP.2003.819861

    Examples
    --------
    >>> image = np.eye(12)
    >>> ssim(image, image)
    1.0
    """
    x, y = _images(prediction, target)
    if x.ndim != 2 or min(x.shape) < 11:
        raise ValueError(f"prediction must be (height, width), at least 11 × 11, got {x.shape}")
    _positive(data_range)
    c1, c2 = (0.01 * data_range) ** 2, (0.03 * data_range) ** 2
    mean_x, mean_y = _windowed(x), _windowed(y)
    var_x, var_y = _windowed(x * x) - mean_x**2, _windowed(y * y) - mean_y**2
    covariance = _windowed(x * y) - mean_x * mean_y
    similar = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    return float(np.mean(similar / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))))


def _masks(prediction: npt.ArrayLike, target: npt.ArrayLike) -> tuple[Mask, Mask]:
    found, true = np.asarray(prediction) != 0, np.asarray(target) != 0
    _same_shape(found.shape, true.shape)
    return found, true


def _images(prediction: npt.ArrayLike, target: npt.ArrayLike) -> tuple[Image, Image]:
    given, true = np.asarray(prediction, np.float64), np.asarray(target, np.float64)
    _same_shape(given.shape, true.shape)
    return given, true


def _same_shape(given: tuple[int, ...], true: tuple[int, ...]) -> None:
    if given != true:
        raise ValueError(f"prediction must have the target's shape {true}, got {given}")


def _positive(data_range: float) -> None:
    if not data_range > 0:
        raise ValueError(f"data_range must be > 0, got {data_range}")


def _outline(mask: Mask) -> Mask:
    """Pixels of the mask one of whose four neighbours is background; the border is repeated outwards."""
    padded = np.pad(mask, 1, mode="edge")
    inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inside


def _near(edge: Mask, tolerance: float) -> Mask:
    """Pixels at most `tolerance` away from one of `edge`: the union of its shifts within a disc."""
    reach = int(tolerance)
    padded = np.pad(edge, reach)
    near = np.zeros_like(edge)
    height, width = edge.shape
    for down in range(-reach, reach + 1):
        for right in range(-reach, reach + 1):
            if down**2 + right**2 <= tolerance**2:
                top, left = reach + down, reach + right
                near |= padded[top : top + height, left : left + width]
    return near


def _windowed(image: Image) -> Image:
    """Gaussian-weighted means of all 11 × 11 windows, one axis after the other."""
    weights = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
    weights /= weights.sum()
    rows = np.lib.stride_tricks.sliding_window_view(image, 11, axis=0) @ weights
    means: Image = np.lib.stride_tricks.sliding_window_view(rows, 11, axis=1) @ weights
    return means
