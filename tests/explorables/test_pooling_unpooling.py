"""Pooling and unpooling: the Python side, and its numbers and manners in a real browser."""

import gzip
import itertools
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
from upsample_lib import avg_pool2d, avg_unpool, bed_of_nails, interpolate, max_pool2d, max_unpool2d
from upsample_lib.explorables import PoolingUnpooling

TRAITS = ("input", "pooling", "kernel_size", "stride", "back", "window")

# Sets the traits as a kernel would, waits for the drawing, and reads the four grids and the words under them.
READ = """
async (settings) => {
  const shown = [];
  for (const setting of settings) {
    for (const [trait, value] of Object.entries(setting)) models[0].set(trait, value);
    await new Promise((done) => setTimeout(done));
    const grid = (kind) => [...document.querySelectorAll(`[data-grid=${kind}] .ux-row`)]
      .map((row) => [...row.querySelectorAll(".ux-c")].map((cell) => cell.textContent));
    const badges = [...document.querySelectorAll("[data-grid=y] .ux-c")].map((cell) => cell.dataset.badge);
    const text = (kind) => document.querySelector(`.ux-${kind}`).textContent;
    shown.push([grid("y"), grid("z"), grid("d"), badges, text("sum"), text("total")]);
  }
  return shown;
}
"""


def random_setting(rng: np.random.Generator) -> dict[str, Any]:
    shape = [int(n) for n in rng.integers(2, 7, 2)]
    k, s = int(rng.integers(1, min(4, *shape) + 1)), int(rng.integers(1, 5))
    pooling = str(rng.choice(["max", "avg"]))
    backs = ["nearest", "nails", "avg_unpool", *(["max_unpool"] if pooling == "max" else [])]
    windows = int(np.prod([(n - k) // s + 1 for n in shape]))
    return {
        # few different numbers: windows often hold their largest one twice
        "input": rng.integers(-9, 10, shape).tolist(),
        "pooling": pooling,
        "kernel_size": k,
        "stride": s,
        "back": str(rng.choice(backs)),
        "window": int(rng.integers(windows)),
    }


def by_numpy(setting: dict[str, Any]) -> tuple[np.ndarray, np.ndarray | None, np.ndarray]:
    """What was pooled, the switches, and what comes back, by the library's NumPy path."""
    x, k, s = np.array(setting["input"], float)[None], setting["kernel_size"], setting["stride"]
    shape, switches = x.shape[1:], None
    if setting["pooling"] == "max":
        y, switches = max_pool2d(x, k, s, return_indices=True)
    else:
        y = avg_pool2d(x, k, s)
    if setting["back"] == "max_unpool":
        z = max_unpool2d(y, switches, k, s, output_size=shape)
    elif setting["back"] == "avg_unpool":
        z = avg_unpool(y, (k, k), (s, s), output_size=shape)
    elif setting["back"] == "nearest":
        z = interpolate(y[None], size=shape, mode="nearest")[0]
    else:
        z = np.zeros_like(x)
        nails = bed_of_nails(y, (s, s))[:, : shape[0], : shape[1]]
        z[:, : nails.shape[1], : nails.shape[2]] = nails
    return y[0], None if switches is None else switches[0], z[0]


def number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", "."))


def numbers(rows: list[list[str]]) -> np.ndarray:
    return np.array([[number(text) for text in row] for row in rows])


def test_four_ways_back_computed_by_hand():
    e = PoolingUnpooling(input=[[1, 3], [4, 2]], window=0)
    np.testing.assert_array_equal(e.pooled, [[4]])
    np.testing.assert_array_equal(e.switches, [[2]])
    np.testing.assert_array_equal(e.output, [[0, 0], [4, 0]])
    np.testing.assert_array_equal(e.lost, [[1, 3], [0, 2]])
    e.back = "nearest"
    np.testing.assert_array_equal(e.output, [[4, 4], [4, 4]])
    e.back = "nails"
    np.testing.assert_array_equal(e.output, [[4, 0], [0, 0]])
    e.pooling, e.back = "avg", "avg_unpool"
    np.testing.assert_array_equal(e.pooled, [[2.5]])
    np.testing.assert_array_equal(e.output, np.full((2, 2), 0.625))
    assert e.switches is None


def test_at_overlaps_a_maximum_is_assigned_and_shares_are_added():
    e = PoolingUnpooling(input=[[0, 0, 0], [0, 9, 0], [0, 0, 0]], stride=1)
    np.testing.assert_array_equal(e.switches, np.full((2, 2), 4))
    np.testing.assert_array_equal(e.output, e.input)
    e.back = "avg_unpool"  # nine quarters from each of the four windows meet in the middle
    np.testing.assert_array_equal(e.output, np.outer([1, 2, 1], [1, 2, 1]) * 2.25)


@pytest.mark.parametrize("back", ["nearest", "nails", "max_unpool", "avg_unpool"])
def test_every_possible_setting_has_an_output_and_nearest_equals_torch(back):
    x = np.arange(36.0).reshape(6, 6) % 7
    for n, k, s in itertools.product(range(2, 7), range(1, 5), range(1, 5)):
        if k > n:
            continue
        e = PoolingUnpooling(input=x[:n], kernel_size=k, stride=s, back=back, window=0)
        assert e.output.shape == e.lost.shape == (n, 6)
        tensor = torch.tensor(e.input)[None, None]
        y, places = F.max_pool2d(tensor, k, s, return_indices=True)
        if back == "nearest":
            expected = F.interpolate(y, size=(n, 6), mode="nearest")
        elif back == "max_unpool":
            expected = F.max_unpool2d(y, places, k, s, output_size=(n, 6))
        else:
            continue
        np.testing.assert_array_equal(e.output, expected[0, 0].numpy())


@pytest.mark.parametrize(
    ("trait", "value", "sentence"),
    [
        ("kernel_size", 5, "kernel_size must be from 1 to 4, got 5"),
        ("kernel_size", 2.0, "kernel_size must be an integer, got 2.0"),
        ("stride", 0, "stride must be from 1 to 4, got 0"),
        ("window", 4, "window must be from 0 to 3, got 4"),
        ("input", [[1]], "input must have the shape 2…6 × 2…6, got (1, 1)"),
        ("input", [[1, 2], [3, np.inf]], "input must hold numbers from −99 to 99"),
        ("pooling", "median", "median"),
    ],
)
def test_a_bad_value_is_refused_with_a_sentence_and_changes_nothing(trait, value, sentence):
    e = PoolingUnpooling()
    before = getattr(e, trait)
    with pytest.raises(TraitError) as refused:
        setattr(e, trait, value)
    assert sentence in str(refused.value)
    np.testing.assert_array_equal(getattr(e, trait), before)


def test_an_average_leaves_no_switches():
    with pytest.raises(TraitError, match="because an average leaves no switches, got 'max_unpool'"):
        PoolingUnpooling(pooling="avg", back="max_unpool")
    e = PoolingUnpooling(kernel_size=4, window=0)
    e.pooling = "avg"
    assert e.back == "avg_unpool"
    e.input = [[1, 2], [3, 4]]
    assert e.kernel_size == 2


@pytest.mark.parametrize("pooling", ["max", "avg"])
def test_the_poster_is_wellformed_and_follows_the_traits(pooling):
    e = PoolingUnpooling(pooling=pooling)
    before = e.poster
    ET.fromstring(before)
    assert "4 × 4 → 2 × 2" in before
    e.kernel_size = 3
    assert "4 × 4 → 1 × 1" in e.poster


def test_the_script_is_one_small_module():
    script = PoolingUnpooling._esm
    assert script.count("export ") == 1
    assert script.rstrip().endswith("export default { render };")
    assert "import" not in script
    assert len(gzip.compress(script.encode(), 9)) <= 13_000
    assert len(gzip.compress((script + PoolingUnpooling._css).encode(), 9)) <= 15_000


def test_shown_numbers_equal_numpy_over_random_settings(show):
    rng = np.random.default_rng(11)
    settings = [random_setting(rng) for _ in range(300)]
    page = show(PoolingUnpooling())
    for setting, (y, z, d, badges, _, total) in zip(settings, page.evaluate(READ, settings)):
        right, switches, back = by_numpy(setting)
        np.testing.assert_allclose(numbers(y), right, atol=5.001e-3)
        np.testing.assert_allclose(numbers(z), back, atol=5.001e-3)
        lost = np.array(setting["input"]) - back
        np.testing.assert_allclose(numbers(d), lost, atol=5.001e-3)
        # badges are left out where cells are too small for them
        assert all(badges) or not any(badges)
        if any(badges):
            np.testing.assert_array_equal([int(badge) for badge in badges], np.ravel(switches))
        match = re.fullmatch(r"(\d+) numbers → (\d+)\. Equal cells: (\d+)\. Mean error .*: ([\d.]+)", total)
        assert match, total
        assert [int(match[i]) for i in (1, 2, 3)] == [lost.size, right.size, np.sum(np.abs(lost) < 1e-9)]
        assert number(match[4]) == pytest.approx(np.abs(lost).mean(), abs=5.001e-3)
        for trait in TRAITS:
            assert setting_of(page)[trait] == settings[-1][trait]


def test_the_shown_sum_is_right_over_random_settings(show):
    rng = np.random.default_rng(12)
    settings = [random_setting(rng) for _ in range(200)]
    page = show(PoolingUnpooling())
    for setting, (*_, text, _) in zip(settings, page.evaluate(READ, settings)):
        right = by_numpy(setting)[0].ravel()[setting["window"]]
        match = re.fullmatch(r"y\[\d, \d\] = (.*) ([=≈]) (−?[\d.]+)", text)
        assert match, text
        expression = match[1].replace("−", "-").replace(";", ",")
        assert re.fullmatch(r"(max)?[-\d.,+/() ]+", expression)
        value = eval(expression.replace("max(", "max(-99, "))
        assert value == pytest.approx(right, abs=1e-9)
        assert number(match[3]) == pytest.approx(right, abs=1e-9 if match[2] == "=" else 5.001e-3)


def cell(page: Any, kind: str, row: int, column: int) -> Any:
    return page.locator(f"[data-grid={kind}] [data-r='{row}'][data-c='{column}']")


def lit(page: Any, kind: str) -> list[str]:
    return page.locator(f"[data-grid={kind}] .ux-on").evaluate_all(
        "els => els.map(el => `${el.dataset.r},${el.dataset.c}`)"
    )


def words(page: Any, kind: str = "caption") -> str:
    return page.locator(f".ux-{kind}").inner_text()


def test_pointing_at_cells_says_where_their_numbers_come_from(show):
    page = show(PoolingUnpooling())
    cell(page, "y", 1, 1).hover()
    assert (lit(page, "x"), lit(page, "z")) == (["2,2"], ["2,2"])
    assert words(page, "sum") == "y[1, 1] = max(7; 2; 3; 4) = 7"
    assert "It comes from x[2, 2], cell number 10: its switch" in words(page)
    cell(page, "x", 0, 1).hover()
    assert words(page) == "x[0, 1] is in the windows y[0, 0]. It is the largest in none: lost."
    cell(page, "z", 2, 0).hover()
    assert words(page) == "x̂[2, 0] gets the number of y[1, 0]."
    assert lit(page, "y") == ["1,0"]
    cell(page, "z", 0, 0).hover()
    assert words(page) == "Nothing comes to x̂[0, 0], hence 0."
    cell(page, "d", 0, 1).hover()
    assert words(page, "sum") == "x[0, 1] − x̂[0, 1] = 3 − 0 = 3"
    page.mouse.move(2, 2)
    assert words(page, "sum") == "y[0, 1] = max(2; 1; 0; 6) = 6"
    page.get_by_role("button", name="k3 s1: one for all").click()
    cell(page, "z", 2, 2).hover()
    assert words(page).endswith("point to x̂[2, 2]. The number is assigned, not added.")
    page.get_by_role("button", name="average, equal shares").click()
    cell(page, "z", 3, 3).hover()
    assert words(page, "sum") == "x̂[3, 3] = 4/4 = 1"


def test_impossible_values_cannot_be_reached(show):
    page = show(PoolingUnpooling())
    rng = np.random.default_rng(7)
    for _ in range(60):
        if rng.integers(2):
            spin(page, str(rng.choice(list("nks")))).press(str(rng.choice(["Home", "End", "ArrowUp"])))
        else:
            enabled = page.locator("input[type=radio]:enabled")
            enabled.nth(int(rng.integers(enabled.count()))).check(force=True)
        state = setting_of(page)
        PoolingUnpooling(**{trait: state[trait] for trait in TRAITS})  # Python refuses what is impossible
    page.get_by_role("radio", name="average").check(force=True)
    assert page.get_by_role("radio", name="by the switches").is_disabled()
    spin(page, "n").press("Home")
    assert page.get_by_role("button", name="k: more").is_disabled() == (setting_of(page)["kernel_size"] == 2)


def test_a_keyboard_reaches_and_works_every_control(show):
    page = show(PoolingUnpooling())
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
        "k2 s2: switches",
        "n, input",
        "k, window",
        "s, stride",
        "maximum",
        "by the switches",
        "x[0, 0]",
    }
    expected |= {"y[0, 0] = 4", "x̂[0, 0] = 0", "x[0, 0] − x̂[0, 0] = 1", "spot", "Copy link to this setting"}
    assert expected <= set(reached), expected - set(reached)
    page.locator("[data-grid=y] .ux-c").first.focus()
    page.keyboard.press("ArrowDown")
    assert setting_of(page)["window"] == 2
    page.get_by_role("radio", name="maximum").focus()
    page.keyboard.press("ArrowRight")
    assert (setting_of(page)["pooling"], setting_of(page)["back"]) == ("avg", "avg_unpool")
    page.locator("[data-grid=x] input").first.focus()
    page.keyboard.type("-2,5")
    assert setting_of(page)["input"][0][0] == -2.5
    assert words(page, "caption") == "x[0, 0] is in the windows y[0, 0]."


def test_a_link_to_the_setting_is_copied_and_opens_the_same_setting(show):
    page = show(PoolingUnpooling(), permissions=("clipboard-read", "clipboard-write"))
    spin(page, "s").press("Home")
    page.locator("[data-grid=x] input").first.fill("-1,5")
    page.get_by_role("radio", name="nearest").check(force=True)
    page.get_by_role("button", name="Copy link").click()
    assert page.get_by_role("alert").inner_text() == "Link copied"
    link = page.evaluate("navigator.clipboard.readText()")
    state = setting_of(page)
    other = show(PoolingUnpooling(), fragment="#" + link.split("#")[1])
    for trait in TRAITS:
        assert setting_of(other)[trait] == state[trait], trait
    assert words(other, "message") == ""


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("#e=pooling;k=9", "“k=9” does not fit: a whole number from 1 to 4."),
        ("#e=pooling;n=2;k=3", "“k=3” does not fit: a whole number from 1 to 2."),
        ("#e=pooling;at=4", "“at=4” does not fit: a whole number from 0 to 3."),
        ("#e=pooling;pool=avg;back=max_unpool", "nearest, nails, avg_unpool, and after max also max_unpool"),
        ("#e=pooling;pool=median", "does not fit: max, avg"),
        ("#e=pooling;x=1,2/3", "rows by “/”"),
        ("#e=pooling;size=3", "there is no such key"),
        ("#e=grid;k=2", "The link names “grid”, but this page only has: pooling."),
    ],
)
def test_a_wrong_fragment_shows_a_sentence_not_a_blank(show, fragment, sentence):
    page = show(PoolingUnpooling(), fragment=fragment)
    page.wait_for_function("document.querySelector('.ux-message').innerText !== ''")
    assert sentence in words(page, "message")
    assert page.locator("[data-grid=z] .ux-c").count() >= 4


def test_a_text_in_a_number_cell_and_a_lost_kernel_show_sentences(show):
    page = show(PoolingUnpooling(), lang="ru", site=False)
    first = page.locator("[data-grid=x] input").first
    first.fill("abc")
    first.press("Tab")
    assert page.get_by_role("alert").inner_text().startswith("«abc» — не число. В ячейке осталось 1")
    page.evaluate("void (models[0].save_changes = () => { throw new Error('comm closed') })")
    spin(page, "k").press("ArrowUp")
    assert words(page, "message").startswith("Ядро Python не отвечает")
    assert page.locator("[data-grid=y] .ux-c").count() == 1


def test_two_on_a_page_do_not_disturb_one_another(show):
    page = show(PoolingUnpooling(), PoolingUnpooling())
    page.evaluate("location.hash = '#e=pooling-2;n=5;k=3'")
    page.wait_for_function("models[1].state.kernel_size === 3")
    assert setting_of(page)["kernel_size"] == 2
    page.evaluate("cleanups[0]()")
    page.evaluate("models[0].set('stride', 1)")
    page.wait_for_timeout(50)
    assert page.locator("#explorable-0").inner_text() == ""


@pytest.mark.parametrize(("lang", "theme"), [("ru", "light"), ("en", "dark")])
def test_axe_finds_nothing(show, lang, theme):
    page = show(PoolingUnpooling(), PoolingUnpooling(pooling="avg", stride=4), lang=lang, theme=theme)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize(("lang", "width"), [("ru", 390), ("en", 390), ("ru", 760)])
def test_any_setting_fits_the_width(show, lang, width):
    page = show(PoolingUnpooling(), lang=lang, width=width)
    image = np.arange(36.0).reshape(6, 6)
    for setting in (
        {"input": image.tolist(), "kernel_size": 2, "stride": 1},
        {"input": (image - 40).tolist(), "pooling": "avg", "back": "avg_unpool", "kernel_size": 4},
        {"input": [[1, 2], [3, 4]], "kernel_size": 1},
        {"input": image[:2].tolist()},
        {"input": image[:4, :4].tolist(), "kernel_size": 2, "stride": 2},
    ):
        page.evaluate(READ, [{**setting, "window": 0}])
        edge = "el => el.getBoundingClientRect().right"
        inside = page.locator(".ux").evaluate(edge)
        rightmost = page.locator(".ux-four .ux-c").evaluate_all(f"els => Math.max(...els.map({edge}))")
        assert rightmost <= inside, setting
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        small = page.locator("button, .ux-c, .ux-value, .ux-choice label").evaluate_all(
            """els => els.map(el => el.getBoundingClientRect())
            .filter(box => box.width < 24 || box.height < 24).length"""
        )
        assert small == 0, setting


def test_changes_made_in_the_browser_are_accepted_by_python(show):
    e = PoolingUnpooling(window=3)
    page = show(e)
    page.get_by_role("radio", name="average").check(force=True)
    spin(page, "n").press("Home")
    spin(page, "s").press("End")
    for change in page.evaluate("models[0].sent"):
        e.set_state(change)
    state = setting_of(page)
    for trait in TRAITS:
        np.testing.assert_array_equal(getattr(e, trait), state[trait], trait)


def test_print_shows_the_picture_without_controls_and_nothing_moves_by_itself(show):
    page = show(PoolingUnpooling(), media={"reduced_motion": "reduce"})
    moving = page.locator(".ux *").evaluate_all(
        "els => els.filter(el => getComputedStyle(el).transitionDuration !== '0s').length"
    )
    assert moving == 0
    page.emulate_media(media="print")
    assert not page.locator(".ux-ways").first.is_visible()
    assert page.locator(".ux-four").is_visible()
