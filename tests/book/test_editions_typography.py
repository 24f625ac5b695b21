"""No-break spaces: where lines of either edition must not end."""

from __future__ import annotations

import pytest
from docutils import nodes
from editions.typography import is_as_written, tie


@pytest.mark.parametrize(
    ("written", "tied"),
    [
        ("окно 3 × 3 и 31 % площади", "окно 3_×_3 и 31_% площади"),
        ("1 043 050 чисел", "1_043_050 чисел"),
        ("на 2,4 дБ хуже", "на 2,4_дБ хуже"),
        ("4,1 ± 0,3", "4,1_±_0,3"),
        ("шаг — расстояние", "шаг_— расстояние"),
        (" — расстояние", "_— расстояние"),  # after a formula
    ],
)
def test_russian_numbers_and_dashes_are_tied(written, tied):
    assert tie(written, "ru") == tied.replace("_", "\u00a0")


def test_english_has_its_own_ties():
    assert tie("by 2.4 dB, 3 × 3, 31 %", "en") == "by 2.4\u00a0dB, 3\u00a0×\u00a03, 31\u00a0%"
    assert tie("k3 s2 p1 of 16 400 others — no", "en") == "k3 s2 p1 of 16 400 others — no"


@pytest.mark.parametrize(
    "plain", ["в 2026 году", "сеть 64 пикселя", "k3 s2 p1", "входы 16, 17 и 18", "— начало"]
)
def test_other_spaces_stay(plain):
    assert tie(plain, "ru") == plain


def test_an_unknown_language_is_left_alone():
    assert tie("3 × 3", "de") == "3 × 3"


def test_code_and_formulas_are_as_written():
    code = nodes.literal("", "", nodes.Text("3 × 3"))
    prose = nodes.paragraph("", "", nodes.Text("3 × 3"), code)
    assert is_as_written(code[0])
    assert not is_as_written(prose[0])
