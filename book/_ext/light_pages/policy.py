"""The content security policy of every published page, as a meta element."""

from __future__ import annotations

import base64
import hashlib
import re

from .scripts import scripts

_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.S)

# Each exception to default-src 'self', and why it is needed:
EXCEPTIONS = {
    # fonts are cut and written into the style sheet: Firefox loads no font file from disk
    "font-src": "data:",
    # the theme's style sheet draws marks of lists, boxes and buttons as data: pictures
    "img-src": "data:",
    # formulas and figures place their parts by style attributes, which can load or run nothing
    "style-src-attr": "'unsafe-inline'",
}


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def policy(page: str) -> str:
    """default-src 'self', the exceptions, and the hashes of the page's own inline scripts and styles."""
    inline = [_hash(script.text) for _, script in scripts(page) if script.source is None]
    styles = [_hash(style) for style in _STYLE.findall(page)]
    directives = {
        "default-src": "'self'",
        # inline are only what settles theme and fonts before the first paint and what an output brings
        "script-src": " ".join(["'self'", *dict.fromkeys(inline)]),
        "style-src": " ".join(["'self'", *dict.fromkeys(styles)]),
        "font-src": f"'self' {EXCEPTIONS['font-src']}",
        "img-src": f"'self' {EXCEPTIONS['img-src']}",
        "style-src-attr": EXCEPTIONS["style-src-attr"],
        # what default-src does not cover
        "base-uri": "'self'",
        "form-action": "'self'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def add_policy(page: str) -> str:
    """The page with its policy, right after its encoding, as a policy rules only what follows it."""
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}" />'
    with_policy, count = re.subn(r"(<meta charset=[^>]*>)", lambda m: f"{m[1]}\n    {meta}", page, count=1)
    if count != 1:
        raise ValueError("a page must declare its encoding by <meta charset=…>, to which the policy is added")
    return with_policy
