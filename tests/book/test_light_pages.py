"""The published copy of an edition: a small one, with the elements of the theme's pages."""

import base64
import hashlib
import re
import shutil

import pytest
from light_pages import add_policy, lighten
from light_pages.scripts import FIRST, FORMULA_FONTS, without_handlers

HEAD = """<!DOCTYPE html>
<html lang="ru" data-content_root="{up}" data-theme="auto">
<head>
    <meta charset="utf-8" />
    <script data-cfasync="false">
    document.documentElement.dataset.mode = localStorage.getItem("mode") || "auto";
    document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";
    </script>
    <link href="{up}_static/styles/theme.css?digest=1" rel="stylesheet" />
    <link rel="stylesheet" type="text/css" href="{up}_static/katex.css?v=2" />
    <script defer src="{up}_static/scripts/fontawesome.js?digest=1"></script>
    <link rel="preload" as="script" href="{up}_static/scripts/theme.js?digest=1" />
    <script src="{up}_static/doctools.js?v=1"></script>
    <script>let toggleHintShow = 'Показать';</script>
    <script>DOCUMENTATION_OPTIONS.pagename = '{name}';</script>
    <script src="{up}_static/searchtools.js"></script>
    <script src="{up}searchindex.js"></script>
    {extra}
    <link rel="icon" href="{up}_static/favicon.svg"/>
</head>
<body class="{body}">{content}
<script defer src="{up}_static/scripts/theme.js?digest=1"></script>
</body></html>"""

FILES = {
    "_static/styles/theme.css": "body.page{color:red}.never{color:blue}",
    "_static/katex.css": ".katex{font-size:1em}.katex .mord{a:b}",
    "_static/scripts/fontawesome.js": "icons()",
    "_static/scripts/theme.js": 'theme.classList.add("page")\n//# sourceMappingURL=theme.js.map',
    "_static/doctools.js": 'PLURAL = new Function(\n  "n",\n  `return (${catalog.plural_expr})`\n);',
    "_static/searchtools.js": "search()",
    "_static/special.js": "special()",
    "_static/favicon.svg": "<svg/>",
    "searchindex.js": "Search.setIndex({})",
}


@pytest.fixture
def edition(tmp_path):
    root = tmp_path / "ru"
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    (root / "book").mkdir()
    math = '<span class="katex"><i class="mord">x</i></span> <button onclick="window.print()">.pdf</button>'
    plain = {"extra": '<script src="{up}_static/special.js"></script>', "body": "page", "content": "text"}
    pages = {
        "book/plain.html": {**plain, "up": "../", "extra": '<script src="../_static/special.js"></script>'},
        "book/math.html": {**plain, "up": "../", "extra": "", "content": math},
        "search.html": {**plain, "up": "", "extra": "", "content": '<div id="search-results"></div>'},
    }
    for name, values in pages.items():
        (root / name).write_text(HEAD.format(name=name, **values), "utf-8")
    (root / "index.html").write_text('<meta http-equiv="Refresh" content="0; url=book/plain.html" />')
    return root


def tree(root):
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


def addresses(page):
    return re.findall(r'<(?:link|script)\b[^>]*(?:href|src)="([^"]+)"', page)


def test_every_address_exists_and_shared_files_are_named_by_their_content(edition):
    result = lighten(edition)
    assert result.pages == 3
    for page in [*edition.glob("book/*.html"), edition / "search.html"]:
        for address in addresses(page.read_text("utf-8")):
            assert (page.parent / address).is_file(), (page, address)
    for name in result.files:
        digest = hashlib.sha256((edition / "_static" / name).read_bytes()).hexdigest()[:10]
        assert digest in name


def test_one_style_sheet_and_one_more_where_formulas_are(edition):
    lighten(edition)
    sheets = {
        name: [a for a in addresses((edition / "book" / name).read_text("utf-8")) if a.endswith(".css")]
        for name in ("plain.html", "math.html")
    }
    assert len(sheets["plain.html"]) == 1
    assert sheets["math.html"][0] == sheets["plain.html"][0]
    common, math = [(edition / "book" / a).read_text("utf-8") for a in sheets["math.html"]]
    assert common == "body.page{color:red}"
    assert math == ".katex{font-size:1em}.katex .mord{a:b}"


def test_scripts_of_every_page_are_one_and_the_search_stays_on_its_page(edition):
    lighten(edition)

    def loaded(name):
        page = edition / name
        return [
            re.sub(r"-[0-9a-f]{10}", "", a.rsplit("/", 1)[-1])
            for a in addresses(page.read_text("utf-8"))
            if a.endswith(".js")
        ]

    assert loaded("book/math.html") == ["book.js"]
    assert loaded("book/plain.html") == ["book.js", "special.js"]
    assert loaded("search.html") == ["book.js", "searchtools.js", "searchindex.js"]
    bundle = next(edition.glob("_static/book-*.js")).read_text("utf-8")
    parts = ["catalog.plural_expr", "toggleHintShow = 'Показать'", 'theme.classList.add("page")']
    places = [bundle.index(part) for part in parts]
    assert places == sorted(places)
    assert not re.search("new Function|sourceMapping|icons|pagename", bundle)
    page = (edition / "search.html").read_text("utf-8")
    assert len(re.findall(r"<script defer [^>]*src", page)) == 3


@pytest.mark.parametrize(("name", "inline"), [("math", [FIRST, FORMULA_FONTS]), ("plain", [FIRST])])
def test_policy_allows_the_first_scripts_by_their_hashes_and_no_other(edition, name, inline):
    lighten(edition)
    page = next(edition.rglob(f"{name}.html")).read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inline]
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    assert f"script-src 'self' {allowed};" in policy
    assert policy.startswith("default-src 'self';")
    assert re.findall(r"<script[^>]*>([^<]+)</script>", page) == inline


def test_handlers_become_actions_of_the_common_script(edition):
    lighten(edition)
    page = (edition / "book" / "math.html").read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
    assert "unsafe-eval" not in policy
    assert "onclick" not in page
    assert '<button data-action="print">' in page
    assert 'data-theme="light"' in page  # what a page without scripts shows
    # what stands before the policy is not ruled by it
    assert page.index("Content-Security-Policy") < page.index("<script")


def test_lightening_twice_changes_nothing_and_gives_the_same_each_time(edition, tmp_path):
    shutil.copytree(edition, tmp_path / "again")
    lighten(edition)
    once = tree(edition)
    lighten(edition)
    assert tree(edition) == once
    lighten(tmp_path / "again")
    assert tree(tmp_path / "again") == once


def test_what_was_replaced_is_gone_and_the_rest_stays(edition):
    lighten(edition)
    names = {re.sub(r"-[0-9a-f]{10}", "", name) for name in tree(edition)}
    assert names == {
        *("book/plain.html", "book/math.html", "search.html", "index.html"),
        *(
            "_static/book.css",
            "_static/math.css",
            "_static/book.js",
            "_static/special.js",
            "_static/favicon.svg",
        ),
        *("_static/searchtools.js", "_static/searchindex.js", "_static/favicon.svg"),
    }


def test_a_mixture_of_light_and_untouched_pages_is_refused(edition):
    page = (edition / "search.html").read_text("utf-8")
    lighten(edition)
    (edition / "search.html").write_text(page, "utf-8")
    with pytest.raises(ValueError, match="copy the built edition afresh"):
        lighten(edition)


def test_a_missing_file_is_named(edition):
    (edition / "_static" / "special.js").unlink()
    with pytest.raises(FileNotFoundError, match=r"book/plain\.html asks for \.\./_static/special\.js"):
        lighten(edition)


def test_a_handler_that_the_policy_would_stop_is_refused():
    with pytest.raises(ValueError, match=r'page\.html: onclick="go\(\)" cannot run'):
        without_handlers('<a class="x" onclick="go()">', "page.html")
    assert without_handlers("<p>one=1</p>", "page.html") == "<p>one=1</p>"


def test_inline_styles_and_scripts_of_outputs_are_allowed_by_hash():
    page = add_policy(
        '<meta charset="utf-8"><style>td{a:b}</style><script type="application/json">{}</script>'
    )
    digest = base64.b64encode(hashlib.sha256(b"td{a:b}").digest()).decode()
    assert f"style-src 'self' 'sha256-{digest}';" in page
    assert "script-src 'self';" in page
