"""Every page of both editions in a real browser: its requests, its errors, its weight."""

import gzip
import re

import pytest

from tests.site.conftest import EDITIONS, SITE, pages

WEIGHT = 180_000  # bytes transferred, compressed, before images and explorable data
PICTURES = (".png", ".jpg", ".webp", ".gif", ".svg", ".mp4")


def _all_pages() -> list[str]:
    return [page for edition in EDITIONS for page in pages(edition)] if SITE.exists() else []


@pytest.mark.parametrize("page", ["index.html", *_all_pages()])
def test_page_asks_only_its_own_host_and_has_no_errors(address: str, visit, page: str) -> None:
    opened, seen = visit(f"{address}/{page}")
    opened.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    opened.wait_for_timeout(400)
    foreign = [url for url in seen.requests if not url.startswith((address + "/", "data:", "blob:"))]
    assert not foreign
    assert not seen.problems


@pytest.mark.parametrize("page", _all_pages())
def test_page_is_light_before_images(address: str, visit, page: str) -> None:
    opened, seen = visit(f"{address}/{page}")
    opened.wait_for_timeout(300)
    html = (SITE / page).read_text("utf-8")
    # drawings lie in the page itself, and so does the data of explorables
    inlined = r'<svg\b.*?</svg>|<script type="application/(?:vnd\.jupyter|json).*?</script>'
    without_drawings = re.sub(inlined, "", html, flags=re.DOTALL)
    drawings = len(gzip.compress(html.encode(), 6)) - len(gzip.compress(without_drawings.encode(), 6))
    weight = -drawings
    for url, size in seen.sizes.items():
        if not url.split("?")[0].endswith(PICTURES) and "/_static/explorables/" not in url:
            weight += size
    assert weight <= WEIGHT, f"{page}: {weight / 1000:.0f} kB"


@pytest.mark.parametrize("edition", EDITIONS)
def test_page_opens_from_the_disk(site, visit, edition: str) -> None:
    url = (site / edition / "book" / "05-transposed-convolution.html").as_uri()
    opened, seen = visit(url)
    opened.wait_for_timeout(800)
    assert not [u for u in seen.requests if not u.startswith(("file:", "data:", "blob:"))]
    assert not seen.problems
    assert opened.locator(".katex").count() > 10
    assert opened.evaluate(
        "[...document.fonts].some(f => f.family.startsWith('KaTeX') && f.status === 'loaded')"
    )


@pytest.mark.parametrize(("language", "edition"), [("ru-RU", "ru"), ("en-GB", "en"), ("de-DE", "en")])
def test_root_page_follows_the_browsers_language(address: str, visit, language: str, edition: str) -> None:
    opened, _ = visit(f"{address}/index.html", locale=language)
    opened.wait_for_url(f"**/{edition}/**")


def test_phone_width_does_not_scroll_sideways(address: str, visit) -> None:
    wide = []
    for edition in EDITIONS:
        for page in pages(edition):
            opened, _ = visit(f"{address}/{page}", viewport={"width": 390, "height": 844})
            overflow = opened.evaluate("document.documentElement.scrollWidth - innerWidth")
            if overflow > 0:
                wide.append(f"{page}: {overflow} px")
    assert not wide
