"""The built site read from the disk: every link and anchor exists, and nothing is fetched elsewhere."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.site.conftest import EDITIONS, SITE, pages

FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src"}
FETCHED_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch", "preconnect"}


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.ids: set[str] = set()
        self.attributes: dict[str, dict[str, str | None]] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.attributes.setdefault(tag, given)
        if identifier := given.get("id"):
            self.ids.add(identifier)
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag in FETCHED and given.get(FETCHED[tag]):
            self.fetched.append(str(given[FETCHED[tag]]))
        if tag == "link" and FETCHED_LINKS & set((given.get("rel") or "").split()):
            self.fetched.append(str(given["href"]))


@pytest.fixture(scope="module")
def parsed(site: Path) -> dict[str, _Page]:
    return {page: _Page((SITE / page).read_text("utf-8")) for edition in EDITIONS for page in pages(edition)}


def test_both_editions_have_the_same_pages(site: Path) -> None:
    ru, en = ({page.partition("/")[2] for page in pages(edition)} for edition in EDITIONS)
    assert ru == en
    assert "book/05-transposed-convolution.html" in ru


def test_both_editions_have_the_same_sections(parsed: dict[str, _Page]) -> None:
    for page in pages("ru"):
        other = "en/" + page.partition("/")[2]
        sections = [
            {i for i in parsed[name].ids if re.match(r"(sec|eq|equation|fig|tab|thm)-", i)}
            for name in (page, other)
        ]
        assert sections[0] == sections[1], f"{page}: anchors differ between the editions"


def test_every_internal_link_and_anchor_exists(parsed: dict[str, _Page]) -> None:
    broken = []
    for name, page in parsed.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (SITE / name).parent / unquote(parts.path) if parts.path else SITE / name
            target = target.resolve()
            if target.is_dir():
                target /= "index.html"
            if not target.exists():
                broken.append(f"{name} → {link}: no such file")
                continue
            key = target.relative_to(SITE).as_posix()
            anchor = unquote(parts.fragment)
            explorable_setting = "=" in anchor
            if anchor and not explorable_setting and key in parsed and anchor not in parsed[key].ids:
                broken.append(f"{name} → {link}: no such anchor")
    assert not broken, "\n".join(broken)


def test_no_file_is_fetched_from_another_host(parsed: dict[str, _Page]) -> None:
    foreign = [
        f"{name}: {url}"
        for name, page in parsed.items()
        for url in page.fetched
        if urlsplit(url).netloc or urlsplit(url).scheme not in ("", "data")
    ]
    assert not foreign, "\n".join(foreign)


def test_style_sheets_name_no_other_host(site: Path) -> None:
    foreign = [
        f"{sheet.relative_to(SITE)}: {url}"
        for sheet in site.rglob("*.css")
        for url in re.findall(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^)\"']+)", sheet.read_text("utf-8"))
    ]
    assert not foreign, "\n".join(foreign)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_names_its_language_and_its_twin(parsed: dict[str, _Page], edition: str) -> None:
    for name in pages(edition):
        assert parsed[name].attributes["html"]["lang"] == edition, name
        text = (SITE / name).read_text("utf-8")
        for language in EDITIONS:
            switched = re.search(rf'<link[^>]*hreflang="{language}"', text)
            assert switched, f"{name}: no hreflang for {language}"
        assert re.search(r'<meta[^>]*name="description"[^>]*content="[^"]{20,}"', text), (
            f"{name}: no description"
        )


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_picture_has_a_text_alternative(edition: str, site: Path) -> None:
    bare = [
        f"{name}: {image[:120]}"
        for name in pages(edition)
        for image in re.findall(r"<img\b[^>]*>", (SITE / name).read_text("utf-8"))
        if not re.search(r'\balt="', image)
    ]
    assert not bare, "\n".join(bare)


@pytest.mark.parametrize("edition", EDITIONS)
def test_sources_of_both_languages_are_not_published(edition: str, site: Path) -> None:
    assert not list((site / edition).rglob("_sources/**/*.md"))
