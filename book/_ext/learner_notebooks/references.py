"""What a label stands for once the whole book has been read: its number, its title, where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.environment import BuildEnvironment
from sphinx.locale import get_translation


@dataclass(frozen=True)
class Target:
    """`text` is what a reference shows, `number` the bare number; `page` and `anchor` say where it leads."""

    text: str
    page: str
    anchor: str
    number: str = ""


class References:
    """Looks labels up in a Sphinx environment that has read every page."""

    def __init__(self, env: BuildEnvironment) -> None:
        self.env = env
        self.numbers = {
            (page, anchor): (kind, ".".join(map(str, number)))
            for page, kinds in env.toc_fignumbers.items()
            for kind, anchors in kinds.items()
            for anchor, number in anchors.items()
        }
        self.citations = {
            citation.key: citation
            for citation in getattr(env.get_domain("cite"), "citations", [])
        } if "cite" in env.domaindata else {}  # fmt: skip

    def equation(self, label: str) -> Target | None:
        found = self.env.domaindata.get("math", {}).get("objects", {}).get(label)
        if not found:
            return None
        page, plain = found
        anchor = nodes.make_id(f"equation-{label}")
        # numbered by section only where the book asks for it
        number = (
            self.numbers.get((page, anchor), ("", str(plain)))[1]
            if self.env.config.math_numfig
            else str(plain)
        )
        return Target(f"({number})", page, anchor, number)

    def figure(self, label: str) -> Target | None:
        """Figures, tables, code blocks: «Рис. 5.1»."""
        found = self.env.domaindata["std"]["anonlabels"].get(label.lower())
        if not found:
            return None
        page, anchor = found
        kind, number = self.numbers.get((page, anchor), ("", ""))
        if not number:
            return None
        return Target(str(self.env.config.numfig_format.get(kind, "%s")) % number, page, anchor, number)

    def section(self, label: str) -> Target | None:
        found = self.env.domaindata["std"]["labels"].get(label.lower())
        if found:
            page, anchor, title = found
            return Target(str(title), page, anchor)
        return self.figure(label)

    def page(self, name: str, start: str) -> Target | None:
        """A page by its name, as seen from the page `start`."""
        docname, _ = self.env.relfn2path(name.removesuffix(".md"), start)
        if docname not in self.env.titles:
            return None
        return Target(self.env.titles[docname].astext(), docname, "")

    def theorem(self, label: str) -> Target | None:
        found: dict[str, Any] | None = getattr(self.env, "proof_list", {}).get(label)
        if not found:
            return None
        kind = get_translation("proof")(str(found["realtype"]).title())
        number = self.numbers.get((found["docname"], label), ("", ""))[1]
        return Target(f"{kind} {number}".strip(), found["docname"], label, number)

    def citation(self, key: str) -> Target | None:
        citation = self.citations.get(key)
        if citation is None:
            return None
        return Target(
            f"[{citation.formatted_entry.label}]", citation.bibliography_key.docname, citation.citation_id
        )

    def term(self, name: str) -> Target | None:
        found = self.env.domaindata["std"].get("terms", {}).get(name.lower())
        return Target(name, *found) if found else None

    def bibliography(self, page: str) -> list[str]:
        """The entries that the bibliography of a page lists, in Markdown."""
        return [
            f"**[{citation.formatted_entry.label}]** {citation.formatted_entry.text.render_as('markdown')}"
            for citation in self.citations.values()
            if citation.bibliography_key.docname == page
        ]
