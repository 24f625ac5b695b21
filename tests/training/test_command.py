"""The command line as a user meets it: help, a run, a run that is killed, several processes, mistakes."""

import csv
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from PIL import Image

from upsample_lib.training.checkpoint import load_checkpoint
from upsample_lib.training.command import main

SMALL = ("unet", "--widths", "4", "8", "--crop", "32", "--device", "cpu", "--seed", "3")
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1"}  # sums in one order: bit for bit the same


def command(*arguments, launcher=("-m",)):
    return [sys.executable, *launcher, "upsample_lib.training", *map(str, arguments)]


def run(*arguments, **options):
    done = subprocess.run(command(*arguments, **options), capture_output=True, text=True, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    return done


def state(folder):
    found = load_checkpoint(folder / "checkpoint.pt")
    return found["networks"]["network"], found


def test_help_names_the_tasks_and_the_options(capsys):
    for arguments, expected in (
        (["--help"], ["unet", "torchrun"]),
        (["unet", "--help"], ["--upsampler", "--resume"]),
    ):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 0
        shown = capsys.readouterr().out
        assert all(word in shown for word in expected)


@pytest.mark.parametrize("upsampler", ["subpixel", "unpooling"])
def test_a_run_leaves_a_log_and_a_checkpoint(upsampler, tmp_path, capsys):
    arguments = ["--steps", "4", "--batch-size", "2", "--evaluate-every", "2", "--data", "cells"]
    assert (
        main([*SMALL, *arguments, "--upsampler", upsampler, "--folder", str(tmp_path / "new" / "run")]) == 0
    )
    with open(tmp_path / "new" / "run" / "log.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["2", "4"]
    printed = capsys.readouterr().out.split()
    assert printed[printed.index("iou") + 1] == rows[-1]["iou"]


def test_a_killed_run_is_continued_bit_for_bit(tmp_path):
    """SIGKILL in the middle, then --resume: weights, optimizer, log and random states are the same."""
    arguments = (*SMALL, "--steps", 120, "--batch-size", 2, "--evaluate-every", 20, "--folder")
    run(*arguments, tmp_path / "whole")
    killed = subprocess.Popen(
        command(*arguments, tmp_path / "parts"), stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    deadline = time.monotonic() + 120
    while not (tmp_path / "parts" / "checkpoint.pt").exists() and time.monotonic() < deadline:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL
    assert 0 < state(tmp_path / "parts")[1]["step"] < 120
    run(*arguments, tmp_path / "parts", "--resume")
    (weights, whole), (again, parts) = state(tmp_path / "whole"), state(tmp_path / "parts")
    assert all(torch.equal(weights[name], again[name]) for name in weights)
    ours, theirs = (found["optimizers"]["loss"]["state"] for found in (whole, parts))
    assert all(torch.equal(ours[i][name], theirs[i][name]) for i in ours for name in ours[i])
    assert whole["rows"] == parts["rows"]
    assert torch.equal(whole["random"][0]["torch"], parts["random"][0]["torch"])
    logs = [(tmp_path / place / "log.csv").read_bytes() for place in ("whole", "parts")]
    assert logs[0] == logs[1]


@pytest.mark.parametrize("norm", ["batch", "none"])
def test_two_processes_give_what_one_gives(norm, tmp_path):
    """The same global batch: equal up to the rounding of sums in another order, which training amplifies."""
    arguments = (*SMALL, "--norm", norm, "--steps", 6, "--batch-size", 4, "--learning-rate", 1e-3, "--folder")
    run(*arguments, tmp_path / "one")
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m")
    done = run(*arguments, tmp_path / "two", launcher=launcher)
    assert done.stdout.count("iou") == 1  # one process speaks
    (weights, one), (others, two) = state(tmp_path / "one"), state(tmp_path / "two")
    for name, value in weights.items():
        torch.testing.assert_close(others[name], value, rtol=1e-3, atol=2e-5, msg=name)
    assert len(two["random"]) == 2
    assert abs(one["rows"][0]["loss"] - two["rows"][0]["loss"]) < 1e-4


def own_folder(place, count=5, side=48, mask=None):
    random = np.random.default_rng(0)
    for kind in ("images", "masks"):
        (place / kind).mkdir()
    for i in range(count):
        Image.fromarray(random.integers(0, 255, (side, side, 3), np.uint8)).save(
            place / "images" / f"{i}.png"
        )
        values = random.integers(0, 3, (side, side)).astype(np.uint8) * 100 if mask is None else mask
        Image.fromarray(values).save(place / "masks" / f"{i}.png")
    return ["--images", str(place / "images"), "--masks", str(place / "masks")]


def test_own_colour_images_with_three_classes(tmp_path):
    folder = own_folder(tmp_path)
    assert main([*SMALL, "--steps", "2", "--batch-size", "2", "--classes", "3", *folder]) == 0


def refused(capsys, sentence, *arguments):
    assert main([*SMALL, "--steps", "2", *map(str, arguments)]) == 2
    shown = capsys.readouterr().err.strip()
    assert sentence in shown
    assert "\n" not in shown


def test_mistakes_get_a_sentence(tmp_path, capsys):
    refused(capsys, "unet: --images and --masks must both be given, got no --masks", "--images", "x")
    refused(
        capsys, "images must name a folder, got 'x', which does not exist", "--images", "x", "--masks", "y"
    )
    refused(capsys, "fold must be below 4, got 4", "--fold", 4)
    refused(capsys, "crop must fit into every training image, got 500 for one of 512 × 384", "--crop", 500)
    refused(capsys, "--classes must be 2 for nuclei, got 3", "--classes", 3)
    refused(capsys, "widths must hold at least 2 numbers", "--widths", 4)
    (tmp_path / "many").mkdir()
    many = own_folder(tmp_path / "many", mask=np.arange(48 * 48).reshape(48, 48).astype(np.uint8) % 5)
    refused(
        capsys,
        "--classes must be at least 5, the number of values in the masks, got 3",
        "--classes",
        3,
        *many,
    )
    empty = own_folder(tmp_path, mask=np.zeros((48, 48), np.uint8))
    refused(capsys, "masks must hold at least two classes", *empty)
    if not torch.cuda.is_available():
        refused(capsys, "--device must be cpu: PyTorch sees no GPU", "--device", "cuda")


def test_a_damaged_checkpoint_gets_a_sentence_and_stays(tmp_path, capsys):
    (tmp_path / "checkpoint.pt").write_bytes(b"PK\x03\x04 half")
    refused(capsys, "checkpoint checkpoint.pt is cut short or damaged", "--folder", tmp_path, "--resume")
    assert (tmp_path / "checkpoint.pt").read_bytes() == b"PK\x03\x04 half"
    refused(capsys, "holds a checkpoint: resume it or name another folder", "--folder", tmp_path)
