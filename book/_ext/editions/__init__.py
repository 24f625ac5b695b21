"""Sphinx extension: one set of MyST pages, one book in each language."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError, ExtensionError
from sphinx.util import logging

from . import cells, interface, pages
from .anchors import StableAnchors
from .search import SearchRussianFolded
from .titles import pick
from .typography import NoBreakSpaces
from .validation import Problem, check

__version__ = "0.1.0"
SWITCH = "edition-switch.html"
HERE = Path(__file__).parent
log = logging.getLogger(__name__)


def languages(config: Config) -> list[str]:
    return list(config.editions_languages)


def choose_language(app: Sphinx, config: Config) -> None:
    """Settle the edition's language, its title and its search before anything reads them."""
    known = languages(config)
    if config.language not in known:
        raise ConfigError(f"language must be one of {', '.join(known)}, got {config.language!r}")
    for name in ("html_title", "html_short_title", "project", "copyright", "author"):
        value = getattr(config, name)
        if isinstance(value, str):
            setattr(config, name, _pick(value, config))
    if not config.html_search_language:
        config.html_search_language = config.language
    # one page would show every language
    config.html_copy_source = False
    config.html_show_sourcelink = False
    for name, text in config.html_theme_options.items():
        if isinstance(text, str):
            config.html_theme_options[name] = _pick(text, config)
    header = list(config.html_theme_options.get("article_header_end", ["article-header-buttons.html"]))
    if SWITCH not in header:
        config.html_theme_options["article_header_end"] = [SWITCH, *header]
    config.templates_path.append(str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))


def choose_toc_titles(app: Sphinx, config: Config) -> None:
    """Titles and part captions in the table of contents; sphinx-external-toc reads it at priority 900."""
    site_map = getattr(config, "external_site_map", None)
    if site_map is None:
        return
    for document in site_map.values():
        if document.title:
            document.title = _pick(document.title, config)
        for tree in document.subtrees:
            if tree.caption:
                tree.caption = _pick(tree.caption, config)
            for item in tree.items:
                if isinstance(getattr(item, "title", None), str):
                    item.title = _pick(item.title, config)


def _pick(text: str, config: Config) -> str:
    try:
        return pick(text, config.language, languages(config))
    except ValueError as error:
        raise ConfigError(str(error)) from None


def choose_bibliography(app: Sphinx, config: Config) -> None:
    if "sphinxcontrib.bibtex" in app.extensions:  # pybtex comes with it
        from .bibliography import choose_style

        choose_style(app, config)


def validate(app: Sphinx) -> None:
    """Refuse the whole book at once, every problem with its file and line, before the first cell runs."""
    problems: list[Problem] = []
    for docname in sorted(app.project.discover(app.config.exclude_patterns, app.config.include_patterns)):
        path = Path(str(app.env.doc2path(docname)))
        if path.suffix != ".md":
            continue
        try:
            shown = path.relative_to(app.srcdir).as_posix()
        except ValueError:
            shown = path.as_posix()
        problems += check(
            path.read_text("utf-8"), shown, languages(app.config), app.config.editions_extra_tags
        )
    if problems:
        count = f"{len(problems)} problem{'s' * (len(problems) > 1)} with the languages of the book"
        raise ExtensionError("\n".join([count, *map(str, problems)]), modname=__name__)


def read_one_language(app: Sphinx, docname: str, source: list[str]) -> None:
    if str(app.env.doc2path(docname)).endswith(".md"):
        source[0] = cells.only(source[0], app.config.language, languages(app.config))


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_config_value("editions_languages", ["ru", "en"], "env", list)
    app.add_config_value("editions_published", [], "html", list)
    app.add_config_value("editions_extra_tags", [], "", list)
    app.add_config_value("book_site_url", "", "html", str)
    app.connect("config-inited", choose_language, priority=400)
    app.connect("config-inited", choose_toc_titles, priority=950)
    app.connect("config-inited", interface.install, priority=960)
    app.connect("config-inited", choose_bibliography, priority=970)
    app.connect("builder-inited", validate)
    app.connect("builder-inited", interface.prepare_templates)
    app.connect("builder-inited", interface.order_scripts)
    app.connect("source-read", read_one_language)
    # before the theme drops templates that come out empty (500)
    app.connect("html-page-context", pages.add_to_page, priority=400)
    app.connect("html-page-context", interface.translate_body)
    app.add_transform(StableAnchors)
    app.add_transform(interface.ProofWords)
    app.add_transform(NoBreakSpaces)
    app.add_js_file("editions.js", loading_method="defer")
    app.add_search_language(SearchRussianFolded)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
