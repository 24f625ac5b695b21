"""Training on a GPU: in every precision, interrupted and continued, read back on the CPU, on several GPUs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from upsample_lib.nn import UNet
from upsample_lib.training.checkpoint import load_checkpoint
from upsample_lib.training.command import main
from upsample_lib.training.compare import split
from upsample_lib.training.loop import fit
from upsample_lib.training.segmentation import Segmentation

DEVICE = "cuda"
pytestmark = pytest.mark.gpu


def task(steps: int) -> Segmentation:
    torch.manual_seed(0)
    return Segmentation(UNet(widths=(8, 16)), *split("nuclei", 3), steps)


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16", "auto"])
def test_it_learns(precision: str) -> None:
    found = task(80)
    [row] = fit(found, 80, 8, device=DEVICE, precision=precision, progress=False)  # type: ignore[arg-type]
    parameters = list(found.networks["network"].parameters())
    assert {p.device.type for p in parameters} == {DEVICE}
    assert {p.dtype for p in parameters} == {torch.float32}
    assert row["iou"] > 0.75


def test_a_checkpoint_is_continued_and_is_read_on_the_cpu(tmp_path: Path) -> None:
    first = task(8)
    first.sample = lambda number, random: (  # type: ignore[method-assign]
        Segmentation.sample(first, number, random) if number < 20 else 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        fit(first, 8, 4, evaluate_every=4, device=DEVICE, folder=tmp_path, progress=False)
    rows = fit(task(8), 8, 4, evaluate_every=4, device=DEVICE, folder=tmp_path, resume=True, progress=False)
    assert [row["step"] for row in rows] == [4, 8]
    saved = load_checkpoint(tmp_path / "checkpoint.pt")["networks"]["network"]
    assert {value.device.type for value in saved.values()} == {"cpu"}
    network = UNet(widths=(8, 16))
    network.load_state_dict(saved)


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["unet", "--steps", "4", "--device", DEVICE, "--folder", str(tmp_path)]) == 0
    assert "iou" in capsys.readouterr().out


def test_two_gpus_give_what_one_gives(tmp_path: Path) -> None:
    if torch.cuda.device_count() < 2:
        pytest.skip("needs two GPUs")
    arguments = ["unet", "--device", DEVICE, "--precision", "float32", "--steps", "4", "--batch-size", "4"]
    for count in (1, 2):
        launcher = ["torch.distributed.run", "--standalone", "--nproc-per-node", str(count), "-m"]
        command = [sys.executable, "-m", *launcher, "upsample_lib.training", *arguments]
        subprocess.run([*command, "--folder", str(tmp_path / str(count))], check=True, env=dict(os.environ))
    one, two = (load_checkpoint(tmp_path / place / "checkpoint.pt")["networks"]["network"] for place in "12")
    for name in one:
        torch.testing.assert_close(two[name], one[name], rtol=1e-2, atol=1e-3, msg=name)
