"""The built pages of both editions."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Comment

LANGUAGES = ("ru", "en")


def html(book: Path, language: str, page: str = "book/chapter") -> BeautifulSoup:
    path = book / "_build" / "editions" / language / "html" / f"{page}.html"
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


@pytest.mark.parametrize("language", LANGUAGES)
def test_language_title_and_description(built_book, language):
    page = html(built_book, language)
    assert page.html["lang"] == language
    expected = {"ru": "Транспонированная свёртка", "en": "Transposed convolution"}[language]
    assert page.h1.get_text().strip("# 1.").strip() == expected
    assert {"ru": "Свёртки", "en": "Convolutions"}[language] in page.title.get_text()
    summary = page.find("meta", attrs={"name": "description"})["content"]
    assert summary.startswith(
        {"ru": "Она увеличивает карту признаков.", "en": "It enlarges a feature map."}[language]
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_counterparts(built_book, language):
    page = html(built_book, language)
    address = "https://example.org/b/{}/book/chapter.html"
    alternates = {link["hreflang"]: link["href"] for link in page.find_all("link", rel="alternate")}
    assert alternates == {
        "ru": address.format("ru"),
        "en": address.format("en"),
        "x-default": address.format("ru"),
    }
    assert [link["href"] for link in page.find_all("link", rel="canonical")] == [address.format(language)]
    [switch] = page.find_all("a", attrs={"data-edition": True})
    other = {"ru": "en", "en": "ru"}[language]
    assert (switch["href"], switch["hreflang"], switch["lang"]) == (
        f"../../{other}/book/chapter.html",
        other,
        other,
    )


def test_anchors_are_the_same_in_both_editions(built_book):
    def anchors(language: str) -> list[str]:
        page = html(built_book, language)
        ids = [section["id"] for section in page.find_all("section", id=True)]
        ids += [figure["id"] for figure in page.find_all("figure", id=True)]
        return ids + [equation["id"] for equation in page.find_all("div", class_="math", id=True)]

    assert anchors("ru") == anchors("en")
    assert {"sec-chapter", "sec-size", "fig-square", "equation-eq-size"} <= set(anchors("ru"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_id_twice(built_book, language):
    ids = [element["id"] for element in html(built_book, language).find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("language", LANGUAGES)
def test_sidebar_caption_and_alternative_text(built_book, language):
    page = html(built_book, language)
    sidebar = page.find("nav", class_="bd-links").get_text()
    assert {"ru": "Основы", "en": "Basics"}[language] in sidebar
    assert {"ru": "Глава", "en": "The chapter"}[language] in sidebar
    assert "||" not in page.get_text()
    assert page.figure.img["alt"] == {"ru": "Чёрный треугольник", "en": "A black triangle"}[language]
    assert page.figcaption.get_text().strip().startswith({"ru": "Рис. 1.1", "en": "Fig. 1.1"}[language])


def test_nothing_is_left_in_english_under_ru(built_book):
    allowed = re.compile(
        r"Ctrl|English|JavaScript|\.ipynb|\.zip|PDF|Colab|Binder"
        r"|numpy|Some One|On size|https?:|\\\(|One16"
    )
    for name in ("book/start", "book/chapter", "search"):
        page = html(built_book, "ru", name)
        for element in page.find_all(["script", "style", "svg", "pre", "code", "title"]):
            element.decompose()
        texts = [
            text.strip() for text in page.body.find_all(string=lambda text: not isinstance(text, Comment))
        ]
        for attribute in ("title", "alt", "aria-label", "placeholder", "data-bs-title"):
            texts += [element[attribute] for element in page.body.find_all(attrs={attribute: True})]
        english = [text for text in texts if re.search(r"[A-Za-z]{2}", text) and not allowed.search(text)]
        assert english == [], name


def test_theorems_speak_the_language(built_book):
    russian, english = (html(built_book, language).get_text() for language in LANGUAGES)
    assert "Теорема 1" in russian
    assert "Доказательство. Очевидно." in russian
    assert "Theorem 1" in english
    assert "Proof. Obvious." in english
    assert "Показать код" in russian
    assert "Show code cell source" in english


def test_bibliography_words():
    from editions.bibliography import RussianAlpha
    from pybtex.database import parse_string

    entries = parse_string(
        """@inproceedings{a, author={Ann Lee and Bo Li and Cy Wu}, title={Seeing and doing}, booktitle={Proc},
        pages={1--2}, year={2016}}
        @article{b, author={Ann Lee and Bo Li}, title={In}, journal={J}, year={2017}}""",
        "bibtex",
    )
    made = sorted(entry.text.render_as("text") for entry in RussianAlpha().format_bibliography(entries))
    assert made == [
        "Ann Lee, Bo Li, Cy Wu. Seeing and doing. В сб.: Proc, 1–2. 2016.",
        "Ann Lee, Bo Li. In. J, 2017.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_are_not_published(built_book, language):
    folder = built_book / "_build" / "editions" / language / "html"
    assert not (folder / "_sources").exists()
    assert not re.search(r"_sources/", (folder / "book" / "chapter.html").read_text("utf-8"))


def test_a_missing_half_refuses_a_plain_build_too(tiny_book):
    page = tiny_book / "book" / "start.md"
    page.write_text(page.read_text("utf-8").replace('+++ {"tags": ["en"]}', '+++ {"tags": ["eng"]}'), "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from jupyter_book.cli.main import main; main()", "build", str(tiny_book)],
        capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode != 0
    assert "book/start.md:8: unknown tag 'eng': did you mean 'en'?" in done.stdout + done.stderr
