"""The built site, served compressed as a web server would, and a browser that records what pages do."""

import functools
import gzip
import http.server
import io
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SITE = Path(__file__).resolve().parents[2] / "_build" / "site"
EDITIONS = ("ru", "en")
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".txt", ".xml"}


def pages(edition: str) -> list[str]:
    """Paths from the site's root of one edition's pages; the file that leads to the start page is none."""
    root = SITE / edition
    return sorted(
        p.relative_to(SITE).as_posix()
        for p in root.rglob("*.html")
        if "_static" not in p.relative_to(root).parts and p != root / "index.html"
    )


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site; tests of the site need `make site` first."""
    if not (SITE / "index.html").exists():
        pytest.fail("the site is not built: run `make site` first")
    return SITE


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass

    def send_head(self):  # type: ignore[no-untyped-def]
        path = Path(self.translate_path(self.path))
        if path.is_file() and path.suffix in COMPRESSED:
            body = gzip.compress(path.read_bytes(), 6)
            self.send_response(200)
            self.send_header("Content-Type", self.guess_type(str(path)))
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            return io.BytesIO(body)
        return super().send_head()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Address of a local server with the site."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Handler, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


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
        page.on("requestfinished", lambda request: seen.sizes.__setitem__(request.url, _transferred(request)))
        page.goto(url, wait_until="load")
        return page, seen

    yield open_page
    for context in contexts:
        context.close()


def _transferred(request) -> int:  # type: ignore[no-untyped-def]
    sizes = request.sizes()
    return sizes["responseBodySize"] + sizes["responseHeadersSize"]
