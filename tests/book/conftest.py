"""A two-page book in two languages, built once for the tests that look at built pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

CONFIG = """\
title: "Свёртки || Convolutions"
author: "Авторы || The authors"
logo: ""
only_build_toc_files: true
execute: {execute_notebooks: cache, cache: _build/.jupyter_cache, raise_on_error: true}
repository: {url: "REPOSITORY_URL", branch: main}
parse:
  myst_enable_extensions: [amsmath, colon_fence, dollarmath]
sphinx:
  local_extensions: {editions: EXTENSIONS, execution_cache: EXTENSIONS, learner_notebooks: EXTENSIONS}
  config:
    extensions: [sphinx_togglebutton, myst_nb, jupyter_book, sphinx_comments, sphinx_external_toc,
                 sphinx_design, sphinx_book_theme, sphinx_proof, sphinxcontrib.bibtex, editions,
                 execution_cache, learner_notebooks]
    language: ru
    editions_languages: [ru, en]
    book_site_url: "SITE_URL"
    execution_cache_depends: ["library/**/*"]
    learner_notebooks_package: numpy
    learner_notebooks_zip: files/book.zip
    bibtex_bibfiles: [book/references.bib]
    html_use_index: false
    html_domain_indices: false
latex: {use_jupyterbook_latex: false}
"""

TOC = """\
format: jb-book
root: book/start
parts:
  - caption: "Основы || Basics"
    numbered: 1
    chapters:
      - file: book/chapter
        title: "Глава || The chapter"
"""

START = """\
+++ {"tags": ["ru"]}

(sec-start)=
# С чего начать

Эта книга о свёртках. Дальше: {ref}`sec-chapter`.

+++ {"tags": ["en"]}

(sec-start)=
# Start here

This book is about convolutions. Next: {ref}`sec-chapter`.

+++

```{bibliography}
```
"""

CHAPTER = """\
---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {display_name: Python 3, language: python, name: python3}
---

+++ {"tags": ["ru"]}

(sec-chapter)=
# Транспонированная свёртка

Она увеличивает карту признаков {cite}`someone2016`.

(sec-size)=
## Размер

+++ {"tags": ["en"]}

(sec-chapter)=
# Transposed convolution

It enlarges a feature map {cite}`someone2016`.

(sec-size)=
## Size

+++

```{math}
:label: eq-size
m = (n - 1) s + k
```

```{code-cell} ipython3
:tags: [remove-output]
import numpy as np
from IPython.display import display

square = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
display({"image/svg+xml": square}, raw=True, metadata={"scrapbook": {"name": "square", "mime_prefix": ""}})
```

+++ {"tags": ["ru"]}

```{glue:figure} square
:name: fig-square
:alt: Чёрный треугольник

Подпись к рисунку с формулой {eq}`eq-size`.
```

Рисунок {numref}`fig-square`, теорема {prf:ref}`thm-one`, раздел {ref}`sec-size`.

:::{admonition} Предскажите `m`
:class: tip
Сколько?

```{dropdown} Ответ
Семь.
```
:::

:::{prf:theorem} О размере
:label: thm-one
Размер таков.
:::

:::{prf:proof}
Очевидно.
:::

+++ {"tags": ["en"]}

```{glue:figure} square
:name: fig-square
:alt: A black triangle

The figure's caption with formula {eq}`eq-size`.
```

Figure {numref}`fig-square`, theorem {prf:ref}`thm-one`, section {ref}`sec-size`.

:::{admonition} Predict `m`
:class: tip
How many?

```{dropdown} Answer
Seven.
```
:::

:::{prf:theorem} On size
:label: thm-one
The size is so.
:::

:::{prf:proof}
Obvious.
:::

+++

```{code-cell} ipython3
:tags: [hide-input]
int(np.arange(4).sum())
```

```{code-cell} ipython3
:tags: [solution]
secret = 1
```
"""

BIBLIOGRAPHY = "@article{someone2016, author={Some One}, title={On size}, journal={J}, year={2016}}\n"


def write_book(root: Path, site_url: str = "", repository: str = "") -> Path:
    (root / "book").mkdir(parents=True)
    (root / "library").mkdir()
    config = CONFIG.replace("EXTENSIONS", str(REPOSITORY / "book" / "_ext"))
    (root / "_config.yml").write_text(
        config.replace("SITE_URL", site_url).replace("REPOSITORY_URL", repository), "utf-8"
    )
    (root / "_toc.yml").write_text(TOC, "utf-8")
    (root / "book" / "start.md").write_text(START, "utf-8")
    (root / "book" / "chapter.md").write_text(CHAPTER, "utf-8")
    (root / "book" / "references.bib").write_text(BIBLIOGRAPHY, "utf-8")
    (root / "library" / "a.py").write_text("x = 1\n", "utf-8")
    return root


@pytest.fixture(scope="session")
def built_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny book with both editions built by Sphinx, every warning an error; not yet published."""
    from site_build import edition, execution
    from site_build.book import Book

    root = write_book(
        tmp_path_factory.mktemp("tiny"), "https://example.org/b", "https://github.com/owner/name"
    )
    book = Book(root)
    assert book.problems() == []
    assert execution.execute(book) == 1
    edition.build_all(book, ["ru", "en"], strict=True)
    return root


@pytest.fixture
def tiny_book(tmp_path: Path) -> Path:
    """The tiny book's sources, for tests that change them."""
    root = write_book(tmp_path / "tiny")
    yield root
    shutil.rmtree(root)
