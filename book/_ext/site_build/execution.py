"""Execute what the cache lacks, several notebooks at a time; every edition then reads the same outputs."""

from __future__ import annotations

import multiprocessing
import os
import re
import time
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import execution_cache
import nbformat

from .book import Book
from .kernel import Manager

# a kernel on this machine only need not say that its sockets are not encrypted
QUIET = ["--IPKernelApp.log_level=ERROR"]
ANSI = re.compile(r"\x1b\[[0-9;]*m")


class NotebookFailed(RuntimeError):
    """At least one notebook did not run to its end."""


@dataclass
class Outcome:
    path: Path
    notebook: Any
    seconds: float
    error: str = ""
    traceback: str = ""


def read(path: Path) -> Any:
    """The notebook that MyST-NB will ask the cache for."""
    text = path.read_text("utf-8")
    if path.suffix == ".ipynb":
        return nbformat.reads(text, as_version=4)
    from myst_nb.core.read import read_myst_markdown_notebook
    from myst_parser.config.main import MdParserConfig

    config = MdParserConfig(enable_extensions={"colon_fence", "dollarmath", "amsmath"})
    return read_myst_markdown_notebook(text, config=config, add_source_map=True, path=path)


def run(path: Path, timeout: int, threads: int) -> Outcome:
    """One notebook in a kernel of its own; called in a worker process."""
    from jupyter_cache.executors.utils import single_nb_execution

    os.environ.setdefault("OMP_NUM_THREADS", str(threads))
    # the kernel of this environment, not one of the same name that the user has installed elsewhere
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    # on a crowded machine a right solution must not look like an endless one
    os.environ.setdefault("UPSAMPLE_SECONDS", "30")
    notebook = read(path)
    result = single_nb_execution(
        notebook,
        cwd=str(path.parent),
        timeout=timeout,
        allow_errors=False,
        extra_arguments=QUIET,
        kernel_manager_class=Manager,
    )
    if result.err is None:
        return Outcome(path, notebook, result.time)
    return Outcome(
        path, notebook, result.time, _where(notebook, result.err), ANSI.sub("", result.exc_string or "")
    )


def _where(notebook: Any, error: Exception) -> str:
    """«cell 3 (line 120): NameError: name 'x' is not defined»"""
    ran = [
        i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.get("execution_count")
    ]
    at = next((i for i in ran if any(out.output_type == "error" for out in notebook.cells[i].outputs)), None)
    if at is None:  # a cell that ran out of time leaves no error output
        at = ran[-1] if ran else 0
    number = sum(cell.cell_type == "code" for cell in notebook.cells[: at + 1])
    lines = notebook.metadata.get("source_map", [])
    line = f" (line {lines[at] + 1})" if at < len(lines) else ""
    name, value = (
        getattr(error, "ename", type(error).__name__),
        getattr(error, "evalue", str(error).split("\n")[0]),
    )
    return f"code cell {number}{line}: {name}: {ANSI.sub('', value)}"


def execute(book: Book, say: Any = print) -> int:
    """Fill the cache; returns how many notebooks had to run, raises NotebookFailed after the last one."""
    from jupyter_cache import get_cache

    folder = book.execution_cache
    folder.mkdir(parents=True, exist_ok=True)
    execution_cache.forget_others(folder)
    cache = get_cache(folder)
    missing = [path for path in book.notebooks if not _known(cache, path)]
    if not missing:
        return 0
    timeout = int((book.settings.get("execute") or {}).get("timeout", 300))
    cores = os.cpu_count() or 1
    # timings must not share the machine with other chapters
    alone = [path for path in missing if _runs_alone(path)]
    together = [path for path in missing if path not in alone]
    workers = max(1, min(cores, len(together)))
    say(f"executing {len(missing)} of {len(book.notebooks)} notebooks, {workers} at a time")
    done: list[Outcome] = []
    for batch, size in ((together, workers), (alone, 1)):
        for outcome in _batch(batch, size, timeout, max(1, cores // size)):
            done.append(outcome)
            verdict = f"failed: {outcome.error}" if outcome.error else f"{outcome.seconds:.1f} s"
            say(f"[{len(done)}/{len(missing)}] {outcome.path.stem} … {verdict}")
            _keep(book, cache, outcome)
    failed = [outcome for outcome in done if outcome.error]
    if failed:
        raise NotebookFailed(
            "\n".join(
                f"{outcome.path.relative_to(book.root).as_posix()}: {outcome.error}; the whole report is in "
                f"{_report(book, outcome.path).relative_to(book.root).as_posix()}"
                for outcome in failed
            )
        )
    return len(missing)


def _batch(paths: Sequence[Path], workers: int, timeout: int, threads: int) -> Any:
    if not paths:
        return
    # spawn: a forked child would inherit the parent's threads and event loops
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        futures: list[Future[Outcome]] = [pool.submit(run, path, timeout, threads) for path in paths]
        for future in as_completed(futures):
            yield future.result()


def _known(cache: Any, path: Path) -> bool:
    try:
        cache.match_cache_notebook(read(path))
    except KeyError:
        return False
    return True


def _runs_alone(path: Path) -> bool:
    from editions.cells import front_matter

    return path.suffix == ".md" and bool(front_matter(path.read_text("utf-8")).get("run_alone"))


def _keep(book: Book, cache: Any, outcome: Outcome) -> None:
    from jupyter_cache.base import CacheBundleIn

    report = _report(book, outcome.path)
    if outcome.error:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(f"{outcome.path.name}: {outcome.error}\n\n{outcome.traceback}", "utf-8")
        return
    report.unlink(missing_ok=True)
    bundle = CacheBundleIn(outcome.notebook, str(outcome.path), data={"execution_seconds": outcome.seconds})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def _report(book: Book, path: Path) -> Path:
    return book.build / "reports" / f"{path.stem}.log"


def clock() -> float:
    return time.perf_counter()
