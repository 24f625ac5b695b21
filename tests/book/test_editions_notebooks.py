"""Learners' notebooks: one language, no solutions, plain Markdown, and they run."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from learner_notebooks import put
from learner_notebooks.inline import Inline
from learner_notebooks.markdown import Markdown
from learner_notebooks.notebook import first_cell
from learner_notebooks.references import Target


def notebook(book: Path, language: str, name: str = "chapter"):
    path = book / "_build" / "editions" / language / "html" / "notebooks" / f"{name}.ipynb"
    return nbformat.read(path, as_version=4)


def prose(book: Path, language: str, name: str = "chapter") -> str:
    return "\n\n".join(
        cell.source for cell in notebook(book, language, name).cells if cell.cell_type == "markdown"
    )


def test_one_language_each(built_book):
    russian, english = prose(built_book, "ru"), prose(built_book, "en")
    assert "# Транспонированная свёртка" in russian
    assert "Transposed" not in russian
    assert "# Transposed convolution" in english
    assert not re.search("[А-Яа-я]", english)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_outputs_no_solutions_no_markup_left(built_book, language):
    made = notebook(built_book, language)
    nbformat.validate(made)
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert not any("secret" in cell.source for cell in code)
    assert not re.search(r":::|```\{|\{\w+\}`|^\(\S+\)=|^:\w+:", prose(built_book, language), re.M)


def test_references_became_words(built_book):
    text = prose(built_book, "ru")
    site = "https://example.org/b/ru/book/"
    assert "\\tag{1.1}" in text
    assert f"_Рис. 1.1. Подпись к рисунку с формулой [(1.1)]({site}chapter.html#equation-eq-size)._" in text
    assert f"Рисунок [Рис. 1.1]({site}chapter.html#fig-square)" in text
    assert (
        f"[Теорема 1.1]({site}chapter.html#thm-one)" in text
        or f"[Теорема 1]({site}chapter.html#thm-one)" in text
    )
    assert f"раздел [Размер]({site}chapter.html#sec-size)" in text
    assert re.search(r"карту признаков \[\[\w+\]\]\(" + re.escape(site), text)
    assert "**[" in prose(built_book, "ru", "start")  # the bibliography


def test_boxes_and_answers(built_book):
    text = prose(built_book, "en")
    answer = "> <details>\n> <summary>Answer</summary>\n>\n> Seven.\n>\n> </details>"
    assert f"> **Predict `m`**\n>\n> How many?\n>\n{answer}" in text
    assert "> **Theorem" in text
    assert "*Proof.*\n\nObvious.\n\n∎" in text


@pytest.mark.parametrize("language", ["ru", "en"])
def test_it_runs(built_book, language):
    from nbclient import execute

    ran = execute(
        notebook(built_book, language), timeout=60, extra_arguments=["--IPKernelApp.log_level=ERROR"]
    )
    assert ran.cells[-1].outputs[0].data["text/plain"] == "6"


def test_pages_offer_their_notebook_and_launch_links(built_book):
    from bs4 import BeautifulSoup

    text = (built_book / "_build/editions/ru/html/book/chapter.html").read_text("utf-8")
    page = BeautifulSoup(text, "html.parser")
    link = page.find("a", attrs={"data-download": "notebook"})
    assert link["href"] == "../notebooks/chapter.ipynb"
    assert link.has_attr("download")
    assert page.find("a", attrs={"data-download": "book"})["href"] == "../../files/book.zip"
    launches = [link["href"] for link in page.select(".dropdown-launch-buttons a")]
    assert launches == [
        "https://colab.research.google.com/github/owner/name/blob/notebooks/ru/chapter.ipynb",
        "https://mybinder.org/v2/gh/owner/name/main?urlpath=lab%2Ftree%2F_build%2Fnotebooks%2Fru%2Fchapter.ipynb",
    ]


class NoReferences:
    """Every label unknown, except one equation."""

    def __getattr__(self, name):
        return lambda label, *rest: (
            Target("(2.1)", "book/a", "equation-x", "2.1") if label == "eq-x" else None
        )


def convert(text: str, site_url: str = "") -> str:
    return Markdown(Inline(NoReferences(), "book/a", "en", site_url), Path()).convert(text.split("\n"))


@pytest.mark.parametrize(
    ("myst", "expected"),
    [
        ("(label)=\n## Title", "## Title"),
        ("% comment\nText", "Text"),
        ("See {eq}`eq-x` and {eq}`eq-lost`.", "See **(2.1)** and (eq-lost)."),
        ("{term}`strides <stride>` and {term}`kernel`", "strides and kernel"),
        ("`{eq}` stays code, [kernel]{.up-kernel} does not", "`{eq}` stays code, kernel does not"),
        ("$$ x $$ (eq-x)", "$$\nx\n\\tag{2.1}\n$$"),
        ("```{math}\n:label: eq-x\na\n```", "$$\na\n\\tag{2.1}\n$$"),
        ("$$\na \\\\\nb\n$$", "$$\n\\begin{aligned}a \\\\\nb\\end{aligned}\n$$"),
        ("\\begin{align*}\na &= b\n\\end{align*}", "$$\n\\begin{aligned}a &= b\\end{aligned}\n$$"),
        ("```{note}\nText\n```", "> **Note**\n>\n> Text"),
        (
            ":::{admonition} Title\n:class: dropdown\nText\n:::",
            "<details>\n<summary>Title</summary>\n\nText\n\n</details>",
        ),
        ("```{code-block} python\nx = 1\n```", "```python\nx = 1\n```"),
        ("```{list-table} T\n* - a\n  - b\n* - 1\n  - 2\n```", "**T**\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
        ("```{glossary}\nstride\n  A step.\n```", "**stride** – A step."),
        ("::::{tab-set}\n:::{tab-item} NumPy\nText\n:::\n::::", "**NumPy**\n\nText"),
        ("- item\n\n  ```{note}\n  Text\n  ```", "- item\n\n  > **Note**\n  >\n  > Text"),
    ],
)  # fmt: skip
def test_markdown(myst, expected):
    assert convert(myst) == expected


def test_with_an_address_references_are_links():
    assert convert("{eq}`eq-x`", "https://s.org") == "[(2.1)](https://s.org/en/book/a.html#equation-x)"


def test_the_first_cell_installs_from_a_wheel_or_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    calls = []
    monkeypatch.setattr("subprocess.run", lambda command, check: calls.append(command))
    offline = first_cell("en", "no_such_package", "files/no_such_package-1-py3-none-any.whl", "", "figures")
    with pytest.raises(ModuleNotFoundError, match="run “pip install"):
        exec(offline, {})
    online = first_cell("ru", "no_such_package", "files/n-1-py3-none-any.whl", "https://s.org", "figures")
    exec(online, {})
    assert calls[-1][-1] == "no_such_package[figures] @ https://s.org/files/n-1-py3-none-any.whl"
    beside = tmp_path / "no_such_package-1-py3-none-any.whl"
    beside.touch()
    exec(offline, {})
    assert calls[-1][-1] == f"no_such_package[figures] @ {beside.as_uri()}"


def test_notebooks_that_somebody_has_worked_in_are_kept(tmp_path):
    assert put(tmp_path, {"a.ipynb": "1", "b.ipynb": "1", "c.ipynb": "1"}) == []
    (tmp_path / "a.ipynb").write_text("my work")
    assert put(tmp_path, {"a.ipynb": "2", "b.ipynb": "2"}) == ["a.ipynb"]
    assert put(tmp_path, {"a.ipynb": "3", "b.ipynb": "3"}) == ["a.ipynb"]
    assert {path.name: path.read_text() for path in tmp_path.glob("*.ipynb")} == {
        "a.ipynb": "my work",
        "b.ipynb": "3",
    }
    (tmp_path / "a.ipynb").unlink()
    assert put(tmp_path, {"a.ipynb": "4", "b.ipynb": "4"}) == []
    assert (tmp_path / "a.ipynb").read_text() == "4"
