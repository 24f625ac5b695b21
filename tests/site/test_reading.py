"""What a reader does: change the language, search, open the dark theme, use the explorable."""

import re

import pytest

from tests.site.conftest import EDITIONS, pages

CHAPTER = "book/05-transposed-convolution.html"
SECTIONS = "[...document.querySelectorAll('article section[id^=sec-] section[id^=sec-]')]"
# English words that the theme's own interface would leave on a Russian page.
ENGLISH_INTERFACE = (
    "Search", "Contents", "Next", "Previous", "previous", "next", "Back to top", "Copy", "Toggle", "Skip to",
    "Print", "Download", "Fullscreen", "Light", "Dark", "System", "Color mode", "Proof", "Theorem", "Note",
    "Click", "Link to this", "Permalink", "Show", "Hide", "Source", "Close", "Settings",
)  # fmt: skip


@pytest.mark.parametrize(("here", "there"), [("ru", "en"), ("en", "ru")])
def test_switching_the_language_keeps_page_and_anchor(address: str, visit, here: str, there: str) -> None:
    opened, _ = visit(f"{address}/{here}/{CHAPTER}", reduced_motion="reduce")
    anchor = opened.evaluate(f"{SECTIONS}.at(-1).id")
    opened.goto(f"{address}/{here}/{CHAPTER}#{anchor}")
    opened.wait_for_timeout(800)
    # the driver's own click would scroll the page first
    opened.locator(f'a[hreflang="{there}"]').first.evaluate("link => link.click()")
    opened.wait_for_url(f"**/{there}/{CHAPTER}#{anchor}")
    assert opened.evaluate("document.documentElement.lang") == there


def test_twins_are_named_by_whole_addresses(address: str, visit) -> None:
    opened, _ = visit(f"{address}/en/{CHAPTER}")
    links = "[...document.querySelectorAll('link[hreflang]')].map(e => [e.hreflang, e.getAttribute('href')])"
    there = {language: f"{address}/{language}/{CHAPTER}" for language in EDITIONS}
    assert dict(opened.evaluate(links)) == {**there, "x-default": there["ru"]}


def test_switching_the_language_keeps_the_place_without_an_anchor(address: str, visit) -> None:
    opened, _ = visit(f"{address}/ru/{CHAPTER}", reduced_motion="reduce")
    anchor = opened.evaluate(
        f"""() => {{ const all = {SECTIONS}, one = all[Math.floor(all.length / 2)];
                    one.scrollIntoView(); return one.id; }}"""
    )
    opened.wait_for_timeout(300)
    opened.locator('a[hreflang="en"]').first.evaluate("link => link.click()")
    opened.wait_for_url(f"**/en/{CHAPTER}#{anchor}")


@pytest.mark.parametrize(
    ("edition", "query"),
    [("ru", "свёртками"), ("ru", "свертка"), ("ru", "свёртка"), ("ru", "транспонированными"),
     ("ru", "stride"), ("en", "convolutions"), ("en", "transposed")],
)  # fmt: skip
def test_search_finds_inflected_words(address: str, visit, edition: str, query: str) -> None:
    opened, seen = visit(f"{address}/{edition}/search.html?q={query}")
    opened.wait_for_selector("#search-results ul.search li a", timeout=8000)
    found = opened.eval_on_selector_all("#search-results ul.search li a", "all => all.map(a => a.href)")
    assert any(CHAPTER in link for link in found), found
    assert not seen.problems


def test_nothing_of_the_interface_is_english_on_russian_pages(address: str, visit) -> None:
    left = []
    for page in pages("ru"):
        opened, _ = visit(f"{address}/{page}")
        spoken = opened.evaluate(
            """() => {
              const skip = 'pre, code, .katex, math, [lang=en], .bibliography, dl.citation, dl.py';
              const said = [];
              for (const a of ['title', 'aria-label', 'placeholder', 'data-bs-title'])
                for (const e of document.querySelectorAll(`[${a}]`))
                  if (!e.closest(skip)) said.push(e.getAttribute(a));
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const { parentElement, textContent } = walker.currentNode;
                if (!parentElement.closest(skip + ', script, style, noscript')) said.push(textContent.trim());
              }
              return said.filter(Boolean);
            }"""
        )
        left += [
            f"{page}: {text[:80]}"
            for text in spoken
            if not re.search("[а-яё]", text, re.IGNORECASE)
            and any(re.match(rf"{re.escape(word)}\b", text) for word in ENGLISH_INTERFACE)
        ]
    assert not left, "\n".join(left)


@pytest.mark.parametrize("edition", EDITIONS)
def test_pixels_are_not_dimmed_in_the_dark(address: str, visit, edition: str) -> None:
    opened, _ = visit(f"{address}/{edition}/{CHAPTER}", color_scheme="dark")
    opened.evaluate("document.documentElement.dataset.theme = 'dark'")
    filters = opened.eval_on_selector_all("article img", "all => all.map(i => getComputedStyle(i).filter)")
    assert filters
    assert set(filters) == {"none"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_chapter_offers_its_own_notebook(address: str, visit, edition: str) -> None:
    opened, _ = visit(f"{address}/{edition}/{CHAPTER}")
    link = opened.locator('a[href$=".ipynb"]').first.get_attribute("href")
    answer = opened.request.get(opened.evaluate("h => new URL(h, location.href).href", link))
    assert answer.ok
    notebook = answer.json()
    prose = "".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "markdown")
    cyrillic = len(re.findall("[а-яё]", prose, re.IGNORECASE)) / len(prose)
    assert (cyrillic > 0.3) if edition == "ru" else (cyrillic < 0.05)
    assert all(not cell.get("outputs") for cell in notebook["cells"])
