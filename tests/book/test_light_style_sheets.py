"""Gathering and purging style sheets; cutting fonts."""

import base64
import io
import re

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from light_pages import fonts
from light_pages.style_sheets import gather, purge


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".used{a:b}.gone{a:b}", ".used{a:b}"),
        (".gone,.used p,h1{a:b}", ".used p,h1{a:b}"),
        ("#here .used{a:b}#nowhere{a:b}", "#here .used{a:b}"),
        ("@media print{.gone{a:b}.used{a:b}}@media screen{.gone{a:b}}", "@media print{.used{a:b}}"),
        # a class that must be absent, or may be, needs not occur
        (".used:not(.gone){a:b}", ".used:not(.gone){a:b}"),
        (":is(.gone,.used) p{a:b}", ":is(.gone,.used) p{a:b}"),
        ('[class*=".gone"]{a:b}', '[class*=".gone"]{a:b}'),
        # states that scripts set
        (".used.show{a:b}", ".used.show{a:b}"),
        ("@keyframes x{from{a:b}}@font-face{a:b}", "@keyframes x{from{a:b}}@font-face{a:b}"),
        (r".sm\:used{a:b}", r".sm\:used{a:b}"),
        (".used{--v:{a:b}}", ".used{--v:{a:b}}"),
    ],
)
def test_rules_that_no_page_can_use_go(css, kept):
    assert purge(css, {"used", "here", "sm:used"}) == kept


def test_sheets_are_gathered_in_order_with_imports_and_addresses(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.css").write_text('@import "../b.css?v=1";\na{x:url("../i.png")}')
    (tmp_path / "b.css").write_text("b{x:url(i.png);y:url(data:q);z:url(#g)}")
    css = gather([tmp_path / "deep" / "a.css", tmp_path / "b.css"], tmp_path)
    assert re.sub(r"\s", "", css) == "b{x:url(i.png);y:url(data:q);z:url(#g)}a{x:url(i.png)}"


FORMULA = (
    '<p>word <span class="katex"><span class="katex-mathml">m</span>'
    '<span class="katex-html" aria-hidden="true">'
    '<span>x<svg><path d="M0"/></svg></span>&lt;</span></span> and more</p>'
)


def test_text_of_formulas_is_what_their_drawings_show():
    assert fonts.formula_text(FORMULA) == {"katex": {"x", "<"}}
    inner = '<span class="mord mathbf">a<span class="size1">b</span></span>c'
    assert fonts.formula_text(FORMULA.replace("x<svg>", inner + "<svg>") * 2) == {
        "katex": set("abc<"),
        "mord": set("ab"),
        "mathbf": set("ab"),
        "size1": set("b"),
    }


def test_icons_are_found_by_number_and_as_characters():
    assert fonts.icon_text(r'.a:before{content:"\f0c9"}', "\uf00c p") == "\uf00c\uf0c9"


@pytest.fixture
def font(tmp_path):
    """A font of the letters a to e."""
    letters = "abcde"
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef", *letters])
    builder.setupCharacterMap({ord(letter): letter for letter in letters})
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 0))
    pen.lineTo((0, 500))
    pen.closePath()
    builder.setupGlyf({name: pen.glyph() for name in [".notdef", *letters]})
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *letters], (600, 0)))
    builder.setupHorizontalHeader()
    builder.setupNameTable({"familyName": "Test", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.font.flavor = "woff2"
    builder.save(tmp_path / "test.woff2")
    return tmp_path


FACE = '@font-face{font-family:%s;font-weight:%s;src:url(test.woff2) format("woff2")}'


def test_fonts_are_cut_and_laid_into_the_sheet(font):
    css = fonts.embed(FACE % ("Test", 400) + ".x{font-family:Test}", font, "ad?")
    data = base64.b64decode(re.search(r"base64,([^)]+)\)", css)[1])
    assert set(TTFont(io.BytesIO(data)).getBestCmap()) == {ord("a"), ord("d")}
    assert fonts.embed(FACE % ("Test", 400) + ".x{font-family:Test}", font, "ad?") == css


@pytest.mark.parametrize(
    ("weight", "rules", "kept"),
    [
        (400, ".katex{font:1em Test}", "abcde"),
        (400, ".katex .it{font-family:Test}", "ab"),
        (400, ".katex .it{font-family:Test}.katex .big.one{font-family:Test}", "abc"),
        (400, ".katex .it{font-family:Test}.katex .bf{font-family:Test;font-weight:700}", "ab"),
        (700, ".katex .it{font-family:Test}.katex .bf{font-family:Test;font-weight:700}", "d"),
        (700, ".katex .it{font-family:Test}.katex .bf{font-weight:700}", "d"),
    ],
)
def test_a_font_of_formulas_keeps_what_stands_under_its_classes(font, weight, rules, kept):
    text = {"katex": set("abcde"), "it": set("ab"), "big": set("ce"), "one": set("cd"), "bf": set("d")}
    css = fonts.embed(FACE % ("Test", weight) + rules, font, text)
    data = base64.b64decode(re.search(r"base64,([^)]+)\)", css)[1])
    assert set(TTFont(io.BytesIO(data)).getBestCmap()) == set(map(ord, kept))


@pytest.mark.parametrize(
    ("face", "rules", "text"),
    [
        (FACE % ("Test", 400), ".x{font-family:Other}", "a"),  # no rule asks for the family
        (FACE % ("Test", 700), ".x{font-family:Test}", "a"),  # nor for bold
        (FACE % ("Test", 700), ".x{font-family:Test}.y{font-family:Other;font-weight:700}", "a"),
        (FACE % ("Test", 400), ".x{font-family:Test}", "xyz"),  # nothing to show
    ],
)
def test_fonts_that_nothing_asks_for_go(font, face, rules, text):
    assert fonts.embed(face + rules, font, text) == rules


def test_escaped_and_quoted_names_are_one_family(font):
    css = fonts.embed(
        FACE % (r"Font\ 6 Free", 900) + '.x{font:var(--f,"Font 6 Free")}.y{font-weight:900}', font, "a"
    )
    assert "base64" in css
