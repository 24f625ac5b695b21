"""Losses for segmentation, on logits: cross-entropy counts pixels, the Dice loss compares areas."""

from torch import Tensor
from torch.nn import functional as F

__all__ = ["cross_entropy_dice", "dice_loss"]


def dice_loss(logits: Tensor, target: Tensor, smooth: float = 1.0) -> Tensor:
    """Soft Dice loss: 1 − (2 Σ p·t + smooth) / (Σ p + Σ t + smooth), averaged over images and classes.

    p is the softmax of the logits and t the one-hot target. Background is class 0; with two classes, one of
    which is the complement of the other, only class 1 counts. Sums run over the pixels of one image, so that
    the loss of a batch is the mean of its images' losses, however the batch is divided.

    Parameters
    ----------
    logits : Tensor, (N, C, H, W)
        C ≥ 2, before any softmax.
    target : Tensor, int64, (N, H, W)
        Classes 0 … C − 1.
    smooth : float
        Added above and below, so that an image without the class is defined: its loss is 0 if none is found.

    Returns
    -------
    Tensor, ()
        0 … 1.

    Raises
    ------
    ValueError
        If the shapes do not fit or there is a single class.

    References
    ----------
    F. Milletari, N. Navab, S.-A. Ahmadi, *V-Net*, https://arxiv.org/abs/1606.04797 (there with squares in the
    denominator); C. H. Sudre et al., https://arxiv.org/abs/1707.03237

    Examples
    --------
    >>> import torch
    >>> target = torch.tensor([[[0, 1], [1, 1]]])
    >>> sure = torch.stack([1 - 2 * target, 2 * target - 1], dim=1) * 50.0
    >>> round(dice_loss(sure, target).item(), 4), round(dice_loss(-sure, target).item(), 4)
    (0.0, 0.8)
    """
    _check(logits, target)
    probabilities = logits.float().softmax(dim=1)[:, 1:]
    truth = F.one_hot(target, logits.shape[1]).movedim(-1, 1)[:, 1:]
    overlap = (probabilities * truth).sum(dim=(2, 3))
    areas = probabilities.sum(dim=(2, 3)) + truth.sum(dim=(2, 3))
    loss: Tensor = 1 - ((2 * overlap + smooth) / (areas + smooth)).mean()
    return loss


def cross_entropy_dice(logits: Tensor, target: Tensor, dice_weight: float = 1.0) -> Tensor:
    """Cross-entropy plus `dice_weight` times the Dice loss.

    Parameters
    ----------
    logits : Tensor, (N, C, H, W)
        C ≥ 2, before any softmax: cross-entropy takes the softmax itself.
    target : Tensor, int64, (N, H, W)
        Classes 0 … C − 1.
    dice_weight : float
        0 leaves cross-entropy alone.

    Returns
    -------
    Tensor, ()
        0 or larger.

    Raises
    ------
    ValueError
        If the shapes do not fit or there is a single class.

    Examples
    --------
    >>> import torch
    >>> zeros, target = torch.zeros(1, 2, 1, 4), torch.tensor([[[0, 0, 1, 1]]])
    >>> cross_entropy_dice(zeros, target, dice_weight=0).item() == torch.tensor(2.0).log().item()
    True
    """
    _check(logits, target)
    loss = F.cross_entropy(logits.float(), target)
    return loss + dice_weight * dice_loss(logits, target) if dice_weight else loss


def _check(logits: Tensor, target: Tensor) -> None:
    if logits.ndim != 4 or logits.shape[1] < 2:
        raise ValueError(
            f"logits must have the shape (N, C, H, W) with C ≥ 2, got {tuple(logits.shape)}: "
            "the softmax over a single channel is always 1"
        )
    if target.shape != (logits.shape[0], *logits.shape[2:]):
        expected = (logits.shape[0], *logits.shape[2:])
        raise ValueError(f"target must have the shape {expected}, got {tuple(target.shape)}")
