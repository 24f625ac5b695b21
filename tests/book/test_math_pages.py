"""Formulas in built pages: a small Sphinx project with the extension alone."""

import io
import re
import shutil
from pathlib import Path

import prerendered_math.katex
import pytest
from bs4 import BeautifulSoup
from prerendered_math import install, tex_of_block
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

PAGE = r"""
# Page

Inline $\inp{x}^2$ and $a<b$, $\textcolor{red}{w}$, $\text{если } i$.

```{math}
:label: eq-size
\out{m} = (n-1)s
```

See {eq}`eq-size`.

$$
a &= b \\
c &= d
$$

\begin{align}
u &= 1 \\
v &= 2
\end{align}
"""


@pytest.fixture(scope="module")
def katex_home():
    """One installation of KaTeX for all tests, where a build of the book would put it."""
    return Path(__file__).parents[2] / "_build" / "katex"


def build(folder, katex_home, page):
    """Builds one page; gives its soup, the warnings and the extension's Katex."""
    source = folder / "source"
    source.mkdir(exist_ok=True)
    (source / "index.md").write_text(page, "utf-8")
    warnings = io.StringIO()
    settings = {
        "source_suffix": {".md": "markdown"},
        "extensions": ["myst_parser", "prerendered_math"],
        "myst_enable_extensions": ["dollarmath", "amsmath"],
        "suppress_warnings": ["myst.header"],
        "html_theme": "basic",
        "prerendered_math_folder": str(folder / "katex"),
    }
    node = install.katex_folder(katex_home).parent.parent
    if not (folder / "katex" / node.name).exists():
        shutil.copytree(node, folder / "katex" / node.name)
    with docutils_namespace():
        app = Sphinx(
            source, None, folder / "out", folder / "trees", "html", settings, None, warnings, freshenv=True
        )
        app.build(force_all=True)
    soup = BeautifulSoup((folder / "out" / "index.html").read_text("utf-8"), "html.parser")
    return soup, warnings.getvalue(), app._prerendered_math


@pytest.fixture(scope="module")
def built(tmp_path_factory, katex_home):
    return build(tmp_path_factory.mktemp("math"), katex_home, PAGE)


def test_no_warning_and_no_script(built):
    soup, warnings, _ = built
    assert warnings == ""
    assert not [s for s in soup.find_all("script") if "math" in str(s).lower()]
    assert soup.find("link", href=re.compile("katex.css"))


def test_inline_formula_has_mathml_for_screen_readers_and_hides_the_drawing_from_them(built):
    soup, _, _ = built
    formula = soup.select_one("p span.math")
    assert formula.find("annotation").text == r"\inp{x}^2"
    assert formula.select_one("math msup mn").text == "2"
    assert formula.select_one(".katex-html")["aria-hidden"] == "true"
    assert formula.select_one(".katex-html .up-input").text == "x"


def test_cyrillic_text_and_colours(built):
    soup, _, _ = built
    formulas = soup.select("p span.math")
    assert "color:red" in formulas[2].select_one(".katex-html [style*=color]")["style"]
    assert "если" in formulas[3].select_one("mtext").text


def test_numbered_equation_and_the_reference_to_it(built):
    soup, _, _ = built
    block = soup.find("div", id="equation-eq-size")
    assert block.select_one(".eqno").text.startswith("(1)")
    assert block.select_one(".katex-display .up-output").text == "m"
    link = soup.find("a", href="#equation-eq-size", class_="reference")
    assert link.text == "(1)"


def test_lines_are_aligned_and_environments_keep_sphinx_numbers(built):
    soup, _, _ = built
    blocks = soup.select("div.math")
    assert r"\begin{split}" in blocks[1].find("annotation").text
    assert len(blocks[1].select("mtr")) == 2
    assert r"\begin{align*}" in blocks[2].find("annotation").text
    assert blocks[2].select_one(".eqno").text.startswith("(2)")


def test_only_woff2_fonts_come_along(built, tmp_path, katex_home):
    static = install.static_folder(install.katex_folder(katex_home))
    css = (static / "katex.css").read_text("utf-8")
    named = set(re.findall(r"url\(([^)]+)\)", css))
    assert named
    assert all(name.endswith(".woff2") and (static / name).exists() for name in named)


def test_a_formula_that_cannot_be_read_is_a_warning_with_its_place(tmp_path, katex_home):
    soup, warnings, _ = build(tmp_path, katex_home, "# Page\n\nfine $x$\n\nbad $\\frac{1}{$\n")
    assert re.search(r"index\.md:5: WARNING: formula: .*'}'", warnings)
    assert soup.select_one("code.math-error").text == r"\frac{1}{"


def test_cyrillic_outside_text_is_refused(tmp_path, katex_home):
    _, warnings, _ = build(tmp_path, katex_home, "# Page\n\n$k_{ядро}$\n")
    assert "unicodeTextInMathMode" in warnings


def test_links_and_styles_in_formulas_are_not_trusted(tmp_path, katex_home):
    soup, _, _ = build(
        tmp_path, katex_home, "# Page\n\n$\\href{https://example.org}{x}$ $\\htmlStyle{color:red}{x}$\n"
    )
    assert "example.org" not in str(soup.select("a, [style*='color:red']"))


def test_formulas_rendered_before_are_not_rendered_again(tmp_path, katex_home):
    _, _, first = build(tmp_path, katex_home, PAGE)
    assert first.rendered == 7
    _, _, again = build(tmp_path, katex_home, PAGE + "\n$\\beta$\n")
    assert again.rendered == 1


def test_two_hundred_formulas_share_one_process(tmp_path, katex_home, monkeypatch):
    started = []
    popen = prerendered_math.katex.subprocess.Popen

    def counting(*args, **kwargs):
        started.append(args)
        return popen(*args, **kwargs)

    monkeypatch.setattr(prerendered_math.katex.subprocess, "Popen", counting)
    _, _, katex = build(tmp_path, katex_home, "# Page\n\n" + " ".join(f"$x_{{{i}}}$" for i in range(200)))
    assert katex.rendered == 200
    assert len(started) == 1


def test_a_damaged_store_is_rendered_anew(tmp_path, katex_home):
    (tmp_path / "katex").mkdir()
    (tmp_path / "katex" / "formulas.sqlite").write_bytes(b"not a database" * 100)
    _, warnings, katex = build(tmp_path, katex_home, "# Page\n\n$x$\n")
    assert (warnings, katex.rendered) == ("", 1)


def test_without_network_the_reader_is_told_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("npm_config_offline", "true")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "empty"))
    with pytest.raises(
        install.KatexMissing, match=r"^KaTeX, .* connect to the network once and build again$"
    ):
        install.katex_folder(tmp_path / "katex")
    assert list((tmp_path / "katex").iterdir()) == []


def test_paragraphs_of_a_block_become_aligned_lines():
    assert tex_of_block("a\n\nb", complete=False) == r"\begin{aligned}a\\b\end{aligned}"
    assert (
        tex_of_block(r"\begin{multline}a\\b\end{multline}", complete=True)
        == r"\begin{gather*}a\\b\end{gather*}"
    )
    assert tex_of_block(" x ", complete=False) == "x"


def test_lock_file_names_no_host():
    assert "resolved" not in (install.HERE / "package-lock.json").read_text("utf-8")
