"""Checkerboard artifacts: where they come from (overlap maps) and how to measure them (spectra).

A transposed convolution stamps its kernel at every s-th position. Where the stamps overlap unevenly, some
output positions collect more terms than others, with period s: a checkerboard. The first half of this file
counts the stamps; the second half looks for the period s in an image.

The measures take NumPy arrays or tensors (which are copied to the CPU) and answer with NumPy arrays and
floats.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from upsample_lib._arguments import PerAxis, integer, per_axis
from upsample_lib._paths import on_torch

__all__ = [
    "checkerboard_energy",
    "overlap",
    "overlap_is_even",
    "phase_variance",
    "radial_profile",
    "spectrum",
]

Floats = npt.NDArray[np.floating[Any]]


def overlap(
    kernel_size: PerAxis,
    stride: PerAxis,
    input_size: PerAxis,
    padding: PerAxis = 0,
    output_padding: PerAxis = 0,
    dilation: PerAxis = 1,
) -> npt.NDArray[np.int64]:
    """Count the kernel taps that reach every output position of a transposed convolution.

    The same map says how many windows of the convolution with these hyperparameters see each of its input
    positions, and hence how unevenly gradients flow back through a strided convolution.

    Parameters
    ----------
    kernel_size, stride : int or sequence of int
        k and s, as in `torch.nn.ConvTranspose2d`; an int holds for every axis.
    input_size : int or sequence of int
        n, the size of the layer's input: an int for one axis, a sequence for several.
    padding, output_padding, dilation : int or sequence of int
        As in `torch.nn.ConvTranspose2d`.

    Returns
    -------
    numpy.ndarray of int
        One count per output position, with as many axes as `input_size` has entries (one for an int). The
        size along an axis is (n − 1)·s − 2p + d·(k − 1) + output_padding + 1.

    Convention: the padding crops p positions at each end; output_padding moves the end of the crop outwards.
    Positions beyond the stamped area are reached by no tap and count 0 (they hold the bias only).

    Raises
    ------
    ValueError
        If an argument is out of range or the output would have no positions.

    References
    ----------
    Odena, Dumoulin, Olah, "Deconvolution and Checkerboard Artifacts",
    https://distill.pub/2016/deconv-checkerboard

    Examples
    --------
    >>> overlap(3, 2, 4)
    array([1, 1, 2, 1, 2, 1, 2, 1, 1])
    >>> overlap(3, 2, 4, padding=1, output_padding=1)
    array([1, 2, 1, 2, 1, 2, 1, 1])
    >>> overlap(4, 2, 4, padding=1)
    array([1, 2, 2, 2, 2, 2, 2, 1])
    >>> overlap(3, 2, (2, 2))
    array([[1, 1, 2, 1, 1],
           [1, 1, 2, 1, 1],
           [2, 2, 4, 2, 2],
           [1, 1, 2, 1, 1],
           [1, 1, 2, 1, 1]])
    """
    axes = len(input_size) if isinstance(input_size, Sequence) else 1
    counts = np.ones((), dtype=np.int64)
    for n, k, s, p, a, d in zip(
        per_axis("input_size", input_size, axes, 1),
        per_axis("kernel_size", kernel_size, axes, 1),
        per_axis("stride", stride, axes, 1),
        per_axis("padding", padding, axes, 0),
        per_axis("output_padding", output_padding, axes, 0),
        per_axis("dilation", dilation, axes, 1),
    ):
        # a tap is counted once per axis, and the axes are independent
        counts = np.multiply.outer(counts, _overlap_on_axis(n, k, s, p, a, d))
    return counts


def _overlap_on_axis(n: int, k: int, s: int, p: int, a: int, d: int) -> npt.NDArray[np.int64]:
    if a >= max(s, d):
        raise ValueError(f"output_padding must be smaller than stride or dilation ({max(s, d)}), got {a}")
    m = (n - 1) * s - 2 * p + d * (k - 1) + a + 1
    if m < 1:
        raise ValueError(f"padding must leave at least one output position, got {p}, which leaves {m}")
    # input i reaches output i·s + t·d − p through tap t
    reached = (np.arange(n)[:, None] * s + np.arange(k) * d - p).ravel()
    return np.bincount(reached[(reached >= 0) & (reached < m)], minlength=m).astype(np.int64, copy=False)


def overlap_is_even(kernel_size: PerAxis, stride: PerAxis, dilation: PerAxis = 1) -> bool:
    """Tell whether every interior output position of a transposed convolution collects equally many taps.

    Along one axis an output position x receives the taps t with t·d ≡ x + p (mod s). If gcd(d, s) = g > 1,
    the taps reach only every g-th position. If g = 1, the residues of 0, d, 2d, … run through all s values in
    turn, so each is met equally often exactly when s divides k. Hence: even if and only if s divides k and
    gcd(d, s) = 1. Borders always differ. An even overlap is necessary, not sufficient: the *weights* of the
    phases can still differ, and a network can learn or be initialised to an artifact.

    Parameters
    ----------
    kernel_size, stride, dilation : int or sequence of int
        Of the transposed convolution; sequences have one entry per axis.

    Returns
    -------
    bool
        True if the overlap is even along every axis.

    Raises
    ------
    ValueError
        If an argument is smaller than 1, or sequences disagree in length.

    Examples
    --------
    >>> overlap_is_even(4, 2), overlap_is_even(3, 2), overlap_is_even(4, 2, dilation=2)
    (True, False, False)
    """
    axes = max(len(v) if isinstance(v, Sequence) else 1 for v in (kernel_size, stride, dilation))
    return all(
        k % s == 0 and math.gcd(d, s) == 1
        for k, s, d in zip(
            per_axis("kernel_size", kernel_size, axes, 1),
            per_axis("stride", stride, axes, 1),
            per_axis("dilation", dilation, axes, 1),
        )
    )


def _images(image: Any) -> Floats:
    """`image` as a real floating-point array (B, H, W), all leading axes joined into B."""
    if on_torch(image=image):
        image = image.detach().cpu().numpy()
    if image.ndim < 2:
        raise ValueError(f"image must have at least 2 axes (…, H, W), got shape {tuple(image.shape)}")
    if image.size == 0:
        raise ValueError(f"image must not be empty, got shape {tuple(image.shape)}")
    if image.dtype.kind not in "fiub":
        raise TypeError(f"image must hold real numbers, got dtype {image.dtype}")
    pixels: Floats = image.astype(np.float64).reshape(-1, *image.shape[-2:])
    return pixels


def spectrum(
    image: Any, *, remove_mean: bool = False, window: str | None = None, log: bool = False
) -> npt.NDArray[np.float64]:
    """Power spectrum of images, centred, averaged over batch and channels.

    Parameters
    ----------
    image : array or tensor, shape (…, H, W)
    remove_mean : bool
        Subtract every image's mean first, so that the zero frequency does not outshine the rest.
    window : None or "hann"
        "hann" fades every image out towards its borders (after the mean is removed, if it is), so that the
        jump between opposite borders does not draw a bright cross. It spreads each frequency over three bins.
    log : bool
        Return log(1 + amplitude) with amplitude = √power, for display.

    Returns
    -------
    numpy.ndarray of float64, shape (H, W)
        The power `|F|² / (H·W)`, averaged over the leading axes. Its sum is the images' mean sum of squares
        (Parseval).

    Convention: the zero frequency is at [H // 2, W // 2] (`numpy.fft.fftshift`). A pattern of period s has
    its power at multiples of H/s and W/s from there: for s = 2 at the borders' middles and the corner.

    Raises
    ------
    TypeError, ValueError
        If image does not hold real numbers, has fewer than 2 axes or is empty; if window is unknown.

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.tile([[1.0], [-1.0]], (2, 4))  # ±1, period 2 down the rows
    >>> spectrum(rows)
    array([[ 0.,  0., 16.,  0.],
           [ 0.,  0.,  0.,  0.],
           [ 0.,  0.,  0.,  0.],
           [ 0.,  0.,  0.,  0.]])
    """
    pixels = _images(image)
    height, width = pixels.shape[1:]
    if remove_mean:
        pixels = pixels - pixels.mean(axis=(1, 2), keepdims=True)
    if window == "hann":
        # the periodic window: its spectrum has exactly three bins
        fade = [0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n) / n) for n in (height, width)]
        pixels = pixels * np.outer(*fade)
    elif window is not None:
        raise ValueError(f'window must be None or "hann", got {window!r}')
    power = (np.abs(np.fft.fft2(pixels)) ** 2).mean(axis=0) / (height * width)
    centred: npt.NDArray[np.float64] = np.fft.fftshift(np.log1p(np.sqrt(power)) if log else power)
    return centred


def radial_profile(
    power: npt.NDArray[np.floating[Any]],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Mean of a centred spectrum over rings of equal frequency.

    Parameters
    ----------
    power : numpy.ndarray, shape (H, W)
        A centred spectrum, as `spectrum` returns it.

    Returns
    -------
    frequency, profile : numpy.ndarray of float64
        The rings' radii in cycles per pixel, 1/min(H, W) apart, from 0 to the corner's √½, and the mean of
        `power` over each ring. Rings without a single frequency are left out.

    Raises
    ------
    ValueError
        If power does not have exactly 2 axes.

    Examples
    --------
    >>> import numpy as np
    >>> frequency, profile = radial_profile(np.ones((8, 8)))
    >>> frequency.tolist(), profile.tolist()
    ([0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    """
    if power.ndim != 2:
        raise ValueError(f"power must have 2 axes (H, W), got shape {power.shape}")
    height, width = power.shape
    across, down = (np.fft.fftshift(np.fft.fftfreq(n)) for n in (width, height))
    spacing = 1 / min(height, width)
    ring = np.rint(np.hypot(down[:, None], across) / spacing).astype(int).ravel()
    members = np.bincount(ring)
    total = np.bincount(ring, weights=power.astype(np.float64).ravel())
    present = members > 0
    return np.flatnonzero(present) * spacing, total[present] / members[present]


def checkerboard_energy(image: Any, stride: PerAxis, *, radius: int = 0) -> float:
    """Share of an image's variation that repeats with period `stride`, measured in the spectrum.

    The power at the lattice frequencies (i·H/s, j·W/s), 0 ≤ i, j < s, without the zero frequency (0, 0),
    divided by the power at all frequencies but the zero one. Both are summed over batch and channels first.

    At radius 0 this is, by Parseval, exactly `phase_variance`: the lattice frequencies span the images that
    repeat with period s, and the projection on them replaces each pixel by the mean of its phase. White noise
    of H × W pixels has an expected share of (s² − 1) / (H·W − 1); compare with that before calling a share
    large.

    Parameters
    ----------
    image : array or tensor, shape (…, H, W)
        H and W must be multiples of the stride.
    stride : int or (int, int)
        The period s to look for; at least one of the two must be ≥ 2.
    radius : int
        Also count frequencies up to this many bins away (along each axis) from a lattice frequency. An
        artifact whose strength follows the image's content spreads around the lattice frequencies; radius 0
        sees only the part that is the same everywhere.

    Returns
    -------
    float
        Between 0 (every phase has the same mean) and 1 (nothing but a pattern of period s). A constant image
        has no variation, and its share is 0.

    Raises
    ------
    TypeError, ValueError
        As `spectrum`; if H or W is not a multiple of the stride; if the neighbourhoods of the lattice
        frequencies would meet (2·radius + 1 > H/s).

    Examples
    --------
    >>> import numpy as np
    >>> board = np.tile([[1.0, 0.0], [0.0, 1.0]], (4, 4))
    >>> round(checkerboard_energy(board, 2), 9)
    1.0
    >>> ramp = np.arange(8.0).repeat(2) * np.ones((16, 1))  # nearest upsampling leaves no checkerboard
    >>> round(checkerboard_energy(ramp, 2), 9)
    0.0
    """
    pixels = _images(image)
    strides = _period(stride)
    near = []
    reach = integer("radius", radius, 0)
    for axis, n, s in zip(("height", "width"), pixels.shape[1:], strides):
        if n % s:
            raise ValueError(f"image {axis} must be a multiple of stride {s}, got {n}; crop the image first")
        if s > 1 and 2 * reach + 1 > n // s:
            raise ValueError(
                f"radius must be ≤ {(n // s - 1) // 2} for {axis} {n} and stride {s}, got {reach}"
            )
        # distance of every frequency bin from the nearest multiple of n/s, around the circle
        offset = np.arange(n) % (n // s)
        near.append(np.minimum(offset, n // s - offset) <= reach if s > 1 else _around_zero(n, reach))
    lattice = np.logical_and.outer(*near)
    lattice &= ~np.logical_and.outer(*(_around_zero(n, reach) for n in pixels.shape[1:]))
    power = (np.abs(np.fft.fft2(_without_mean(pixels))) ** 2).sum(axis=0)
    power[0, 0] = 0
    total = power.sum()
    return float(power[lattice].sum() / total) if total != 0 else 0.0


def phase_variance(image: Any, stride: PerAxis) -> float:
    """Share of an image's variance that lies between its s² phases.

    Phase (a, b) holds the pixels whose row is a and whose column is b modulo s. The variance of the phases'
    means (each weighted by its number of pixels) is divided by the variance of all pixels: the share that
    knowing the phase explains. Batch and channels are summed before the division, each image around its own
    mean.

    Equal to `checkerboard_energy` where that is defined, and defined for every size.

    Parameters
    ----------
    image : array or tensor, shape (…, H, W)
        H and W at least the stride.
    stride : int or (int, int)
        s; at least one of the two must be ≥ 2.

    Returns
    -------
    float
        Between 0 and 1; 0 for a constant image.

    Raises
    ------
    TypeError, ValueError
        As `spectrum`; if a stride is larger than the image.

    Examples
    --------
    >>> import numpy as np
    >>> image = np.array([[3.0, 1.0, 3.0], [1.0, 1.0, 1.0], [3.0, 1.0, 3.0]])  # 3 at even rows and columns
    >>> round(phase_variance(image, 2), 9)
    1.0
    """
    pixels = _images(image)
    strides = _period(stride)
    for axis, n, s in zip(("height", "width"), pixels.shape[1:], strides):
        if s > n:
            raise ValueError(f"stride must be ≤ the image's {axis} {n}, got {s}")
    centred = _without_mean(pixels)
    total = float((centred**2).sum())
    if total == 0:
        return 0.0
    between = 0.0
    for a in range(strides[0]):
        for b in range(strides[1]):
            phase = centred[:, a :: strides[0], b :: strides[1]]
            between += float((phase.mean(axis=(1, 2)) ** 2).sum()) * phase[0].size
    return between / total


def _period(stride: PerAxis) -> tuple[int, ...]:
    strides = per_axis("stride", stride, 2, 1)
    if strides == (1, 1):
        raise ValueError("stride must be ≥ 2 along at least one axis, got 1")
    return strides


def _around_zero(n: int, radius: int) -> npt.NDArray[np.bool_]:
    bins = np.arange(n)
    return np.minimum(bins, n - bins) <= radius


def _without_mean(pixels: Floats) -> Floats:
    """Every image minus its mean; what rounding alone leaves of a constant image becomes exactly 0."""
    centred: Floats = pixels - pixels.mean(axis=(1, 2), keepdims=True)
    size = np.abs(pixels).max(axis=(1, 2), keepdims=True)
    centred[
        np.broadcast_to(np.abs(centred).max(axis=(1, 2), keepdims=True) <= 1e-14 * size, centred.shape)
    ] = 0
    return centred
