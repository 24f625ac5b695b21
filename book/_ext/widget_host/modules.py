"""A widget's ES module as a classic script.

A page opened from disk may load classic scripts only, and a policy without blob: addresses rules out making a
module in the browser. So the module becomes a function that the script registers with the host; large data
comes in scripts too.
"""

from __future__ import annotations

import re

_DEFAULT = re.compile(r"^export\s+default\b", re.M)
_DECLARED = re.compile(r"^export\s+(?=(?:async\s+)?(?:function|class|const|let|var)\b)", re.M)
_FOREIGN = re.compile(r"""^(?:import\b(?!\s*\()|export\b).*|\bimport\s*\(|\bimport\.meta\b""", re.M)


class ModuleError(ValueError):
    """Why a front-end module cannot be hosted on a static page."""


def classic_script(module: str, name: str) -> str:
    """A script that registers the module under `name`; its body runs when a page first shows the widget."""
    body, defaults = _DEFAULT.subn("upModule =", module)
    if defaults != 1:
        raise ModuleError(f"{name}: a front-end module must have one `export default`, got {defaults}")
    body = _DECLARED.sub("", body)
    foreign = _FOREIGN.search(body)
    if foreign:
        raise ModuleError(f"{name}: a front-end module must be self-contained, got `{foreign[0].strip()}`")
    return (
        f'upsampleExplorables.define("{name}", async () => {{\n'
        '"use strict";\nlet upModule;\n'
        f"{body}\n;return upModule;\n}});\n"
    )


def traits_script(traits: str, name: str) -> str:
    """A script that hands a widget's traits, JSON text, to the host under `name`."""
    return f'upsampleExplorables.keep("{name}", {traits});\n'


def kebab(identifier: str) -> str:
    """`upsample_lib.explorables.TransposedConvolution1D` → `transposed-convolution-1d`."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+[A-Z]?(?![a-z])", identifier.rsplit(".", 1)[-1])
    return "-".join(word.lower() for word in words) or "widget"
