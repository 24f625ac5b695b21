"""Every chapter has what a chapter must have, in both languages, and speaks the glossary's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BOOK = Path(__file__).resolve().parents[2] / "book"
CHAPTERS = sorted(p for p in BOOK.glob("[0-9][0-9]-*.md") if not p.name.startswith("00-"))
PAGES = sorted(p for p in BOOK.glob("*.md") if p.name not in ("glossary.md", "bibliography.md"))
CELL = re.compile(r'^\+\+\+(?: \{"tags": \["(ru|en)"[^}]*\})?[ ]*$', re.MULTILINE)
CODE = re.compile(r"^```\{code-cell\}.*?^```$", re.MULTILINE | re.DOTALL)
# a box may discuss the wrong word that it names
BOX = re.compile(
    r"^(:{3,}|`{3,})\{admonition\}.*?^:class: (?:warning misconception|note-error).*?^\1$", re.M | re.S
)
WRONG_WORDS = {
    "ru": (
        "карт[а-я]* объектов",
        "транспонирующ",
        "обратн[а-я]+ свёртк",
        "деконволюц",
        "коэффициент[а-я]* смещени",
    ),
    "en": ("deconvolution", "deconvolv", "deconv layer"),
}
# words of the glossary, and common ones, that are often written with е
E_FOR_YO = re.compile(
    r"(?i)\b(сверт[а-я]*|счет[а-я]*|подсчет[а-я]*|объем[а-я]*|зелен[а-я]*|черн[а-я]*|четн[а-я]*|нечетн[а-я]*|"
    r"прием|сведем|возьмем|еще|ее)\b"
)


def halves(page: Path) -> dict[str, str]:
    """The prose of each language, without code cells, formulas and literals."""
    text = CODE.sub("", page.read_text("utf-8"))
    spoken = {"ru": "", "en": ""}
    marks = list(CELL.finditer(text))
    for mark, following in zip(marks, [*marks[1:], None]):
        if mark[1]:
            spoken[mark[1]] += text[mark.end() : following.start() if following else None]
    return spoken


def test_the_book_has_its_first_eight_chapters() -> None:
    assert [p.name[:2] for p in CHAPTERS][:8] == [f"{n:02}" for n in range(1, 9)]


@pytest.mark.parametrize("page", CHAPTERS, ids=lambda p: p.stem)
def test_chapter_has_every_part_in_both_languages(page: Path) -> None:
    code = "".join(CODE.findall(page.read_text("utf-8")))
    for language, text in halves(page).items():
        for part in ("why", "exercise", "summary", "sources"):
            assert re.search(rf"^\(sec-[\w-]+-{part}\)=$", text, re.MULTILINE), (
                f"{language}: no section {part}"
            )
        assert len(re.findall(r":class: tip predict", text)) >= 2, f"{language}: fewer than two questions"
        assert len(re.findall(r"^`{3,}\{dropdown\}|^:{3,}\{dropdown\}", text, re.MULTILINE)) >= 2
        assert re.search(r"\{prf:theorem\}", text), f"{language}: no theorem"
        assert re.search(r"\{prf:proof\}", text), f"{language}: no proof"
        assert "{cite}" in text, f"{language}: no sources cited"
        pictures = re.findall(r"^`{3,}\{glue:figure\}.*?^`{3,}$", text, re.MULTILINE | re.DOTALL)
        assert len(pictures) >= 3, f"{language}: fewer than three figures"
        for picture in pictures:
            assert re.search(r"^:alt: .{15,}$", picture, re.MULTILINE), (
                f"{language}: no alt text\n{picture[:90]}"
            )
        summary = re.search(
            r"^\(sec-[\w-]+-summary\)=\n#+[^\n]*\n(.*?)^\(sec-", text, re.MULTILINE | re.DOTALL
        )
        points = re.findall(r"^(?:[-*]|\d+\.) ", summary[1], re.MULTILINE)
        assert 3 <= len(points) <= 7, f"{language}: a summary of {len(points)} lines"
    assert "photograph(" in code, "no real image"
    assert re.search(r"^:tags: .*\bsolution\b", code, re.MULTILINE), "no solution of an exercise"
    assert "assert" in code


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_code_speaks_no_language(page: Path) -> None:
    for cell in CODE.findall(page.read_text("utf-8")):
        assert not re.search("[а-яё]", cell, re.IGNORECASE), cell
        for comment in re.findall(r"#(?!\s*type:)(.*)", cell):
            assert not re.search(r"\b[a-z]{3,} [a-z]{3,}\b", comment), comment


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_terms_are_the_glossarys(page: Path, language: str) -> None:
    text = BOX.sub("", halves(page)[language])
    text = re.sub(r"«[^»]*»|“[^”]*”|`[^`]*`", "", text)  # quoted words are discussed, not used
    for wrong in WRONG_WORDS[language]:
        found = re.search(rf".{{0,40}}{wrong}.{{0,40}}", text, re.IGNORECASE)
        assert not found, found[0]


@pytest.mark.parametrize("page", sorted(BOOK.glob("*.md")), ids=lambda p: p.stem)
def test_russian_is_written_with_yo(page: Path) -> None:
    found = E_FOR_YO.findall(halves(page)["ru"])
    assert not found, found
