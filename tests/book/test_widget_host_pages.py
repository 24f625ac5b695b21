"""Widgets on a built page without a kernel, in a real browser, opened from disk."""

import io
import json
import re
import shutil

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

MODULE = """
let loads = (globalThis.moduleRuns ?? 0) + 1;
globalThis.moduleRuns = loads;
function render({ model, el, signal, experimental }) {
  const button = document.createElement("button");
  const write = () => { button.textContent = `${document.documentElement.lang}: ${model.get("count")}`; };
  button.addEventListener("click", () => {
    model.set("count", model.get("count") + 1);
    model.save_changes();
  });
  model.on("change:count", write);
  write();
  el.append(button);
}
export default { render };
"""
BROKEN = 'export default { render() { throw new Error("broken on purpose"); } };'
POSTER = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" role="img" aria-label="y">'
    '<path id="a"/></svg>'
)


def widget(esm, count, **more):
    return {
        "model_name": "AnyModel",
        "model_module": "anywidget",
        "state": {
            "_esm": esm,
            "_css": "button { color: rgb(1, 2, 3); }",
            "_anywidget_id": "package.CounterButton",
            "_view_name": "AnyView",
            "count": count,
            "note": "</script>",
            "layout": "IPY_MODEL_layout",
            "poster": POSTER,
            **more,
        },
    }


MODELS = {
    "one": widget(MODULE, 1),
    "two": widget(MODULE, 20),
    "large": widget(MODULE, 300, picture="</script>" + "x" * 50_000),
    "bad": widget(BROKEN, 0, _anywidget_id="package.Broken"),
    "slider": {"model_name": "IntSliderModel", "state": {"value": 3}},
}


def notebook(*outputs):
    """A notebook whose one cell has shown the models, each with the data given beside it."""
    view = "application/vnd.jupyter.widget-view+json"
    shown = [
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {view: {"model_id": model, "version_major": 2, "version_minor": 1}, **data},
        }
        for model, data in outputs
    ]
    state = {"version_major": 2, "version_minor": 0, "state": MODELS}
    code = {
        "cell_type": "code",
        "id": "b",
        "execution_count": 1,
        "metadata": {},
        "source": "show()",
        "outputs": shown,
    }
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {
                "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
                "widgets": {"application/vnd.jupyter.widget-state+json": state},
            },
            "cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Page"}, code],
        }
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("widgets")
    source = folder / "source"
    source.mkdir()
    text = {"text/plain": "plain words"}
    (source / "index.ipynb").write_text(
        notebook(*((name, text) for name in ("one", "two", "one", "large", "bad", "slider"))), "utf-8"
    )
    warnings = io.StringIO()
    settings = {
        "extensions": ["myst_nb", "widget_host"],
        "nb_execution_mode": "off",
        "html_theme": "basic",
        "language": "ru",
    }
    with docutils_namespace():
        app = Sphinx(source, None, folder / "out", folder / "trees", "html", settings, None, warnings)
        app.build(force_all=True)
    assert "WARNING" not in warnings.getvalue(), warnings.getvalue()
    return folder / "out"


@pytest.fixture(scope="module")
def soup(site):
    return BeautifulSoup((site / "index.html").read_text("utf-8"), "html.parser")


def test_page_has_no_scripts_of_others_and_no_state_of_a_notebook(soup):
    text = str(soup)
    assert not re.search(r"require|html-manager|cdn|widget-state|widget-view|_esm", text)
    assert [s["src"].split("?")[0] for s in soup.find_all("script", src=re.compile("widget"))] == [
        "_static/widget_host.js"
    ]


def test_state_in_the_page_is_the_traits_alone(soup):
    first = soup.select_one(".explorable script")
    assert json.loads(first.text.replace("<\\/", "</")) == {"count": 1, "note": "</script>"}


def test_a_module_is_written_once_whatever_the_number_of_widgets(site, soup):
    names = sorted(path.name for path in (site / "_static" / "explorables").iterdir())
    assert [re.sub("-[0-9a-f]{10}", "", name) for name in names] == [
        "broken.js",
        "counter-button.js",
        "style.css",
        "traits.js",
    ]
    places = soup.select(".explorable")
    assert [place["data-model"] for place in places] == ["1", "2", "1", "3", "4"]
    assert len({place["data-module"] for place in places[:4]}) == 1
    assert (site / places[0]["data-module"]).is_file()


def test_large_traits_are_a_file_so_that_the_text_need_not_wait_for_them(site, soup):
    traits = [place.get("data-traits") for place in soup.select(".explorable")]
    assert [bool(each) for each in traits] == [False, False, False, True, False]
    assert not soup.select(".explorable")[3].find("script")
    script = (site / traits[3]).read_text("utf-8")
    assert "x" * 50_000 in script
    assert "</script>" not in script


def test_the_poster_is_in_the_page(soup):
    posters = soup.select(".explorable-poster svg[role=img]")
    assert len(posters) == 5
    assert posters[0]["aria-label"] == "y"


def test_a_widget_that_needs_python_shows_what_stands_beside_it(soup):
    last = soup.select(".cell_output > *")[-1]
    assert last.text.strip() == "plain words"


@pytest.fixture(scope="module")
def page(site, browser):
    page = browser.new_page()
    page.goto((site / "index.html").as_uri())
    page.wait_for_selector('.explorable[data-state="live"]')
    page.wait_for_selector('.explorable[data-state="still"]')
    return page


def test_widgets_run_from_disk_without_a_kernel(page):
    buttons = page.locator(".explorable-live button")
    assert buttons.all_inner_texts() == ["ru: 1", "ru: 20", "ru: 1", "ru: 300"]
    assert buttons.first.evaluate("each => getComputedStyle(each).color") == "rgb(1, 2, 3)"
    assert page.evaluate("moduleRuns") == 1
    assert page.locator(".explorable-poster").first.is_hidden()


def test_views_of_one_model_move_together_and_others_do_not(page):
    buttons = page.locator(".explorable-live button")
    buttons.first.click()
    assert buttons.all_inner_texts() == ["ru: 2", "ru: 20", "ru: 2", "ru: 300"]


def test_an_error_is_one_sentence_in_the_language_of_the_page_and_the_picture_stays(page):
    broken = page.locator('.explorable[data-state="still"]')
    assert (
        broken.locator(".explorable-error").inner_text().startswith("Интерактивная картинка не запустилась")
    )
    assert broken.locator(".explorable-poster").is_visible()
    assert broken.locator(".explorable-live").count() == 0


def test_print_shows_the_pictures(page):
    page.emulate_media(media="print")
    try:
        assert all(each.is_visible() for each in page.locator(".explorable-poster").all())
        assert not any(each.is_visible() for each in page.locator(".explorable-live").all())
    finally:
        page.emulate_media(media="screen")


def test_a_script_that_is_missing_leaves_the_picture(site, browser, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(site, copy)
    for script in (copy / "_static" / "explorables").glob("counter*.js"):
        script.unlink()
    page = browser.new_page()
    page.goto((copy / "index.html").as_uri())
    page.wait_for_function("document.querySelectorAll('[data-state=still]').length === 5")
    assert all(each.is_visible() for each in page.locator(".explorable-poster").all())


def test_a_widget_far_below_is_loaded_when_it_comes_near(site, browser, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(site, copy)
    index = copy / "index.html"
    above, below = index.read_text("utf-8").rsplit('<div class="explorable"', 1)
    index.write_text(f'{above}<p style="height:5000px"></p><div class="explorable"{below}', "utf-8")
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(index.as_uri())
    page.wait_for_function("document.querySelectorAll('[data-state=live]').length === 4")
    assert not any("broken" in url for url in asked)
    page.locator(".explorable").last.scroll_into_view_if_needed()
    page.wait_for_selector("[data-state=still]")
    assert any("broken" in url for url in asked)
