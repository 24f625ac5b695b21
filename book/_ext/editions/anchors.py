"""The same #anchor in every edition: an explicit label names its section, whatever the heading says."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms import SphinxTransform


class StableAnchors(SphinxTransform):
    """Explicit labels first among a section's ids; Sphinx links to the first one."""

    # after docutils has moved targets onto sections, before Sphinx collects titles and contents (880)
    default_priority = 850

    def apply(self, **kwargs: Any) -> None:
        explicit = {target["refid"] for target in self.document.findall(nodes.target) if target.get("refid")}
        for section in self.document.findall(nodes.section):
            section["ids"].sort(key=lambda each: each not in explicit)
