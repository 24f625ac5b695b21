"""axe-core on every page: both editions, dark and light, desktop and phone width."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.conftest import EDITIONS, pages

SCREENS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
# Contrast takes four fifths of the time, and only the theme changes colours: each theme is looked at once.
CONTRAST = {("desktop", "light", "ru"), ("phone", "dark", "en")}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_no_violations(address: str, visit, edition: str, theme: str, screen: str) -> None:
    found = []
    contrast = (screen, theme, edition) in CONTRAST
    # what passes is told in brief: to describe it all takes longer than to find it
    options = {"rules": {"color-contrast": {"enabled": contrast}}, "resultTypes": ["violations"]}
    for page in pages(edition):
        opened, _ = visit(f"{address}/{page}", viewport=SCREENS[screen], color_scheme=theme)
        opened.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        opened.wait_for_timeout(300)
        for violation in Axe().run(opened, options=options).response["violations"]:
            nodes = [node["html"][:160] for node in violation["nodes"][:3]]
            found.append(f"{page}: {violation['id']} × {len(violation['nodes'])}: {nodes}")
    assert not found, "\n".join(found)
