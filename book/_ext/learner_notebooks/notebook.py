"""A learner's notebook: one language, no outputs, no solutions, and a first cell that brings the library."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from editions import cells
from nbformat import v4
from sphinx.environment import BuildEnvironment

from .inline import Inline
from .markdown import Markdown
from .references import References
from .words import words

SOLUTION = "solution"
# tags that mean something to a kernel or to a grader; the rest only arrange the site
KEPT_TAGS = {"raises-exception", "parameters"}


def make(
    text: str, docname: str, env: BuildEnvironment, first_cell: str = "", formula: Callable[[str], str] = str
) -> Any:
    """The notebook of one page in the language of `env`; `first_cell` goes in if the page has code."""
    language = str(env.config.language)
    text = cells.only(text, language, env.config.editions_languages)
    page = text.split("\n")
    inline = Inline(
        References(env), docname, language, str(env.config.book_site_url or "").rstrip("/"), formula
    )
    folder = Path(str(env.doc2path(docname))).parent
    made: list[Any] = []
    for cell in cells.split(text):
        if SOLUTION in cell.tags:
            continue
        if cell.kind == "code":
            made.append(_code(cell, page))
        elif cell.kind == "markdown":
            converter = Markdown(inline, folder)
            source = converter.convert(cell.lines(page))
            if source:
                made.append(v4.new_markdown_cell(source))
                if converter.attachments:
                    made[-1]["attachments"] = converter.attachments
    if first_cell and any(cell.cell_type == "code" for cell in made):
        made.insert(0, v4.new_code_cell(first_cell))
    for number, cell in enumerate(made):
        cell["id"] = (
            f"cell-{number}"  # the same at each build, so that a notebook differs only where its text does
        )
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook = v4.new_notebook(cells=made, metadata=metadata)
    nbformat.validate(notebook)
    return notebook


def _code(cell: cells.Cell, page: list[str]) -> Any:
    lines = cell.lines(page)
    made = v4.new_code_cell("\n".join(lines).strip("\n"))
    tags = [tag for tag in cell.tags if tag in KEPT_TAGS]
    if tags:
        made.metadata["tags"] = tags
    if "nbgrader" in cell.metadata:
        made.metadata["nbgrader"] = cell.metadata["nbgrader"]
    return made


def first_cell(language: str, package: str, wheel: str, site_url: str, extras: str) -> str:
    """Code that installs `package` if missing: from a wheel beside the notebook, else from the site."""
    say = words(language)
    name = re.sub(r"[-_.]+", "_", package)
    address = f"{site_url}/{wheel}" if site_url and wheel else ""
    folder = str(Path(wheel).parent.as_posix()) if wheel else "files"
    missing = say["missing"].format(package=package)
    return f"""# {say["install"]}
import importlib.util
import subprocess
import sys
from pathlib import Path

if importlib.util.find_spec("{name}") is None:
    wheels = [path for place in (".", "../../{folder}") for path in Path(place).glob("{name}-*.whl")]
    source = wheels[-1].resolve().as_uri() if wheels else "{address}"
    if not source:
        raise ModuleNotFoundError("{missing}")
    wanted = f"{package}[{extras}] @ {{source}}"
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", wanted], check=True)"""
