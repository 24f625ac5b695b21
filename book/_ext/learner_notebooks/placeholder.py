"""`{glue:figure}` where nothing has been executed: caption, label and number without the picture."""

from __future__ import annotations

from docutils import nodes
from myst_nb.ext.glue.directives import PasteFigureDirective


class PlaceholderFigure(PasteFigureDirective):  # type: ignore[misc]
    """A figure with its caption only; enough for numbers and references."""

    def run(self) -> list[nodes.Node]:
        figure = nodes.figure("", nodes.container())
        self.set_source_info(figure)
        self.add_name(figure)
        inside = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, inside)
        if len(inside) and isinstance(inside[0], nodes.paragraph):
            figure += nodes.caption(inside[0].rawsource, "", *inside[0].children)
        return [figure]
