"""Weighing pages: the heaviest first, Lighthouse's report read rightly, and what is said without it."""

import http.client
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from benchmarks import frames, lighthouse, site
from tests.site_server import pages, serving

REPORT = {
    "categories": {
        "performance": {
            "score": 0.934,
            "auditRefs": [{"id": "slow", "weight": 10}, {"id": "fine", "weight": 25}],
        },
        "accessibility": {"score": 1, "auditRefs": [{"id": "slow", "weight": 1}]},
        "best-practices": {"score": None, "auditRefs": [{"id": "unknown", "weight": 1}]},
        "seo": {"score": 0.91, "auditRefs": [{"id": "hint", "weight": 0}, {"id": "slow", "weight": 1}]},
    },
    "audits": {
        "slow": {"score": 0.4},
        "fine": {"score": 0.95},
        "unknown": {"score": None},
        "hint": {"score": 0},
    },
}


def test_scores_and_what_pulls_them_down() -> None:
    assert list(lighthouse.scores(REPORT).values()) == [93, 100, 0, 91]
    assert lighthouse.failures(REPORT) == ["slow", "slow"]


def test_without_a_browser_or_npm_it_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lighthouse.report(["http://x/a.html"], None)
    assert "NOT RUN: Lighthouse, since no Chromium or Chrome is installed" in capsys.readouterr().out
    monkeypatch.setattr(lighthouse, "FOLDER", tmp_path)
    monkeypatch.setattr(lighthouse, "VERSION", "no such version")
    lighthouse.report(["http://x/a.html"], "chromium")
    assert "NOT RUN: Lighthouse, since npm could not install" in capsys.readouterr().out


def test_a_page_that_fails_does_not_end_the_others(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def judged(node: Path, script: Path, browser: str, url: str, form: str) -> dict[str, object]:
        if "bad" in url:
            raise lighthouse.Missing("no answer within 120 s")
        return REPORT

    monkeypatch.setattr(lighthouse, "judged", judged)
    monkeypatch.setattr(lighthouse, "program", lambda: (Path("node"), Path("index.js")))
    lighthouse.report(["http://x:1/bad.html", "http://x:1/good.html"], "chromium")
    lines = capsys.readouterr().out.splitlines()
    assert sum("NOT MEASURED: no answer within 120 s" in line for line in lines) == 2
    assert sum("good.html" in line and "BELOW 95: slow, slow" in line for line in lines) == 2


def test_the_heaviest_are_those_with_all_their_pictures() -> None:
    assert site.heaviest({"a": (9, 9), "b": (1, 30), "c": (5, 20)}, 2) == ["b", "c"]


def test_the_server_compresses_what_a_web_server_would(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "page.html").write_text("a" * 5000)
    (tmp_path / "en" / "index.html").write_text("")
    (tmp_path / "picture.png").write_bytes(bytes(5000))
    assert pages("en", tmp_path) == ["en/page.html"]
    with serving(tmp_path) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc)
        lengths = {}
        for name in ("en/page.html", "picture.png"):
            connection.request("GET", "/" + name)
            lengths[name] = len(connection.getresponse().read())
        connection.close()
    assert lengths["en/page.html"] < 100
    assert lengths["picture.png"] == 5000


def test_an_unbuilt_site_is_no_success(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(site, "SITE", tmp_path)
    assert site.main([]) == 1
    assert "NOT RUN: the site is not built; run make site first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("performances", "median", "runs"), [([96, 10], 96, 1), ([90, 97, 80, 96, 98], 96, 5)]
)
def test_a_run_below_the_bar_is_repeated_and_the_median_stands(
    monkeypatch: pytest.MonkeyPatch, performances: list[int], median: int, runs: int
) -> None:
    left = iter(performances)

    def judged(*_: object) -> dict[str, object]:
        found = {"performance": next(left), "accessibility": 100, "best-practices": 100, "seo": 100}
        return {"categories": {name: {"score": value / 100} for name, value in found.items()}}

    monkeypatch.setattr(lighthouse, "judged", judged)
    report, count = lighthouse.settled(Path("node"), Path("index.js"), "chromium", "http://x", "phone")
    assert (lighthouse.scores(report)["performance"], count) == (median, runs)


PLAYER = """<!doctype html><div class="explorable"><div class="ux" aria-label="Drawn"><div class="ux-player">
<input type="range" min="0" max="2" value="0"></div><output>0</output></div></div><script>
const at = document.querySelector("input"), shown = document.querySelector("output");
at.oninput = () => { shown.textContent = at.value; };
</script>"""


def test_steps_are_counted_and_go_on_from_the_start(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "drawn.html").write_text(PLAYER, "utf-8")
    (tmp_path / "still.html").write_text("<!doctype html><p>text</p>", "utf-8")
    with serving(tmp_path) as address:
        (one,) = frames.measured(browser, address, "drawn.html", steps=4)
        assert frames.measured(browser, address, "still.html") == []
    assert (one.title, one.steps) == ("Drawn", 4)
    assert 0 <= one.median <= one.worst
