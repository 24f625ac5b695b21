"""Each mistake in a bilingual page gives one sentence with file and line."""

from __future__ import annotations

import pytest
from editions.validation import check

RU, EN = '+++ {"tags": ["ru"]}', '+++ {"tags": ["en"]}'
HALVES = [RU, "(sec-a)=", "# А", "", EN, "(sec-a)=", "# A", "", "+++"]


def said(*lines: str) -> list[str]:
    return [str(problem) for problem in check("\n".join(lines), "book/a.md", ["ru", "en"])]


def test_a_right_page_has_no_problems():
    shared = [
        "",
        "% a comment",
        "(eq-place)=",
        "",
        "$$",
        r"\text{MSE} = x",
        "$$ (eq-x)",
        "",
        "```{math}",
        "y",
        "```",
    ]
    code = ["", "```{code-cell}", ":tags: [hide-input]", "x = 1  # y", "```"]
    assert said(*HALVES, *shared, *code, "", *HALVES[:-1]) == []


def test_docstrings_may_be_shared_but_text_beside_them_may_not():
    fence = ["", "```{eval-rst}", ".. currentmodule:: numpy", "", ".. autofunction:: dot", "   :no-index:"]
    fence.append("```")
    assert said(*HALVES, *fence) == []
    fence[3] = "Words."
    assert said(*HALVES, *fence) == [
        "book/a.md:11: text without a language ({eval-rst}): put it into a pair of cells tagged ru, en"
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            [RU, "Да", "", "```{code-cell}", "1", "```"],
            "book/a.md:1: the English half of this cell is missing: write it right after this one",
        ),
        (
            [RU, "Да", "", RU, "Да", EN, "Yes"],
            "book/a.md:1: the English half of this cell is missing: write it right after this one",
        ),
        (
            [EN, "Yes", RU, "Да"],
            "book/a.md:1: the English cell stands before any Russian one: each pair goes ru, en",
        ),
        (
            [RU, "Да", EN, "Yes", EN, "Yes"],
            "book/a.md:5: the English cell stands before any Russian one: each pair goes ru, en",
        ),
        (
            ["Nobody's", "", RU, "Да", EN, "Yes"],
            'book/a.md:1: text without a language ("Nobody\'s"): put it into a pair of cells tagged ru, en',
        ),
        (
            [RU, "Да", EN, "Yes", "+++", "```{note}", "Text", "```"],
            "book/a.md:6: text without a language ({note}): put it into a pair of cells tagged ru, en",
        ),
        (['+++ {"tags": ["rus"]}', "Да"], "book/a.md:1: unknown tag 'rus': did you mean 'ru'?"),
        (['+++ {"tags": ["EN"]}', "Yes"], "book/a.md:1: unknown tag 'EN': did you mean 'en'?"),
        (['+++ {"tags": ["en-US"]}', "Yes"], "book/a.md:1: unknown tag 'en-US': did you mean 'en'?"),
        (
            ["```{code-cell}", ":tags: [remove_output]", "1", "```"],
            "book/a.md:1: unknown tag 'remove_output': did you mean 'remove-output'?",
        ),
        (
            ["```{code-cell}", ":tags: [ru]", "1", "```"],
            "book/a.md:1: a code cell serves every edition, so take the tag 'ru' off",
        ),
        (['+++ {"tags": ["ru", "en"]}', "x"], "book/a.md:1: give a cell one language, not ru and en"),
        (
            ["+++ [1]", "x"],
            'book/a.md:1: write the cell metadata as a JSON object, like +++ {"tags": ["ru"]}',
        ),
        (
            [RU, "(sec-a)=", "# А", EN, "(sec-b)=", "# A"],
            "book/a.md:2: the label 'sec-a' is only in the Russian half: put it into the English one",
        ),
        (
            [RU, "Да", EN, "(eq-x)=", "Yes"],
            "book/a.md:4: the label 'eq-x' is only in the English half: put it into the Russian one",
        ),
        (
            [RU, "(a)=", "", "(b)=", "Да", EN, "(b)=", "", "(a)=", "Yes"],
            "book/a.md:7: the label 'b' comes in another order than in the Russian half",
        ),
        (
            [RU, "(a)=", "# А", EN, "(a)=", "## A"],
            "book/a.md:6: the English half has headings of levels [2], the Russian one [1]: make them match",
        ),
        (
            [RU, "# А", EN, "# A"],
            "book/a.md:2: put a label such as (sec-name)= right before the heading 'А'",
        ),
        (
            ["```{code-cell}", "# комментарий", "1", "```"],
            "book/a.md:2: code that every edition shows cannot hold words of one language ('комментарий')",
        ),
        (
            ["$$", r"x \text{ если } y", "$$"],
            "book/a.md:2: formulas that every edition shows cannot hold words of one language ('если')",
        ),
    ],
)
def test_each_mistake_is_named(lines, expected):
    assert expected in said(*lines)


def test_a_mistake_is_told_once():
    assert said(RU, "Да", "", "```{code-cell}", "1", "```") == [
        "book/a.md:1: the English half of this cell is missing: write it right after this one"
    ]


def test_three_languages():
    german = '+++ {"tags": ["de"]}'
    assert check("\n".join([RU, "Да", EN, "Yes", german, "Ja"]), "a.md", ["ru", "en", "de"]) == []
    [problem] = check("\n".join([RU, "Да", EN, "Yes"]), "a.md", ["ru", "en", "de"])
    assert "German half" in problem.message


def test_the_chapters_of_this_book_are_right():
    from site_build.book import REPOSITORY, Book

    assert [str(problem) for problem in Book(REPOSITORY).problems()] == []
