"""Sphinx extension: a learners' notebook of each page, in the edition's language, offered on the page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError
from sphinx.util import import_object, logging

from . import notebook
from .placeholder import PlaceholderFigure
from .words import words

__version__ = "0.1.0"
FOLDER = "notebooks"
TEMPLATE = "page-downloads.html"
log = logging.getLogger(__name__)


def file_name(docname: str) -> str:
    """Notebooks lie in one folder, so that they find each other and the reader finds them."""
    return f"{docname.rpartition('/')[2]}.ipynb"


def offered(app: Sphinx) -> list[str]:
    """The pages that become notebooks."""
    return sorted(name for name in app.env.found_docs if str(app.env.doc2path(name)).endswith(".md"))


def write(app: Sphinx, folder: Path) -> None:
    config = app.config
    first = notebook.first_cell(
        config.language,
        config.learner_notebooks_package,
        config.learner_notebooks_wheel,
        str(config.book_site_url or "").rstrip("/"),
        config.learner_notebooks_extras,
    )
    formula = _formula(config)
    made = {}
    for docname in offered(app):
        text = Path(str(app.env.doc2path(docname))).read_text("utf-8")
        needs = config.learner_notebooks_package and config.learner_notebooks_package in text
        name = file_name(docname)
        if name in made:
            raise ConfigError(f"two pages would share the notebook {name}: rename one of them ({docname})")
        learners = notebook.make(text, docname, app.env, first if needs else "", formula)
        made[name] = nbformat.writes(learners) + "\n"
    for name in put(folder, made):
        log.warning("%s keeps the changes of its reader; remove it to get a fresh one", folder / name)


def put(folder: Path, made: dict[str, str]) -> list[str]:
    """Write the notebooks, but never over one that somebody has worked in; returns the names of those."""
    record = folder / ".made.json"
    known = json.loads(record.read_text("utf-8")) if record.is_file() else {}
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for name in sorted({*made, *known}):
        path = folder / name
        content = made.get(name)
        now = _digest(path.read_bytes()) if path.is_file() else None
        if now is not None and now != known.get(name):
            if content is not None and now != _digest(content.encode()):
                kept.append(name)
        elif content is None:
            path.unlink(missing_ok=True)
        elif now != _digest(content.encode()):
            path.write_text(content, "utf-8", newline="\n")
    digests = {
        name: known.get(name) if name in kept else _digest(text.encode()) for name, text in made.items()
    }
    record.write_text(json.dumps(digests, indent=1), "utf-8")
    return kept


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _formula(config: Config) -> Callable[[str], str]:
    if not config.learner_notebooks_formula:
        return str
    found: Callable[[str], str] = import_object(config.learner_notebooks_formula)
    return found


def on_finish(app: Sphinx, error: Exception | None) -> None:
    if error is not None:
        return
    if app.config.learner_notebooks_only:
        write(app, Path(app.config.learner_notebooks_only))
    elif app.builder.format == "html":
        write(app, Path(app.outdir) / FOLDER)


def prepare(app: Sphinx, config: Config) -> None:
    header = list(config.html_theme_options.get("article_header_end", ["article-header-buttons.html"]))
    if TEMPLATE not in header:
        at = next((i for i, name in enumerate(header) if "header-buttons" in name), len(header))
        config.html_theme_options["article_header_end"] = [*header[:at], TEMPLATE, *header[at:]]
    config.templates_path.append(str(Path(__file__).parent / "templates"))


def without_execution(app: Sphinx, config: Config) -> None:
    if config.learner_notebooks_only:  # outputs are not there to be glued, yet their captions are numbered
        app.add_directive_to_domain("glue", "figure", PlaceholderFigure, override=True)


def add_to_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    context["downloads"], context["launches"] = {}, []
    if doctree is None or pagename not in offered(app):
        return
    say = words(app.config.language)
    name = file_name(pagename)
    context["downloads"] = {
        "words": say,
        "notebook": context["pathto"](f"{FOLDER}/{name}", 1),
        "book": "../" * (pagename.count("/") + 1) + app.config.learner_notebooks_zip
        if app.config.learner_notebooks_zip
        else "",
    }
    context["launches"] = launches(app, name)


def without_source_button(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    """The theme's own group would offer the source, which holds every language."""
    context["header_buttons"] = [
        button for button in context.get("header_buttons", []) if button.get("label") != "download-buttons"
    ]


def launches(app: Sphinx, name: str) -> list[dict[str, str]]:
    """Links that open the notebook elsewhere; none until a repository is named."""
    options = app.config.html_theme_options
    repository = str(options.get("repository_url") or "").rstrip("/").removesuffix(".git")
    if not repository:
        return []
    language, branch = app.config.language, options.get("repository_branch") or "main"
    found = []
    if repository.startswith("https://github.com/"):
        project = repository.removeprefix("https://github.com/")
        generated = app.config.learner_notebooks_branch
        found = [
            {
                "name": "Colab",
                "href": f"https://colab.research.google.com/github/{project}/blob/{generated}/{language}/{name}",
            },
            {
                "name": "Binder",
                "href": f"https://mybinder.org/v2/gh/{project}/{branch}"
                f"?urlpath=lab%2Ftree%2F_build%2Fnotebooks%2F{language}%2F{name}",
            },
        ]
    return found


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_config_value("learner_notebooks_package", "", "html", str)
    app.add_config_value("learner_notebooks_extras", "", "html", str)
    app.add_config_value("learner_notebooks_formula", "", "html", str)
    app.add_config_value("learner_notebooks_branch", "notebooks", "html", str)
    app.add_config_value("learner_notebooks_wheel", "", "html", str)
    app.add_config_value("learner_notebooks_zip", "", "html", str)
    # a folder: write the notebooks there and nothing else
    app.add_config_value("learner_notebooks_only", "", "env", str)
    if "book_site_url" not in app.config:
        app.add_config_value("book_site_url", "", "html", str)
    app.connect("config-inited", prepare, priority=410)
    app.connect("config-inited", without_execution)
    # before the theme drops templates that come out empty (500), and after it has filled its buttons (501)
    app.connect("html-page-context", add_to_page, priority=400)
    app.connect("html-page-context", without_source_button, priority=510)
    app.connect("build-finished", on_finish)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
