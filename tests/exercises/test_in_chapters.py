"""The chapters hold every exercise: its stub as the check knows it, and nothing that leans on a solution."""

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from upsample_lib import exercises

BOOK = Path(__file__).resolve().parents[2] / "book"
CHAPTERS = [page for page in sorted(BOOK.glob("[0-9][0-9]-*.md")) if hasattr(exercises, f"ch{page.name[:2]}")]
CELL = re.compile(
    r"^```\{code-cell\} ipython3\n(?::tags: \[([^\]]*)\]\n)?(.*?)^```$", re.MULTILINE | re.DOTALL
)
CHECK = re.compile(r"^(ch\d\d\.\w+)\.check\(\w+\)$", re.MULTILINE)
each = pytest.mark.parametrize("page", CHAPTERS, ids=lambda page: page.stem)


def cells(page: Path) -> list[tuple[bool, str]]:
    """Whether it is taken out of learners' notebooks, and its code."""
    found = CELL.findall(page.read_text("utf-8"))
    return [("solution" in tags.split(", "), code) for tags, code in found]


@each
def test_every_exercise_has_its_place(page: Path) -> None:
    expected = [one.name for one in exercises.chapters()[f"ch{page.name[:2]}"]]
    assert CHECK.findall(page.read_text("utf-8")) == expected


@each
def test_the_stub_is_the_one_that_the_check_knows(page: Path) -> None:
    for solution, code in cells(page):
        for name in CHECK.findall(code):
            assert not solution
            chapter, _, own = name.partition(".")
            package = getattr(exercises, chapter)
            scope: dict[str, Any] = {"np": np, "torch": torch, "F": F, chapter: package}
            exec(code, scope)
            assert getattr(package, own).check(scope[own]).verdict == "not attempted"


def names(code: str) -> tuple[set[str], set[str]]:
    """What the code binds at its outermost level, and all names that it reads."""
    tree = ast.parse(code)
    bound = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    for statement in ast.walk(tree):
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            bound.add(statement.name)
        elif isinstance(statement, (ast.Import, ast.ImportFrom)):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    read = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return bound, read


@each
def test_nothing_else_needs_a_solution(page: Path) -> None:
    """Learners' notebooks run without them: no other cell reads what only a solution defines."""
    kept: set[str] = set()
    taken_out: set[str] = set()
    for solution, code in cells(page):
        bound, read = names(code)
        if solution:
            taken_out |= bound
        else:
            kept |= bound
            assert not read & (taken_out - kept), code
