"""The library's wheel, which the site carries for downloaded notebooks."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from .book import Book


def project(book: Book) -> dict[str, Any]:
    path = book.root / "pyproject.toml"
    return dict(tomllib.loads(path.read_text("utf-8")).get("project", {})) if path.is_file() else {}


def wheel_name(book: Book) -> str:
    """The file name that a pure-Python wheel of the book's own library has, or "" if it has no library."""
    found = project(book)
    return (
        f"{found['name'].replace('-', '_')}-{found['version']}-py3-none-any.whl" if "version" in found else ""
    )


def build_wheel(book: Book, folder: Path) -> Path | None:
    """Build the wheel unless it has been built from the same files; raises RuntimeError with pip's words."""
    name = wheel_name(book)
    if not name:
        return None
    kept = book.build / "wheel" / book.execution_cache.name / name
    if not kept.is_file():
        shutil.rmtree(book.build / "wheel", ignore_errors=True)
        kept.parent.mkdir(parents=True)
        _build(book, kept.parent)
    folder.mkdir(parents=True, exist_ok=True)
    for other in folder.glob("*.whl"):
        if other.name != name:
            other.unlink()
    target = folder / name
    if not target.is_file() or target.read_bytes() != kept.read_bytes():
        shutil.copy2(kept, target)
    return target


def _build(book: Book, folder: Path) -> None:
    # in a copy: setuptools leaves build/ behind and packs what an earlier build has left there
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "source"
        copy.mkdir()
        for path in book.root.iterdir():
            if (
                path.is_file()
                and path.suffix in (".toml", ".md", ".txt", "")
                and not path.name.startswith(".")
            ):
                shutil.copy2(path, copy)
        package = project(book)["name"].replace("-", "_")
        shutil.copytree(book.root / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
        command = [
            sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
            "--no-deps", "--no-build-isolation", "-w", str(folder), str(copy),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise RuntimeError(f"the library's wheel was not built: {' '.join(last)}")
