"""Where results lie, and how they are written: a reader sees the old ones or the new ones, never half."""

import json
import os
from pathlib import Path
from typing import Any

from upsample_lib.timings import RESULTS


def path(name: str) -> Path:
    """The file that `upsample_lib.timings.stored(name)` reads."""
    return Path(str(RESULTS)) / f"{name}.json"


def write(path: Path, results: dict[str, Any]) -> None:
    """Replace the file as a whole."""
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(unfinished, path)


def shown(path: Path) -> str:
    """The path as a person in the current folder would write it."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
