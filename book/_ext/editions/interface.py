"""Words of the interface: what themes and extensions leave in English, said in the edition's language."""

from __future__ import annotations

import gettext
import re
from typing import Any

from docutils import nodes
from jinja2.ext import Extension
from sphinx import locale
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform

from .interface_ru import RUSSIAN

CATALOGUES = {"ru": RUSSIAN}
# words that the themes' templates hold outside gettext
HARDCODED = re.compile(
    r'\b(title|aria-label)="'
    r'(Toggle primary sidebar|Toggle secondary sidebar|Main|Page|Announcement|Version switcher list)"'
)
# doctools.js, which they need, has 200
SCRIPT_ORDER = {"translations.js": 201, "editions.js": 202, "sphinx_highlight.js": 203}
# words that writers put into a page's body outside gettext
IN_BODY = re.compile(r"(?<=>)(?:Show|Hide) code cell (?:content|outputs?|source)(?=<)")


class Words(gettext.NullTranslations):
    """A gettext catalogue in memory; what it lacks is asked of the extension's own catalogue."""

    def __init__(self, words: dict[str, str]) -> None:
        super().__init__()
        self.words = words

    def gettext(self, message: str) -> str:
        return self.words[message] if message in self.words else super().gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.words[msgid1] if msgid1 in self.words else super().ngettext(msgid1, msgid2, n)


def install(app: Sphinx, config: Config) -> None:
    """Put our words in front of each catalogue. Catalogues belong to the process: one edition a process."""
    for domain, words in CATALOGUES.get(config.language, {}).items():
        ours = Words(words)
        theirs = locale.translators.get(("general", domain))
        if theirs is not None and not isinstance(theirs, Words):
            ours.add_fallback(theirs)
        locale.translators["general", domain] = ours
        if domain == "sphinx":
            app.translator = ours
    for option, text in config.html_theme_options.items():
        if isinstance(text, str) and text:
            config.html_theme_options[option] = word(text)


def word(text: str, domain: str = "sphinx") -> str:
    """`text` in the edition's language, or as it is."""
    return locale.get_translator(domain).gettext(text)


class TemplateWords(Extension):
    """Jinja: send the words that a theme's template holds outside gettext through gettext."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return HARDCODED.sub(r'''\1="{{ _("\2") }}"''', source)


def prepare_templates(app: Sphinx) -> None:
    environment = getattr(getattr(app.builder, "templates", None), "environment", None)
    if environment is not None:
        environment.add_extension(TemplateWords)


def order_scripts(app: Sphinx) -> None:
    """Translations before the scripts that use them; Sphinx loads its own last and relies on waiting."""
    scripts = getattr(app.builder, "_js_files", [])
    for place, script in enumerate(scripts):
        priority = SCRIPT_ORDER.get(str(script.filename).rpartition("/")[2])
        if priority is not None:
            scripts[place] = type(script)(script.filename, priority=priority, **script.attributes)


def translate_body(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    if "body" in context:
        body = IN_BODY.sub(lambda found: word(found[0]), context["body"])
        # the summary has words of its own, which this label would hide from screen readers
        context["body"] = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")


class ProofWords(SphinxTransform):
    """sphinx-proof writes "Proof. " itself, and gives every proof and theorem of a page the same ids."""

    default_priority = 840

    def apply(self, **kwargs: Any) -> None:
        for box in self.document.findall(nodes.admonition):
            if "proof" not in box["classes"] or type(box.parent).__name__ != "proof_node":
                continue
            box["ids"] = [each for each in box["ids"] if each != "proof"]
            for text in box.findall(nodes.Text):
                if text.startswith("Proof. "):
                    text.parent.replace(
                        text, nodes.Text(f"{word('Proof', 'proof')}. {text.removeprefix('Proof. ')}")
                    )
                break
        for number, section in enumerate(self.document.findall(nodes.section)):
            section["ids"] = [
                f"{each}-{number}" if each == "proof-content" else each for each in section["ids"]
            ]
