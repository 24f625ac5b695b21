"""What each page says about its language and its counterparts in the other editions."""

from __future__ import annotations

import html
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

OWN_NAMES = {
    "ru": "Русский",
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "uk": "Українська",
}
DESCRIPTION = 160  # characters; search engines show about as many
SEARCH = {
    "ru": "Поиск по книге «{}»: слова находятся в любом падеже и числе.",
    "en": "Search every page of the book “{}”.",
}


def site_url(app: Sphinx) -> str:
    return str(app.config.book_site_url or "").rstrip("/")


def counterparts(app: Sphinx, pagename: str) -> list[dict[str, str]]:
    """The page in every published edition: a link that works from disk too, and the public address."""
    page = app.builder.get_target_uri(pagename)
    up = "../" * (page.count("/") + 1)
    base = site_url(app)
    return [
        {
            "language": language,
            "name": OWN_NAMES.get(language, language),
            "href": f"{up}{language}/{page}",
            "address": f"{base}/{language}/{page}" if base else f"{up}{language}/{page}",
        }
        for language in app.config.editions_published
    ]


def description(doctree: nodes.document) -> str:
    """The first paragraphs, cut at a word."""
    text = ""
    for paragraph in doctree.findall(nodes.paragraph):
        # captions, boxes, proofs, lists and formulas make poor summaries
        if not isinstance(paragraph.parent, nodes.section) or _is_box(paragraph.parent):
            continue
        if any("\\" in formula.astext() for formula in paragraph.findall(nodes.math)):
            continue
        text = f"{text} {_without_citations(paragraph)}".strip()
        if len(text) >= DESCRIPTION:
            break
    text = re.sub(r"\s+", " ", text)
    if len(text) <= DESCRIPTION:
        return text
    return text[: DESCRIPTION - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—") + "…"


def _is_box(section: nodes.Element) -> bool:
    """sphinx-proof wraps what a theorem says in a section."""
    return any(name.endswith("-content") for name in section["classes"])


def _without_citations(paragraph: nodes.paragraph) -> str:
    return re.sub(r"\s*\[[^\[\]]{1,40}\]", "", paragraph.astext())


def add_to_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    editions = counterparts(app, pagename)
    context["editions"] = editions
    context["edition_language"] = app.config.language
    context["edition_switch_label"] = {"ru": "Язык", "en": "Language"}.get(app.config.language, "Language")
    tags = []
    if len(editions) > 1:
        tags += [_link("alternate", each["address"], each["language"]) for each in editions]
        tags.append(_link("alternate", editions[0]["address"], "x-default"))
    if site_url(app) and editions:
        own = next(each for each in editions if each["language"] == app.config.language)
        tags.append(_link("canonical", own["address"]))
        context["pageurl"] = None  # the theme would write a second canonical link
    summary = description(doctree) if doctree is not None else ""
    if pagename == "search":
        summary = SEARCH.get(app.config.language, "").format(app.config.html_title)
    if summary:
        tags.append(f'<meta name="description" content="{html.escape(summary)}"/>')
    context["metatags"] = "\n".join([context.get("metatags", ""), *tags])


def _link(rel: str, href: str, language: str = "") -> str:
    hreflang = f' hreflang="{language}"' if language else ""
    return f'<link rel="{rel}"{hreflang} href="{html.escape(href)}"/>'
