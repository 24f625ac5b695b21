"""Checkpoints that survive a killed process: written aside, moved into place, checked when read."""

import os
import pickle
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import torch

__all__ = ["CheckpointError", "load_checkpoint", "save_checkpoint", "write_text"]


class CheckpointError(ValueError):
    """A checkpoint that is cut short, damaged, or of another run."""


def save_checkpoint(path: str | Path, state: dict[str, Any]) -> None:
    """Write a checkpoint in one stroke: whoever looks sees the old file or the new one, never a part.

    Parameters
    ----------
    path : str or Path
        Where to; the folder must exist.
    state : dict
        Tensors, numbers, strings, None, and lists, tuples and dicts of them.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as place:
    ...     save_checkpoint(f"{place}/one.pt", {"step": 7, "weight": torch.ones(2)})
    ...     load_checkpoint(f"{place}/one.pt")
    {'step': 7, 'weight': tensor([1., 1.])}
    """
    with _replacing(Path(path)) as temporary:
        torch.save(state, temporary)


def load_checkpoint(path: str | Path) -> dict[str, Any]:
    """Read a checkpoint onto the CPU, without running any code that the file might bring along.

    Parameters
    ----------
    path : str or Path
        A file that `save_checkpoint` wrote.

    Returns
    -------
    dict
        What was saved.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    CheckpointError
        If the file is cut short or damaged, or is no checkpoint.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as place:
    ...     _ = Path(place, "half.pt").write_bytes(b"PK")
    ...     load_checkpoint(f"{place}/half.pt")
    Traceback (most recent call last):
    upsample_lib.training.checkpoint.CheckpointError: checkpoint half.pt is cut short or damaged: delete it, \
or put an older copy in its place, and start again
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"checkpoint must name a file, got {str(path)!r}, which does not exist")
    damaged = (
        f"checkpoint {path.name} is cut short or damaged: delete it, or put an older copy in its place, "
        "and start again"
    )
    try:
        with zipfile.ZipFile(path) as archive:  # torch.load does not look at the check sums
            if archive.testzip() is not None:
                raise CheckpointError(damaged)
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, pickle.UnpicklingError, KeyError):
        raise CheckpointError(damaged) from None
    if not isinstance(state, dict):
        raise CheckpointError(f"checkpoint {path.name} must hold a dict, got {type(state).__name__}")
    return state


def write_text(path: str | Path, text: str) -> None:
    """Write a text file in one stroke, as `save_checkpoint` does.

    Parameters
    ----------
    path : str or Path
        Where to.
    text : str
        All of it.
    """
    with _replacing(Path(path)) as temporary:
        Path(temporary).write_text(text, encoding="utf-8", newline="")


class _replacing:
    """A temporary file beside `path` that takes its place at the end, or vanishes after an error."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> str:
        handle, self.temporary = tempfile.mkstemp(
            prefix=f".{self.path.name}.", suffix=".part", dir=self.path.parent
        )
        os.close(handle)
        return self.temporary

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            os.unlink(self.temporary)
            return
        with open(self.temporary, "rb+") as file:
            os.fsync(file.fileno())  # a power cut must not leave the new name with nothing behind it
        os.replace(self.temporary, self.path)
