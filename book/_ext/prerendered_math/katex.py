"""Formulas from TeX to HTML: one long-lived KaTeX process, and a store of what it has rendered before."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
from pathlib import Path

from .install import HERE, katex_folder, node_program


class FormulaError(ValueError):
    """What KaTeX says about a formula that it cannot read."""


class Katex:
    """Renders formulas; knows every formula rendered earlier with the same KaTeX, options and macros."""

    def __init__(self, folder: Path, macros: dict[str, str]) -> None:
        self.folder = folder
        self.macros = macros
        recipe = [(HERE / name).read_text("utf-8") for name in ("package-lock.json", "renderer.cjs")]
        self._recipe = json.dumps([*recipe, macros], sort_keys=True)
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0
        self._fresh: dict[str, str] = {}
        folder.mkdir(parents=True, exist_ok=True)
        self._store = folder / "formulas.sqlite"
        self._known = self._load()
        self.rendered = 0

    def render(self, tex: str, display: bool) -> str:
        key = hashlib.sha256(f"{display}\0{tex}\0{self._recipe}".encode()).hexdigest()
        html = self._known.get(key) or self._fresh.get(key)
        if html is None:
            answer = self._ask({"tex": tex, "display": display, "macros": self.macros})
            if "error" in answer:
                raise FormulaError(answer["error"])
            html = self._fresh[key] = answer["html"]
            self.rendered += 1
        return html

    def close(self) -> None:
        """Ends the process and keeps what was rendered."""
        if self._process is not None and self._owner == os.getpid():
            self._process.communicate()
        self._process = None
        if self._fresh:
            with sqlite3.connect(self._store, timeout=60) as store:
                store.execute("CREATE TABLE IF NOT EXISTS formulas (key TEXT PRIMARY KEY, html TEXT)")
                store.executemany("INSERT OR REPLACE INTO formulas VALUES (?, ?)", self._fresh.items())
            store.close()
            self._known.update(self._fresh)
            self._fresh = {}

    def _load(self) -> dict[str, str]:
        if not self._store.exists():
            return {}
        store = sqlite3.connect(self._store, timeout=60)
        try:
            return dict(store.execute("SELECT key, html FROM formulas"))
        except sqlite3.DatabaseError:  # a store cut short by a killed build is only a store
            self._store.unlink()
            return {}
        finally:
            store.close()

    def _ask(self, request: dict[str, object]) -> dict[str, str]:
        if self._process is None or self._owner != os.getpid():  # a forked child must not share the pipe
            katex = katex_folder(self.folder)
            self._process = subprocess.Popen(
                [str(node_program()), str(HERE / "renderer.cjs"), str(katex)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
            self._owner = os.getpid()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the KaTeX process ended (exit status {self._process.wait()})")
        answer: dict[str, str] = json.loads(line)
        return answer
