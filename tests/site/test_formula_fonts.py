"""The fonts of formulas are cut to what is shown; whatever a formula shows is still in its font."""

import base64
import io
import re

import pytest
from fontTools.ttLib import TTFont

from tests.site.conftest import EDITIONS, SITE, pages

SHOWN = """() => {
  const seen = new Set();
  for (const formula of document.querySelectorAll(".katex-html")) {
    const texts = document.createTreeWalker(formula, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const style = getComputedStyle(texts.currentNode.parentElement);
      const family = style.fontFamily.split(",")[0].replaceAll('"', "");
      for (const character of texts.currentNode.data)
        seen.add([family, style.fontStyle, style.fontWeight, character].join("\\n"));
    }
  }
  return [...seen];
}"""


def _fonts(edition: str) -> dict[tuple[str, ...], set[str]]:
    (sheet,) = (SITE / edition / "_static").glob("math-*.css")
    found = {}
    for face in re.findall(r"@font-face\s*\{([^{}]*)\}", sheet.read_text("utf-8")):
        named = [re.search(rf"font-{name}:\s*([\w-]+)", face) for name in ("family", "style", "weight")]
        data = re.search(r"base64,([A-Za-z0-9+/=]+)", face)
        assert data is not None
        font = TTFont(io.BytesIO(base64.b64decode(data[1])))
        found[tuple(name[1] for name in named if name)] = set(map(chr, font.getBestCmap()))
    return found


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_character_of_a_formula_is_in_its_font(address: str, browser, edition: str) -> None:
    fonts, shown, opened = _fonts(edition), set[str](), browser.new_page()
    for page in pages(edition):
        opened.goto(f"{address}/{page}", wait_until="load")
        shown |= set(opened.evaluate(SHOWN))
    opened.close()
    needed = [entry.split("\n") for entry in shown]
    assert len(needed) > 150
    # KaTeX has no Cyrillic letters; spaces of zero width are nobody's
    missing = [
        (*face, character)
        for *face, character in needed
        if not character.isspace()
        and not re.match("[\u0400-\u04ff\u200b]", character)
        and character not in fonts[tuple(face)]
    ]
    assert not missing
