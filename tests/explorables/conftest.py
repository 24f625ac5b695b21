import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.explorables.host import page as host_page

ADDRESS = "http://localhost/page.html"


@pytest.fixture
def show(browser: Any) -> Iterator[Callable[..., Any]]:
    """`show(explorable, …)` opens a page with them; at the end no script may have failed."""
    opened = []

    def open_page(
        *explorables: Any,
        fragment: str = "",
        width: int = 1000,
        media: dict[str, str] | None = None,
        permissions: tuple[str, ...] = (),
        **options: Any,
    ) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, permissions=list(permissions), **(media or {})
        )
        page = context.new_page()
        html = host_page(*explorables, **options)
        page.route("http://localhost/**", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(ADDRESS + fragment)
        page.wait_for_selector("body[data-ready]")
        opened.append((context, page))
        return page

    yield open_page
    for context, page in opened:
        errors = page.evaluate("window.errors")
        context.close()
        assert errors == [], json.dumps(errors)
