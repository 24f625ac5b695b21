"""The size solver: its Python side, and its numbers and manners in a real browser."""

import gzip
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from torch import nn
from traitlets import TraitError

from tests.explorables.host import setting_of, spin
from upsample_lib.explorables import SizeSolver
from upsample_lib.sizes import TransposedSetting, conv_input_sizes, conv_output_size, transposed_settings

# Sets the traits as a kernel would, waits for the drawing, and reads the list.
READ = """
async (questions) => {
  const lists = [];
  for (const question of questions) {
    for (const [trait, value] of Object.entries(question)) models[0].set(trait, value);
    await new Promise((done) => setTimeout(done));
    document.querySelector(".ux-more:not([hidden])")?.click();
    await new Promise((done) => setTimeout(done));
    lists.push([...document.querySelectorAll(".ux-list tr[data-at]")].map((row) => [
      [...row.cells].slice(1, 5).map((cell) => +cell.textContent), row.cells[6].textContent,
      row.closest("tbody").rows[0].textContent, row.querySelector("svg").getAttribute("aria-label")]));
  }
  return lists;
}
"""
# The tape moved to each of the sizes: the output_paddings above it, and n in its heavy box below.
TAPE = """
async (sizes) => {
  const shown = [], tape = document.querySelector(".ux-tape");
  for (const size of sizes) {
    const key = size > +tape.getAttribute("aria-valuenow") ? "ArrowRight" : "ArrowLeft";
    while (+tape.getAttribute("aria-valuenow") !== size) {
      tape.dispatchEvent(new KeyboardEvent("keydown", { key }));
      await new Promise((done) => setTimeout(done));
    }
    const texts = (selector) => [...tape.querySelectorAll(selector)].map((text) => text.textContent);
    shown.push({
      above: texts("text").filter((text) => text.startsWith("a = ")).map((text) => +text.slice(4)),
      below: texts("rect[y='104'][stroke-width='3'] + text").map(Number),
      state: { ...models[0].state },
      caption: document.querySelector(".ux-caption").textContent,
    });
  }
  return shown;
}
"""


def evaluated(text: str, n: int) -> int:
    """5n − 7 at n."""
    factor, _, rest = text.partition("n")
    return int(factor or 1) * n + int(rest.replace("−", "-").replace(" ", "") or 0)


def test_settings_computed_by_hand():
    e = SizeSolver(n=16, m=32, max_kernel=4)
    # k2 s2 and k4 s2 p1 overlap evenly; k3 s2 p1 a1 does not; k1 s2 a1 leaves holes
    assert [setting[:4] for setting in e.settings] == [
        (2, 2, 0, 0),
        (4, 2, 1, 0),
        (3, 2, 1, 1),
        (1, 2, 0, 1),
    ]
    assert e.chosen == (2, 2, 0, 0, 1)


def test_a_setting_that_leaves_bare_pixels_at_the_end_comes_last():
    # k4 s4 p1 a2 overlaps evenly inside, but its last output pixel lies beyond the last print
    settings = SizeSolver(n=7, m=28).settings
    assert settings[0][:4] == (4, 4, 0, 0)
    assert (4, 4, 1, 2, 1) in settings[6:]


@pytest.mark.parametrize(("n", "m", "most"), [(16, 32, 6), (7, 28, 6), (1, 1, 1), (5, 9, 8), (28, 224, 16)])
def test_every_setting_gives_m_in_torch(n, m, most):
    e = SizeSolver(n=n, m=m, max_kernel=most)
    assert sorted(e.settings) == sorted(transposed_settings(n, m, most))
    for k, s, p, a, _ in e.settings:
        layer = nn.ConvTranspose1d(1, 1, k, s, p, output_padding=a)
        assert layer(torch.zeros(1, 1, n)).shape[-1] == m


def test_the_choice_follows_the_sizes():
    e = SizeSolver(chosen=[3, 2, 1, 1])
    e.m = 31
    assert e.chosen == (3, 2, 1, 0, 1)
    e.m = 200
    assert e.settings == []
    assert e.chosen is None
    e.n = np.int64(100)
    assert e.chosen == e.settings[0]
    e.chosen = e.settings[-1]
    e.chosen = None
    assert e.chosen == e.settings[0]


@pytest.mark.parametrize(
    ("trait", "value", "sentence"),
    [
        ("n", 0, "n must be from 1 to 1024, got 0"),
        ("m", 1025, "m must be from 1 to 1024, got 1025"),
        ("m", 2.0, "m must be an integer, got 2.0"),
        ("max_kernel", 17, "max_kernel must be from 1 to 16, got 17"),
        (
            "chosen",
            (3, 2, 1, 0),
            "chosen must be one of the 6 settings for 16 → 32 with k ≤ 6, got (3, 2, 1, 0)",
        ),
        ("chosen", (3, 2), "chosen must be (k, s, p, a) or None, got (3, 2)"),
        ("chosen", 3, "chosen must be (k, s, p, a) or None, got 3"),
        ("chosen", (3, 2, 1, 0.5), "chosen must be an integer, got 0.5"),
    ],
)
def test_a_bad_value_is_refused_with_a_sentence_and_changes_nothing(trait, value, sentence):
    e = SizeSolver()
    before = getattr(e, trait)
    with pytest.raises(TraitError) as refused:
        setattr(e, trait, value)
    assert sentence in str(refused.value)
    assert getattr(e, trait) == before


def test_the_poster_is_wellformed_and_follows_the_traits():
    e = SizeSolver(n=1, m=3, max_kernel=8)
    for n, m in [(1, 3), (7, 28), (16, 200)]:
        e.n, e.m = n, m
        ET.fromstring(e.poster)
        assert f"{n} → {m}" in e.poster


def test_the_script_is_one_small_module():
    script = SizeSolver._esm
    assert script.count("export ") == 1
    assert script.rstrip().endswith("export default { render };")
    assert "import" not in script
    assert len(gzip.compress((script + SizeSolver._css).encode(), 9)) <= 15_000


def test_the_list_equals_the_library_over_random_questions(show):
    rng = np.random.default_rng(1)
    questions = []
    for _ in range(260):
        n, most = int(rng.integers(1, 60)), int(rng.integers(1, 17))
        m = int(np.clip(n * rng.uniform(0.5, 5) + rng.integers(-3, 4), 1, 1024))
        questions.append({"n": n, "m": m, "max_kernel": most})
    page = show(SizeSolver())
    for question, shown in zip(questions, page.evaluate(READ, questions)):
        found = transposed_settings(question["n"], question["m"], question["max_kernel"])
        assert sorted(tuple(numbers) for numbers, *_ in shown) == sorted(setting[:4] for setting in found)
        in_order = [setting[:4] for setting in SizeSolver(**question).settings]
        assert [tuple(numbers) for numbers, *_ in shown] == in_order
        for numbers, text, group, prints in shown:
            setting = TransposedSetting(*numbers, 1)
            k, s, p, a = numbers
            for n in (question["n"], 7, 50):
                if setting.kernel_size + (n - 1) * setting.stride - 2 * setting.padding > 0:
                    assert evaluated(text, n) == setting.output_size(n)
            taps = [sum(i % s == phase for i in range(k)) for phase in range(s)]
            assert prints == f"prints on a pixel: {', '.join(map(str, taps))}"
            assert (group.startswith("exact") or group.startswith("even")) == (
                setting.even_overlap and k >= s and a <= p
            )
            if group.startswith("exact"):
                assert evaluated(text, 50) == 50 * s


def test_the_tape_equals_the_library_over_random_layers(show):
    rng = np.random.default_rng(2)
    page = show(SizeSolver(max_kernel=16), width=1600)
    checked = 0
    while checked < 200:
        n, most = int(rng.integers(2, 40)), 8
        m = int(n * rng.integers(1, 5) + rng.integers(-1, 3))
        found = transposed_settings(n, m, most)
        if not found:
            continue
        k, s, p, a, _ = found[rng.integers(len(found))]
        question = {"n": n, "m": m, "max_kernel": most, "chosen": [k, s, p, a]}
        page.evaluate(READ, [question])
        sizes = [m, m + 1, max(m - s, 1, k - 2 * p)]
        for size, shown in zip(sizes, page.evaluate(TAPE, sizes)):
            smaller = conv_output_size(size, k, s, p)
            colliding = conv_input_sizes(smaller, k, s, p)
            state = shown["state"]
            assert shown["below"] == [smaller]
            assert (state["n"], state["m"]) == (smaller, size)
            smallest = (smaller - 1) * s - 2 * p + k
            assert shown["above"] == [other - smallest for other in colliding]
            assert state["chosen"] == [k, s, p, size - smallest]
            assert TransposedSetting(*state["chosen"], 1).output_size(smaller) == size
            assert f"takes {'only size ' if len(colliding) == 1 else ''}{colliding[0]}" in shown["caption"]
            checked += 1


def test_a_click_chooses_a_row_and_its_line_of_code_is_right(show):
    page = show(SizeSolver(), permissions=("clipboard-read", "clipboard-write"))
    for at in range(6):
        page.locator("tr[data-at]").nth(at).click(position={"x": 200, "y": 10})
        page.get_by_role("button", name="Copy this line").click()
        line = page.evaluate("navigator.clipboard.readText()")
        layer = eval(line, {"nn": nn, "in_channels": 1, "out_channels": 1})
        assert layer(torch.zeros(1, 1, 16, 16)).shape == (1, 1, 32, 32)
        k, s, p, a = setting_of(page)["chosen"]
        assert (layer.kernel_size[0], layer.stride[0], layer.padding[0]) == (k, s, p)
        assert layer.output_padding[0] == a
    assert page.get_by_role("alert").inner_text() == "Line copied"


def test_the_tape_is_dragged_and_tapped(show):
    page = show(SizeSolver(chosen=(3, 2, 1, 1)))
    tape = page.locator(".ux-tape")
    tape.scroll_into_view_if_needed()
    box = tape.bounding_box()
    middle, height = box["x"] + box["width"] / 2, box["y"] + 40
    page.mouse.move(middle, height)
    page.mouse.down()
    page.mouse.move(middle - 60, height)
    page.mouse.move(middle - 42 * 3, height, steps=4)
    page.mouse.up()
    assert (setting_of(page)["m"], setting_of(page)["n"]) == (35, 18)
    page.mouse.click(middle - 42, height)
    assert (setting_of(page)["m"], setting_of(page)["n"]) == (34, 17)
    assert setting_of(page)["chosen"] == [3, 2, 1, 1]
    assert "takes 33 and 34 to one and the same size 17" in page.locator(".ux-caption").inner_text()
    tape.press("Home")
    assert (setting_of(page)["m"], setting_of(page)["n"]) == (1, 1)
    tape.press("End")
    assert (setting_of(page)["m"], setting_of(page)["n"]) == (1024, 512)
    tape.press("PageDown")
    assert setting_of(page)["m"] == 1022


def test_impossible_values_cannot_be_reached(show):
    page = show(SizeSolver())
    rng = np.random.default_rng(3)
    for _ in range(60):
        act = rng.integers(3)
        if act == 0:
            spin(page, str(rng.choice(["n", "m", "k ≤"]))).press(str(rng.choice(["ArrowUp", "ArrowDown"])))
        elif act == 1 and page.locator(".ux-tape").is_visible():
            page.locator(".ux-tape").press(str(rng.choice(["Home", "End", "ArrowUp", "PageDown"])))
        elif page.locator("tr[data-at]").count():
            rows = page.locator("tr[data-at] input")
            rows.nth(int(rng.integers(rows.count()))).check()
        state = setting_of(page)
        SizeSolver(**{trait: state[trait] for trait in ("n", "m", "max_kernel", "chosen")})  # Python agrees


def test_sizes_are_typed_and_a_text_shows_a_sentence(show):
    page = show(SizeSolver(), lang="ru")
    spin(page, "m").fill("48")
    spin(page, "m").press("Enter")
    assert setting_of(page)["m"] == 48
    for typed in ("abc", "0", "2000", "1.5", ""):
        spin(page, "m").fill(typed)
        spin(page, "m").press("Tab")
        assert (
            f"«{typed}» не подходит: нужно целое число от 1 до 1024."
            in page.locator(".ux-message").inner_text()
        )
        assert spin(page, "m").input_value() == "48"
    spin(page, "m").press("ArrowUp")
    assert setting_of(page)["m"] == 49
    assert page.locator(".ux-message").inner_text() == ""


def test_where_nothing_fits_a_sentence_says_what_is_near(show):
    page = show(SizeSolver(n=16, m=200))
    text = page.locator(".ux-none").inner_text()
    near = max(m for m in range(1, 200) if transposed_settings(16, m, 6))
    assert text == f"No layer with k ≤ 6 takes 16 to 200. The nearest outputs from the same input: {near}."
    assert not page.locator(".ux-tape").is_visible()
    spin(page, "m").fill(str(near))
    spin(page, "m").press("Enter")
    assert page.locator("tr[data-at]").count() == len(transposed_settings(16, near, 6))


def test_a_keyboard_reaches_every_control(show):
    page = show(SizeSolver())
    reached = []
    page.locator("body").click(position={"x": 2, "y": 2})
    for _ in range(30):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement === document.body ? '' "
            ": document.activeElement.ariaLabel ?? document.activeElement.innerText"
        )
        if not name or name in reached:
            break
        reached.append(name)
    expected = {
        "16 → 32",
        "28 → 224",
        "n, input",
        "m, output",
        "k ≤, kernel",
        "k2 s2 p0 a0",
        "Copy this line",
    }
    assert expected | {"Size that the convolution shrinks", "Copy link to this setting"} <= set(reached)
    page.locator("tr[data-at] input").first.focus()
    page.keyboard.press("ArrowDown")
    assert setting_of(page)["chosen"] == [4, 2, 1, 0]
    assert page.evaluate("document.activeElement.ariaLabel") == "k4 s2 p1 a0"
    page.get_by_role("button", name="28 → 224").press("Enter")
    assert setting_of(page)["chosen"][:2] == [8, 8]


def test_a_long_list_is_short_until_asked(show):
    page = show(SizeSolver(n=1, m=6, max_kernel=16))
    everything = len(transposed_settings(1, 6, 16))
    assert everything > 500
    assert page.locator("tr[data-at]").count() == 60
    page.get_by_role("button", name=f"Show all {everything}").press("Enter")
    assert page.locator("tr[data-at]").count() == everything
    assert page.evaluate("document.activeElement.closest('tr').dataset.at") == "60"
    assert not page.locator(".ux-more").is_visible()
    # a new question, and a choice far down in its list
    settings = SizeSolver(n=1, m=7, max_kernel=16).settings
    page.evaluate(f"models[0].set('m', 7); models[0].set('chosen', {list(settings[99][:4])})")
    page.wait_for_selector("tr[data-at='99'].ux-row-on")
    assert page.locator("tr[data-at]").count() == 61
    assert page.locator("tr[data-at] input:checked").count() == 1


def test_a_link_opens_the_setting_that_was_copied(show):
    page = show(SizeSolver(), permissions=("clipboard-read", "clipboard-write"))
    page.get_by_role("radio", name="k3 s2 p1 a1").check()
    page.locator(".ux-tape").press("ArrowLeft")
    page.get_by_role("button", name="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.endswith("#e=size-solver;n=16;m=31;most=6;layer=3,2,1")
    other = show(SizeSolver(), fragment="#" + link.split("#")[1])
    assert setting_of(other)["chosen"] == setting_of(page)["chosen"] == [3, 2, 1, 0]
    assert other.locator(".ux-message").inner_text() == ""


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("#e=size-solver;n=0", "“n=0” does not fit: a whole number from 1 to 1024."),
        ("#e=size-solver;most=99", "a whole number from 1 to 16"),
        ("#e=size-solver;layer=3,2,0", "“layer=3,2,0” does not fit: no such layer takes 16 to 32."),
        ("#e=size-solver;layer=x", "no such layer"),
        ("#e=size-solver;k=3", "there is no such key"),
        ("#e=pooling;k=2", "this page only has: size-solver."),
    ],
)
def test_a_wrong_fragment_shows_a_sentence_not_a_blank(show, fragment, sentence):
    page = show(SizeSolver(), fragment=fragment)
    page.wait_for_function("document.querySelector('.ux-message').innerText !== ''")
    assert sentence in page.locator(".ux-message").inner_text()
    assert page.locator("tr[data-at]").count() == 6


def test_a_lost_kernel_shows_a_sentence(show):
    page = show(SizeSolver(), site=False)
    page.evaluate("void (models[0].save_changes = () => { throw new Error('comm closed') })")
    spin(page, "n").press("ArrowUp")
    assert "The Python kernel does not answer" in page.locator(".ux-message").inner_text()


def test_two_on_a_page_do_not_disturb_one_another(show):
    page = show(SizeSolver(), SizeSolver())
    page.locator("#explorable-1").get_by_role("radio", name="k3 s2 p1 a1").check()
    assert setting_of(page, 0)["chosen"] == [2, 2, 0, 0]
    assert page.locator("#explorable-0 input:checked").count() == 1
    page.evaluate("location.hash = '#e=size-solver-2;n=7;m=28'")
    page.wait_for_function("models[1].state.m === 28")
    assert setting_of(page, 0)["m"] == 32
    page.evaluate("cleanups[0]()")
    page.evaluate("models[0].set('m', 33)")
    page.wait_for_timeout(50)
    assert page.locator("#explorable-0").inner_text() == ""


@pytest.mark.parametrize(("lang", "theme"), [("ru", "light"), ("en", "dark")])
def test_axe_finds_nothing(show, lang, theme):
    page = show(SizeSolver(), SizeSolver(n=16, m=200), lang=lang, theme=theme)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_phone_is_wide_enough(show, lang):
    page = show(SizeSolver(), lang=lang, width=390)
    for question in ({}, {"n": 7, "m": 28}, {"n": 1, "m": 6, "max_kernel": 16}, {"n": 1024, "m": 1024}):
        page.evaluate(READ, [question])
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        )
        assert page.locator(".ux-list").evaluate("el => el.scrollWidth - el.clientWidth") == 0
    small = page.locator("button:visible, tr[data-at], input, .ux-tape").evaluate_all(
        "els => els.map(el => el.getBoundingClientRect()).filter(b => b.width < 24 || b.height < 24).length"
    )
    assert small == 0


def test_changes_made_in_the_browser_are_accepted_by_python(show):
    e = SizeSolver()
    page = show(e)
    page.get_by_role("radio", name="k5 s2 p2 a1").check()
    page.locator(".ux-tape").press("PageUp")
    page.locator(".ux-tape").press("ArrowLeft")
    spin(page, "n").fill("500")
    spin(page, "n").press("Enter")
    page.get_by_role("button", name="7 → 28").click()
    sent = page.evaluate("models[0].sent")
    assert len(sent) == 5
    for change in sent:
        e.set_state(change)
    state = setting_of(page)
    assert (e.n, e.m, e.max_kernel) == (state["n"], state["m"], state["max_kernel"]) == (7, 28, 6)
    assert list(e.chosen[:4]) == state["chosen"]


def test_reduced_motion_and_print(show):
    page = show(SizeSolver(), media={"reduced_motion": "reduce"})
    assert page.locator(".ux-tape svg").evaluate("el => getComputedStyle(el).transitionDuration") == "0s"
    page.emulate_media(media="print")
    assert not page.locator(".ux-pair").is_visible()
    assert page.locator(".ux-list").is_visible()
