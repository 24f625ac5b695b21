"""Puzzles answered by keyboard in a real Chromium: right, wrong, pasted, given up, remembered, forgotten."""

import json
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from upsample_lib import puzzles
from upsample_lib.puzzles import Puzzle, ch02, ch03, ch05, ch07

KEY = "upsample-puzzles"
CHAPTERS = sorted({question.chapter for question in puzzles.questions()})


def cells(page, at=0):
    return page.locator(f"#explorable-{at} .pz-answer input[type=text]")


def verdict(page, at=0):
    return page.locator(f"#explorable-{at} .pz-verdict")


def plain(text):
    """A sentence as the page shows it, without its marks."""
    return re.sub(r"‹.([^›]*)›", r"\1", text).replace("`", "")


def typed(page, numbers, at=0, comma=False):
    """Into the cells one by one, Enter after each; the Enter in the last one checks."""
    cells(page, at).first.focus()
    for number in numbers:
        text = f"{round(float(number), 4):g}"
        page.keyboard.type(text.replace(".", ",") if comma else text)
        page.keyboard.press("Enter")


def answered(page, question, answer, at=0, comma=False):
    """Enter a whole answer, setting the number of cells first where that is free."""
    answer = np.asarray(answer)
    if question.free:
        count = page.locator(f"#explorable-{at}").get_by_role("spinbutton")
        count.press("Home")
        for _ in range(len(answer) - 1):
            count.press("ArrowUp")
    asked = answer if question.free else answer[question.variants[0].open]
    typed(page, asked.ravel(), at, comma)


def pasted(page, text, at=0, cell=0):
    cells(page, at).nth(cell).evaluate(
        """(input, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          const options = { clipboardData: data, bubbles: true, cancelable: true };
          input.dispatchEvent(new ClipboardEvent("paste", options));
        }""",
        text,
    )


def kept(page):
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')") or "{}")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_mistake_is_diagnosed_and_the_right_answer_explained(show, chapter):
    lang = ("ru", "en")[chapter % 2]
    questions = [question for question in puzzles.questions() if question.chapter == chapter]
    page = show(*map(Puzzle, questions), lang=lang)
    for at, question in enumerate(questions):
        variant = question.variants[0]
        for number, mistake in enumerate(question.mistakes, start=1):
            if question.kind == "choose":
                radio = page.locator(f"#explorable-{at} input[type=radio]").nth(variant.order.index(number))
                radio.focus()
                page.keyboard.press("Space")
                page.locator(f"#explorable-{at} .ux-play").press("Enter")
            else:
                answered(page, question, variant.wrong[mistake.name], at, comma=lang == "ru")
            expected = {"ru": "Похоже на такую ошибку: ", "en": "It looks like this mistake: "}[lang]
            assert verdict(page, at).inner_text() == expected + plain(mistake.says.said_in(lang)), (
                mistake.name
            )
        if question.kind == "choose":
            page.locator(f"#explorable-{at} input[type=radio]").nth(variant.order.index(0)).check(force=True)
            page.locator(f"#explorable-{at} .ux-play").press("Enter")
        else:
            answered(page, question, variant.right, at, comma=lang == "ru")
        right, why = verdict(page, at).inner_text().split("\n", 1)
        assert right == {"ru": "Верно.", "en": "Right."}[lang]
        assert why.strip() == plain(variant.why.said_in(lang))
        assert kept(page)[question.name] == {"tries": len(question.mistakes), "solved": [0], "shown": []}


def test_the_browser_judges_as_python_does(show):
    """Near misses, thirds cut to two places, and other wrong numbers."""
    question = ch03.CONVENTIONS
    page = show(Puzzle(question))
    right = question.variants[0].right
    for off in (0.02, 1.0, -0.5):
        answer = right.copy()
        answer[0, 1] += off
        answered(page, question, answer)
        found = question.examine(answer)
        assert (found.right, found.mistake, found.wrong_cells) == (False, None, ((0, 1),))
        assert "7 of 8 numbers are right" in verdict(page).inner_text()
        marked = cells(page).evaluate_all("all => all.map((one) => one.hasAttribute('aria-invalid'))")
        assert marked == [False, True] + [False] * 6
        state = page.evaluate("models[0].state.answer")
        np.testing.assert_allclose(state, answer)
    answer = right.copy()
    answer[1, 2] += 0.005
    assert question.examine(answer).right
    answered(page, question, answer)
    assert verdict(page).inner_text().startswith("Right.")


@pytest.mark.parametrize("half", ["0.5", "0,5", "1/2", ".5"])
def test_comma_point_and_fraction_are_the_same_number(show, half):
    page = show(Puzzle(ch02.SHARES, variant=2))
    page.get_by_role("spinbutton").press("ArrowUp")
    for cell, text in enumerate([half, "3", "4", "1,5"]):
        cells(page).nth(cell).fill(text)
    cells(page).last.press("Enter")
    assert verdict(page).inner_text().startswith("Right.")


def test_a_real_minus_sign_and_a_hyphen(show):
    page = show(Puzzle(ch03.CONVENTIONS, variant=2))
    for cell, text in enumerate(["−12", "-6", "6", "12", "-12", "−4", "4", "12"]):
        cells(page).nth(cell).fill(text)
    cells(page).last.press("Enter")
    assert verdict(page).inner_text().startswith("Right.")


def test_arrows_enter_and_tab_move_between_the_cells(show):
    page = show(ch05.plane())
    names = ["y[0, 1]", "y[1, 0]", "y[1, 1]", "y[1, 2]", "y[2, 1]"]
    assert cells(page).evaluate_all("all => all.map((one) => one.ariaLabel)") == names

    def at():
        return page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent")

    cells(page).first.focus()
    for key, place in [
        ("ArrowDown", "y[1, 1]"),
        ("ArrowLeft", "y[1, 0]"),
        ("ArrowLeft", "y[1, 0]"),
        ("ArrowUp", "y[1, 0]"),
        ("ArrowRight", "y[1, 1]"),
        ("Enter", "y[1, 2]"),
        ("Tab", "y[2, 1]"),
        ("Shift+Tab", "y[1, 2]"),
    ]:
        page.keyboard.press(key)
        assert at() == place, key
    page.keyboard.type("34")
    page.keyboard.press("ArrowLeft")
    assert at() == "y[1, 2]", "inside a number the arrow moves the caret"


def test_an_empty_or_unreadable_cell_is_no_attempt(show):
    page = show(ch05.plane())
    typed(page, [12])
    cells(page).last.press("Enter")
    assert verdict(page).inner_text() == "Empty cells: 4."
    assert page.evaluate("document.activeElement.ariaLabel") == "y[1, 0]"
    cells(page).nth(1).fill("ten")
    page.get_by_role("button", name="Check").click()
    assert "“ten” is not a number" in verdict(page).inner_text()
    assert kept(page) == {}
    assert page.get_by_role("button", name="Show the answer").is_hidden()


@pytest.mark.parametrize(
    "text",
    [
        "20\t203\t30",
        "20 203 30",
        "20, 203, 30",
        "20; 203; 30",
        "20,203,30",
        "[20. 203. 30.]",
        "array([ 20., 203.,  30.])",
        "tensor([[20., 203., 30.]])\n",
    ],
)
def test_a_row_is_pasted_and_sets_the_number_of_cells(show, text):
    page = show(ch05.stamps())
    pasted(page, text)
    assert cells(page).count() == 3
    cells(page).last.press("Enter")
    assert verdict(page).inner_text().startswith("Right.")


@pytest.mark.parametrize(
    "text",
    [
        "4\t7\t13\t16\n4\t8\t12\t16",
        "[[4, 7, 13, 16], [4, 8, 12, 16]]",
        "[[ 4.  7. 13. 16.]\n [ 4.  8. 12. 16.]]",
        "4,0; 7,0; 13,0; 16,0\r\n4,0; 8,0; 12,0; 16,0",
        "4 7 13 16 4 8 12 16",
    ],
)
def test_a_table_is_pasted(show, text):
    page = show(ch03.align_corners(), lang="ru")
    pasted(page, text)
    cells(page).last.press("Enter")
    assert verdict(page).inner_text().startswith("Верно.")


def test_a_part_is_pasted_from_its_cell_on_and_too_much_is_refused(show):
    page = show(ch03.align_corners())
    pasted(page, "8 12", cell=5)
    assert cells(page).evaluate_all("all => all.map((one) => one.value)") == [
        "",
        "",
        "",
        "",
        "",
        "8",
        "12",
        "",
    ]
    pasted(page, "1 2 3\n4 5 6\n7 8 9")
    assert verdict(page).inner_text() == "This cannot be pasted: it is 3 × 3, the answer is 2 × 4."


def test_the_answer_is_shown_after_two_attempts_and_does_not_count(show):
    page = show(ch05.stamps(), puzzles.progress({5: "05-page"}))
    reveal = page.get_by_role("button", name="Show the answer")
    answered(page, ch05.STAMPS, [1, 1, 1])
    assert reveal.is_hidden()
    answered(page, ch05.STAMPS, [2, 2, 2, 2])
    assert "The answer does not have 4 numbers." in verdict(page).inner_text()
    reveal.press("Enter")
    assert cells(page).evaluate_all("all => all.map((one) => one.value)") == ["20", "203", "30"]
    assert verdict(page).inner_text().startswith("Here is the answer.")
    assert page.get_by_role("button", name="Check").is_disabled()
    assert page.evaluate("document.activeElement.textContent") == "Other numbers"
    assert kept(page)["ch05-stamps"] == {"tries": 2, "solved": [], "shown": [0]}
    assert "answer shown" in page.locator("#explorable-1").inner_text()


def test_other_numbers_come_round_and_python_hears_of_it(show):
    puzzle = ch05.stamps()
    page = show(puzzle)
    shown = []
    for _ in range(4):
        shown.append(page.locator(".pz-givens").inner_text())
        page.get_by_role("button", name="Other numbers").press("Enter")
    assert len(set(shown)) == 3
    assert shown[3] == shown[0]
    page.keyboard.press("Escape")
    answered(page, ch05.STAMPS, ch05.STAMPS.variants[1].right)
    for change in page.evaluate("models[0].sent"):
        puzzle.set_state(change)
    assert puzzle.variant == 1
    assert puzzle.verdict.right


def test_a_link_leads_to_a_puzzle_and_its_numbers(show):
    page = show(ch05.stamps(), ch05.plane(), fragment="#e=ch05-plane;v=2")
    assert [page.evaluate(f"models[{at}].state.variant") for at in (0, 1)] == [0, 1]
    page.locator("#explorable-1").get_by_role("button", name="Other numbers").click()
    page.wait_for_function("location.hash === '#e=ch05-plane;v=3'")
    page.evaluate("location.hash = '#e=ch05-stamps;v=9'")
    page.wait_for_function("document.querySelector('#explorable-0 .ux-message').innerText !== ''")
    assert (
        "“v=9” does not fit: a whole number from 1 to 3"
        in page.locator("#explorable-0 .ux-message").inner_text()
    )


def test_progress_is_shown_and_reset_asks_first(show):
    page = show(ch05.stamps(), puzzles.progress({5: "05-page", 7: "07-page"}))
    board = page.locator("#explorable-1")
    assert "0 of 8 solved" in board.inner_text()
    answered(page, ch05.STAMPS, [20, 3, 30])
    assert "wrong answers: 1" in board.inner_text()
    answered(page, ch05.STAMPS, ch05.STAMPS.variants[0].right)
    assert "1 of 8 solved" in board.inner_text()
    assert "Chapter 5\n1 of 4" in board.inner_text()
    assert board.get_by_role("link", name="Prints").get_attribute("href") == "05-page.html#e=ch05-stamps"
    assert board.get_by_role("img", name="solved", exact=True).count() == 1
    assert "✓ solved" in page.locator("#explorable-0 .pz-top").inner_text()

    board.get_by_role("button", name="Forget everything").press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Keep it"
    page.keyboard.press("Enter")
    assert "1 of 8 solved" in board.inner_text()
    board.get_by_role("button", name="Forget everything").press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert "0 of 8 solved" in board.inner_text()
    assert "Progress erased." in board.inner_text()
    assert kept(page) == {}
    assert page.locator("#explorable-0 .pz-badge").inner_text() == ""


@pytest.mark.parametrize(
    "stored", ["[]", "no json", '{"ch05-stamps": 7}', '{"ch05-stamps": {"solved": "all"}}']
)
def test_damaged_progress_breaks_nothing(show, stored):
    page = show(ch05.stamps())
    page.evaluate("stored => localStorage.setItem('upsample-puzzles', stored)", stored)
    answered(page, ch05.STAMPS, ch05.STAMPS.variants[0].right)
    assert kept(page)["ch05-stamps"]["solved"] == [0]


def test_refused_storage_is_said_and_breaks_nothing(show):
    page = show(ch05.stamps())
    page.evaluate("void (Storage.prototype.setItem = () => { throw new Error('refused') })")
    answered(page, ch05.STAMPS, ch05.STAMPS.variants[0].right)
    assert verdict(page).inner_text().startswith("Right.")
    assert page.get_by_role("alert").inner_text() == "This browser does not let progress be saved."


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1000])
def test_accessible_and_within_the_page_in_every_state(show, theme, width):
    shown = [ch05.stamps(), ch03.align_corners(), ch07.overlap_picture(), puzzles.progress({5: "05-page"})]
    page = show(*shown, theme=theme, width=width, lang="ru")
    answered(page, ch05.STAMPS, [20, 3, 30])
    answered(page, ch03.CONVENTIONS, ch03.CONVENTIONS.variants[0].right, at=1)
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert verdict(page).get_attribute("aria-live") == "polite"
