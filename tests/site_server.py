"""The built site, served compressed as a web server would, and what its pages transfer."""

import functools
import gzip
import http.server
import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SITE = Path(__file__).resolve().parents[1] / "_build" / "site"
EDITIONS = ("ru", "en")
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".txt", ".xml"}


def pages(edition: str, site: Path = SITE) -> list[str]:
    """Paths from the site's root of one edition's pages; the file that leads to the start page is none."""
    root = site / edition
    return sorted(
        p.relative_to(site).as_posix()
        for p in root.rglob("*.html")
        if "_static" not in p.relative_to(root).parts and p != root / "index.html"
    )


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


@contextmanager
def serving(site: Path) -> Iterator[str]:
    """Address of a local server with the site."""
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(_Handler, directory=str(site))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def transferred(request: Any) -> int:
    """Bytes of a finished request's answer, headers included."""
    sizes = request.sizes()
    return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])
