"""Build the site: `python book/_ext/build_site.py [--editions ru en] [--strict]`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from site_build import edition, execution, publish  # noqa: E402
from site_build.book import REPOSITORY, Book  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Build the book's site: every edition, ready to read or to serve."
    )
    parser.add_argument("--editions", nargs="+", metavar="LANGUAGE", help="which editions (default: all)")
    parser.add_argument(
        "--strict", action="store_true", help="fail on any warning and any unresolved reference"
    )
    parser.add_argument("--notebooks", action="store_true", help="only write the learners' notebooks")
    parser.add_argument(
        "--book", type=Path, default=REPOSITORY, help="folder with _config.yml (default: this one)"
    )
    options = parser.parse_args(arguments)
    book = Book(options.book.resolve())
    languages = options.editions or book.languages
    unknown = [language for language in languages if language not in book.languages]
    if unknown:
        parser.error(f"--editions must be among {', '.join(book.languages)}, got {unknown[0]}")
    try:
        check(book)
        if options.notebooks:
            edition.build_all(book, languages, options.strict, notebooks=True)
            for language in languages:
                print(f"notebooks: {book.learners(language)}")
        else:
            build(book, languages, options.strict)
    except (execution.NotebookFailed, edition.EditionFailed, FileNotFoundError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def check(book: Book) -> None:
    """Tell what is wrong with the pages before anything slow begins."""
    problems = book.problems()
    if problems:
        raise edition.EditionFailed("\n".join(map(str, problems)))


def build(book: Book, languages: list[str], strict: bool) -> None:
    started = time.perf_counter()
    ran = execution.execute(book)
    executed = time.perf_counter()
    if not ran:
        print(f"all {len(book.notebooks)} notebooks are executed already")
    edition.build_all(book, languages, strict)
    built = time.perf_counter()
    changed = publish.publish(book, languages)
    finished = time.perf_counter()
    print(
        f"executed in {executed - started:.1f} s, built in {built - executed:.1f} s, "
        f"published {', '.join(changed) or 'nothing new'} in {finished - built:.1f} s"
    )
    print(f"open {book.site / 'index.html'}")


if __name__ == "__main__":
    sys.exit(main())
