"""Sphinx extension: executed notebooks are kept under a key of everything that their outputs depend on.

jupyter-cache compares a notebook's own cells only; a changed library would go on showing its old outputs.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

SKIPPED = {"__pycache__", ".ipynb_checkpoints"}


def key(root: Path, patterns: Iterable[str]) -> str:
    """A short hash over the names and bytes of the files that match, and over the version of Python."""
    digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    files = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    for path in sorted(files):
        if SKIPPED.intersection(path.parts):
            continue
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def folder(root: Path, patterns: Iterable[str], cache: Path) -> Path:
    """The cache folder for the present state of the files."""
    return cache / key(root, patterns)


def forget_others(current: Path) -> None:
    """Remove what other states of the files have left beside `current`."""
    if not current.parent.is_dir():
        return
    for other in current.parent.iterdir():
        if other != current and other.is_dir():
            shutil.rmtree(other, ignore_errors=True)


def use_keyed_cache(app: Sphinx, config: Config) -> None:
    if config.execution_cache_folder:  # settled once for several builds that run side by side
        config.nb_execution_cache_path = config.execution_cache_folder
        return
    cache = Path(app.srcdir) / (config.nb_execution_cache_path or "_build/.jupyter_cache")
    current = folder(Path(app.srcdir), config.execution_cache_depends, cache)
    forget_others(current)
    config.nb_execution_cache_path = str(current)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_config_value("execution_cache_depends", [], "env", list)
    app.add_config_value("execution_cache_folder", "", "", str)
    app.connect("config-inited", use_keyed_cache, priority=100)
    return {"version": "0.1.0", "parallel_read_safe": True, "parallel_write_safe": True}
