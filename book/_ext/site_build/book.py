"""The book as the driver sees it: its folders, its pages, its settings."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import execution_cache
import yaml
from editions import cells
from editions.validation import Problem, check

REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Book:
    root: Path

    @cached_property
    def settings(self) -> dict[str, Any]:
        found = yaml.safe_load((self.root / "_config.yml").read_text("utf-8"))
        return found if isinstance(found, dict) else {}

    @property
    def sphinx(self) -> dict[str, Any]:
        return (self.settings.get("sphinx") or {}).get("config") or {}

    @property
    def languages(self) -> list[str]:
        return list(self.sphinx.get("editions_languages", ["ru", "en"]))

    @property
    def site_url(self) -> str:
        return str(self.sphinx.get("book_site_url") or "").rstrip("/")

    @property
    def zip_name(self) -> str:
        """The book for reading offline, relative to the site."""
        return str(self.sphinx.get("learner_notebooks_zip") or "files/book.zip")

    @property
    def build(self) -> Path:
        return self.root / "_build"

    @property
    def site(self) -> Path:
        return self.build / "site"

    def edition(self, language: str) -> Path:
        """Where Sphinx builds an edition; what readers get is a processed copy under `site`."""
        return self.build / "editions" / language / "html"

    def learners(self, language: str) -> Path:
        """Where `make lab` finds the learners' notebooks."""
        return self.build / "notebooks" / language

    @cached_property
    def execution_cache(self) -> Path:
        cache = self.root / (self.settings.get("execute") or {}).get("cache", "_build/.jupyter_cache")
        return execution_cache.folder(self.root, self.sphinx.get("execution_cache_depends", []), cache)

    @cached_property
    def root_page(self) -> str:
        toc = yaml.safe_load((self.root / "_toc.yml").read_text("utf-8"))
        return str(toc["root"])

    @cached_property
    def pages(self) -> list[Path]:
        """The files of the table of contents, in its order."""
        from sphinx_external_toc.parsing import parse_toc_yaml

        found = []
        for name in parse_toc_yaml(self.root / "_toc.yml"):
            path = next(
                (
                    self.root / f"{name}{suffix}"
                    for suffix in ("", ".md", ".ipynb")
                    if (self.root / f"{name}{suffix}").is_file()
                ),
                None,
            )
            if path is None:
                raise FileNotFoundError(
                    f"_toc.yml names {name}, but there is no {name}.md: write it or take it out"
                )
            found.append(path)
        return found

    @property
    def notebooks(self) -> list[Path]:
        return [
            path
            for path in self.pages
            if path.suffix == ".ipynb" or cells.is_notebook(path.read_text("utf-8"))
        ]

    def problems(self) -> list[Problem]:
        """What the editions extension would refuse, told before anything is executed."""
        extra = self.sphinx.get("editions_extra_tags", [])
        return [
            problem
            for path in self.pages
            if path.suffix == ".md"
            for problem in check(
                path.read_text("utf-8"),
                os.path.relpath(path, self.root).replace(os.sep, "/"),
                self.languages,
                extra,
            )
        ]
