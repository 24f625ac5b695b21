"""The built site: its ten heaviest pages by transferred bytes, the explorables' steps, Lighthouse's figures.

    python -m benchmarks.site                 the ten heaviest pages, phone and desktop
    python -m benchmarks.site --every-page    Lighthouse on every page; some seconds for each

Needs `make site` first, Chromium or Chrome, and the npm registry once, for Lighthouse. What is missing is
said in words; the rest is measured all the same.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks import frames, lighthouse
from tests.browser import QUIET, installed
from tests.site_server import EDITIONS, SITE, pages, serving, transferred

HEAVIEST = 10
BAR = 1_500_000  # bytes of a page with all its pictures


@contextmanager
def _browser(program: str | None) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()


def weights(browser: Any, address: str, found: list[str]) -> dict[str, tuple[int, int]]:
    """Bytes that each page transfers into an empty cache: when it opens, and scrolled to its end."""
    sizes = {}
    for page in found:
        context = browser.new_context()
        opened, seen = context.new_page(), dict[str, int]()
        opened.on(
            "requestfinished", lambda request, seen=seen: seen.update({request.url: transferred(request)})
        )
        opened.goto(f"{address}/{page}", wait_until="networkidle")
        at_once = sum(seen.values())
        height = opened.evaluate("document.documentElement.scrollHeight")
        for top in range(0, height, 800):  # lazy pictures load when they come near
            opened.evaluate(f"window.scrollTo(0, {top})")
            opened.wait_for_timeout(15)
        opened.wait_for_load_state("networkidle")
        sizes[page] = at_once, sum(seen.values())
        context.close()
    return sizes


def heaviest(sizes: dict[str, tuple[int, int]], count: int = HEAVIEST) -> list[str]:
    return sorted(sizes, key=lambda page: sizes[page][1], reverse=True)[:count]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Weigh the pages of the built site.")
    parser.add_argument("--every-page", action="store_true", help="Lighthouse on every page")
    options = parser.parse_args(arguments)
    if not (SITE / "index.html").exists():
        print("NOT RUN: the site is not built; run make site first", file=sys.stderr)
        return 1
    found = [page for edition in EDITIONS for page in pages(edition)]
    program = installed()
    with serving(SITE) as address:
        try:
            with _browser(program) as browser:
                sizes = weights(browser, address, found)
        except Exception as error:
            reason = str(error).strip().splitlines()[0]
            print(
                f"NOT RUN: pages were not weighed, for no browser could be started ({reason})",
                file=sys.stderr,
            )
            return 1
        print(f"{len(found)} pages; the heaviest, kB transferred at once, and scrolled to the end")
        for page in heaviest(sizes):
            at_once, whole = sizes[page]
            verdict = "" if whole <= BAR else f"  MORE THAN {BAR / 1000:.0f}"
            print(f"  {page:44} {at_once / 1000:8.0f} {whole / 1000:8.0f}{verdict}")
        measured = found if options.every_page else heaviest(sizes)
        with _browser(program) as browser:
            frames.report(browser, address, [page for page in found if page.startswith("en/")])
        lighthouse.report([f"{address}/{page}" for page in measured], program)
    return 0


if __name__ == "__main__":
    sys.exit(main())
