"""Executing: what the cache is keyed by, and what a failing notebook leaves behind."""

from __future__ import annotations

import execution_cache
import pytest
from site_build import execution
from site_build.book import Book


def test_the_key_follows_names_and_bytes(tmp_path):
    library = tmp_path / "library"
    library.mkdir()
    (library / "a.py").write_text("x = 1")
    first = execution_cache.key(tmp_path, ["library/**/*"])
    assert execution_cache.key(tmp_path, ["library/**/*"]) == first
    (library / "__pycache__").mkdir()
    (library / "__pycache__" / "a.pyc").write_text("compiled")
    assert execution_cache.key(tmp_path, ["library/**/*"]) == first
    (library / "a.py").write_text("x = 2")
    second = execution_cache.key(tmp_path, ["library/**/*"])
    (library / "a.py").rename(library / "b.py")
    third = execution_cache.key(tmp_path, ["library/**/*"])
    assert len({first, second, third}) == 3


def test_old_keys_are_removed(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    execution_cache.forget_others(tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_the_key_of_this_book_follows_its_library_and_pins():
    from site_build.book import REPOSITORY

    patterns = Book(REPOSITORY).sphinx["execution_cache_depends"]
    files = {
        path.relative_to(REPOSITORY).as_posix() for pattern in patterns for path in REPOSITORY.glob(pattern)
    }
    assert {"upsample_lib/__init__.py", "requirements.txt"} <= files


def test_execute_once_then_again_after_a_change_of_code_or_library(tiny_book):
    said: list[str] = []
    assert execution.execute(Book(tiny_book), said.append) == 1
    assert said[0] == "executing 1 of 1 notebooks, 1 at a time"
    assert said[-1].startswith("[1/1] chapter … ")
    assert execution.execute(Book(tiny_book), said.append) == 0
    chapter = tiny_book / "book" / "chapter.md"
    chapter.write_text(
        chapter.read_text("utf-8").replace("Она увеличивает", "Она всегда увеличивает"), "utf-8"
    )
    assert execution.execute(Book(tiny_book), said.append) == 0, "prose is no reason to execute"
    (tiny_book / "library" / "a.py").write_text("x = 2\n", "utf-8")
    assert execution.execute(Book(tiny_book), said.append) == 1, "the library has changed"


def test_a_failing_cell_is_named_and_its_report_kept(tiny_book):
    chapter = tiny_book / "book" / "chapter.md"
    chapter.write_text(chapter.read_text("utf-8").replace("int(np.arange(4).sum())", "1 / 0"), "utf-8")
    line = chapter.read_text("utf-8").split("\n").index("1 / 0")
    with pytest.raises(execution.NotebookFailed) as caught:
        execution.execute(Book(tiny_book), lambda text: None)
    message = str(caught.value)
    assert message.startswith("book/chapter.md: code cell 2 (line ")
    assert int(message.split("(line ")[1].split(")")[0]) in range(line - 2, line + 2)
    assert "ZeroDivisionError: division by zero" in message
    report = tiny_book / "_build" / "reports" / "chapter.log"
    assert "_build/reports/chapter.log" in message
    assert "ZeroDivisionError" in report.read_text("utf-8")


def test_a_page_of_the_contents_that_is_missing(tiny_book):
    (tiny_book / "book" / "chapter.md").unlink()
    with pytest.raises(
        FileNotFoundError, match=r"_toc\.yml names book/chapter, but there is no book/chapter\.md"
    ):
        _ = Book(tiny_book).pages
