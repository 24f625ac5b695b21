"""Publishing: processed copies, the root page, the offline book, the library's wheel."""

from __future__ import annotations

import zipfile

import build_site
import pytest
from site_build import publish
from site_build.book import REPOSITORY, Book
from site_build.wheel import build_wheel, wheel_name


@pytest.fixture
def published(built_book, monkeypatch):
    """The tiny book as a site; what makes pages light has its own tests."""
    marked = []
    monkeypatch.setattr(publish, "process", lambda edition: marked.append(edition.parent.name))
    publish.publish(Book(built_book), ["ru", "en"])
    return built_book, marked


def test_the_site_has_both_editions_and_a_root_page(published):
    book, _ = published
    site = book / "_build" / "site"
    for language in ("ru", "en"):
        assert (site / language / "book" / "chapter.html").is_file()
        assert "book/start.html" in (site / language / "index.html").read_text("utf-8")
    root = (site / "index.html").read_text("utf-8")
    assert 'href="ru/book/start.html"' in root
    assert 'href="en/book/start.html"' in root
    chooser = (site / "choose-edition.js").read_text("utf-8")
    assert "localStorage" in chooser
    assert (site / "choose-edition.css").is_file()


def test_a_second_time_nothing_is_published(published):
    book, marked = published
    count = len(marked)
    assert publish.publish(Book(book), ["ru", "en"]) == []
    assert len(marked) == count


def test_the_offline_book_holds_the_site_but_not_itself(published):
    book, _ = published
    with zipfile.ZipFile(book / "_build" / "site" / "files" / "book.zip") as archive:
        names = archive.namelist()
    assert "book/index.html" in names
    assert "book/ru/notebooks/chapter.ipynb" in names
    assert "book/en/book/chapter.html" in names
    assert not [name for name in names if name.endswith(".zip")]


def test_the_wheel_is_built_and_named_as_notebooks_expect(tmp_path, monkeypatch):
    book = Book(REPOSITORY)
    monkeypatch.setattr(Book, "build", property(lambda self: tmp_path / "build"))
    wheel = build_wheel(book, tmp_path / "files")
    assert wheel is not None
    assert wheel.name == wheel_name(book)
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "upsample_lib/__init__.py" in names
    assert "upsample_lib/py.typed" in names
    assert not [name for name in names if name.startswith("tests/")]
    before = wheel.stat().st_mtime_ns
    assert build_wheel(book, tmp_path / "files").stat().st_mtime_ns == before


def test_a_book_without_a_library_has_no_wheel(tiny_book):
    assert wheel_name(Book(tiny_book)) == ""
    assert build_wheel(Book(tiny_book), tiny_book / "files") is None


def test_mistakes_in_a_page_end_the_build_before_anything_runs(tiny_book, capsys):
    page = tiny_book / "book" / "start.md"
    page.write_text(page.read_text("utf-8") + "\nText of nobody\n", "utf-8")
    assert build_site.main(["--book", str(tiny_book)]) == 1
    assert "text without a language ('Text of nobody')" in capsys.readouterr().err
    assert not (tiny_book / "_build").exists()


def test_an_unknown_edition(tiny_book, capsys):
    with pytest.raises(SystemExit):
        build_site.main(["--book", str(tiny_book), "--editions", "de"])
    assert "--editions must be among ru, en, got de" in capsys.readouterr().err
