"""axe-core on every page: both editions, dark and light, desktop and phone width."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.conftest import EDITIONS, pages

# Thousands of glyphs in formulas and drawings take most of the time: one screen and theme looks at them all.
LIGHTLY = {"exclude": [[".katex > *"], ["svg > *"]]}
SCREENS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_no_violations(address: str, visit, edition: str, theme: str, screen: str) -> None:
    found = []
    context = None if (screen, theme) == ("desktop", "light") else LIGHTLY
    for page in pages(edition):
        opened, _ = visit(f"{address}/{page}", viewport=SCREENS[screen], color_scheme=theme)
        opened.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        opened.wait_for_timeout(300)
        for violation in Axe().run(opened, context=context).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            found.append(f"{page}: {violation['id']} × {len(violation['nodes'])}: {nodes}")
    assert not found, "\n".join(found)
