"""A class of six, taught with the real nbgrader, in the environment that `make class` makes."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv-class" / ("Scripts" if sys.platform == "win32" else "bin")


@pytest.fixture(scope="session")
def nbgrader(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """`nbgrader(folder, "autograde", "ch05")` runs it there and returns what it said."""
    if not (BIN / "nbgrader").exists() and not (BIN / "nbgrader.exe").exists():
        sentence = "the class with nbgrader was not run: there is no .venv-class; `make class` makes it"
        pytest.skip(sentence)
    home = tmp_path_factory.mktemp("home")
    environment = os.environ | {
        "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),  # nbgrader calls alembic by its name
        "PYTHONPATH": str(ROOT),
        "HOME": str(home),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "UPSAMPLE_LANGUAGE": "en",
    }

    def run(folder: Path, *arguments: str) -> str:
        command = [str(BIN / "python"), "-m", "nbgrader", *arguments]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False
        )
        return done.stdout + done.stderr

    return run
