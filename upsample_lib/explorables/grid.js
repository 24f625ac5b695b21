/* Shared by all explorables: number grids, controls, links to a setting. Python puts this text before
   the explorable's own file (base.py, `joined`), so it declares names at the top level and exports nothing. */

const GRID_STRINGS = {
  ru: {
    copy: "Ссылка на эту настройку", copied: "Ссылка скопирована",
    copyByHand: "Скопируйте ссылку:", less: "меньше", more: "больше",
    notNumber: (text, kept) => `«${text}» — не число. В ячейке осталось ${kept}; пишите, например, −1,5.`,
    tooLarge: (text, most) => `${text} слишком велико: допустимы числа от −${most} до ${most}.`,
    unknownName: (name, known) => `Ссылка ведёт к «${name}», а на этой странице есть только: ${known}.`,
    badPair: (pair, allowed) => `В ссылке «${pair}» не подходит: ${allowed}. Остальное применено.`,
    noKernel: "Ядро Python не отвечает: рисунок работает сам.",
  },
  en: {
    copy: "Copy link to this setting", copied: "Link copied",
    copyByHand: "Copy this link:", less: "less", more: "more",
    notNumber: (text, kept) => `“${text}” is not a number. The cell keeps ${kept}; write for example −1.5.`,
    tooLarge: (text, most) => `${text} is too large: numbers from −${most} to ${most} are allowed.`,
    unknownName: (name, known) => `The link names “${name}”, but this page only has: ${known}.`,
    badPair: (pair, allowed) => `In the link, “${pair}” does not fit: ${allowed}. The rest was applied.`,
    noKernel: "The Python kernel does not answer: the picture works without it.",
  },
};

const LARGEST_NUMBER = 99;

const languageOf = (model) => {
  const asked = model.get("lang");
  if (asked in GRID_STRINGS) return asked;
  return (document.documentElement.lang || navigator.language || "en").startsWith("ru") ? "ru" : "en";
};

const written = (value, lang, digits = 2) => {
  const size = String(Math.round(Math.abs(value) * 10 ** digits) / 10 ** digits), text = value < 0 && size !== "0" ? `−${size}` : size;
  return lang === "ru" ? text.replace(".", ",") : text;
};
const factor = (value, lang, digits) => {
  const text = written(value, lang, digits);
  return text.startsWith("−") ? `(${text})` : text;
};

/* Decimal comma and point, hyphen and minus sign; NaN for anything else. */
const parsed = (text) => {
  const plain = text.trim().replace(/[−–]/, "-").replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
};

const h = (tag, attributes = {}, ...children) => {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) el.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) el.setAttribute(name, value);
  }
  el.append(...children);
  return el;
};

const icon = (path) => {
  const box = document.createElement("span");
  box.className = "ux-icon";
  box.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"/></svg>`;
  return box;
};

const setStyle = (el, name, value) => {
  if (el.style.getPropertyValue(name) !== String(value)) el.style.setProperty(name, value);
};
const setText = (el, text) => { if (el.textContent !== text) el.textContent = text; };

/* Fits the explorable into its page: tells the style, and `onWidth`, how wide it is, now and whenever that changes, and
   marks what has the focus, so that Jupyter leaves it its keys. */
const fitted = (el, signal, onWidth = () => {}) => {
  const fit = () => {
    const width = el.clientWidth - 2 * parseFloat(getComputedStyle(el).paddingLeft);
    if (!(width > 0)) return;
    setStyle(el, "--width", `${Math.floor(width)}px`);
    el.classList.toggle("ux-narrow", width < 520);
    onWidth(Math.floor(width));
  };
  const observer = new ResizeObserver(fit);
  observer.observe(el);
  signal.addEventListener("abort", () => observer.disconnect());
  el.addEventListener("focusin", (e) => e.target.dataset.lmSuppressShortcuts = 1, { signal });
  fit();
};

/* A grid of cells. `role` is "grid" (one tab stop, arrow keys inside) or "img" (a picture with a text).
   `onHot([row, column] | null)` tells which cell is under the pointer or has the focus; `onEdit(row, column, value)`
   makes cells number fields; `say` shows a sentence. Only what changed since the last `put` touches the page. */
const numberGrid = ({ tone, lang, role = "grid", nameOf, onHot = () => {}, onEdit, say }) => {
  const t = GRID_STRINGS[lang];
  const el = h("div", { class: `ux-grid ux-${tone}`, role });
  let rows = 0, columns = 0, cells = [], focused = null;

  const at = (target) => {
    const cell = target.closest?.(".ux-c");
    return cell && el.contains(cell) ? [+cell.dataset.r, +cell.dataset.c] : null;
  };
  const stop = (r, c) => cells[r * columns + c]?.stop;
  const rove = (r, c) => {
    for (const cell of cells) cell.stop.tabIndex = -1;
    stop(r, c).tabIndex = 0;
  };

  const field = (r, c) => {
    const input = h("input", { type: "text", autocomplete: "off", spellcheck: "false", enterkeyhint: "done" });
    const cell = () => cells[r * columns + c];
    const complain = (sentence) => { input.setAttribute("aria-invalid", "true"); say(sentence); };
    input.addEventListener("input", () => {
      const value = parsed(input.value);
      if (Math.abs(value) <= LARGEST_NUMBER) {
        input.removeAttribute("aria-invalid");
        say("");
        onEdit(r, c, value);
      }
    });
    input.addEventListener("change", () => {
      const value = parsed(input.value);
      if (Number.isNaN(value)) complain(t.notNumber(input.value, cell().text));
      else if (Math.abs(value) > LARGEST_NUMBER) complain(t.tooLarge(input.value, LARGEST_NUMBER));
    });
    input.addEventListener("blur", () => {
      input.value = cell().text;
      input.removeAttribute("aria-invalid");
    });
    return input;
  };

  const shape = (newRows, newColumns, label) => {
    if (el.getAttribute("aria-label") !== label) el.setAttribute("aria-label", label);
    if (newRows === rows && newColumns === columns) return;
    [rows, columns] = [newRows, newColumns];
    const grid = role === "grid";
    cells = [];
    const lines = Array.from({ length: rows }, (_, r) => {
      const line = h("div", { class: "ux-row", role: grid && "row" });
      for (let c = 0; c < columns; c++) {
        const input = onEdit && field(r, c);
        const box = h("div", { class: "ux-c", role: grid && "gridcell", "data-r": r, "data-c": c }, ...(input ? [input] : []));
        const tabStop = input || box;
        if (grid) tabStop.tabIndex = r + c ? -1 : 0;
        cells.push({ el: box, input, stop: tabStop });
        line.append(box);
      }
      return line;
    });
    el.style.setProperty("--columns", columns);
    el.replaceChildren(...lines, frame);
  };

  /* `shade` from 0 to 1 tints the cell, `kind` adds classes, `badge` is a small text in the corner. */
  const put = (r, c, { text = "", shade = 0, kind = "", badge = "" }) => {
    const cell = cells[r * columns + c];
    if (cell.text !== text) {
      cell.text = text;
      if (!cell.input) cell.el.textContent = text;
      else if (!cell.input.matches(":focus")) cell.input.value = text;
      const name = nameOf?.(r, c);
      if (name) cell.stop.setAttribute("aria-label", cell.input ? name : `${name} = ${text || "…"}`);
    }
    const look = `ux-c ux-${Math.min(text.length, 7)} ${badge.length > 4 ? "ux-small " : ""}${kind}`;
    if (cell.look !== look) cell.el.className = cell.look = look;
    if (cell.badge !== badge) cell.el.dataset.badge = cell.badge = badge;
    const tint = Math.round(shade * 100);
    if (cell.tint !== tint) cell.el.style.setProperty("--tint", `${(cell.tint = tint)}%`);
  };

  /* A frame that slides over the cells; null hides it. */
  const frame = h("div", { class: "ux-frame", "aria-hidden": "true" });
  const place = (r, c, height, width) => {
    frame.hidden = r === null;
    if (r === null) return;
    const style = `--fr:${r};--fc:${c};--fh:${height};--fw:${width}`;
    if (frame.getAttribute("style") !== style) frame.setAttribute("style", style);
  };
  place(null);

  el.addEventListener("pointerover", (e) => { const cell = at(e.target); if (cell) onHot(cell); });
  el.addEventListener("pointerleave", () => onHot(focused));
  el.addEventListener("focusin", (e) => {
    focused = at(e.target);
    if (!focused) return;
    rove(...focused);
    e.target.select?.();
    onHot(focused);
  });
  el.addEventListener("focusout", () => { focused = null; onHot(null); });
  el.addEventListener("keydown", (e) => {
    const cell = at(e.target);
    if (!cell) return;
    const input = e.target.matches("input") ? e.target : null;
    const inside = input && input.selectionStart === input.selectionEnd && input.value !== "";
    const caret = { ArrowLeft: inside && input.selectionStart > 0, Home: inside,
      ArrowRight: inside && input.selectionEnd < input.value.length, End: inside };
    if (caret[e.key]) return;
    let [r, c] = cell;
    const all = e.ctrlKey || e.metaKey;
    if (e.key === "ArrowLeft") c -= 1;
    else if (e.key === "ArrowRight") c += 1;
    else if (e.key === "ArrowUp") r -= 1;
    else if (e.key === "ArrowDown" || (e.key === "Enter" && input)) r += 1;
    else if (e.key === "Home") [r, c] = [all ? 0 : r, 0];
    else if (e.key === "End") [r, c] = [all ? rows - 1 : r, columns - 1];
    else if (e.key === "Escape") { e.target.blur(); return; } else return;
    e.preventDefault();
    if (e.key === "Enter" && r >= rows) { input.dispatchEvent(new Event("change")); input.select(); return; }
    stop(Math.min(Math.max(r, 0), rows - 1), Math.min(Math.max(c, 0), columns - 1))?.focus();
  });

  return { el, shape, put, place, clearFrame: () => place(null) };
};

/* A titled box that scrolls sideways by itself when its grid is wider than the page. */
const panel = (name, tone, content) => {
  const title = h("div", { class: `ux-title ux-${tone}-ink` }, name);
  return { title, el: h("div", { class: "ux-panel" }, title, h("div", { class: "ux-scroll" }, content)) };
};

/* A number with − and + that can only take the values from `range()`; the arrow keys work on it too. With
   `refuse(text, low, high)`, which shows a sentence, it can also be typed. */
const stepper = ({ symbol, tone, label, lang, get, range, set, refuse }) => {
  const t = GRID_STRINGS[lang];
  const value = h(refuse ? "input" : "span", { class: "ux-value", role: "spinbutton", tabindex: 0, "aria-label": `${symbol}, ${label}`,
    ...(refuse && { type: "text", inputmode: "numeric", autocomplete: "off", enterkeyhint: "done" }) });
  const button = (by, sign, word) => h("button", { type: "button", tabindex: -1, "aria-label": `${symbol}: ${word}`,
    onclick: () => go(get() + by) }, sign);
  const less = button(-1, "−", t.less), more = button(1, "+", t.more);
  const go = (to) => {
    const [low, high] = range();
    const next = Math.min(Math.max(to, low), high);
    if (next !== get()) set(next);
    if (refuse) value.value = get();
  };
  value.addEventListener("keydown", (e) => {
    const [low, high] = range();
    const along = refuse ? {} : { ArrowRight: get() + 1, ArrowLeft: get() - 1, Home: low, End: high, PageUp: high, PageDown: low };
    const to = { ArrowUp: get() + 1, ArrowDown: get() - 1, ...along }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    go(to);
  });
  value.addEventListener("change", () => {
    const [low, high] = range(), text = value.value.trim();
    if (/^\d+$/.test(text) && +text >= low && +text <= high) go(+text);
    else refuse(text, low, high);
    value.value = get();
  });
  const el = h("div", { class: `ux-stepper ux-${tone}` }, h("span", { class: "ux-label", "aria-hidden": "true" },
    h("i", {}, symbol), ` ${label}`), h("span", { class: "ux-spin" }, less, value, more));
  const draw = () => {
    const [low, high] = range();
    if (!refuse) setText(value, String(get()));
    else if (!value.matches(":focus")) value.value = get();
    for (const [name, now] of [["now", get()], ["min", low], ["max", high]]) value.setAttribute(`aria-value${name}`, now);
    less.disabled = get() <= low;
    more.disabled = get() >= high;
  };
  return { el, draw };
};

/* One of several, as native radio buttons in a row. */
const choice = ({ label, options, get, set }) => {
  const group = `ux${Math.random().toString(36).slice(2)}`;
  const inputs = new Map();
  const el = h("div", { class: "ux-choice", role: "radiogroup", "aria-label": label }, ...options.map(([value, text]) => {
    const input = h("input", { type: "radio", name: group, value, onchange: () => set(value) });
    inputs.set(value, input);
    return h("label", {}, input, h("span", {}, text));
  }));
  return { el, draw: () => { for (const [value, input] of inputs) input.checked = value === get(); } };
};

/* Where the clipboard is refused, the text is shown instead. */
const copyText = async (text, say, done, byHand) => {
  try { await navigator.clipboard.writeText(text); say(done, true); } catch { say(`${byHand} ${text}`, true); }
};

/* The site's place for an explorable; the host marks it when the script runs, or cannot. */
const HOSTED = ".explorable[data-module]", PENDING = `${HOSTED}:not([data-state=live], [data-state=still])`;

/* Links to a setting, on the site only: `#e=NAME;key=value;…`. No section's anchor contains "=". Where two
   explorables ask for the same name, the second one is called NAME-2. `read(pairs)` applies what it can and returns
   [pair, allowed] for what does not fit; `write()` returns the pairs of the present setting. */
const settingLinks = ({ el, name, lang, signal, read, write, say, label }) => {
  if (!el.closest(HOSTED)) return { el: "", changed() {} };
  const t = GRID_STRINGS[lang];
  const names = () => [...document.querySelectorAll("[data-explorable]")].map((other) => other.dataset.explorable);
  let unique = name;
  for (let i = 2; names().includes(unique); i++) unique = `${name}-${i}`;
  el.dataset.explorable = unique;

  const fragment = () => `#e=${[unique, ...write().map((pair) => pair.join("="))].join(";")}`;
  const follow = () => {
    let text = location.hash;
    try { text = decodeURIComponent(text); } catch { /* shown as it came */ }
    if (!text.startsWith("#e=")) return;
    const [target, ...pairs] = text.slice(3).split(";").filter(Boolean);
    if (target === unique) {
      const wrong = read(pairs.map((pair) => { const [key, ...value] = pair.split("="); return [key, value.join("=")]; }));
      say(wrong.map(([pair, allowed]) => t.badPair(pair, allowed)).join(" "));
      el.scrollIntoView({ block: "start" });
      el.tabIndex = -1;
      el.focus({ preventScroll: true });
    } else if (names()[0] === unique) {
      const complain = () => {
        if (names().includes(target) || signal.aborted) return;
        if (document.querySelector(PENDING)) setTimeout(complain, 200);
        else say(t.unknownName(target, names().join(", ")));
      };
      setTimeout(complain);
    }
  };
  addEventListener("hashchange", follow, { signal });

  let later = 0;
  const changed = () => {
    clearTimeout(later);
    later = setTimeout(() => { try { history.replaceState(history.state, "", fragment()); } catch { /* file:// may refuse */ } }, 400);
  };
  signal.addEventListener("abort", () => clearTimeout(later));
  const copy = h("button", { type: "button", class: "ux-copy", onclick: () =>
    copyText(location.href.split("#")[0] + fragment(), say, t.copied, t.copyByHand) }, icon("M6 10l4-4M7 4l2-2a3.5 3.5 0 015 5l-2 2M9 12l-2 2a3.5 3.5 0 01-5-5l2-2"), label ?? t.copy);
  return { el: copy, changed, start: follow };
};
