"""The checkerboard explorable: the Python side, and its numbers and manners in a real browser."""

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
from upsample_lib import overlap
from upsample_lib.explorables import Checkerboard
from upsample_lib.explorables.checkerboard import uniform_numbers
from upsample_lib.nn import Blur2d

TRAITS = ("kernel_size", "stride", "dilation", "upsampling", "blur", "weights", "seed", "input")

# Sets the traits as a kernel would, waits for the drawing, and reads the numbers behind the pictures, the
# grey levels that are drawn, and the words.
READ = """
async (settings) => {
  const shown = [];
  for (const setting of settings) {
    for (const [trait, value] of Object.entries(setting)) models[0].set(trait, value);
    await new Promise((done) => setTimeout(done));
    const picture = (kind) => document.querySelector(`[data-picture=${kind}]`);
    const levels = Array.from({ length: 24 }, () => Array(24).fill(null));
    for (const path of picture("picture").querySelectorAll("path")) {
      const level = +path.getAttribute("fill").match(/\\d+/)[0];
      for (const [, c, r] of path.getAttribute("d").matchAll(/M(\\d+) (\\d+)/g)) levels[r][c] = level;
    }
    const text = (kind) => document.querySelector(`.ux-${kind}`).textContent;
    shown.push({ line: picture("line").values, map: picture("map").values, output: picture("picture").values,
      spectrum: picture("spectrum").values, levels,
      verdict: text("caption"), found: text("found"), sums: text("sum"),
      written: [...picture("line").querySelectorAll("text")].map((el) => +el.textContent) });
  }
  return shown;
}
"""


def random_setting(rng: np.random.Generator) -> dict[str, Any]:
    return {
        "kernel_size": int(rng.integers(1, 7)),
        "stride": int(rng.integers(1, 5)),
        "dilation": int(rng.integers(1, 3)),
        "upsampling": str(rng.choice(["transposed", "transposed", "nearest"])),
        "blur": bool(rng.integers(2)),
        "weights": str(rng.choice(["ones", "random"])),
        "seed": int(rng.integers(100)),
        "input": str(rng.choice(["constant", "hill", "noise"])),
    }


def test_the_pattern_of_k3_s2_computed_by_hand():
    e = Checkerboard()
    np.testing.assert_array_equal(e.overlap[0], [1, 1, 2, 1, 2, 1, 2, 1, 1])
    np.testing.assert_array_equal(e.output, np.tile([[1, 2], [2, 4]], (12, 12)))
    assert e.energy == pytest.approx(1)
    assert not e.is_even
    e.blur = True  # (1, 2, 1)/4 of 1, 2, 1, 2 is 1.5 everywhere
    np.testing.assert_allclose(e.output, np.full((24, 24), 2.25))
    assert e.energy == 0
    e.blur, e.kernel_size = False, 4
    np.testing.assert_array_equal(e.output, np.full((24, 24), 4))
    assert e.is_even


def test_even_counts_are_not_enough_and_the_remedies_are():
    e = Checkerboard(kernel_size=4, weights="random")
    assert e.is_even
    assert e.energy == pytest.approx(1)
    assert Checkerboard(kernel_size=4, weights="random", blur=True).energy == 0
    assert Checkerboard(kernel_size=3, weights="random", upsampling="nearest").energy == 0


@pytest.mark.parametrize("upsampling", ["transposed", "nearest"])
@pytest.mark.parametrize("blur", [False, True])
def test_every_setting_has_an_output_that_torch_confirms(upsampling, blur):
    for k, s, d in itertools.product(range(1, 7), range(1, 5), (1, 2)):
        e = Checkerboard(
            kernel_size=k,
            stride=s,
            dilation=d,
            upsampling=upsampling,
            blur=blur,
            weights="random",
            input="noise",
        )
        x, w = torch.tensor(e.image)[None, None], torch.tensor(e.weight)[None, None]
        if upsampling == "nearest":
            y = F.conv2d(F.interpolate(x, scale_factor=s, mode="nearest"), w, dilation=d)
        else:
            y = F.conv_transpose2d(x, w, stride=s, dilation=d)
        full = (Blur2d()(y) if blur else y)[0, 0].numpy()
        # it is cut from the inside: every cell there has all the terms that its phase can have
        terms = np.ones_like(full) if upsampling == "nearest" else overlap(k, s, x.shape[2:], dilation=d)
        margin = (full.shape[0] - 24) // 2
        inside = slice(margin, margin + 24)
        np.testing.assert_allclose(e.output, full[inside, inside], atol=1e-12)
        for a, b in np.ndindex(s, s):
            assert np.ptp(terms[inside, inside][a::s, b::s]) == 0
        # the blur reaches one cell further
        assert margin >= (0 if upsampling == "nearest" else d * (k - 1)) + blur


def test_numbers_are_spread_evenly():
    numbers = uniform_numbers(5, 4000)
    counts = np.histogram(numbers, bins=10, range=(0, 1))[0]
    assert counts.min() > 320
    assert len(set(numbers)) == 4000


@pytest.mark.parametrize(
    ("trait", "value", "sentence"),
    [
        ("kernel_size", 7, "kernel_size must be from 1 to 6, got 7"),
        ("stride", 0, "stride must be from 1 to 4, got 0"),
        ("dilation", 3, "dilation must be from 1 to 2, got 3"),
        ("seed", 100, "seed must be from 0 to 99, got 100"),
        ("seed", 1.0, "seed must be an integer, got 1.0"),
        ("upsampling", "cubic", "cubic"),
        ("input", [[1]], "constant"),
    ],
)
def test_a_bad_value_is_refused_with_a_sentence_and_changes_nothing(trait, value, sentence):
    e = Checkerboard()
    before = getattr(e, trait)
    with pytest.raises(TraitError) as refused:
        setattr(e, trait, value)
    assert sentence in str(refused.value)
    assert getattr(e, trait) == before


def test_the_poster_is_wellformed_and_follows_the_traits():
    e = Checkerboard()
    ET.fromstring(e.poster)
    assert "k = 3, s = 2, d = 1: 1 ≠ 2" in e.poster.replace("2 ≠ 1", "1 ≠ 2")
    e.kernel_size = 4
    assert "k = 4, s = 2, d = 1: 2<" in e.poster
    e.upsampling = "nearest"
    ET.fromstring(e.poster)


def test_the_script_is_one_small_module():
    script = Checkerboard._esm
    assert script.count("export ") == 1
    assert script.rstrip().endswith("export default { render };")
    assert "import" not in script
    assert len(gzip.compress(script.encode(), 9)) <= 13_000
    assert len(gzip.compress((script + Checkerboard._css).encode(), 9)) <= 15_000


def test_shown_numbers_equal_numpy_over_random_settings(show):
    rng = np.random.default_rng(21)
    settings = [random_setting(rng) for _ in range(240)]
    page = show(Checkerboard())
    for setting, shown in zip(settings, page.evaluate(READ, settings)):
        e = Checkerboard(**setting)
        y = e.output
        np.testing.assert_array_equal(shown["map"], e.overlap)
        nearest = setting["upsampling"] == "nearest"
        s = 1 if nearest else setting["stride"]
        n = 4 * setting["stride"] if nearest else 4
        counts = overlap(setting["kernel_size"], s, n, dilation=setting["dilation"])
        np.testing.assert_array_equal(shown["line"], counts)
        np.testing.assert_array_equal(shown["written"], counts)
        np.testing.assert_allclose(shown["output"], y, atol=1e-12)
        np.testing.assert_allclose(shown["spectrum"], e.spectrum, atol=1e-9)
        levels = np.full((24, 24), 128)
        if np.ptp(y) > 1e-12 * np.abs(y).max():
            levels = 255 * (y - y.min()) / np.ptp(y)
        np.testing.assert_allclose(shown["levels"], levels, atol=0.5 + 1e-6)


def test_the_words_are_true_over_random_settings(show):
    rng = np.random.default_rng(22)
    settings = [random_setting(rng) for _ in range(240)]
    page = show(Checkerboard())
    for setting, shown in zip(settings, page.evaluate(READ, settings)):
        e, s = Checkerboard(**setting), setting["stride"]
        assert ("is even" in shown["verdict"]) == e.is_even
        noise = (s * s - 1) / (24 * 24 - 1)
        share = re.search(r"([\d.]+)\u00a0%", shown["found"])
        if e.energy < 1e-9:
            assert share is None
            assert "no pattern" in shown["found"] or "nothing to make a pattern" in shown["found"]
        else:
            assert share, shown["found"]
            assert float(share[1]) == pytest.approx(100 * e.energy, abs=0.0501)
            assert ("next to no" in shown["found"]) == (e.energy < 3 * noise)
        constant = Checkerboard(**{**setting, "input": "constant"}).output[:s, :s]
        phases = [float(text.replace("−", "-")) for text in re.split(", | / ", shown["sums"].split(": ")[1])]
        if len(phases) == 1:
            assert np.ptp(constant) < 1e-9
        np.testing.assert_allclose(phases, constant.ravel()[: len(phases)], atol=5.001e-3)
        assert ("sums of weights differ" in shown["found"]) == (e.is_even and np.ptp(constant) > 1e-9)


def pressed(page: Any, group: str = "Remedies") -> list[str]:
    return page.get_by_role("group", name=group).locator("[aria-pressed=true]").all_inner_texts()


def words(page: Any, kind: str) -> str:
    return page.locator(f".ux-{kind}").inner_text().replace("\u00a0", " ")


def test_remedies_are_switched_on_and_off(show):
    page = show(Checkerboard(weights="random"))
    assert pressed(page) == []
    divisible = page.get_by_role("button", name="k a multiple of s")
    divisible.click()
    assert setting_of(page)["kernel_size"] == 4
    assert "has 100 % of the picture's variation. The counts are even, but" in words(page, "found")
    page.get_by_role("button", name="blur ¼(1, 2, 1)", exact=True).click()
    assert pressed(page) == ["k a multiple of s", "blur ¼(1, 2, 1)"]
    assert words(page, "found") == "There is no pattern of period 2 in the picture."
    page.get_by_role("button", name="blur ¼(1, 2, 1)", exact=True).click()
    divisible.click()
    assert setting_of(page)["kernel_size"] == 5
    remedies = page.get_by_role("group", name="Remedies")
    remedies.get_by_role("button", name="nearest + convolution").click()
    assert words(page, "found") == "There is no pattern of period 2 in the picture."
    assert words(page, "code") == "nn.Upsample(scale_factor=2), nn.Conv2d(1, 1, 5)"
    page.get_by_role("button", name="Other weights").click()
    assert setting_of(page)["seed"] == 2
    spin(page, "s").press("Home")
    assert divisible.is_disabled()


def test_impossible_values_cannot_be_reached(show):
    page = show(Checkerboard())
    rng = np.random.default_rng(7)
    chips = page.locator(".ux-chip:enabled")
    for _ in range(60):
        if rng.integers(2):
            spin(page, str(rng.choice(list("ksd")))).press(str(rng.choice(["Home", "End", "ArrowUp"])))
        else:
            chips.nth(int(rng.integers(chips.count()))).click()
        state = setting_of(page)
        Checkerboard(**{trait: state[trait] for trait in TRAITS})  # Python refuses what is impossible


def test_a_keyboard_reaches_and_works_every_control(show):
    page = show(Checkerboard())
    reached = []
    page.locator("body").click(position={"x": 2, "y": 2})
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => { const el = document.activeElement; return el === document.body ? ""
            : el.ariaLabel ?? (el.closest("label") ?? el).innerText; }"""
        )
        if not name:
            break
        reached.append(name)
    expected = {"k3 s2", "k, kernel", "s, stride", "d, dilation", "ones", "Other weights", "constant"}
    expected |= {"k a multiple of s", "nearest + convolution", "blur ¼(1, 2, 1)", "Copy link to this setting"}
    assert expected <= set(reached), expected - set(reached)
    spin(page, "k").press("ArrowUp")
    page.get_by_role("radio", name="constant").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="k a multiple of s").press("Enter")
    state = setting_of(page)
    assert (state["kernel_size"], state["input"]) == (5, "hill")


def test_a_link_to_the_setting_is_copied_and_opens_the_same_setting(show):
    page = show(Checkerboard(), permissions=("clipboard-read", "clipboard-write"))
    page.get_by_role("button", name="k4 s2, random weights").click()
    page.get_by_role("button", name="Other weights").click()
    page.get_by_role("radio", name="noise").check(force=True)
    page.get_by_role("button", name="blur ¼(1, 2, 1)", exact=True).click()
    page.get_by_role("button", name="Copy link").click()
    assert page.get_by_role("alert").inner_text() == "Link copied"
    link = page.evaluate("navigator.clipboard.readText()")
    state = setting_of(page)
    other = show(Checkerboard(), fragment="#" + link.split("#")[1])
    for trait in TRAITS:
        assert setting_of(other)[trait] == state[trait], trait
    assert words(other, "message") == ""


@pytest.mark.parametrize(
    ("fragment", "sentence"),
    [
        ("#e=checkerboard;k=9", "“k=9” does not fit: a whole number from 1 to 6."),
        ("#e=checkerboard;up=bilinear", "does not fit: one of: transposed, nearest"),
        ("#e=checkerboard;blur=yes", "one of: 0, 1"),
        ("#e=checkerboard;p=1", "there is no such key"),
        ("#e=pooling;k=2", "The link names “pooling”, but this page only has: checkerboard."),
    ],
)
def test_a_wrong_fragment_shows_a_sentence_not_a_blank(show, fragment, sentence):
    page = show(Checkerboard(), fragment=fragment)
    page.wait_for_function("document.querySelector('.ux-message').innerText !== ''")
    assert sentence in words(page, "message")
    assert page.locator("[data-picture=picture] path").count() > 1


def test_a_lost_kernel_shows_a_sentence(show):
    page = show(Checkerboard(), lang="ru", site=False)
    page.evaluate("void (models[0].save_changes = () => { throw new Error('comm closed') })")
    spin(page, "k").press("ArrowUp")
    assert words(page, "message").startswith("Ядро Python не отвечает")
    assert words(page, "caption").startswith("Перекрытие ровное: k = 4 делится на s = 2")


def test_two_on_a_page_do_not_disturb_one_another(show):
    page = show(Checkerboard(), Checkerboard())
    page.evaluate("location.hash = '#e=checkerboard-2;k=5;s=3'")
    page.wait_for_function("models[1].state.stride === 3")
    assert setting_of(page)["stride"] == 2
    page.evaluate("cleanups[0]()")
    page.evaluate("models[0].set('stride', 1)")
    page.wait_for_timeout(50)
    assert page.locator("#explorable-0").inner_text() == ""


@pytest.mark.parametrize(("lang", "theme"), [("ru", "light"), ("en", "dark")])
def test_axe_finds_nothing(show, lang, theme):
    page = show(
        Checkerboard(stride=1),
        Checkerboard(kernel_size=6, stride=4, weights="random", upsampling="nearest", input="noise"),
        lang=lang,
        theme=theme,
    )
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_a_phone_is_wide_enough(show, lang):
    page = show(Checkerboard(), lang=lang, width=390)
    largest = {"kernel_size": 6, "stride": 4, "dilation": 2}
    for setting in ({}, largest, {**largest, "upsampling": "nearest", "weights": "random", "input": "noise"}):
        page.evaluate(READ, [setting])
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        edges = page.locator(".ux *").evaluate_all(
            "els => Math.max(...els.filter(el => !el.closest('.ux-cases'))"
            ".map(el => el.getBoundingClientRect().right))"
        )
        assert edges <= page.locator(".ux").evaluate("el => el.getBoundingClientRect().right"), setting
        small = page.locator("button, .ux-value, .ux-choice label").evaluate_all(
            """els => els.map(el => el.getBoundingClientRect())
            .filter(box => box.width < 24 || box.height < 24).length"""
        )
        assert small == 0, setting


def test_changes_made_in_the_browser_are_accepted_by_python(show):
    e = Checkerboard()
    page = show(e)
    page.get_by_role("button", name="k4 s2, random weights").click()
    page.get_by_role("button", name="Other weights").click()
    for change in page.evaluate("models[0].sent"):
        e.set_state(change)
    for trait in TRAITS:
        assert getattr(e, trait) == setting_of(page)[trait], trait


def test_print_shows_the_picture_without_controls_and_nothing_moves_by_itself(show):
    page = show(Checkerboard(), media={"reduced_motion": "reduce"})
    moving = page.locator(".ux *").evaluate_all(
        "els => els.filter(el => getComputedStyle(el).transitionDuration !== '0s').length"
    )
    assert moving == 0
    page.emulate_media(media="print")
    assert not page.locator(".ux-rows").first.is_visible()
    assert page.locator(".ux-squares").is_visible()
