"""One deferred script of what every page loads; what only some pages load stays with them."""

from __future__ import annotations

import re
from dataclasses import dataclass

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>\s*", re.S)
_SOURCE = re.compile(r'\bsrc="([^"?]+)(?:\?[^"]*)?"')
_DATA = re.compile(r'\btype="(?!text/javascript|module)[^"]*"')

# Draws icons that the style sheet's icon font draws as well
NEVER = ("scripts/fontawesome.js",)
# Needed where a search is shown
SEARCH = ("searchtools.js", "language_data.js", "searchindex.js")
# The theme's script for the first paint leaves "auto" to be settled by a later one, which shows as a flash
_THEMES_FIRST = "document.documentElement.dataset.mode = localStorage"
FIRST = """
    ((page) => {
      let mode = "auto";
      try { mode = localStorage.getItem("mode") || mode; } catch {}
      const dark = matchMedia("(prefers-color-scheme: dark)").matches;
      page.mode = mode;
      page.theme = mode === "auto" ? (dark ? "dark" : "light") : mode;
    })(document.documentElement.dataset);
  """
# Asked for only by the first formula, the fonts would come after it is drawn and move the lines below
FORMULA_FONTS = """
    for (const font of document.fonts) if (/^KaTeX_(Main|Math|Size1)/.test(font.family)) font.load();
  """
# Differs from page to page and is read by the theme's version switch only, which the book does not have
_PAGE_NAME = re.compile(r"^\s*DOCUMENTATION_OPTIONS\.pagename = '[^']*';\s*$")


@dataclass(frozen=True)
class Script:
    """A script element: its source relative to the page, or its text."""

    source: str | None
    text: str

    @property
    def unwanted(self) -> bool:
        return _PAGE_NAME.match(self.text) is not None or bool(self.source and self.source.endswith(NEVER))

    @property
    def for_search(self) -> bool:
        return bool(self.source and self.source.endswith(SEARCH))


def scripts(page: str) -> list[tuple[re.Match[str], Script]]:
    """The page's executable scripts in order, with their places."""
    found = []
    for match in SCRIPT.finditer(page):
        if _DATA.search(match[1]):
            continue
        source = _SOURCE.search(match[1])
        found.append((match, Script(source[1] if source else None, "" if source else match[2])))
    return found


def first_script(page: str) -> str:
    """The page with a script for the first paint that settles the theme; without scripts a page is light."""

    def settled(match: re.Match[str]) -> str:
        return match[0].replace(match[2], FIRST) if _THEMES_FIRST in match[2] else match[0]

    return SCRIPT.sub(settled, page).replace(' data-theme="auto"', ' data-theme="light"', 1)


def bundle(parts: list[str]) -> str:
    """Scripts one after another, as if each were loaded by its own element."""
    return "\n;\n".join(map(_without_eval, parts)) + "\n"


def _without_eval(script: str) -> str:
    """Sphinx makes a language's plural rule from a string, which the policy forbids: written out instead."""
    script = re.sub(r"^//# sourceMappingURL.*$", "", script, flags=re.M).strip()
    made = r"new Function\(\s*\"n\",\s*`return \(\$\{catalog\.plural_expr\}\)`\s*\)"
    script = re.sub(made, "catalog.plural_expr", script)
    return re.sub(r'("?plural_expr"?): "([^"]*)"', r"\1: (n) => Number(\2)", script)


# A policy without inline scripts takes no on… attributes: the site's own script listens for these instead
_HANDLERS = {
    "window.print()": "print",
    "toggleFullScreen()": "full-screen",
    "toggleFullScreen();": "full-screen",
}
_ON = re.compile(r'(<[a-z][^<>]*?)\son([a-z]+)="([^"]*)"')

LISTENER = """
document.addEventListener("click", (event) => {
  const action = event.target.closest?.("[data-action]")?.dataset.action;
  if (action === "print") window.print();
  if (action === "full-screen") window.toggleFullScreen?.();
});
"""


def without_handlers(page: str, name: str) -> str:
    """The page with its known on… attributes replaced by data-action."""

    def replace(match: re.Match[str]) -> str:
        if match[2] != "click" or match[3] not in _HANDLERS:
            raise ValueError(
                f'{name}: on{match[2]}="{match[3]}" cannot run under the policy; listen from a script file'
            )
        return f'{match[1]} data-action="{_HANDLERS[match[3]]}"'

    return _ON.sub(replace, page)
