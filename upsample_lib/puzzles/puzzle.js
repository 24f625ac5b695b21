/* A puzzle: what is given, cells to fill or pictures to choose from, and what there is to say about an answer. */

const CLOSE = 0.006, TRIES_BEFORE_ANSWER = 2, MOST_CELLS = 12;

const sameGrid = (a, b) => a.length === b.length && a.every((line, r) => line.length === b[r].length
  && line.every((value, c) => Math.abs(value - b[r][c]) <= CLOSE));

const shadedPicture = (rows, low, high) => {
  const box = h("span", { class: "pz-picture ux-output" }), [height, width] = [rows.length, rows[0].length];
  const cells = rows.flatMap((line, r) => line.map((value, c) => `<rect x="${c}" y="${r}" width="1" height="1" fill-opacity="${((value - low) / (high - low || 1)).toFixed(2)}"/>`));
  box.innerHTML = `<svg viewBox="0 0 ${width} ${height}" aria-hidden="true">${cells.join("")}</svg>`;
  return box;
};

const render = ({ model, el, signal }) => {
  const lang = languageOf(model), t = PUZZLE_WORDS[lang], q = model.get("content"), say = (pair) => textIn(pair, lang);
  const name = model.get("name"), show = (value) => written(value, lang, 4), free = q.free;
  const frame = explorable({ model, el, signal, lang, title: `${t.puzzle}: ${say(q.title)}` });
  const at = () => model.get("variant"), now = () => q.variants[at()];

  // what the reader has done with the numbers on the screen
  let tries = 0, done = "", grid = null, drawnAt = -1, columns = 0, chosen = null;
  const shapeOf = (rows) => (rows.length > 1 ? `${rows.length} × ${rows[0].length}` : String(rows[0].length));

  const badge = h("span", { class: "pz-badge" }), which = h("span", { class: "pz-which" });
  const head = h("div", { class: "pz-top" }, h("b", { class: "pz-title" }, say(q.title)), badge, which);
  const asks = h("p", { class: "pz-asks" }, ...markedUp(say(q.asks)));
  const givens = h("div", { class: "pz-givens" }), settings = h("p", { class: "pz-settings" }), answer = h("div", { class: "pz-answer" });
  const verdict = h("div", { class: "pz-verdict", role: "status", "aria-live": "polite" });
  const keys = h("p", { class: "pz-keys", id: `pz${Math.random().toString(36).slice(2)}`, hidden: q.kind === "choose" && "" }, t.keys);
  const button = (text, onclick, more = "") => h("button", { type: "button", class: more, onclick }, text);
  const check = button(t.check, () => judge(), "ux-play"), another = button(t.another, () => go((at() + 1) % q.variants.length));
  const reveal = button(t.show, () => giveUp());
  const buttons = h("div", { class: "pz-buttons" }, check, another, reveal);

  const tell = (kind, ...parts) => {
    verdict.className = `pz-verdict pz-${kind}`;
    verdict.replaceChildren(...parts.map((part) => h("p", {}, ...(Array.isArray(part) ? part : markedUp(part)))));
  };
  const quiet = () => { if (verdict.childElementCount && !done) tell("none"); };
  const kept = (what) => { if (!recordPuzzle(name, at(), what)) frame.say(t.notKept, true); };

  // --- the answer's cells
  const signed = () => [now().right, ...now().wrong].some((rows) => rows.flat().some((value) => value < 0));
  const build = (texts = []) => {
    const { right, open, heads, sides } = now(), tone = q.tone;
    grid = answerGrid({ tone, name: q.symbol, rows: right.length, columns, heads, sides, signed: signed(), help: keys.id,
      open: (r, c) => free || !open || Boolean(open[r][c]), fixed: (r, c) => show(right[r][c]), onInput: edited, onPaste: paste, onEnter: () => judge() });
    grid.fill(texts);
    const parts = [panel(q.symbol, tone, grid.el).el];
    answer.classList.toggle("pz-free", free);
    if (free) parts.push(length.el);
    answer.replaceChildren(...parts);
    if (free) length.draw();
  };
  const length = stepper({ symbol: "", tone: "plain", label: t.length, lang, get: () => columns, range: () => [1, MOST_CELLS],
    set: (count) => { const texts = grid.texts(); columns = count; build(texts); edited(); resize(); } });
  const blankRows = () => (free ? [Array(columns).fill(0)] : now().right);
  const edited = () => {
    quiet();
    const rows = grid.values(blankRows());
    frame.change({ answer: rows.map((line) => line.map((value) => (Number.isFinite(value) ? value : null))) });
  };
  /* A table of the answer's shape, or the same count of numbers in one line, fills the grid; a shorter one fills what follows the cell. */
  const paste = (rows, [r0, c0]) => {
    if (done) return;
    if (free && rows.length === 1 && rows[0].length <= MOST_CELLS) { columns = rows[0].length; build(rows[0]); resize(); grid.inputs.at(-1).focus(); edited(); return; }
    const [height, width] = [blankRows().length, columns], flat = rows.flat();
    const whole = rows.length === height && rows[0].length === width, inside = r0 + rows.length <= height && c0 + rows[0].length <= width;
    const texts = (input, i) => {
      const [r, c] = input.place;
      if (whole) return rows[r][c];
      if (inside) return rows[r - r0]?.[c - c0] ?? input.value;
      return flat[i];
    };
    if (!whole && !inside && flat.length !== grid.inputs.length) { tell("wrong", t.doesNotFit(shapeOf(rows), shapeOf(blankRows()))); return; }
    grid.fill(grid.inputs.map(texts));
    edited();
    tell("none", t.pasted(rows.length, rows[0].length));
  };

  // --- pictures to choose from
  const buildPictures = () => {
    const { right, wrong, order } = now(), all = [right, ...wrong], low = Math.min(...all.flat(2)), high = Math.max(...all.flat(2));
    const group = `pz${Math.random().toString(36).slice(2)}`;
    const options = order.map((place, i) => {
      const rows = all[place], words = rows.map((line) => line.map(show).join(" ")).join("; ");
      return h("label", { class: "pz-option" }, h("input", { type: "radio", name: group, value: place, "aria-label": `${t.picture(i + 1)}: ${words}`,
        onchange: () => { chosen = place; quiet(); mark(); frame.change({ answer: i }); } }), shadedPicture(rows, low, high), h("span", { "aria-hidden": "true" }, String(i + 1)));
    });
    answer.classList.add("pz-wide");
    answer.replaceChildren(h("div", { class: "pz-options", role: "radiogroup", "aria-label": t.choose }, ...options));
  };
  const mark = (wrong) => {
    for (const option of answer.querySelectorAll(".pz-option")) {
      const { value, checked } = option.querySelector("input");
      option.classList.toggle("pz-hit", Boolean(done) && value === "0");
      option.classList.toggle("pz-miss", Boolean(wrong) && checked);
      if (done) option.querySelector("input").disabled = true;
    }
  };

  // --- judging
  const finish = (how, ...parts) => {
    done = how;
    if (grid) grid.finish(true);
    mark();
    tell(how === "solved" ? "right" : "shown", ...parts, say(now().why));
    kept(how);
    buttonsNow();
    badges();
  };
  const diagnosed = (place) => [h("b", {}, t.looksLike), " ", ...markedUp(say(q.mistakes[place]))];
  const failed = (place, ...parts) => {
    tries += 1;
    kept("tries");
    tell("wrong", ...(place >= 0 ? [diagnosed(place)] : parts));
    buttonsNow();
  };
  const judge = () => {
    if (done) return;
    if (q.kind === "choose") {
      if (chosen === null) return tell("none", t.pick);
      if (chosen === 0) return finish("solved", t.right);
      mark(true);
      return failed(chosen - 1);
    }
    const { right, wrong } = now(), texts = grid.texts(), left = texts.filter((text) => !text.trim()).length;
    const rows = grid.values(blankRows()), bad = grid.inputs.find((input) => input.value.trim() && !Number.isFinite(fraction(input.value)));
    if (bad) { bad.setAttribute("aria-invalid", "true"); bad.focus(); return tell("wrong", t.notNumber(bad.value)); }
    if (left) { grid.inputs.find((input) => !input.value.trim()).focus(); return tell("none", t.empty(left)); }
    if (sameGrid(rows, right)) return finish("solved", t.right);
    const fits = rows[0].length === right[0].length, off = (r, c) => fits && Math.abs(rows[r][c] - right[r][c]) > CLOSE;
    grid.mark(off);
    const misses = grid.inputs.filter((input) => off(...input.place)).length, all = grid.inputs.length;
    const found = wrong.findIndex((theirs) => sameGrid(rows, theirs));
    return failed(found, `${t.notYet} ${fits ? (all > 1 ? t.hits(all - misses, all) : "") : t.count(columns)}`, say(q.hint));
  };
  const giveUp = () => {
    const { right, open } = now();
    if (grid) {
      columns = right[0].length;
      build(right.flatMap((line, r) => line.map((value, c) => [value, free || !open || open[r][c]])).filter(([, asked]) => asked).map(([value]) => show(value)));
      resize();
    }
    finish("shown", t.shown);
    another.focus();
  };

  // --- what is on the screen
  const buttonsNow = () => {
    check.disabled = Boolean(done);
    another.hidden = q.variants.length < 2;
    another.classList.toggle("pz-next", Boolean(done));
    reveal.hidden = tries < TRIES_BEFORE_ANSWER || Boolean(done);
  };
  const badges = () => {
    const { solved } = entryOf(readProgress(), name);
    setText(badge, solved.length ? `✓ ${t.solved}` : "");
    setText(which, q.variants.length > 1 ? t.of(at() + 1, q.variants.length) : "");
  };
  const resize = () => setStyle(el, "--columns", Math.max(columns, ...now().givens.map(([, , rows]) => rows[0].length), 4));
  const begin = () => {
    drawnAt = at();
    [tries, done, chosen, grid] = [0, "", null, null];
    const { givens: all, settings: lines, right } = now();
    givens.replaceChildren(...all.map(([symbol, tone, rows, heads, sides]) => givenArray(symbol, tone, rows, heads, sides)));
    settings.replaceChildren(...lines.map((line) => h("code", {}, line)));
    columns = free ? Math.min(now().givens[0]?.[2][0].length ?? 3, MOST_CELLS) : right[0].length;
    if (q.kind === "choose") buildPictures(); else build();
    tell("none");
    buttonsNow();
    badges();
    resize();
  };
  const givenArray = (symbol, tone, rows, heads, sides) => {
    const most = Math.max(...rows.flat().map(Math.abs)) || 1, words = rows.map((line) => line.map(show).join(" ")).join("; ");
    const box = h("div", { class: `ux-grid ux-${tone} pz-grid`, role: "img", "aria-label": `${symbol}: ${words}` });
    box.style.setProperty("grid-template-columns", `${sides.length ? "auto " : ""}repeat(${rows[0].length}, var(--cell))`);
    if (heads.length) box.append(...(sides.length ? [h("span")] : []), ...heads.map((head) => h("span", { class: "pz-head" }, head)));
    rows.forEach((line, r) => {
      if (sides.length) box.append(h("span", { class: "pz-side" }, sides[r]));
      for (const value of line) {
        const text = show(value), cell = h("div", { class: `ux-c ux-${Math.min(text.length, 7)}` }, text);
        cell.style.setProperty("--tint", `${Math.round(10 + 22 * Math.abs(value) / most)}%`);
        box.append(cell);
      }
    });
    return panel(symbol, tone, box).el;
  };
  const go = (variant) => { if (frame.change({ variant, answer: null })) links.changed(); };

  const links = settingLinks({ el, name, lang, signal: frame.signal, say: frame.say, label: t.copy, write: () => [["v", at() + 1]],
    read: (pairs) => readPairs(pairs, { v: (text) => {
      const wanted = wholeIn(text, 1, q.variants.length);
      if (wanted === null) return t.whole(1, q.variants.length);
      frame.change({ variant: wanted - 1 });
    } }, t.keysOfLink) });
  buttons.append(links.el);
  onProgress(badges, frame.signal);
  const running = frame.run({
    traits: ["variant"], links, draw: () => { if (drawnAt !== at()) begin(); },
    parts: [head, asks, h("div", { class: "pz-stage" }, givens, settings, answer), keys, buttons, verdict, frame.message],
  });
  // seen once on a page is enough; those who hear the page hear it at each grid
  keys.classList.toggle("pz-unseen", document.querySelector(".pz-keys:not([hidden])") !== keys);
  return running.stop;
};

export default { render };
