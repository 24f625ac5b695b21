"""Bibliography entries in the edition's language: the small words between an entry's fields."""

from __future__ import annotations

from typing import Any

from pybtex.plugin import register_plugin
from pybtex.style.formatting import BaseStyle
from pybtex.style.formatting.alpha import Style as Alpha
from pybtex.style.template import Node
from sphinx.application import Sphinx
from sphinx.config import Config

# what the style writes itself; titles and names are fields and stay as they are
RUSSIAN = {
    "In": "В сб.:",
    "in": "в",
    "of": "из",
    "pages": "с.",
    "edition": "изд.",
    "editor": "ред.",
    "editors": "ред.",
    "volume": "т.",
    "number": "№",
    "chapter": "гл.",
    "Technical Report": "Технический отчёт",
    "PhD thesis": "Диссертация",
    "Master's thesis": "Магистерская работа",
    " and ": ", ",
    ", and ": ", ",
}


def translated(part: Any, words: dict[str, str]) -> Any:
    """A pybtex template with its own words replaced, down to the last child; the original stays as it is."""
    if isinstance(part, str):
        return words.get(part, part)
    if isinstance(part, (list, tuple)):
        return [translated(each, words) for each in part]
    if isinstance(part, Node):
        copy = part()
        copy.args = translated(copy.args, words)
        copy.kwargs = {key: translated(value, words) for key, value in copy.kwargs.items()}
        # the first argument of field() and names() is a field's name, not a word
        if part.name in ("field", "names", "optional_field"):
            copy.args = part.args
        else:
            copy.children = translated(copy.children, words)
        return copy
    return part


class RussianAlpha(Alpha):  # type: ignore[misc]
    """The style "alpha" with Russian words."""

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        if name.startswith("get_") and name.endswith("_template"):
            return lambda entry: translated(found(entry), RUSSIAN)
        return found


STYLES: dict[str, type[BaseStyle]] = {"ru": RussianAlpha}


def choose_style(app: Sphinx, config: Config) -> None:
    """Give the default style "alpha" the edition's words, where sphinxcontrib-bibtex is in use."""
    style = STYLES.get(config.language)
    if style is not None and getattr(config, "bibtex_default_style", None) == "alpha":
        register_plugin("pybtex.style.formatting", "editions-alpha", style)
        config.bibtex_default_style = "editions-alpha"
