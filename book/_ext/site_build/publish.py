"""What readers get: processed copies of the editions, a root page that chooses one, files to download."""

from __future__ import annotations

import html
import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

import execution_cache
from editions.pages import OWN_NAMES
from editions.titles import pick
from light_pages import lighten

from .book import Book
from .wheel import build_wheel

ROOT_FILES = Path(__file__).parent / "root"


def fingerprint(*folders: Path) -> str:
    """Names and contents of everything in the folders; times change although Sphinx writes the same bytes."""
    return " ".join(execution_cache.key(folder, ["**/*"]) for folder in folders)


def publish(book: Book, languages: Sequence[str]) -> list[str]:
    """Copy and process the editions that have changed since the last time; returns their languages."""
    book.site.mkdir(parents=True, exist_ok=True)
    changed = []
    for language in languages:
        source, target = book.edition(language), book.site / language
        # the processing is code too: a new version of it means a new copy
        state = fingerprint(source, Path(__file__).resolve().parents[1])
        stamp = source.parent / "published"
        if target.is_dir() and stamp.is_file() and stamp.read_text() == state:
            continue
        fresh = book.build / "editions" / language / "publishing"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(
            source,
            fresh,
            ignore=shutil.ignore_patterns(".buildinfo*", "objects.inv", "_sources", ".made.json"),
        )
        process(fresh)
        write_redirect(fresh, book.root_page)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
        stamp.write_text(state)
        changed.append(language)
    for other in book.languages:
        if other not in languages:
            shutil.rmtree(book.site / other, ignore_errors=True)
    before = fingerprint(book.site / "files") if (book.site / "files").is_dir() else ""
    build_wheel(book, book.site / "files")
    write_root_page(book, languages)
    if changed or not (book.site / book.zip_name).is_file() or before != fingerprint(book.site / "files"):
        write_zip(book)
    return changed


def write_zip(book: Book) -> Path:
    """The whole site in one file; the same bytes for the same site."""
    target = book.site / book.zip_name
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".part")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(book.site.rglob("*")):
            if not path.is_file() or path in (target, fresh):
                continue
            entry = zipfile.ZipInfo(f"{target.stem}/{path.relative_to(book.site).as_posix()}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    fresh.replace(target)
    return target


def process(edition: Path) -> None:
    """Every step that changes built pages; `edition` is a fresh copy, so a step never meets its own work."""
    lighten(edition)


def write_redirect(edition: Path, page: str) -> None:
    """ru/index.html, for an address without a page."""
    target = html.escape(f"{page}.html")
    (edition / "index.html").write_text(
        f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={target}">'
        f'<link rel="canonical" href="{target}"><title>…</title><a href="{target}">{target}</a>\n',
        "utf-8",
    )


def write_root_page(book: Book, languages: Sequence[str]) -> None:
    """index.html: the edition chosen before, else the browser's first language that the book has."""
    titles = {
        language: html.escape(pick(str(book.settings.get("title", "")), language, book.languages))
        for language in languages
    }
    pages = {language: html.escape(f"{language}/{book.root_page}.html") for language in languages}
    links = "\n".join(
        f'<li><a href="{page}" lang="{language}" hreflang="{language}" data-edition="{language}">'
        f"{titles[language]} – {OWN_NAMES.get(language, language)}</a></li>"
        for language, page in pages.items()
    )
    alternates = "\n".join(
        f'<link rel="alternate" hreflang="{language}" href="{page}">'
        for language, page in [*pages.items(), ("x-default", "index.html")]
    )
    for path in ROOT_FILES.iterdir():
        shutil.copy2(path, book.site)
    (book.site / "index.html").write_text(
        f"""<!doctype html>
<html lang="{languages[0]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{" · ".join(titles.values())}</title>
{alternates}
<link rel="stylesheet" href="choose-edition.css">
<script src="choose-edition.js" defer></script>
</head>
<body>
<main>
<h1>{" · ".join(titles.values())}</h1>
<ul>
{links}
</ul>
</main>
</body>
</html>
""",
        "utf-8",
    )
