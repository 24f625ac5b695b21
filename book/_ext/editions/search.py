"""Search words in Russian: the Snowball stemmer of Sphinx, with ё read as е in the index and in the query."""

from __future__ import annotations

from importlib import resources

from sphinx.search.ru import SearchRussian


class SearchRussianFolded(SearchRussian):
    """«свёртка», «свертка» and «свёртками» meet in one stem."""

    # the browser drops these from a query before it stems; Sphinx lists them without ё
    stopwords = SearchRussian.stopwords | {"ещё", "её", "неё", "всё", "чём", "нём", "моё", "твоё", "своё"}
    # no file name: Sphinx would write its own stemmer; ours wraps the same one
    js_stemmer_rawcode = ""

    def init(self, options: dict[str, str]) -> None:
        super().init(options)
        javascript = resources.files("sphinx") / "search" / "minified-js"
        base, russian = (
            (javascript / name).read_text("utf-8") for name in ("base-stemmer.js", "russian-stemmer.js")
        )
        self.js_stemmer_code = f"""{base}
{russian}
var Stemmer = function() {{
  var snowball = new RussianStemmer();
  this.stemWord = function(word) {{
    return snowball.stemWord(word.toLowerCase().replace(/ё/g, "е"));
  }};
}};
"""

    def stem(self, word: str) -> str:
        return str(super().stem(word.lower().replace("ё", "е")))
