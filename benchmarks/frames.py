"""What one step of each explorable that plays costs the page's main thread.

Counted is the thread's own processor time, so that what else runs on the machine does not count; the
figure is that of a processor four times as slow, as a cheap phone has it.
"""

import statistics
from dataclasses import dataclass
from typing import Any

SLOWDOWN = 4
AIM = 8  # milliseconds, of the median
STEPS = 60

# A step as playing takes it, with no click, to which the theme's scripts would answer too. Counted is all
# that it sets going: the script, then style, layout and paint of the frame after it.
_STEP = """([explorable, step]) => {
  const bar = document.querySelectorAll(".ux-player")[explorable];
  if (step) {
    const at = bar.querySelector("input[type=range]");
    at.value = (+at.value + 1) % (+at.max + 1);
    at.dispatchEvent(new Event("input"));
  }
  return new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
}"""


@dataclass(frozen=True)
class Frames:
    """Milliseconds of one explorable's steps."""

    page: str
    title: str
    steps: int
    median: float
    worst: float


def _busy(client: Any) -> float:
    found = {one["name"]: one["value"] for one in client.send("Performance.getMetrics")["metrics"]}
    return 1e3 * SLOWDOWN * float(found["TaskDuration"])


def _cost(page: Any, client: Any, explorable: int, *, step: bool) -> float:
    before = _busy(client)
    page.evaluate(_STEP, [explorable, step])
    return _busy(client) - before


def measured(browser: Any, address: str, name: str, steps: int = STEPS) -> list[Frames]:
    """Every explorable with a player on a page; from its end it goes on at its start."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/{name}", wait_until="networkidle")
    for place in page.query_selector_all(".explorable"):  # they start when they come near
        place.scroll_into_view_if_needed()
        page.wait_for_timeout(50)
    page.wait_for_timeout(300)
    client = context.new_cdp_session(page)
    client.send("Performance.enable", {"timeDomain": "threadTicks"})
    found = []
    for number, player in enumerate(page.query_selector_all(".ux-player")):
        player.scroll_into_view_if_needed()
        title = player.evaluate("(e) => e.closest('.ux').getAttribute('aria-label')")
        idle = statistics.median(_cost(page, client, number, step=False) for _ in range(9))
        costs = [max(0.0, _cost(page, client, number, step=True) - idle) for _ in range(steps)]
        found.append(Frames(name, title, steps, statistics.median(costs), max(costs)))
    context.close()
    return found


def report(browser: Any, address: str, names: list[str]) -> None:
    """Print the figures of all the pages that have a player."""
    print(f"\none step of an explorable, ms of the main thread, {SLOWDOWN} × slowed down (aim {AIM}, median)")
    for name in names:
        for one in measured(browser, address, name):
            verdict = "" if one.median <= AIM else f"  MORE THAN {AIM}"
            line = f"  {one.page:40} {one.title:52.52} {one.median:6.1f}  worst {one.worst:6.1f}"
            print(line + verdict, flush=True)
