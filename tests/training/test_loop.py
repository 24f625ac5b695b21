"""The loop: what it computes, logs, keeps and refuses."""

import copy
import csv
import math

import numpy as np
import pytest
import torch
from torch import nn

from upsample_lib.nn import UNet
from upsample_lib.training import data
from upsample_lib.training.checkpoint import load_checkpoint
from upsample_lib.training.loop import fit
from upsample_lib.training.segmentation import Segmentation
from upsample_lib.training.task import Task


def segmentation(steps=4, **options):
    torch.manual_seed(0)
    images, labels = data.cells(6, size=32)
    masks = (labels > 0).astype(np.int64)
    return Segmentation(
        UNet(widths=(4, 8)), (images[:4], masks[:4]), (images[4:], masks[4:]), steps, crop=32, **options
    )


def weights(task):
    return {
        f"{network}.{name}": value
        for network, module in task.networks.items()
        for name, value in module.state_dict().items()
    }


def assert_equal(one, other):
    assert one.keys() == other.keys()
    for name in one:
        assert torch.equal(one[name], other[name]), name


def test_it_does_what_six_plain_lines_do():
    task, again = segmentation(), segmentation()
    fit(task, 4, 3, seed=5, progress=False)

    network, optimizer, schedule = (
        again.networks["network"],
        again.optimizers["loss"],
        again.schedulers["loss"],
    )
    network.train()
    for step in range(4):
        samples = [again.sample(n, np.random.default_rng([5, n])) for n in range(3 * step, 3 * step + 3)]
        [(_, loss)] = again.losses(*(torch.from_numpy(np.stack(parts)) for parts in zip(*samples)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    assert_equal(weights(task), weights(again))


def test_training_helps_and_is_logged(tmp_path):
    task = segmentation(steps=60, learning_rate=1e-2)
    rows = fit(task, 60, 4, evaluate_every=20, folder=tmp_path, progress=False)
    assert [row["step"] for row in rows] == [20, 40, 60]
    assert rows[-1]["loss"] < rows[0]["loss"] - 0.2
    assert rows[-1]["iou"] > 0.6
    with open(tmp_path / "log.csv", newline="") as file:
        written = list(csv.DictReader(file))
    assert list(written[0]) == ["step", "loss", "iou", "dice", "boundary_f1"]
    for row, logged in zip(rows, written):
        assert all(math.isclose(float(logged[name]), value, rel_tol=1e-5) for name, value in row.items())
    assert task.evaluate()["iou"] == rows[-1]["iou"]


def test_a_run_continued_in_the_middle_is_the_uninterrupted_one(tmp_path):
    whole = segmentation(steps=6)
    rows = fit(whole, 6, 2, evaluate_every=2, folder=tmp_path / "whole", progress=False)

    class Stopped(Segmentation):
        def sample(self, number, random):
            if number == 9:  # in the fifth step
                raise KeyboardInterrupt
            return super().sample(number, random)

    first = segmentation(steps=6)
    first.__class__ = Stopped
    with pytest.raises(KeyboardInterrupt):
        fit(first, 6, 2, evaluate_every=2, folder=tmp_path / "parts", progress=False)
    assert load_checkpoint(tmp_path / "parts" / "checkpoint.pt")["step"] == 4
    second = segmentation(steps=6)
    assert fit(second, 6, 2, evaluate_every=2, folder=tmp_path / "parts", resume=True, progress=False) == rows
    assert_equal(weights(whole), weights(second))
    logs = [(tmp_path / place / "log.csv").read_text() for place in ("whole", "parts")]
    assert logs[0] == logs[1]


class Duel(Task):
    """Two networks with a loss each; the second one draws random numbers."""

    goal = ("score", "max")

    def __init__(self, scores=()):
        torch.manual_seed(0)
        networks = {name: nn.Linear(2, 1) for name in ("one", "two")}
        rates = {"one": 0.1, "two": 0.01}
        super().__init__(
            networks, {n: torch.optim.SGD(net.parameters(), rates[n]) for n, net in networks.items()}
        )
        self.scores, self.seen = list(scores), []

    def sample(self, number, random):
        return (random.normal(size=2).astype(np.float32),)

    def losses(self, x):
        before = self.networks["one"].weight.detach().clone()
        yield "one", (self.networks["one"](x) - 1).square().mean()
        self.seen.append(not torch.equal(before, self.networks["one"].weight))
        yield "two", (self.networks["two"](x + torch.randn_like(x)) - 1).square().mean()

    def evaluate(self):
        return {"score": self.scores.pop(0)} if self.scores else {}


def test_the_second_loss_meets_the_changed_network():
    duel = Duel()
    [row] = fit(duel, 3, 4, progress=False)
    assert duel.seen == [True] * 3
    assert set(row) == {"step", "one", "two"}


def test_random_numbers_go_on_after_a_resumption(tmp_path):
    whole, parts = Duel(), Duel()
    fit(whole, 4, 2, evaluate_every=2, folder=tmp_path / "a", progress=False)
    parts.sample = lambda number, random: Duel.sample(parts, number, random) if number < 6 else 1 / 0
    with pytest.raises(ZeroDivisionError):
        fit(parts, 4, 2, evaluate_every=2, folder=tmp_path / "b", progress=False)
    again = Duel()
    torch.manual_seed(99)
    fit(again, 4, 2, evaluate_every=2, folder=tmp_path / "b", resume=True, progress=False)
    assert_equal(weights(whole), weights(again))


def test_early_stopping_goes_back_to_the_best(tmp_path):
    duel = Duel(scores=[0.1, 0.5, 0.4, 0.3, 0.9])
    snapshots = []
    plain = duel.evaluate
    duel.evaluate = lambda: (snapshots.append(copy.deepcopy(weights(duel))), plain())[1]
    rows = fit(duel, 50, 2, evaluate_every=1, patience=2, folder=tmp_path, progress=False)
    assert [row["score"] for row in rows] == [0.1, 0.5, 0.4, 0.3]
    assert_equal(weights(duel), snapshots[1])
    again = Duel()
    assert (
        fit(again, 50, 2, evaluate_every=1, patience=2, folder=tmp_path, resume=True, progress=False) == rows
    )
    assert_equal(weights(again), snapshots[1])


def test_lower_precision_still_learns():
    task = segmentation(steps=20)
    fit(task, 20, 4, precision="bfloat16", progress=False)
    assert all(value.dtype != torch.bfloat16 for value in weights(task).values())
    other = segmentation(steps=20)
    fit(other, 20, 4, progress=False)
    assert not torch.equal(*(next(t.networks["network"].parameters()) for t in (task, other)))
    assert abs(task.evaluate()["iou"] - other.evaluate()["iou"]) < 0.15


def test_the_networks_end_in_evaluation_mode_also_after_an_error():
    duel = Duel()
    fit(duel, 1, 1, progress=False)
    assert not any(network.training for network in duel.networks.values())


def test_the_bar_shows_steps_and_measures(capsys):
    fit(Duel(scores=[0.25]), 2, 1, progress=True)
    shown = capsys.readouterr().err
    assert "████ 2/2" in shown
    assert "score 0.25" in shown
    fit(Duel(), 2, 1, progress=False)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"steps": 0}, "steps must be ≥ 1, got 0"),
        ({"batch_size": 0}, "batch_size must be ≥ 1, got 0"),
        ({"seed": -1}, "seed must be ≥ 0, got -1"),
        ({"evaluate_every": 0}, "evaluate_every must be ≥ 1, got 0"),
        ({"precision": "half"}, "precision must be auto, float32, bfloat16 or float16, got 'half'"),
    ],
)
def test_refusals(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        fit(Duel(), **{"steps": 1, "progress": False} | arguments)


def test_a_loss_that_is_not_finite_ends_the_run_and_leaves_the_checkpoint(tmp_path):
    duel = Duel()
    duel.sample = lambda number, random: (np.full(2, np.nan if number > 2 else 1, np.float32),)
    with pytest.raises(FloatingPointError, match="loss one is nan at step 4: try a smaller learning rate"):
        fit(duel, 8, 1, evaluate_every=2, folder=tmp_path, progress=False)
    assert load_checkpoint(tmp_path / "checkpoint.pt")["step"] == 2


def test_a_checkpoint_is_neither_overwritten_nor_mixed_up(tmp_path):
    fit(Duel(), 2, 1, folder=tmp_path, progress=False)
    with pytest.raises(ValueError, match="holds a checkpoint: resume it or name another folder"):
        fit(Duel(), 2, 1, folder=tmp_path, progress=False)
    with pytest.raises(ValueError, match="steps must be 2 as in the checkpoint, got 3"):
        fit(Duel(), 3, 1, folder=tmp_path, resume=True, progress=False)
    other = Duel()
    other.networks["one"] = nn.Linear(3, 1)
    with pytest.raises(ValueError, match="belongs to another network or another version"):
        fit(other, 2, 1, folder=tmp_path, resume=True, progress=False)
