"""What a learner has solved, in a file on their own machine; nothing is sent anywhere."""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from upsample_lib.exercises import sentences
from upsample_lib.exercises.atomic_file import write_text
from upsample_lib.exercises.language import Text
from upsample_lib.exercises.report import Report, Shown, marked_up

VARIABLE = "UPSAMPLE_DATA"
_problem: Path | None = None


def path() -> Path:
    """In the folder that the variable UPSAMPLE_DATA names, else where the system keeps users' data."""
    if os.environ.get(VARIABLE):
        return Path(os.environ[VARIABLE]) / "progress.json"
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "upsample_lib" / "progress.json"


def read() -> dict[str, dict[str, Any]]:
    """Exercise → what is known of it; empty where there is no file or it is damaged."""
    try:
        found = json.loads(path().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: entry for name, entry in found.items() if isinstance(entry, dict)}


def record(report: Report) -> None:
    """Remember the outcome of a check. What has been solved once stays solved."""
    global _problem
    if report.verdict == "not attempted":
        return
    known = read()
    entry = known.setdefault(report.exercise, {})
    entry["checks"] = (entry["checks"] if isinstance(entry.get("checks"), int) else 0) + 1
    entry["last"], entry["diagnosis"] = report.verdict, list(report.diagnosis)
    if report.passed:
        entry.setdefault("solved", datetime.now(UTC).isoformat(timespec="seconds"))
    try:
        write_text(path(), json.dumps(known, ensure_ascii=False, indent=1))
        _problem = None
    except OSError:  # a read-only home is no reason to withhold the answer
        _problem = path()


@dataclass(frozen=True, repr=False)
class Progress(Shown):
    """Which exercises are solved (✓), tried (✗) and untouched (…).

    Parameters
    ----------
    exercises
        Their names and titles.
    """

    exercises: Sequence[tuple[str, Text]]

    def _rows(self) -> list[tuple[str, str, Text]]:
        known = read()
        signs = [(known.get(name, {}), name, title) for name, title in self.exercises]
        return [
            ("✓" if "solved" in entry else "✗" if entry else "…", name, title) for entry, name, title in signs
        ]

    def _heading(self, language: str) -> str:
        rows = self._rows()
        done = sum(sign == "✓" for sign, _, _ in rows)
        said = sentences.PROGRESS.fill(done=done, count=len(rows)).said_in(language)
        return (
            said
            if _problem is None
            else f"{said}. {sentences.NOT_SAVED.fill(path=_problem).said_in(language)}"
        )

    def in_html(self, language: str) -> str:
        rows = "".join(
            f"<li>{sign} <code>{name}</code> {marked_up(title.said_in(language))}</li>"
            for sign, name, title in self._rows()
        )
        return (
            f'<div class="up-check" lang="{language}">'
            f'<p style="margin: 0">{marked_up(self._heading(language))}</p>'
            f'<ul style="list-style: none; padding-left: .8em">{rows}</ul></div>'
        )

    def in_text(self, language: str) -> str:
        rows = [f"  {sign} {name}: {title.said_in(language)}" for sign, name, title in self._rows()]
        return "\n".join([self._heading(language), *rows])
