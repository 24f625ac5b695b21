"""The player of animations: what Python sends, and what a reader sees and does in a real browser."""

from typing import Any

import pytest
import traitlets
from axe_playwright_python.sync_playwright import Axe

from upsample_lib.explorables import Animation
from upsample_lib.explorables.animation import data_of
from upsample_lib.figures import animations, unpooling_animations
from upsample_lib.figures.animation_gallery import GALLERY, clip

X, W = [[1.0, 2], [3, 4]], [[1.0, 2, 3], [3, 2, 1], [2, 2, 2.5]]
READ = """
() => [...document.querySelectorAll("#explorable-0 .ux-grid")].map((grid) =>
  [...grid.querySelectorAll(".ux-row")].map((row) =>
    [...row.querySelectorAll(".ux-c")].map((cell) => cell.textContent)))
"""


def made(**traits: Any) -> Animation:
    return Animation(animations.transposed(X, W, 2, 1), **traits)


def test_rests_at_the_result_and_begins_where_it_plays():
    assert (made().frame, made(autoplay=True).frame, made().frame_count) == (9, 0, 10)


@pytest.mark.parametrize(
    ("trait", "value", "sentence"),
    [
        ("frame", 10, "frame must be from 0 to 9, got 10"),
        ("clip", 1, "clip must be from 0 to 0, got 1"),
        ("seconds", 0, "seconds must be from 0.05 to 10, got 0"),
        ("frame", 1.5, "frame must be an integer, got 1.5"),
    ],
)
def test_refusals(trait, value, sentence):
    animation = made()
    with pytest.raises(traitlets.TraitError, match=sentence):
        setattr(animation, trait, value)


def test_needs_a_clip():
    with pytest.raises(ValueError, match="at least one clip, got none"):
        Animation()


@pytest.mark.parametrize("name", GALLERY)
def test_changes_add_up_to_every_frame(name):
    shown = clip(name)
    data = data_of(shown)
    cells: dict[tuple[int, int], list[str]] = {}
    for frame, sent in zip(shown.frames, data["frames"]):
        cells |= {(panel, at): cell for panel, at, *cell in sent["cells"]}
        for panel, grid in enumerate(frame.grids):
            expected = zip(grid.texts.ravel(), grid.looks.ravel(), grid.badges.ravel())
            for at, (text, look, badge) in enumerate(expected):
                assert cells[panel, at] == ([text, look, badge] if badge else [text, look])


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_frame_is_shown_as_it_was_computed(show, lang):
    shown = animations.transposed(X, W, 2, 1)
    page = show(Animation(shown), lang=lang)
    for number, frame in enumerate(shown.frames):
        page.evaluate(f"models[0].set('frame', {number})")
        expected = [[[str(text) for text in row] for row in grid.texts] for grid in frame.grids]
        if lang == "ru":
            expected = [[[text.replace(".", ",") for text in row] for row in grid] for grid in expected]
        assert page.evaluate(READ) == expected


def test_stepping_by_buttons_and_keys(show):
    page = show(made(frame=3))
    at = lambda: page.evaluate("models[0].state.frame")  # noqa: E731
    page.get_by_role("button", name="Step forward").click()
    assert at() == 4
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert at() == 5
    assert page.locator(".ux-sum").inner_text() == "y[1, 1] = 1·5/2 + 2·2 + 3·3 + 4·1 = 39/2"
    page.keyboard.press("End")
    assert at() == 9
    page.keyboard.press("Home")
    assert at() == 0
    assert page.locator(".ux-caption").inner_text() == "Step 0 of 9. The beginning."


def test_plays_to_the_end_once_asked(show):
    page = show(made(frame=0, seconds=0.05))
    page.wait_for_timeout(300)
    assert page.evaluate("models[0].state.frame") == 0
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("models[0].state.frame === 9")
    assert page.get_by_role("button", name="Play").is_visible()


def test_pauses(show):
    page = show(made(frame=0, seconds=0.4))
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("models[0].state.frame > 0")
    page.get_by_role("button", name="Pause").click()
    stopped = page.evaluate("models[0].state.frame")
    page.wait_for_timeout(900)
    assert page.evaluate("models[0].state.frame") == stopped < 9


def test_autoplay_repeats_until_the_reader_takes_over(show):
    page = show(made(autoplay=True, seconds=0.05))
    page.wait_for_function("models[0].state.frame > 2")
    page.get_by_role("button", name="Step back").click()
    stopped = page.evaluate("models[0].state.frame")
    page.wait_for_timeout(400)
    assert page.evaluate("models[0].state.frame") == stopped


def test_nothing_moves_where_less_motion_is_asked_for(show):
    page = show(made(autoplay=True, seconds=0.05), media={"reduced_motion": "reduce"})
    page.wait_for_timeout(400)
    assert page.evaluate("models[0].state.frame") == 9
    assert page.get_by_role("button", name="Play").is_visible()


def test_clips_are_chosen_by_buttons(show):
    clips = [animations.transposed(X, W, s, p) for s, p in ((1, 0), (2, 1))]
    page = show(Animation(*clips))
    assert len(page.evaluate(READ)[3]) == 4
    page.get_by_role("button", name="k=3, s=2, p=1").click()
    assert len(page.evaluate(READ)[3]) == 3
    assert page.evaluate("models[0].state.frame") == 9
    assert page.locator(".ux-chip[aria-pressed=true]").inner_text() == "k=3, s=2, p=1"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_accessible_and_narrow(show, lang, theme):
    page = show(
        Animation(unpooling_animations.unpooling(unpooling_animations.shuffled(5, 5)), frame=3),
        Animation(animations.transposed(X, W, 2, 1, view="recipe"), frame=8),
        Animation(animations.transposed(X, W, 2, 1, 1, view="stamp"), frame=2),
        width=390,
        lang=lang,
        theme=theme,
    )
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_poster_is_a_strip_in_the_page_s_colours():
    poster = made().poster
    assert poster.count("<g transform=") == 4
    assert "var(--up-kernel," in poster
    assert "<style" not in poster
