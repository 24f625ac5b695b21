"""Cells of a page, and what one language sees of it."""

from __future__ import annotations

import pytest
from editions import cells, markup
from editions.titles import pick

PAGE = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

+++ {"tags": ["ru"]}

(sec-a)=
# Свёртка

```python
+++ not a marker, but code
```

+++ {"tags": ["en"]}

(sec-a)=
# Convolution

- a list

  ```
  +++ {"tags": ["ru"]}
  ```

+++

$$ y = x $$ (eq-y)

```{code-cell} ipython3
:tags: [remove-output, hide-input]
print(1)
```

```{code-cell} ipython3
---
tags: [solution]
---
print(2)
```
"""


def test_cells_and_their_tags():
    found = [(cell.kind, cell.tags) for cell in cells.split(PAGE)]
    assert found == [
        ("markdown", ("ru",)),
        ("markdown", ("en",)),
        ("markdown", ()),
        ("code", ("remove-output", "hide-input")),
        ("code", ("solution",)),
    ]


def test_text_of_code_cells():
    page = PAGE.split("\n")
    code = [cell.lines(page) for cell in cells.split(PAGE) if cell.kind == "code"]
    assert code == [["print(1)"], ["print(2)"]]


@pytest.mark.parametrize(
    ("language", "kept", "gone"), [("ru", "# Свёртка", "# Convolution"), ("en", "# Convolution", "# Свёртка")]
)
def test_the_other_language_becomes_empty_lines_in_place(language, kept, gone):
    seen = cells.only(PAGE, language, ["ru", "en"])
    before, after = PAGE.split("\n"), seen.split("\n")
    assert len(before) == len(after)
    assert kept in seen
    assert gone not in seen
    assert all(new in ("", old) for new, old in zip(after, before))
    assert after.index(kept) == before.index(kept)
    for shared in ("$$ y = x $$ (eq-y)", "print(1)", "print(2)", "---"):
        assert shared in after


def test_a_marker_inside_a_fence_or_a_list_is_text():
    assert "+++ not a marker, but code" in cells.only(PAGE, "ru", ["ru", "en"])
    assert '  +++ {"tags": ["ru"]}' in cells.only(PAGE, "en", ["ru", "en"]).split("\n")


def test_a_plain_page_is_filtered_too_and_is_no_notebook():
    page = '+++ {"tags": ["ru"]}\nДа\n\n+++ {"tags": ["en"]}\nYes'
    assert not cells.is_notebook(page)
    assert cells.is_notebook(PAGE)
    assert cells.only(page, "ru", ["ru", "en"]).split("\n") == ['+++ {"tags": ["ru"]}', "Да", "", "", ""]
    assert cells.only(page, "en", ["ru", "en"]).split("\n") == ["", "", "", '+++ {"tags": ["en"]}', "Yes"]


def test_unreadable_metadata_names_its_line():
    with pytest.raises(cells.CellError, match="as JSON") as caught:
        cells.split("text\n\n+++ {tags: ru}\n\nмало")
    assert caught.value.line == 3


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("Свёртки || Convolutions", "ru", "Свёртки"),
        ("Свёртки || Convolutions", "en", "Convolutions"),
        ("U-Net", "en", "U-Net"),
    ],
)
def test_titles(title, language, expected):
    assert pick(title, language, ["ru", "en"]) == expected


@pytest.mark.parametrize("title", ["Свёртки ||", "a || b || c"])
def test_a_title_with_a_missing_part(title):
    with pytest.raises(ValueError, match="one part for each of ru, en"):
        pick(title, "ru", ["ru", "en"])


def test_labels_of_every_kind_in_reading_order():
    text = [
        "(sec-a)=",
        "# A",
        "",
        "$$",
        "x",
        "$$ (eq-1)",
        "",
        "```{math}",
        ":label: eq-2",
        "y",
        "```",
        "",
        ":::{admonition} `a` instead of `b`",
        "```{glue:figure} f",
        ":name: fig-1",
        "",
        "Caption.",
        "```",
        ":::",
        "",
        "```python",
        "(not-a-label)=",
        "```",
        "",
    ]
    tree = markup.parse(text)
    assert [label for _, label in markup.labels(tree)] == ["sec-a", "eq-1", "eq-2", "fig-1"]
    assert list(markup.headings(tree)) == [(2, 1, "A", "sec-a")]
