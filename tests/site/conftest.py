"""The built site, and a browser that records what its pages do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.site_server import EDITIONS, SITE, pages, serving, transferred

__all__ = ["EDITIONS", "SITE", "pages"]


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site; tests of the site need `make site` first."""
    if not (SITE / "index.html").exists():
        pytest.fail("the site is not built: run `make site` first")
    return SITE


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Address of a local server with the site."""
    with serving(site) as found:
        yield found


@dataclass
class Visit:
    """What happened while a page was open."""

    requests: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)


@pytest.fixture
def visit(browser):  # type: ignore[no-untyped-def]
    """Function that opens an address in a fresh context, instead of the last, and returns (page, Visit)."""
    contexts = []

    def open_page(url: str, **options: object):  # type: ignore[no-untyped-def]
        while contexts:  # pages left open go on playing their animations
            contexts.pop().close()
        context = browser.new_context(**options)
        contexts.append(context)
        page, seen = context.new_page(), Visit()
        page.on("request", lambda request: seen.requests.append(request.url))
        page.on(
            "console",
            lambda m: seen.problems.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: seen.problems.append(f"script error: {error}"))
        page.on("requestfailed", lambda request: seen.problems.append(f"failed: {request.url}"))
        page.on("requestfinished", lambda request: seen.sizes.__setitem__(request.url, transferred(request)))
        page.goto(url, wait_until="load")
        return page, seen

    yield open_page
    for context in contexts:
        context.close()
