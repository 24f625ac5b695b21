from collections.abc import Iterator
from pathlib import Path

import pytest

from upsample_lib.exercises import set_language
from upsample_lib.exercises.exercise import WORKER


@pytest.fixture(autouse=True)
def learner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A learner with a fresh progress file, answered in English."""
    monkeypatch.setenv("UPSAMPLE_DATA", str(tmp_path / "data"))
    set_language("en")
    yield
    set_language(None)


@pytest.fixture(scope="session", autouse=True)
def one_worker() -> Iterator[None]:
    yield
    WORKER.stop()
