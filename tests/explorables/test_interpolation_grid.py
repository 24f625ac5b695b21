"""The interpolation grid: its Python side, and its numbers and manners in a real browser."""

import gzip
import re
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from axe_playwright_python.sync_playwright import Axe
from traitlets import TraitError

from tests.explorables.host import setting_of, spin
from upsample_lib import interpolate
from upsample_lib.explorables import InterpolationGrid

# Sets the traits as a kernel would, waits for the drawing, and reads the output's cells and the sum.
READ = """
async (settings) => {
  const shown = [];
  for (const setting of settings) {
    for (const [trait, value] of Object.entries(setting)) models[0].set(trait, value);
    await new Promise((done) => setTimeout(done));
    const texts = (selector) => [...document.querySelectorAll(selector)].map((el) => el.textContent);
    shown.push([texts(".ux-output .ux-c"), texts(".ux-sum")[0], texts(".ux-caption")[0]]);
  }
  return shown;
}
"""
SIGNS = {"−": "-", "·": "*"}


def random_setting(rng: np.random.Generator) -> dict[str, Any]:
    mode = str(rng.choice(["nearest", "nearest-exact", "linear", "cubic"]))
    size = int(rng.integers(1, 13))
    return {
        "input": rng.integers(-99, 100, rng.integers(2, 7)).tolist(),
        "size": size,
        "mode": mode,
        "align_corners": mode in ("linear", "cubic") and bool(rng.integers(2)),
        "pixel": int(rng.integers(size)),
    }


def by_numpy(setting: dict[str, Any]) -> np.ndarray:
    x, m, mode = np.array(setting["input"], float), setting["size"], setting["mode"]
    corners = setting["align_corners"] if mode in ("linear", "cubic") else None
    if mode == "cubic":
        return interpolate(x[None, None, None], (1, m), mode="bicubic", align_corners=corners)[0, 0, 0]
    return interpolate(x[None, None], m, mode=mode, align_corners=corners)[0, 0]


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))


def test_output_and_weights_computed_by_hand():
    e = InterpolationGrid(input=[0, 12], size=4)
    np.testing.assert_array_equal(e.output, [0, 3, 9, 12])
    np.testing.assert_array_equal(e.weights, [[1, 0], [0.75, 0.25], [0.25, 0.75], [0, 1]])
    e.align_corners = True
    np.testing.assert_allclose(e.output, [0, 4, 8, 12])
    e.mode = "nearest"
    assert not e.align_corners
    np.testing.assert_array_equal(e.output, [0, 0, 12, 12])


@pytest.mark.parametrize("mode", ["nearest", "nearest-exact", "linear", "cubic"])
@pytest.mark.parametrize("size", [1, 3, 7, 12])
def test_output_is_the_weights_times_the_input_and_equals_torch(mode, size):
    e = InterpolationGrid(input=[3, -1, 4, 1, -5], size=size, mode=mode, pixel=0)
    image = torch.tensor(e.input)[None, None, None].expand(1, 1, 2, 5)
    name = {"linear": "bilinear", "cubic": "bicubic"}.get(mode, mode)
    expected = F.interpolate(image, size=(2, size), mode=name)[0, 0, 0].numpy()
    np.testing.assert_allclose(e.output, expected, atol=1e-12)
    np.testing.assert_allclose(e.weights @ e.input, expected, atol=1e-12)


@pytest.mark.parametrize(
    ("trait", "value", "sentence"),
    [
        ("size", 0, "size must be from 1 to 12, got 0"),
        ("size", 2.5, "size must be an integer, got 2.5"),
        ("pixel", 6, "pixel must be from 0 to 5, got 6"),
        ("input", [1], "input must have the shape 2…6, got (1,)"),
        ("input", [1, np.nan], "input must hold numbers from −99 to 99"),
        ("mode", "lanczos", "lanczos"),
    ],
)
def test_a_bad_value_is_refused_with_a_sentence_and_changes_nothing(trait, value, sentence):
    e = InterpolationGrid()
    before = getattr(e, trait)
    with pytest.raises(TraitError) as refused:
        setattr(e, trait, value)
    assert sentence in str(refused.value)
    np.testing.assert_array_equal(getattr(e, trait), before)


def test_corners_are_refused_where_there_are_none():
    with pytest.raises(TraitError, match="align_corners must be False for mode='nearest', got True"):
        InterpolationGrid(mode="nearest", align_corners=True)
    e = InterpolationGrid(size=12, pixel=11)
    e.size = 3
    assert e.pixel == 2


@pytest.mark.parametrize("size", [1, 2, 12])
@pytest.mark.parametrize("align_corners", [False, True])
def test_the_poster_is_wellformed_and_follows_the_traits(size, align_corners):
    e = InterpolationGrid(size=size, align_corners=align_corners, pixel=0)
    ET.fromstring(e.poster)
    assert f"3 → {size}" in e.poster
    before = e.poster
    e.mode = "cubic"
    assert e.poster != before


def test_the_script_is_one_small_module():
    script = InterpolationGrid._esm
    assert script.count("export ") == 1
    assert script.rstrip().endswith("export default { render };")
    assert "import" not in script
    assert len(gzip.compress((script + InterpolationGrid._css).encode(), 9)) <= 15_000


def test_shown_numbers_equal_numpy_over_random_settings(show):
    rng = np.random.default_rng(3)
    settings = [random_setting(rng) for _ in range(240)]
    page = show(InterpolationGrid())
    for setting, (cells, _, _) in zip(settings, page.evaluate(READ, settings)):
        np.testing.assert_allclose([number(cell) for cell in cells], by_numpy(setting), atol=5.001e-3)


def test_the_shown_sum_and_coordinate_are_right_over_random_settings(show):
    rng = np.random.default_rng(4)
    settings = [random_setting(rng) for _ in range(240)]
    page = show(InterpolationGrid())
    for setting, (_, text, caption) in zip(settings, page.evaluate(READ, settings)):
        j, n, m = setting["pixel"], len(setting["input"]), setting["size"]
        match = re.fullmatch(rf"y\[{j}\] = (.*) ([=≈]) (−?[\d.]+)", text)
        assert match, text
        products = re.sub("[−·]", lambda sign: SIGNS[sign.group()], match[1])
        assert re.fullmatch(r"[-\d.*+() ]+", products)
        right = by_numpy(setting)[j]
        exact = match[2] == "="
        # weights are shown with three digits
        rounding = 1e-9 if exact else 5.1e-4 * (1 + sum(abs(x) for x in setting["input"]) * 4)
        assert eval(products) == pytest.approx(right, abs=rounding)
        assert number(match[3]) == pytest.approx(right, abs=1e-9 if exact else 5.1e-4)
        if setting["align_corners"]:
            u = j * (n - 1) / (m - 1) if m > 1 else 0
        else:
            u = (j + 0.5 * (setting["mode"] != "nearest")) * n / m - 0.5
        shown = re.search(r"u = .*?([=≈] )?(−?[\d.]+?)[.,;:]? ?(?:pixel|Beyond|$)", caption)
        assert shown, caption
        assert number(shown[2]) == pytest.approx(u, abs=5.1e-4), caption


def test_pointing_at_an_output_pixel_lights_what_it_reads(show):
    page = show(InterpolationGrid())
    page.locator(".ux-output [data-c='3']").hover()
    assert page.locator(".ux-input .ux-on input").evaluate_all("els => els.map(el => el.ariaLabel)") == [
        "x[1]",
        "x[2]",
    ]
    assert page.locator(".ux-sum").inner_text() == "y[3] = 8·0.75 + 4·0.25 = 7"
    assert "u = (3 + ½)·3/6 − ½ = 1.25" in page.locator(".ux-caption").inner_text().replace("\u00a0", " ")
    assert setting_of(page)["pixel"] == 2  # pointing alone changes no setting
    page.locator(".ux-output [data-c='0']").click()
    assert setting_of(page)["pixel"] == 0
    page.locator(".ux-scale").hover()
    assert page.locator(".ux-sum").inner_text() == "y[0] = 2·0.25 + 2·0.75 = 2"
    assert "Beyond the border, x[0] is repeated." in page.locator(".ux-caption").inner_text()


def test_pointing_at_an_input_pixel_lights_its_readers(show):
    page = show(InterpolationGrid(input=[1, 2, 3, 4, 5], size=3, mode="nearest"))
    page.locator(".ux-input [data-c='1']").hover()
    assert page.locator(".ux-caption").inner_text() == "x[1] is read by y[1]."
    page.locator(".ux-input [data-c='4']").hover()
    assert page.locator(".ux-caption").inner_text() == "x[4] is read by nobody: this number is lost."
    assert page.locator(".ux-output .ux-on").count() == 0


def test_impossible_values_cannot_be_reached(show):
    page = show(InterpolationGrid())
    rng = np.random.default_rng(7)
    traits = ("input", "size", "mode", "align_corners", "pixel")
    for _ in range(50):
        if rng.integers(2):
            spin(page, str(rng.choice(["n", "m"]))).press(str(rng.choice(["Home", "End", "ArrowUp"])))
        else:
            enabled = page.locator("input[type=radio]:enabled")
            enabled.nth(int(rng.integers(enabled.count()))).check(force=True)
        state = setting_of(page)
        InterpolationGrid(**{trait: state[trait] for trait in traits})  # Python refuses what is impossible
    page.get_by_role("radio", name="nearest", exact=True).check(force=True)
    assert page.get_by_role("radio", name="True").is_disabled()
    spin(page, "n").press("Home")
    assert page.get_by_role("button", name="n: less").is_disabled()
    assert len(setting_of(page)["input"]) == 2


def test_a_keyboard_reaches_and_works_every_control(show):
    page = show(InterpolationGrid())
    reached = []
    page.locator("body").click(position={"x": 2, "y": 2})
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => { const el = document.activeElement; return el === document.body ? ""
            : el.ariaLabel ?? (el.closest("label") ?? el).innerText; }"""
        )
        if not name or name in reached:
            break
        reached.append(name)
    expected = {
        "×2",
        "nearest 5 → 3",
        "cubic overshoot",
        "n, input",
        "m, output",
        "linear",
        "False: edges meet",
    }
    assert expected | {"x[0]", "ruler", "impulse", "Copy link to this setting"} <= set(reached)
    page.locator(".ux-output .ux-c[tabindex='0']").focus()
    page.keyboard.press("End")
    assert setting_of(page)["pixel"] == 5
    page.keyboard.press("ArrowLeft")
    assert setting_of(page)["pixel"] == 4
    page.locator(".ux-input input").first.focus()
    page.keyboard.type("-0,5")
    assert setting_of(page)["input"] == [-0.5, 8, 4]
    page.get_by_role("radio", name="linear").press("ArrowRight")
    assert setting_of(page)["mode"] == "cubic"
    page.get_by_role("button", name="ruler", exact=True).press("Enter")
    assert setting_of(page)["input"] == [0, 1, 2]
    page.get_by_role("button", name="nearest 5 → 3", exact=True).press("Enter")
    assert page.locator(".ux-output .ux-c").all_inner_texts() == ["2", "8", "6"]
    pressed = page.locator(".ux-chip[aria-pressed=true]").all_inner_texts()
    assert pressed == ["nearest 5 → 3"]


def test_a_link_opens_the_setting_that_was_copied(show):
    page = show(InterpolationGrid(), permissions=("clipboard-read", "clipboard-write"))
    spin(page, "m").press("ArrowUp")
    page.get_by_role("radio", name="True").check(force=True)
    page.locator(".ux-input input").first.fill("-1,5")
    page.get_by_role("button", name="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    state = setting_of(page)
    other = show(InterpolationGrid(), fragment="#" + link.split("#")[1])
    for trait in ("input", "size", "mode", "align_corners", "pixel"):
        assert setting_of(other)[trait] == state[trait], trait
    assert other.locator(".ux-message").inner_text() == ""


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("#e=interpolation;m=99", "“m=99” does not fit: a whole number from 1 to 12."),
        ("#e=interpolation;m=3;j=3", "“j=3” does not fit: a whole number from 0 to 2."),
        ("#e=interpolation;mode=lanczos", "does not fit: nearest, nearest-exact, linear, cubic"),
        ("#e=interpolation;mode=nearest;corners=1", "1 only for linear and cubic"),
        ("#e=interpolation;x=1", "2 to 6 numbers separated by commas"),
        ("#e=interpolation;size=3", "there is no such key"),
        ("#e=pooling;k=2", "The link names “pooling”, but this page only has: interpolation."),
    ],
)
def test_a_wrong_fragment_shows_a_sentence_not_a_blank(show, fragment, sentence):
    page = show(InterpolationGrid(), fragment=fragment)
    page.wait_for_function("document.querySelector('.ux-message').innerText !== ''")
    assert sentence in page.locator(".ux-message").inner_text()
    assert page.locator(".ux-output .ux-c").count() >= 3


def test_a_text_in_a_number_cell_and_a_lost_kernel_show_sentences(show):
    page = show(InterpolationGrid(), lang="ru", site=False)
    cell = page.locator(".ux-input input").first
    cell.fill("abc")
    cell.press("Tab")
    assert page.get_by_role("alert").inner_text().startswith("«abc» — не число. В ячейке осталось 2")
    page.evaluate("void (models[0].save_changes = () => { throw new Error('comm closed') })")
    spin(page, "m").press("ArrowUp")
    assert page.locator(".ux-message").inner_text().startswith("Ядро Python не отвечает")
    assert page.locator(".ux-output .ux-c").count() == 7


def test_two_on_a_page_do_not_disturb_one_another(show):
    page = show(InterpolationGrid(), InterpolationGrid())
    page.evaluate("location.hash = '#e=interpolation-2;m=3;mode=cubic'")
    page.wait_for_function("models[1].state.mode === 'cubic'")
    assert [setting_of(page, at)["size"] for at in (0, 1)] == [6, 3]
    page.evaluate("cleanups[0]()")
    assert page.locator("#explorable-0").inner_text() == ""
    page.evaluate("models[0].set('size', 4)")
    page.wait_for_timeout(50)
    assert page.locator("#explorable-0").inner_text() == ""


@pytest.mark.parametrize(("lang", "theme"), [("ru", "light"), ("en", "dark")])
def test_axe_finds_nothing(show, lang, theme):
    page = show(InterpolationGrid(), InterpolationGrid(mode="nearest"), lang=lang, theme=theme)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_phone_is_wide_enough(show, lang):
    page = show(InterpolationGrid(), lang=lang, width=390)
    for setting in (
        {"size": 12, "input": [1, 2]},
        {"size": 12, "input": [1, 2, 3, 4, 5, 6], "mode": "cubic"},
        {"size": 1, "align_corners": True},
        {"size": 12, "align_corners": True, "input": [1, 2]},
    ):
        page.evaluate(READ, [setting])
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        )
        small = page.locator("button, .ux-c, .ux-value, .ux-choice label").evaluate_all(
            """els => els.map(el => el.getBoundingClientRect())
            .filter(box => box.width < 24 || box.height < 24).length"""
        )
        assert small == 0, setting


def test_changes_made_in_the_browser_are_accepted_by_python(show):
    e = InterpolationGrid(align_corners=True, size=12, pixel=11)
    page = show(e)
    page.get_by_role("radio", name="nearest", exact=True).check(force=True)
    spin(page, "m").press("Home")
    spin(page, "n").press("End")
    for change in page.evaluate("models[0].sent"):
        e.set_state(change)
    state = setting_of(page)
    for trait in ("size", "mode", "align_corners", "pixel"):
        assert getattr(e, trait) == state[trait], trait
    np.testing.assert_array_equal(e.input, state["input"])


def test_print_shows_the_picture_without_controls_and_nothing_moves_by_itself(show):
    page = show(InterpolationGrid(), media={"reduced_motion": "reduce"})
    moving = page.locator(".ux *").evaluate_all(
        "els => els.filter(el => getComputedStyle(el).transitionDuration !== '0s').length"
    )
    assert moving == 0
    page.emulate_media(media="print")
    assert not page.locator(".ux-pair").is_visible()
    assert page.locator(".ux-canvas").is_visible()
