"""A page that hosts explorables without a kernel: the least of anywidget's front-end model contract."""

import json
from typing import Any

# the traits that a setting consists of
SET = {"input", "weight", "stride", "padding", "output_padding", "dilation", "view"}

MODEL = """
class Model {
  constructor(state) { this.state = {...state}; this.listeners = {}; this.sent = []; this.pending = {}; }
  get(key) { return this.state[key]; }
  set(key, value) {
    if (JSON.stringify(this.state[key]) === JSON.stringify(value)) return;
    this.state[key] = value; this.pending[key] = value;
    for (const listener of this.listeners[`change:${key}`] ?? []) listener();
  }
  save_changes() { this.sent.push(this.pending); this.pending = {}; }
  on(event, listener) { (this.listeners[event] ??= new Set()).add(listener); }
  off(event, listener) { this.listeners[event]?.delete(listener); }
}
window.models = []; window.cleanups = []; window.errors = [];
addEventListener("error", (e) => errors.push(String(e.error ?? e.message)));
addEventListener("unhandledrejection", (e) => errors.push(String(e.reason)));
const modules = new Map();
for (const [at, { _esm, _css, ...state }] of window.states.entries()) {
  if (!modules.has(_esm)) {
    modules.set(_esm, await import(URL.createObjectURL(new Blob([_esm], { type: "text/javascript" }))));
    document.head.append(Object.assign(document.createElement("style"), { textContent: _css }));
  }
  const model = new Model(state);
  models.push(model);
  const el = document.getElementById(`explorable-${at}`);
  el.parentElement.dataset.state = "live";
  cleanups.push(modules.get(_esm).default.render({ model, el, signal: new AbortController().signal }));
}
document.body.dataset.ready = "1";
"""

COLOURS = """
html { --up-input: #0072B2; --up-kernel: #D55E00; --up-output: #007A5A; --up-zero: #767676;
  --up-ink: #1a1a1a; --up-paper: #fff; }
html[data-theme=dark] { --up-input: #56B4E9; --up-kernel: #F0A35E; --up-output: #3DCB9D; --up-zero: #A3A3A3;
  --up-ink: #e8e8e8; --up-paper: #14181e; }
body { background: var(--up-paper); color: var(--up-ink); font-family: sans-serif;
  margin: 0 auto; max-width: 720px; padding: 8px; }
"""


def page(
    *explorables: object, lang: str = "en", theme: str = "light", site: bool = True, colours: bool = True
) -> str:
    """HTML of a page with these explorables; `site` marks them as hosted on the static site."""
    states = []
    for explorable in explorables:
        state = explorable.get_state()  # type: ignore[attr-defined]
        states.append(
            {key: value for key, value in state.items() if not key.startswith("_") or key in ("_esm", "_css")}
        )
    attribute = ' data-module="script.js"' if site else ""
    places = "".join(
        f'<div class="explorable"{attribute}><div id="explorable-{at}"></div></div><p>…</p>'
        for at in range(len(states))
    )
    data = json.dumps(states).replace("</", "<\\/")
    attributes = f' data-theme="{theme}"' if colours else ""
    return (
        f'<!doctype html><html lang="{lang}"{attributes}><meta charset="utf-8"><title>Host</title>'
        f'<meta name="viewport" content="width=device-width"><style>{COLOURS if colours else ""}</style>'
        f"<main><h1>Host</h1>{places}</main><script>window.states = {data}</script>"
        f'<script type="module">{MODEL}</script></html>'
    )


def spin(page: Any, symbol: str) -> Any:
    return page.get_by_role("spinbutton", name=f"{symbol},")


def setting_of(page: Any, at: int = 0) -> dict[str, Any]:
    return page.evaluate(f"models[{at}].state")
