"""Checkpoints: whole or not there, and a sentence for what is damaged."""

import os

import pytest
import torch

from upsample_lib.training.checkpoint import CheckpointError, load_checkpoint, save_checkpoint, write_text

STATE = {"step": 3, "weights": {"w": torch.arange(1000.0)}, "rows": [{"loss": 0.5}], "best": None}


def test_what_was_saved_comes_back(tmp_path):
    save_checkpoint(tmp_path / "a.pt", STATE)
    found = load_checkpoint(tmp_path / "a.pt")
    assert torch.equal(found["weights"]["w"], STATE["weights"]["w"])
    assert {**found, "weights": None} == {**STATE, "weights": None}
    assert os.listdir(tmp_path) == ["a.pt"]


def test_an_error_while_writing_keeps_the_old_file(tmp_path):
    save_checkpoint(tmp_path / "a.pt", STATE)
    with pytest.raises(AttributeError):
        save_checkpoint(tmp_path / "a.pt", {"step": lambda: None})  # cannot be pickled
    assert load_checkpoint(tmp_path / "a.pt")["step"] == 3
    assert os.listdir(tmp_path) == ["a.pt"]
    write_text(tmp_path / "log.csv", "old")
    with pytest.raises(TypeError):
        write_text(tmp_path / "log.csv", 7)
    assert (tmp_path / "log.csv").read_text() == "old"


def damaged(path):
    with pytest.raises(
        CheckpointError, match=r"checkpoint a\.pt is cut short or damaged: delete it, or"
    ) as caught:
        load_checkpoint(path)
    assert "\n" not in str(caught.value)


def test_every_length_of_a_cut_is_noticed(tmp_path):
    path = tmp_path / "a.pt"
    save_checkpoint(path, STATE)
    whole = path.read_bytes()
    for length in [*range(0, len(whole), 211), len(whole) - 1]:
        path.write_bytes(whole[:length])
        damaged(path)


def test_a_changed_byte_is_noticed(tmp_path):
    path = tmp_path / "a.pt"
    save_checkpoint(path, STATE)
    whole = bytearray(path.read_bytes())
    place = whole.find(STATE["weights"]["w"].numpy().tobytes())
    assert place > 0
    whole[place + 77] ^= 1
    path.write_bytes(whole)
    damaged(path)


class Bomb:
    def __reduce__(self):
        return os.mkdir, ("exploded",)


def test_code_in_a_checkpoint_is_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    torch.save({"step": Bomb()}, tmp_path / "a.pt")
    damaged(tmp_path / "a.pt")
    assert not (tmp_path / "exploded").exists()


def test_a_missing_file_and_a_strange_one(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"checkpoint must name a file, got .*which does not exist"):
        load_checkpoint(tmp_path / "a.pt")
    torch.save([1, 2], tmp_path / "b.pt")
    with pytest.raises(CheckpointError, match=r"checkpoint b\.pt must hold a dict, got list"):
        load_checkpoint(tmp_path / "b.pt")
