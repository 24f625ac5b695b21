"""How good generated images are: their distance from real ones, and how much of a checkerboard they show."""

import numpy as np
import numpy.typing as npt

from upsample_lib.artifacts import checkerboard_energy

__all__ = ["PERIODS", "checkerboard_shares", "frechet_distance"]

Images = npt.NDArray[np.float64]
PERIODS = (2, 4)  # of the last doubling, and of the last two together


def checkerboard_shares(images: Images) -> tuple[float, float]:
    """Share of the images' variation that repeats with period 2 and with period 4.

    Parameters
    ----------
    images : ndarray, (N, H, W)
        H and W divisible by 4.

    Returns
    -------
    tuple of float
        `checkerboard_energy` for both periods.

    Examples
    --------
    >>> rows = np.tile([[1.0], [0], [1], [0]], (1, 4))[None]
    >>> [round(share, 9) for share in checkerboard_shares(rows)]
    [1.0, 1.0]
    """
    two, four = (checkerboard_energy(images, period) for period in PERIODS)
    return two, four


def frechet_distance(images: Images, real: Images, components: int = 32) -> float:
    """Fréchet distance between two sets of images, each described by a Gaussian.

    The images are reduced to the leading principal components of the real ones; then it is
    |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½), the formula of the Fréchet inception distance without its network:
    it sees coarse shapes and brightness, not whether an image is convincing.

    Parameters
    ----------
    images, real : ndarray, (N, H, W) and (M, H, W)
        N and M larger than `components`.
    components : int
        How many principal components are kept.

    Returns
    -------
    float
        0 for equal means and covariances.

    Raises
    ------
    ValueError
        If the sizes differ or there are too few images.

    References
    ----------
    Heusel et al., https://arxiv.org/abs/1706.08500

    Examples
    --------
    >>> a = np.random.default_rng(0).normal(size=(500, 6, 6))
    >>> round(frechet_distance(a, a), 6) + 0.0, round(frechet_distance(a + 1, a, components=36), 6)
    (0.0, 36.0)
    """
    if images.shape[1:] != real.shape[1:]:
        raise ValueError(f"images must be of the real ones' size {real.shape[1:]}, got {images.shape[1:]}")
    if min(len(images), len(real)) <= components:
        raise ValueError(
            f"images must number more than the {components} components, got {len(images)} and {len(real)}"
        )
    flat, reference = (np.asarray(x, float).reshape(len(x), -1) for x in (images, real))
    centre = reference.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((reference - centre).T))
    first, second = ((x - centre) @ axes[:, ::-1][:, :components] for x in (flat, reference))
    covariances = np.cov(first.T), np.cov(second.T)
    # Σ₁Σ₂ has real eigenvalues ≥ 0; only rounding makes them anything else
    roots = np.sqrt(np.maximum(np.linalg.eigvals(covariances[0] @ covariances[1]).real, 0))
    apart = first.mean(axis=0) - second.mean(axis=0)
    return float(apart @ apart + sum(np.trace(c) for c in covariances) - 2 * roots.sum())
