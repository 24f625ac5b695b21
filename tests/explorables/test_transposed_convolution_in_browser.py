"""The explorables of the transposed convolution in a real browser, on a page without a kernel."""

import re
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from axe_playwright_python.sync_playwright import Axe

from tests.explorables.host import SET, setting_of, spin
from upsample_lib import explorables
from upsample_lib.convolution import conv_transpose1d, conv_transpose2d
from upsample_lib.explorables import TransposedConvolution1D, TransposedConvolution2D

KINDS = [TransposedConvolution1D, TransposedConvolution2D]
BOTH = pytest.mark.parametrize("kind", KINDS)

# Sets the traits as a kernel would, waits for the drawing, and reads the cells that are not cropped.
READ = """
async (settings) => {
  const model = models[0], cells = [];
  const read = () => {
    const grids = [...document.querySelectorAll("#explorable-0 .ux-output[role=grid]")];
    return [...grids[0].querySelectorAll(".ux-row")]
      .map((row) => [...row.querySelectorAll(".ux-c:not(.ux-cut)")].map((cell) => cell.textContent))
      .filter((row) => row.length);
  };
  for (const setting of settings) {
    for (const [trait, value] of Object.entries(setting)) model.set(trait, value);
    await new Promise((done) => setTimeout(done));
    cells.push(read());
  }
  return cells;
}
"""


def random_setting(rng: np.random.Generator, axes: int) -> dict[str, Any]:
    longest = 6 if axes == 1 else 5
    shape = [int(n) for n in rng.integers(1, longest + 1, axes)]
    kernel = [int(k) for k in rng.integers(1, 6, axes)]
    s, d = int(rng.integers(1, 5)), int(rng.integers(1, 4))
    a = int(rng.integers(0, max(s, d)))
    most = min(6, *(((n - 1) * s + d * (k - 1) + a) // 2 for n, k in zip(shape, kernel)))
    # halves: their products and sums are exact at the two decimals that a cell shows
    return {
        "input": (rng.integers(-9, 10, shape) / 2).tolist(),
        "weight": (rng.integers(-9, 10, kernel) / 2).tolist(),
        "stride": s,
        "padding": int(rng.integers(0, most + 1)),
        "output_padding": a,
        "dilation": d,
    }


def by_torch(setting: dict[str, Any], inputs: int | None = None) -> np.ndarray:
    """The result, from the first `inputs` cells of the input alone if that is given."""
    x = torch.tensor(setting["input"], dtype=torch.float64)
    if inputs is not None:
        x = torch.where(torch.arange(x.numel()).reshape(x.shape) < inputs, x, 0)
    w = torch.tensor(setting["weight"], dtype=torch.float64)
    operation = F.conv_transpose1d if x.ndim == 1 else F.conv_transpose2d
    numbers = {key: setting[key] for key in ("stride", "padding", "output_padding", "dilation")}
    return np.atleast_2d(operation(x[None, None], w[None, None], **numbers)[0, 0].numpy())


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ".") or "0")


def numbers(rows: list[list[str]]) -> np.ndarray:
    return np.array([[number(text) for text in row] for row in rows])


def by_numpy(setting: dict[str, Any]) -> np.ndarray:
    """The same by the library's NumPy path, as two axes."""
    x, w = np.array(setting["input"]), np.array(setting["weight"])
    operation = conv_transpose1d if x.ndim == 1 else conv_transpose2d
    numbers = {key: setting[key] for key in ("stride", "padding", "output_padding", "dilation")}
    return np.atleast_2d(operation(x[None, None], w[None, None], **numbers)[0, 0])


@BOTH
def test_shown_numbers_equal_numpy_over_random_settings(show, kind):
    rng = np.random.default_rng(5)
    states, expected = [], []
    for at in range(220):
        setting = random_setting(rng, kind._axes)
        view = ("stamp", "zeros")[at % 2]
        output = by_numpy(setting)
        steps = np.size(setting["input"]) if view == "stamp" else output.size
        states.append({**setting, "view": view, "step": steps})
        expected.append(output)
        if at % 5 == 0:  # and in the middle of the way
            step = int(rng.integers(0, steps + 1))
            states.append({**setting, "view": view, "step": step})
            known = np.where(np.arange(output.size) < step, output.ravel(), 0).reshape(output.shape)
            expected.append(by_torch(setting, inputs=step) if view == "stamp" else known)
    page = show(kind())
    for shown, right in zip(page.evaluate(READ, states), expected):
        np.testing.assert_allclose(numbers(shown), right, atol=1e-9)


SUM = re.compile(r"^(y\[[\d, ]+\]|cropped) = (.*) = (−?[\d.]+)( —.*)?$")


@BOTH
def test_the_shown_sum_is_the_sum_of_its_products(show, kind):
    rng = np.random.default_rng(6)
    page = show(kind())
    for at in range(20):
        setting = random_setting(rng, kind._axes)
        page.evaluate(READ, [{**setting, "step": 999, "view": ("stamp", "zeros")[at % 2]}])
        page.locator(".ux-output[role=grid] .ux-c:not(.ux-cut)").first.focus()
        match = SUM.match(page.locator(".ux-sum").inner_text())
        if match is None:
            assert page.locator(".ux-sum").inner_text().startswith("y[0")
            assert by_torch(setting)[0, 0] == 0
            continue
        products = re.sub(r"[−·×]", lambda m: {"−": "-", "·": "*", "×": "*"}[m.group()], match[2])
        assert re.fullmatch(r"[-\d.*+() ]+", products)
        assert eval(products) == pytest.approx(by_torch(setting)[0, 0], abs=1e-9)
        assert number(match[3]) == pytest.approx(by_torch(setting)[0, 0], abs=6e-3)


def test_hovering_an_output_cell_lights_what_it_is_made_of(show):
    page = show(TransposedConvolution2D())
    page.locator(".ux-output [data-r='2'][data-c='2']").hover()
    lit = page.locator(".ux-input .ux-on input").evaluate_all("els => els.map(el => el.ariaLabel)")
    assert lit == ["x[0, 0]", "x[0, 1]", "x[1, 0]", "x[1, 1]"]
    lit = page.locator(".ux-kernel .ux-on input").evaluate_all("els => els.map(el => el.ariaLabel)")
    assert lit == ["w[0, 0]", "w[0, 2]", "w[2, 0]", "w[2, 2]"]
    text = page.locator(".ux-sum").inner_text()
    assert text == "y[2, 2] = 1·1 + 2·2 + 3·(−1) + 2·1 = 4"


def test_the_three_views_mark_the_same_step(show):
    page = show(TransposedConvolution1D(view="zeros", step=3))
    # y[2] = 2·(−1) + 3·1: row 2 of the matrix, column 2 of the stamps
    assert page.locator(".ux-sum").inner_text() == "y[2] = 2·(−1) + 3·1 + 1 × 0 = 1"
    marked = page.locator(".ux-grid[aria-label^=Matrix] .ux-on").evaluate_all(
        "els => els.map(el => [el.dataset.r, el.dataset.c, el.textContent])"
    )
    assert marked == [["2", "0", "−1"], ["2", "1", "1"]]
    marked = page.locator(".ux-grid[aria-label^=Stamp] .ux-on").evaluate_all(
        "els => els.map(el => [el.dataset.r, el.dataset.c, el.textContent])"
    )
    assert marked == [["0", "2", "−2"], ["1", "2", "3"]]
    above = page.locator(".ux-grid[aria-label^=Insert] .ux-kernel").all_inner_texts()
    assert above == ["−1", "2", "1"]


@BOTH
def test_impossible_values_cannot_be_reached(show, kind):
    page = show(kind())
    rng = np.random.default_rng(7)
    for _ in range(60):
        symbol, key = rng.choice(list("nkspad")), rng.choice(["Home", "End", "ArrowUp", "ArrowDown"])
        spin(page, symbol).press(key)
        state = setting_of(page)
        reaches = max(state["stride"], state["dilation"])
        assert state["output_padding"] < reaches
        assert by_torch(state).size > 0
        e = kind(**{trait: state[trait] for trait in SET})  # Python refuses what is impossible
        assert state["step"] <= e.steps


@BOTH
def test_buttons_stop_at_the_limits(show, kind):
    page = show(kind())
    more = page.get_by_role("button", name="s: more")
    for _ in range(2):
        more.click()
    assert setting_of(page)["stride"] == 4
    assert more.is_disabled()
    assert setting_of(page)["output_padding"] == 0


@BOTH
def test_a_keyboard_reaches_and_works_every_control(show, kind):
    page = show(kind(), permissions=("clipboard-read", "clipboard-write"))
    reached = []
    page.locator("body").click(position={"x": 2, "y": 2})
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => { const el = document.activeElement;
            return el === document.body ? "" : (el.ariaLabel ?? el.innerText) || el.value; }"""
        )
        if not name or name in reached:
            break
        reached.append(name)
    expected = ["k3 s1 p0", "k4 s2: even", "n, input", "k, kernel", "s, stride", "p, padding", "d, dilation"]
    expected += ["stamp", "Step back", "Play", "Step forward", "To the start", "To the end", "Step"]
    expected += ["ones", "impulse", "Copy link to this setting"]
    assert set(expected) <= set(reached), set(expected) - set(reached)
    first = "[0]" if kind._axes == 1 else "[0, 0]"
    for grid in ("x", "w", "y"):
        assert any(name.startswith(grid + first) for name in reached), reached

    # arrow keys inside a grid, Home and End, editing in place
    page.locator(".ux-kernel[role=grid] input").first.focus()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.ariaLabel") == ("w[2]" if kind._axes == 1 else "w[0, 2]")
    page.keyboard.type("-2,5")
    page.keyboard.press("Tab")
    assert np.ravel(setting_of(page)["weight"])[2] == -2.5
    page.locator(".ux-output[role=grid] .ux-c").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.c") == "1"
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.dataset.c") == "0"

    # space plays and pauses, from any place that does not use it itself
    assert page.get_by_role("button", name="Play").count() == 1
    page.keyboard.press(" ")
    page.get_by_role("button", name="Pause").wait_for()
    before = setting_of(page)["step"]
    page.wait_for_function(f"models[0].state.step > {before}")
    page.keyboard.press(" ")
    assert page.get_by_role("button", name="Pause").count() == 0
    page.get_by_role("slider").press("Home")
    assert setting_of(page)["step"] == 0
    assert "No prints yet" in page.locator(".ux-caption").inner_text()
    page.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    assert setting_of(page)["view"] == "zeros"
    page.get_by_role("button", name="To the end").press("Enter")
    assert page.get_by_role("button", name="Step forward").is_disabled()
    page.get_by_role("button", name="ones").press("Enter")
    assert np.unique(setting_of(page)["weight"]).tolist() == [1]


@BOTH
def test_play_runs_to_the_end_and_stops(show, kind):
    page = show(kind())
    page.clock.install()
    page.get_by_role("button", name="Play").click()
    page.clock.run_for(20_000)
    assert setting_of(page)["step"] == np.size(setting_of(page)["input"])
    assert page.get_by_role("button", name="Play").count() == 1


@pytest.mark.parametrize(
    ("lang", "typed", "sentence"),
    [
        ("en", "abc", "“abc” is not a number. The cell keeps 1; write for example −1.5."),
        ("ru", "abc", "«abc» — не число. В ячейке осталось 1; пишите, например, −1,5."),
        ("en", "1e3", "“1e3” is not a number. The cell keeps 1; write for example −1.5."),
        ("ru", "1000", "1000 слишком велико: допустимы числа от −99 до 99."),
    ],
)
def test_a_text_in_a_number_cell_shows_a_sentence(show, lang, typed, sentence):
    page = show(TransposedConvolution2D(), lang=lang)
    cell = page.locator(".ux-kernel input").first
    cell.fill(typed)
    cell.press("Tab")
    assert page.get_by_role("alert").inner_text() == sentence
    assert cell.input_value() == "1"
    assert setting_of(page)["weight"][0][0] == 1
    cell.fill("−0,5")
    assert page.locator(".ux-message").inner_text() == ""
    assert setting_of(page)["weight"][0][0] == -0.5


@BOTH
@pytest.mark.parametrize(("lang", "theme"), [("ru", "light"), ("en", "dark")])
def test_axe_finds_nothing(show, kind, lang, theme):
    page = show(kind(padding=1), kind(view="zeros", padding=1, output_padding=1), lang=lang, theme=theme)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@BOTH
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_phone_is_wide_enough(show, kind, lang):
    page = show(kind(), lang=lang, width=390)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for view in ("stamp", "zeros"):
        for symbol in "nksd":
            spin(page, symbol).press("End")
            assert page.evaluate(overflow) == 0
        page.evaluate(f"models[0].set('view', '{view}')")
        assert page.evaluate(overflow) == 0
    small = page.locator(
        "button, .ux-c:visible, .ux-value, input[type=range], .ux-choice label"
    ).evaluate_all(
        "els => els.map(el => el.getBoundingClientRect()).filter(b => b.width < 24 || b.height < 24).length"
    )
    assert small == 0


def test_reduced_motion_steps_without_a_tween(show):
    page = show(TransposedConvolution2D(), media={"reduced_motion": "reduce"})
    durations = page.locator(".ux-frame, .ux-c").evaluate_all(
        "els => [...new Set(els.map(el => getComputedStyle(el).transitionDuration))]"
    )
    assert durations == ["0s"]
    page.get_by_role("button", name="Step forward").click()
    assert setting_of(page)["step"] == 6


def test_print_shows_the_picture_without_controls(show):
    page = show(TransposedConvolution2D())
    page.emulate_media(media="print")
    assert not page.locator(".ux-player").is_visible()
    assert not page.locator(".ux-parameters").is_visible()
    assert page.locator(".ux-output").first.is_visible()


@BOTH
def test_python_and_script_agree_on_traits_and_defaults(show, kind):
    page = show(kind())
    pressed = page.locator(".ux-chip[aria-pressed=true]").all_inner_texts()
    assert pressed == ["k3 s2 p0"]
    assert explorables.__all__.count(kind.__name__) == 1
