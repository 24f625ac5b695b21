"""Losses on logits: by hand, against PyTorch, and what they promise about batches."""

import math

import pytest
import torch
import torch.nn.functional as F

from upsample_lib.training.losses import cross_entropy_dice, dice_loss

TARGET = torch.tensor([[[0, 1], [1, 1]]])


def logits_of(probability):
    """Two channels whose softmax is (1 − p, p)."""
    p = torch.as_tensor(probability, dtype=torch.float64)
    return torch.stack([(1 - p).log(), p.log()], dim=1)


def test_dice_loss_by_hand():
    logits = logits_of([[[0.5, 0.5], [0.25, 0.75]]])
    # overlap 0.5 + 0.25 + 0.75, areas 2 and 3
    expected = 1 - (2 * 1.5 + 1) / (2 + 3 + 1)
    assert math.isclose(dice_loss(logits, TARGET).item(), expected, rel_tol=1e-6)
    without = 1 - 2 * 1.5 / (2 + 3)
    assert math.isclose(dice_loss(logits, TARGET, smooth=0).item(), without, rel_tol=1e-6)


def test_an_empty_image_costs_nothing_if_nothing_is_found():
    empty = torch.zeros(1, 3, 3, dtype=torch.long)
    sure = torch.stack([torch.full((1, 3, 3), 50.0), torch.full((1, 3, 3), -50.0)], dim=1)
    assert dice_loss(sure, empty).item() == 0
    assert math.isclose(dice_loss(-sure, empty).item(), 1 - 1 / 10, rel_tol=1e-6)


def test_several_classes_are_averaged_without_the_background():
    torch.manual_seed(0)
    logits, target = torch.randn(2, 4, 5, 6), torch.randint(0, 4, (2, 5, 6))
    p = logits.softmax(dim=1)
    ratios = [
        (2 * p[n, c][target[n] == c].sum() + 1) / (p[n, c].sum() + (target[n] == c).sum() + 1)
        for n in range(2)
        for c in (1, 2, 3)
    ]
    torch.testing.assert_close(dice_loss(logits, target), 1 - torch.stack(ratios).mean())


def test_cross_entropy_is_pytorchs():
    torch.manual_seed(0)
    logits, target = torch.randn(2, 3, 4, 5), torch.randint(0, 3, (2, 4, 5))
    plain = F.cross_entropy(logits, target)
    assert cross_entropy_dice(logits, target, dice_weight=0) == plain
    torch.testing.assert_close(
        cross_entropy_dice(logits, target, 0.5), plain + 0.5 * dice_loss(logits, target)
    )


def test_the_loss_of_a_batch_is_the_mean_over_its_parts():
    torch.manual_seed(0)
    logits, target = torch.randn(4, 2, 6, 6), torch.randint(0, 2, (4, 6, 6))
    halves = [cross_entropy_dice(logits[i : i + 2], target[i : i + 2]) for i in (0, 2)]
    torch.testing.assert_close(cross_entropy_dice(logits, target), sum(halves) / 2)


def test_gradients_are_right():
    torch.manual_seed(0)
    target = torch.randint(0, 3, (2, 3, 4))
    logits = torch.randn(2, 3, 3, 4, requires_grad=True)
    loss = cross_entropy_dice(logits, target)
    (gradient,) = torch.autograd.grad(loss, logits)
    step = torch.randn_like(logits)
    ahead, behind = (cross_entropy_dice((logits + h * step).detach(), target) for h in (1e-2, -1e-2))
    assert math.isclose((ahead - behind).item() / 2e-2, (gradient * step).sum().item(), rel_tol=2e-3)


def test_refusals():
    with pytest.raises(ValueError, match=r"C ≥ 2, got \(1, 1, 2, 2\): the softmax over a single channel"):
        dice_loss(torch.zeros(1, 1, 2, 2), TARGET)
    with pytest.raises(ValueError, match=r"target must have the shape \(1, 2, 2\), got \(1, 1, 2, 2\)"):
        cross_entropy_dice(torch.zeros(1, 2, 2, 2), TARGET[None])
