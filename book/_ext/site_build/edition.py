"""One edition, in a process of its own: Sphinx keeps its message catalogues per process."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import execution_cache

from .book import Book

EXTENSIONS = Path(__file__).resolve().parents[1]


class EditionFailed(RuntimeError):
    """Sphinx refused an edition; what it said has been printed."""


def build(
    book: Book, language: str, published: Sequence[str], cache: str, strict: bool, notebooks: bool
) -> int:
    """Run Sphinx as Jupyter Book would, in this process; `notebooks`: write the learners' ones and no pages.

    `cache` was settled before the notebooks were executed: somebody may have changed the library since.
    """
    from jupyter_book.sphinx import build_sphinx

    from .wheel import wheel_name

    work = book.build / "editions" / language
    out = work / "no-pages" if notebooks else book.edition(language)
    forget_if_made_otherwise(work, strict)
    overrides: dict[str, Any] = {
        "language": language,
        "editions_published": list(published),
        "execution_cache_folder": cache,
        "external_toc_path": str(book.root / "_toc.yml"),
        "learner_notebooks_wheel": f"files/{name}" if (name := wheel_name(book)) else "",
        "latex_individualpages": False,
    }
    if notebooks:  # numbers and references need no outputs
        overrides |= {
            "learner_notebooks_only": str(book.learners(language)),
            "nb_execution_mode": "off",
            "editions_published": [],
        }
    if strict:
        overrides["nitpicky"] = True
    result = build_sphinx(
        book.root,
        out,
        noconfig=True,
        path_config=book.root / "_config.yml",
        doctreedir=work / ("doctrees-notebooks" if notebooks else "doctrees"),
        confoverrides=overrides,
        builder="dummy" if notebooks else "html",
        quiet=True,
        warningiserror=strict,
        keep_going=True,
        jobs=1,
    )
    return int(bool(result))


def forget_if_made_otherwise(work: Path, strict: bool) -> None:
    """Sphinx reads again what has changed, and warns of what it reads.

    So it does not see that an extension has changed, and a strict build would not hear the warnings of a
    lenient or a failed one: then everything is read anew.
    """
    made_with = execution_cache.key(EXTENSIONS, ["**/*.py", "**/*.html", "**/*.cjs"])
    stamp = work / "made-with"
    known = stamp.read_text().split() if stamp.is_file() else []
    if made_with not in known or (strict and "strict" not in known):
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
    stamp.write_text(f"{made_with} strict" if strict or "strict" in known else made_with)


def state(book: Book, languages: Sequence[str], strict: bool) -> str:
    """A hash of everything that the editions are made from."""
    files = ["book/**/*", "_config.yml", "_toc.yml", "pyproject.toml"]
    made_from = [execution_cache.key(book.root, files), execution_cache.key(EXTENSIONS, ["**/*"])]
    return " ".join([*made_from, book.execution_cache.name, *languages, "strict" if strict else "lenient"])


def build_all(book: Book, languages: Sequence[str], strict: bool, notebooks: bool = False) -> None:
    """Every edition that is not built yet, side by side; raises EditionFailed if Sphinx refuses one."""
    now = state(book, languages, strict)
    stamps = {language: book.build / "editions" / language / "built" for language in languages}
    if not notebooks:
        languages = [
            language
            for language, stamp in stamps.items()
            if not (stamp.is_file() and stamp.read_text() == now and book.edition(language).is_dir())
        ]
    if languages:
        doing = "writing the notebooks" if notebooks else "building the editions"
        print(f"{doing}: {', '.join(languages)} side by side …", flush=True)
    environment = {**os.environ, "PYTHONPATH": _path(), "PYTHONUNBUFFERED": "1"}
    running: list[tuple[str, subprocess.Popen[str], threading.Thread]] = []
    for language in languages:
        command = [
            sys.executable, "-m", "site_build.edition", str(book.root), language, ",".join(stamps),
            str(book.execution_cache),
            "strict" if strict else "lenient", "notebooks" if notebooks else "pages",
        ]  # fmt: skip
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        assert process.stdout is not None
        reader = threading.Thread(target=_relay, args=(process.stdout, language))
        reader.start()
        running.append((language, process, reader))
    failed = []
    for language, process, reader in running:
        refused = process.wait()
        reader.join()
        if refused:
            failed.append(language)
            (stamps[language].parent / "made-with").unlink(missing_ok=True)
        elif not notebooks:
            stamps[language].write_text(now)
    if failed:
        raise EditionFailed(f"the {' and the '.join(failed)} edition was not built: mend what is named above")


def _relay(stream: IO[str], language: str) -> None:
    for line in stream:
        if line.strip():
            print(f"{language} │ {line.rstrip()}", flush=True)


def _path() -> str:
    return os.pathsep.join([str(EXTENSIONS), *filter(None, [os.environ.get("PYTHONPATH")])])


if __name__ == "__main__":
    root, language, published, cache, strictness, what = sys.argv[1:]
    book, editions = Book(Path(root)), published.split(",")
    sys.exit(build(book, language, editions, cache, strictness == "strict", what == "notebooks"))
