"""Explorables beside one another, in links, in a notebook and without a kernel."""

import numpy as np
import pytest

from tests.explorables.host import SET, setting_of, spin
from upsample_lib.explorables import TransposedConvolution1D, TransposedConvolution2D


def test_a_fragment_opens_a_setting(show):
    fragment = "#e=transposed-2d;n=2;k=2;s=3;p=1;a=2;view=zeros;step=4;x=1,-2/0.5,4;w=1,2/3,4"
    page = show(TransposedConvolution2D(), fragment=fragment)
    state = setting_of(page)
    assert state["input"] == [[1, -2], [0.5, 4]]
    assert state["weight"] == [[1, 2], [3, 4]]
    assert [state[k] for k in ("stride", "padding", "output_padding", "view", "step")] == [
        3,
        1,
        2,
        "zeros",
        4,
    ]
    assert page.locator(".ux-message").inner_text() == ""
    assert page.evaluate("document.activeElement.dataset.explorable") == "transposed-2d"


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("#e=transposed-2d;k=99;s=2", "In the link, “k=99” does not fit: a whole number from 1 to 5."),
        ("#e=transposed-2d;s=two", "“s=two” does not fit: a whole number from 1 to 4."),
        ("#e=transposed-2d;s=1;a=1", "“a=1” does not fit: a whole number from 0 to 0."),
        ("#e=transposed-2d;size=3", "“size=3” does not fit: there is no such key."),
        ("#e=transposed-2d;x=1,2/3", "numbers separated by commas, rows by “/”"),
        ("#e=transposed-2d;view=%E0%A4%A", "does not fit: stamp, zeros"),
        ("#e=pooling;k=2", "The link names “pooling”, but this page only has: transposed-2d."),
        ("#e=", ""),
        ("#section-anchor", ""),
    ],
)
def test_a_wrong_fragment_shows_a_sentence_not_a_blank(show, fragment, sentence):
    page = show(TransposedConvolution2D(), fragment=fragment)
    if sentence:
        page.wait_for_function("document.querySelector('.ux-message').innerText !== ''")
    assert sentence in page.locator(".ux-message").inner_text()
    assert page.locator(".ux-output .ux-c").count() >= 9


def test_a_link_to_the_setting_is_copied_and_opens_the_same_setting(show):
    page = show(TransposedConvolution1D(), permissions=("clipboard-read", "clipboard-write"))
    spin(page, "s").press("End")
    spin(page, "a").press("End")
    page.locator(".ux-input input").first.fill("-1,5")
    page.get_by_role("button", name="Copy link").click()
    assert page.get_by_role("alert").inner_text() == "Link copied"
    link = page.evaluate("navigator.clipboard.readText()")
    state = setting_of(page)
    page.wait_for_function("location.hash.startsWith('#e=transposed-1d;')")
    assert page.url == link
    other = show(TransposedConvolution1D(), fragment="#" + link.split("#")[1])
    for trait in SET | {"step"}:
        assert setting_of(other)[trait] == state[trait], trait


def test_two_on_a_page_do_not_disturb_one_another(show):
    page = show(TransposedConvolution2D(), TransposedConvolution2D(), TransposedConvolution1D(name="row"))
    names = page.locator("[data-explorable]").evaluate_all("els => els.map(el => el.dataset.explorable)")
    assert names == ["transposed-2d", "transposed-2d-2", "row"]
    page.evaluate("location.hash = '#e=transposed-2d-2;s=3;k=2'")
    page.wait_for_function("models[1].state.stride === 3")
    assert setting_of(page, 0)["stride"] == 2
    spin(page.locator("#explorable-0"), "s").press("ArrowDown")
    page.locator("#explorable-0").get_by_role("radio").last.check(force=True)
    assert [setting_of(page, at)["stride"] for at in range(3)] == [1, 3, 2]
    assert [setting_of(page, at)["view"] for at in range(3)] == ["zeros", "stamp", "stamp"]
    page.evaluate("cleanups[0]()")
    assert page.locator("#explorable-0").inner_text() == ""
    page.evaluate("models[0].set('stride', 2)")
    spin(page.locator("#explorable-1"), "s").press("ArrowDown")
    assert setting_of(page, 1)["stride"] == 2


def test_in_a_notebook_the_address_stays_as_it_is(show):
    page = show(TransposedConvolution2D(), site=False, fragment="#e=transposed-2d;s=4")
    assert setting_of(page)["stride"] == 2
    assert page.get_by_role("button", name="Copy link").count() == 0
    spin(page, "k").press("End")
    page.wait_for_timeout(500)
    assert page.evaluate("location.hash") == "#e=transposed-2d;s=4"


def test_a_lost_kernel_shows_a_sentence(show):
    page = show(TransposedConvolution2D(), site=False)
    page.evaluate("void (models[0].save_changes = () => { throw new Error('comm closed') })")
    spin(page, "s").press("ArrowUp")
    assert "The Python kernel does not answer" in page.locator(".ux-message").inner_text()
    assert page.locator(".ux-output .ux-c").count() == 81


def test_changes_made_in_the_browser_are_sent_and_accepted_by_python(show):
    e = TransposedConvolution2D(stride=3, output_padding=2, padding=2)
    page = show(e)
    spin(page, "s").press("Home")
    spin(page, "n").press("Home")
    for change in page.evaluate("models[0].sent"):
        e.set_state(change)
    state = setting_of(page)
    for trait in ("stride", "padding", "output_padding", "dilation", "step"):
        assert getattr(e, trait) == state[trait], trait
    np.testing.assert_array_equal(e.input, state["input"])
