"""The glossary's halves hold the same pairs of terms, and every `{term}` of the book is one of them."""

import re
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[2] / "book"


def half(path, language):
    """The cells of one language."""
    cells = re.split(r"^\+\+\+", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return "\n".join(cell for cell in cells if cell.startswith(f' {{"tags": ["{language}"]}}'))


def pairs(language):
    """(term, the other language's term) in the order of the page."""
    return re.findall(r"^(\S.*)\n  \*(.+?)\.\*", half(BOOK / "glossary.md", language), flags=re.MULTILINE)


def test_both_halves_hold_the_same_pairs():
    russian, english = pairs("ru"), pairs("en")
    assert len(russian) > 40
    assert {(other, term) for term, other in russian} == set(english)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_terms_are_unique_and_in_alphabetical_order(language):
    terms = [term.lower().replace("ё", "е") for term, _ in pairs(language)]
    assert terms == sorted(set(terms))


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("page", sorted(BOOK.glob("*.md")), ids=lambda page: page.stem)
def test_pages_link_only_to_terms_that_exist(page, language):
    known = {term for term, _ in pairs(language)}
    for role in re.findall(r"\{term\}`([^`]+)`", half(page, language)):
        titled = re.fullmatch(r".*<(.+)>", role, flags=re.DOTALL)
        assert (titled[1] if titled else role) in known
