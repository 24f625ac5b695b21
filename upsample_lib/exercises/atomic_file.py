"""Writing a file all at once: two processes may write, and a machine may be switched off."""

import contextlib
import os
import tempfile
from pathlib import Path


def write_text(target: Path, content: str) -> None:
    """Write to a temporary name beside `target`, then move."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.stem}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
        os.chmod(name, 0o644)  # mkstemp lets only its owner read
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
