"""The library reference names every public function and class, and nothing twice."""

import re
from pathlib import Path
from types import ModuleType

import pytest

import upsample_lib
from upsample_lib import nn

PAGE = Path(__file__).resolve().parents[2] / "book" / "reference.md"


def entries(module: str) -> list[str]:
    """What the page documents of a module, in order."""
    found: list[str] = []
    for block in PAGE.read_text("utf-8").split(".. currentmodule:: ")[1:]:
        if block.split(None, 1)[0] == module:
            found += re.findall(r"^\.\. auto(?:function|class):: (\w+)$", block, re.MULTILINE)
    return found


@pytest.mark.parametrize("module", [upsample_lib, nn], ids=lambda module: module.__name__)
def test_every_public_name_has_its_entry(module: ModuleType) -> None:
    public = [name for name in module.__all__ if callable(getattr(module, name))]
    assert sorted(entries(module.__name__)) == sorted(public)
