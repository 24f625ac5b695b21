/* The size solver: the list of settings from n to m, the chosen one's line of code, and a tape of sizes that shows
   which of them the convolution takes to the same n, so that output_padding must tell them apart. */

const PLACE = 42; // width of one size on the tape
const SHORT_LIST = 60; // rows that are shown at once

const mark = (tag, attributes, text = "") =>
  `<${tag} ${Object.entries(attributes).map(([name, value]) => `${name}="${value}"`).join(" ")}>${text}</${tag}>`;

/* A few periods of the overlap as bars: level ones are even, flat ones are holes. */
const bars = (setting, label) => {
  const taps = tapsOf(setting), most = Math.max(...taps), tone = new Set(taps).size === 1 ? "output" : "kernel";
  const periods = Math.max(1, Math.floor(8 / taps.length)), all = Array.from({ length: periods }, () => taps).flat();
  const pace = Math.min(7, 84 / all.length);
  const path = all.map((count, i) => `M${(i * pace).toFixed(1)} 18v${-Math.max(16 * count / most, 1.5).toFixed(1)}h${(pace - 1.5).toFixed(1)}V18z`).join("");
  return mark("svg", { width: Math.round(all.length * pace), height: 18, role: "img", "aria-label": label },
    mark("path", { d: path, fill: `var(--ux-${tone})`, "fill-opacity": 0.8 }));
};

/* Sizes above, each with the output_padding that chooses it; below, where the convolution takes them. */
const tapePicture = (m, chosen, width) => {
  const [low, high] = tapeLimits(chosen), reach = Math.ceil(width / 2 / PLACE) + 1, parts = [];
  const x = (size) => width / 2 + (size - m) * PLACE, here = shrunk(m, chosen), lines = [], boxes = [];
  const [first, last] = [Math.max(low, m - reach), Math.min(high, m + reach)];
  for (let n = shrunk(first, chosen); n <= shrunk(last, chosen); n++) {
    const [from, to] = collidingSizes(n, chosen), on = n === here;
    // the box stays in view while any of its sizes is
    const middle = Math.min(Math.max((x(from) + x(to)) / 2, Math.min(26, x(to))), Math.max(width - 26, x(from)));
    for (let size = Math.max(from, first); size <= Math.min(to, last); size++) {
      const now = size === m, left = x(size) - PLACE / 2 + 2;
      lines.push(mark("path", { d: `M${x(size)} 58C${x(size)} 84 ${middle} 76 ${middle} 102`, fill: "none", stroke: "var(--ux-kernel)",
        "stroke-width": now ? 4 : on ? 2 : 1, "stroke-opacity": now ? 1 : on ? 0.7 : 0.35 }));
      boxes.push(mark("rect", { x: left, y: 20, width: PLACE - 4, height: 36, rx: 4, fill: "var(--ux-output)", "fill-opacity": on ? 0.26 : 0.07,
        stroke: "var(--ux-output)", "stroke-width": now ? 3 : 1, "stroke-opacity": now ? 1 : 0.5 }));
      boxes.push(mark("text", { x: x(size), y: 43, class: now ? "ux-strong" : "" }, size));
      if (on) boxes.push(mark("text", { x: x(size), y: 14, class: now ? "ux-strong" : "ux-tiny" }, `a = ${size - collidingStart(n, chosen)}`));
    }
    boxes.push(mark("rect", { x: middle - 22, y: 104, width: 44, height: 34, rx: 4, fill: "var(--ux-paper)" }));
    boxes.push(mark("rect", { x: middle - 22, y: 104, width: 44, height: 34, rx: 4, fill: "var(--ux-input)", "fill-opacity": on ? 0.3 : 0.07,
      stroke: "var(--ux-input)", "stroke-width": on ? 3 : 1, "stroke-opacity": on ? 1 : 0.5 }));
    boxes.push(mark("text", { x: middle, y: 126, class: on ? "ux-strong" : "" }, n));
  }
  return [...lines, ...boxes].join("");
};

const render = ({ model, el, signal }) => {
  const lang = languageOf(model), t = SOLVER_WORDS[lang];
  const frame = explorable({ model, el, signal, lang, title: t.title }), { say } = frame;
  let known = "", settings = [];
  const look = () => {
    const [n, m, most] = ["n", "m", "max_kernel"].map((trait) => model.get(trait)), key = `${n},${m},${most}`;
    if (key !== known) settings = settingsFor(n, m, most);
    known = key;
    return { n, m, most, settings, chosen: chosenFrom(settings, model.get("chosen")) };
  };
  const change = (changes) => {
    const now = look(), { n, m, most } = { ...now, ...changes };
    const chosen = chosenFrom(settingsFor(n, m, most), changes.chosen ?? now.chosen);
    if (frame.change({ n, m, max_kernel: most, chosen })) links.changed();
  };
  /* Another size on the tape: the layer stays, n and output_padding follow. */
  const moveTo = (size) => {
    const { chosen } = look(), [low, high] = tapeLimits(chosen), m = Math.min(Math.max(size, low), high);
    change({ m, n: shrunk(m, chosen), chosen });
  };

  // --- controls
  const presets = [[16, 32, 6], [7, 28, 6], [16, 33, 6], [28, 224, 16]].map(([n, m, most]) => [[n, m, most],
    h("button", { type: "button", class: "ux-chip", onclick: () => change({ n, m, most, chosen: null }) }, `${n} → ${m}`)]);
  const refuse = (text, low, high) => say(t.refused(text, low, high));
  const steppers = [["n", "n", "input", t.n, MOST_SIZE], ["m", "m", "output", t.m, MOST_SIZE], ["most", "k ≤", "kernel", t.most, MOST_KERNEL]]
    .map(([key, symbol, tone, label, high]) => stepper({ symbol, tone, label, lang, get: () => look()[key], range: () => [1, high], refuse,
      set: (value) => { say(""); change({ [key]: value }); } }));

  // --- the list
  const heads = [["k", "kernel"], ["s", "plain"], ["p", "zero"], ["a", "zero"]].map(([symbol, tone]) =>
    h("th", { scope: "col", class: `ux-${tone}`, title: t.names[symbol] }, h("i", {}, symbol)));
  const count = h("p", { class: "ux-title", id: `ux${Math.random().toString(36).slice(2)}` });
  const table = h("table", { "aria-labelledby": count.id }, h("thead", {}, h("tr", {}, h("td", {}), ...heads, h("th", { scope: "col" }, t.overlap),
    h("th", { scope: "col", class: "ux-output" }, h("i", {}, t.size)))));
  const list = h("div", { class: "ux-list" }, table), group = `${count.id}-row`;
  // the list on the page, and the one that the reader asked to see whole
  let listed = null, unfolded = null;
  const more = h("button", { type: "button", class: "ux-more", onclick: () => {
    unfolded = look().settings;
    listed = null;
    drawList(look());
    table.querySelector(`[data-at="${SHORT_LIST}"] input`).focus();
  } });
  list.append(more);
  const rowOf = (one, at) => {
    const radio = mark("input", { type: "radio", name: group, "aria-label": one.map((number, i) => "kspa"[i] + number).join(" ") });
    const cells = [radio, ...one, bars(one, t.taps(tapsOf(one).join(", "))), ruleOf(one)];
    return `<tr data-at="${at}">${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  };
  const drawList = ({ settings: all, chosen }) => {
    const at = all.indexOf(chosen), rowAt = () => table.querySelector(`[data-at="${at}"]`);
    if (listed !== all || (chosen && !rowAt())) {
      listed = all;
      more.hidden = all.length <= SHORT_LIST || unfolded === all;
      const shown = all.flatMap((one, i) => (more.hidden || i < SHORT_LIST || i === at ? [[qualityOf(one), rowOf(one, i)]] : []));
      const bodies = t.qualities.map((name, quality) => {
        const some = shown.filter(([of]) => of === quality);
        return some.length ? `<tbody${quality ? "" : ' class="ux-good"'}><tr><th scope="rowgroup" colspan="7">${name.replace("<", "&lt;")
          .replace(">", "&gt;")}</th></tr>${some.map(([, row]) => row).join("")}</tbody>` : "";
      });
      for (const body of [...table.tBodies]) body.remove();
      table.insertAdjacentHTML("beforeend", bodies.join(""));
      setText(more, t.all(all.length));
    }
    const on = rowAt(), was = table.querySelector(".ux-row-on");
    if (on === was) return;
    was?.classList.remove("ux-row-on");
    on?.classList.add("ux-row-on");
    if (on) on.querySelector("input").checked = true;
  };
  for (const event of ["click", "change"]) {
    table.addEventListener(event, (e) => {
      const row = e.target.closest("tr[data-at]");
      if (row) change({ chosen: listed[row.dataset.at] });
    });
  }

  // --- the chosen layer
  const code = h("code", { class: "ux-code" });
  const copy = h("button", { type: "button", onclick: () => copyText(code.textContent, say, t.copied, t.copyByHand) }, t.copy);
  const formula = h("p", { class: "ux-formula" }), none = h("p", { class: "ux-none" });
  const caption = h("p", { class: "ux-caption" });
  const number = (tone, text) => h("b", { class: `ux-${tone}-ink` }, text);
  const drawFormula = ({ n, m, chosen: [k, s, p, a] }) => formula.replaceChildren(number("output", "m"), " = (", number("input", "n"), " − 1)·s − 2p + ",
    number("kernel", "k"), " + a = ", h("span", { class: "ux-worked" }, "(", number("input", n), ` − 1)·${s} − 2·${p} + `, number("kernel", k), ` + ${a} = `, number("output", m)));

  // --- the tape
  const lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  lines.setAttribute("aria-hidden", "true");
  const tape = h("div", { class: "ux-tape", role: "slider", tabindex: 0, "aria-label": t.tape }, lines);
  // the list waits while the tape is moving
  let held = null, later = 0;
  tape.addEventListener("pointerdown", (e) => {
    if (e.button) return;
    held = { x: e.clientX, m: look().m, moved: false };
    tape.setPointerCapture(e.pointerId);
    tape.classList.add("ux-held");
  });
  tape.addEventListener("pointermove", (e) => {
    if (!held) return;
    const by = (e.clientX - held.x) / PLACE;
    if (Math.abs(by) > 0.12) held.moved = true;
    if (!held.moved) return;
    moveTo(Math.round(held.m - by));
    const [low, high] = tapeLimits(look().chosen), rest = Math.min(Math.max(held.m - by, low), high) - look().m;
    setStyle(lines, "--shift", `${Math.round(-rest * PLACE)}px`);
  });
  const release = (e) => {
    if (!held) return;
    tape.classList.remove("ux-held");
    setStyle(lines, "--shift", "0px");
    const box = tape.getBoundingClientRect();
    if (!held.moved && e.type === "pointerup") moveTo(look().m + Math.round((e.clientX - box.left - box.width / 2) / PLACE));
    held = null;
  };
  for (const event of ["pointerup", "pointercancel"]) tape.addEventListener(event, release);
  tape.addEventListener("keydown", (e) => {
    const { m, chosen } = look(), [low, high] = tapeLimits(chosen), s = chosen[1];
    const to = { ArrowRight: m + 1, ArrowUp: m + 1, ArrowLeft: m - 1, ArrowDown: m - 1, PageUp: m + s, PageDown: m - s, Home: low, End: high }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    moveTo(to);
  });
  const way = h("div", { class: "ux-way" }, h("p", { class: "ux-title" }, t.drag), tape);

  const sentence = ({ m, n, chosen }) => {
    const [k, s, p, a] = chosen, layer = `k${k} s${s} p${p}`, [from, to] = collidingSizes(n, chosen);
    if (from === to) return t.alone(layer, from, n);
    const sizes = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    const text = sizes.length > 4 ? `${from}…${to}` : `${sizes.slice(0, -1).join(", ")}${t.and}${to}`;
    return `${t.collide(layer, text, n)} ${t.chooses(a, m)}`;
  };

  // --- links
  const read = (pairs) => {
    const next = { n: 16, m: 32, most: 6, chosen: null };
    const whole = (key, high) => (text) => {
      const value = wholeIn(text, 1, high);
      if (value === null) return t.whole.replace("{}", 1).replace("{}", high);
      next[key] = value;
    };
    const wrong = readPairs(pairs, {
      n: whole("n", MOST_SIZE), m: whole("m", MOST_SIZE), most: whole("most", MOST_KERNEL),
      layer: (text) => {
        const layer = text.split(",").map(Number);
        next.chosen = settingsFor(next.n, next.m, next.most).find((one) => layer.length === 3 && sameLayer(one, layer)) ?? null;
        if (!next.chosen) return t.layerFits(next.n, next.m);
      },
    }, t.knownKeys);
    change(next);
    return wrong;
  };
  const write = () => {
    const { n, m, most, chosen } = look();
    return [["n", n], ["m", m], ["most", most], chosen && ["layer", chosen.slice(0, 3).join(",")]].filter(Boolean);
  };
  const links = settingLinks({ el, name: model.get("name"), lang, signal: frame.signal, read, write, say });

  // --- drawing
  const draw = (width) => {
    const now = look(), { n, m, most, chosen } = now;
    for (const control of steppers) control.draw();
    for (const [preset, button] of presets) button.setAttribute("aria-pressed", String(preset) === String([n, m, most]));
    setText(count, t.found(now.settings.length, most));
    clearTimeout(later);
    if (held?.moved) later = setTimeout(() => drawList(look()), 150);
    else drawList(now);
    for (const part of [list, chosenRow, formula, way]) part.hidden = !chosen;
    none.hidden = Boolean(chosen);
    if (!chosen) {
      const near = nearestSizes(n, m, most);
      setText(none, t.none(n, m, most, near.length ? t.near(near.join(", ")) : t.larger));
      return setText(caption, "");
    }
    setText(code, layerCode(chosen));
    drawFormula(now);
    setText(caption, sentence(now));
    lines.innerHTML = tapePicture(m, chosen, width);
    const [low, high] = tapeLimits(chosen);
    for (const [name, value] of [["now", m], ["min", low], ["max", high], ["text", t.value(m, n, chosen[3])]]) tape.setAttribute(`aria-value${name}`, value);
  };
  const chosenRow = h("div", { class: "ux-chosen" }, code, copy);
  const running = frame.run({
    parts: [
      h("div", { class: "ux-cases", role: "group", "aria-label": t.cases }, ...presets.map(([, button]) => button)),
      h("div", { class: "ux-pair", role: "group", "aria-label": t.parameters }, ...steppers.map((one) => one.el)),
      count, none, list, chosenRow, formula, way,
      h("div", { class: "ux-live", "aria-live": "polite" }, caption), frame.message,
      h("div", { class: "ux-foot" }, links.el),
    ],
    traits: ["n", "m", "max_kernel", "chosen"], draw, links,
  });
  return () => { clearTimeout(later); running.stop(); };
};

export default { render };
