/* The interpolation grid: input pixels above, output pixels below in the same coordinates, and between them the kernel
   at the place where one output pixel reads. Under both, the numbers as a curve. */

/* Where things lie on the canvas, in pixels, for a setting and the width that there is. */
const layout = (setting, read, width) => {
  const { n, m } = setting, { step, first } = outputGrid(setting);
  const reached = read.flatMap(({ taps }) => taps.map(([i]) => i));
  // a third of a border pixel's copy is enough to see its number
  const low = Math.min(-0.5, first - step / 2, Math.min(...reached) - 0.35);
  const high = Math.max(n - 0.5, first + (m - 0.5) * step, Math.max(...reached) + 0.35);
  const unit = Math.max(Math.min(92, (width - 4) / (high - low)), 25 / Math.min(step, 1));
  const tall = (wide) => Math.round(Math.min(Math.max(wide, 30), 76));
  const inputTop = 20, inputTall = tall(unit), band = inputTop + inputTall, base = band + 92;
  const outputTop = base + 32, outputTall = tall(step * unit), plot = outputTop + outputTall + 30;
  return { unit, step, first, low, high, inputTop, inputTall, band, base, outputTop, outputTall, plot, plotTall: 92,
    wide: Math.ceil((high - low) * unit) + 4, height: plot + 100, at: (u) => 2 + (u - low) * unit };
};

const markup = (tag, attributes, text = "") =>
  `<${tag} ${Object.entries(attributes).map(([name, value]) => `${name}="${value}"`).join(" ")}>${text}</${tag}>`;

/* What is drawn over the two rows of cells: coordinates, reading points, kernel, weights, the curve. */
const overlay = (now, place, show) => {
  const { n, x, mode, read, y, j, litInput } = now, { at, unit, band, base, outputTop, outputTall, plot, plotTall } = place;
  const { u, taps } = read[j], [reach, phi] = kernelOf(mode), parts = [], high = 64;
  const add = (tag, attributes, text) => parts.push(markup(tag, attributes, text));
  const label = (px, py, text, kind) => add("text", { x: px.toFixed(1), y: py.toFixed(1), class: kind }, text);
  const inside = (px, text) => Math.min(Math.max(px, text.length * 3.6 + 2), place.wide - text.length * 3.6 - 2);

  // copies of the border pixels, as far as the kernel reaches
  for (let i = Math.ceil(place.low - 0.5); i < place.high + 0.5; i++) {
    if (i >= 0 && i < n) { label(at(i), 13, show(i), "ux-faint"); continue; }
    const copied = taps.some(([tap]) => tap === i), from = Math.max(at(i - 0.5), 1), to = Math.min(at(i + 0.5), place.wide - 1);
    if (!read.some((one) => one.taps.some(([tap]) => tap === i))) continue;
    add("rect", { x: from, y: place.inputTop, width: to - from, height: place.inputTall, fill: "var(--ux-zero)",
      "fill-opacity": copied ? 0.2 : 0.07, stroke: "var(--ux-zero)", "stroke-dasharray": "4 3", "stroke-opacity": 0.7 });
    label(at(i), place.inputTop + place.inputTall / 2 + 4, show(bordered(x, i)), "ux-faint");
    label(at(i), 13, show(i), "ux-faint");
  }

  // the kernel around the coordinate, and its height at the centres of the pixels
  add("path", { d: `M0 ${base}H${place.wide}`, stroke: "var(--ux-zero)", "stroke-opacity": 0.6 });
  const edge = Math.max(u - reach, place.low), end = Math.min(u + reach, place.high), hump = [];
  for (let k = 0; k <= 120; k++) {
    const v = edge + ((end - edge) * k) / 120;
    hump.push(`${at(v).toFixed(1)} ${(base - high * phi(v - u)).toFixed(1)}`);
  }
  add("path", { d: `M${at(edge)} ${base}L${hump.join("L")}L${at(end)} ${base}Z`, fill: "var(--ux-kernel)", "fill-opacity": 0.16,
    stroke: "var(--ux-kernel)", "stroke-opacity": 0.7, "stroke-width": 1.5 });
  add("path", { d: `M${at(u)} ${band + 2}V${outputTop - 2}M${at(u)} ${outputTop + outputTall + 2}V${plot + plotTall}`,
    stroke: "var(--ux-ink)", "stroke-dasharray": "2 4", "stroke-width": 1.5, fill: "none" });
  for (const [i, weight] of taps) {
    const top = base - high * weight;
    add("path", { d: `M${at(i)} ${base}V${top}`, stroke: "var(--ux-kernel)", "stroke-width": 3 });
    add("circle", { cx: at(i), cy: top, r: 5, fill: "var(--ux-kernel)", stroke: "var(--ux-paper)", "stroke-width": 1.5 });
    label(at(i), weight < 0 ? top + 19 : top - 10, show(weight, 3), "ux-mark ux-tone ux-kernel");
  }
  const coordinate = `u = ${show(u, 3)}`;
  label(inside(at(u), coordinate), base + 24, coordinate, "ux-mark");

  // where every output pixel reads, on the lower edge of the input
  read.forEach((one, k) => add("circle", { cx: at(one.u), cy: band, r: k === j ? 5 : 3, fill: "var(--ux-output)",
    stroke: "var(--ux-paper)", "stroke-width": 1.5 }));

  // coordinates under the output pixels, where there is room
  if (place.step * unit >= 38) {
    read.forEach((one, k) => label(inside(at(one.u), show(one.u)), outputTop + outputTall + 15, show(one.u), k === j ? "ux-mark" : "ux-faint"));
  }

  // the curve that the outputs are read from
  const from = Math.min(-0.5, read[0].u), to = Math.max(n - 0.5, read[read.length - 1].u), points = [from];
  if (isNearest(mode)) for (let i = 0; i < n; i++) points.push(i - 0.5, i + 0.4999);
  else for (let k = 1; k <= 240; k++) points.push(from + ((to - from) * k) / 240);
  const curve = [...points, to].map((v) => [v, summed(x, tapsAt(v, mode))]);
  const all = [...x, ...y, ...curve.map(([, value]) => value)], most = Math.max(...all), least = Math.min(...all);
  const up = (value) => plot + 6 + (plotTall - 12) * (most > least ? (most - value) / (most - least) : 0.5);
  if (least <= 0 && most >= 0) {
    add("path", { d: `M0 ${up(0)}H${place.wide}`, stroke: "var(--ux-zero)", "stroke-opacity": 0.5, "stroke-dasharray": "1 4" });
  }
  add("path", { d: `M${curve.map(([v, value]) => `${at(v).toFixed(1)} ${up(value).toFixed(1)}`).join("L")}`, fill: "none",
    stroke: "var(--ux-kernel)", "stroke-opacity": 0.75, "stroke-width": 1.5 });
  x.forEach((value, i) => add("rect", { x: at(i) - 5, y: up(value) - 5, width: 10, height: 10, fill: "var(--ux-input)",
    stroke: litInput === i || taps.some(([tap]) => tap === i) ? "var(--ux-ink)" : "var(--ux-paper)", "stroke-width": 1.5 }));
  read.forEach((one, k) => add("circle", { cx: at(one.u), cy: up(y[k]), r: k === j ? 6 : 3.5, fill: "var(--ux-output)",
    stroke: k === j ? "var(--ux-ink)" : "var(--ux-paper)", "stroke-width": 1.5 }));
  return parts.join("");
};

const render = ({ model, el, signal }) => {
  const lang = languageOf(model), t = INTERPOLATION_WORDS[lang], show = (value, digits) => written(value, lang, digits);
  const frame = explorable({ model, el, signal, lang, title: t.title }), { say } = frame;
  const setting = () => {
    const x = model.get("input"), mode = model.get("mode"), m = model.get("size");
    return { x, n: x.length, m, mode, corners: model.get("align_corners") && !isNearest(mode), j: Math.min(model.get("pixel"), m - 1) };
  };
  const change = (changes) => {
    const next = { ...setting(), ...changes };
    const changed = frame.change({ input: next.x, size: next.m, mode: next.mode, align_corners: next.corners && !isNearest(next.mode),
      pixel: Math.min(next.j, next.m - 1) });
    if (changed) links.changed();
  };
  const resized = (n) => { const { x } = setting(); return SAMPLES.numbers(n).map((value, i) => x[i] ?? value); };

  // what is under the pointer or has the focus: ["x" | "y", number]
  let hot = null;
  const point = (next) => {
    if (String(next) === String(hot)) return;
    hot = next;
    running.soon();
  };

  // --- controls
  const presets = [[3, 6, "linear", false, 2, "numbers"], [3, 6, "linear", true, 2, "numbers"], [5, 3, "nearest", false, 2, "numbers"],
    [5, 3, "nearest-exact", false, 2, "numbers"], [4, 8, "linear", false, 3, "ruler"], [4, 12, "cubic", false, 4, "step"]]
    .map(([n, m, mode, corners, j, sample], at) => {
      const preset = { x: SAMPLES[sample](n), m, mode, corners, j };
      return [preset, h("button", { type: "button", class: "ux-chip", onclick: () => change(preset) }, t.presets[at])];
    });
  const sizes = [["n", "input", [SMALLEST_N, LARGEST_N]], ["m", "output", [1, LARGEST_M]]].map(([key, tone, range]) =>
    stepper({ symbol: key, tone, label: t[key], lang, get: () => setting()[key], range: () => range,
      set: (value) => change(key === "n" ? { x: resized(value) } : { m: value }) }));
  const scale = h("span", { class: "ux-scale" });
  const modes = choice({ label: t.mode, options: MODES.map((mode) => [mode, mode]), get: () => setting().mode, set: (mode) => change({ mode }) });
  const corners = choice({ label: "align_corners", options: [["no", t.edges], ["yes", t.centres]], get: () => (setting().corners ? "yes" : "no"),
    set: (value) => change({ corners: value === "yes" }) });
  const fill = h("div", { class: "ux-fill", role: "group", "aria-label": t.values }, h("span", { class: "ux-label" }, t.values),
    ...Object.entries(t.samples).map(([name, text]) => h("button", { type: "button", class: "ux-chip",
      onclick: () => change({ x: SAMPLES[name](setting().n) }) }, text)));

  // --- picture
  const X = numberGrid({ tone: "input", lang, say, nameOf: (_, i) => `x[${i}]`, onHot: (cell) => point(cell && ["x", cell[1]]),
    onEdit: (_, i, value) => change({ x: setting().x.map((old, at) => (at === i ? value : old)) }) });
  const Y = numberGrid({ tone: "output", lang, nameOf: (_, j) => `y[${j}]`, onHot: (cell) => point(cell && ["y", cell[1]]) });
  Y.el.addEventListener("focusin", (e) => change({ j: +e.target.dataset.c }));
  for (const grid of [X, Y]) grid.el.classList.add("ux-ruler");
  const lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  lines.setAttribute("aria-hidden", "true");
  const canvas = h("div", { class: "ux-canvas" }, X.el, Y.el, lines), scroll = h("div", { class: "ux-scroll" }, canvas);
  const caption = h("p", { class: "ux-caption" }), sum = h("p", { class: "ux-sum" }), code = h("code", { class: "ux-code" });

  // --- links
  const read = (pairs) => {
    const next = { x: SAMPLES.numbers(3), m: 6, mode: "linear", corners: false, j: 0 };
    const whole = (key, low, high) => (text) => {
      const value = wholeIn(text, low(), high());
      if (value === null) return t.whole.replace("{}", low()).replace("{}", high());
      if (key === "n") next.x = SAMPLES.numbers(value);
      else next[key] = value;
    };
    const wrong = readPairs(pairs, {
      n: whole("n", () => SMALLEST_N, () => LARGEST_N),
      x: (text) => {
        const numbers = text.split(",").map(parsed);
        if (numbers.length < SMALLEST_N || numbers.length > LARGEST_N || !numbers.every((value) => Math.abs(value) <= LARGEST_NUMBER)) return t.numbersFit;
        next.x = numbers;
      },
      m: whole("m", () => 1, () => LARGEST_M),
      mode: (text) => { if (!MODES.includes(text)) return t.modeFits; next.mode = text; },
      corners: (text) => {
        if (!/^[01]$/.test(text) || (text === "1" && isNearest(next.mode))) return t.cornersFit;
        next.corners = text === "1";
      },
      j: whole("j", () => 0, () => next.m - 1),
    }, t.knownKeys);
    change(next);
    return wrong;
  };
  const write = () => {
    const { x, n, m, mode, corners, j } = setting(), usual = String(x) === String(SAMPLES.numbers(n));
    return [usual ? ["n", n] : ["x", x.join(",")], ["m", m], ["mode", mode], corners && ["corners", 1], ["j", j]].filter(Boolean);
  };
  const links = settingLinks({ el, name: model.get("name"), lang, signal: frame.signal, read, write, say });

  // --- drawing
  const number = (tone, text) => h("b", { class: `ux-${tone}-ink` }, text);
  const near = (value, digits) => {
    const text = show(value, digits);
    return [Math.abs(parsed(text) - value) < 1e-9 ? "=" : "≈", text];
  };
  const sentence = (now) => {
    if (hot?.[0] === "x") {
      const readers = now.read.flatMap(({ taps }, j) => (now.weightOf(taps, hot[1]) ? [`y[${j}]`] : []));
      return t.readBy(`x[${hot[1]}]`, readers.join(", "));
    }
    const { j, mode, read } = now, { u, taps } = read[j], last = now.n - 1;
    const y = `y[${j}]`, worked = workedOut(j, now), at = worked === "0" ? "u = 0" : `u = ${worked} ${near(u, 3).join(" ")}`;
    if (isNearest(mode)) return t[mode === "nearest" ? "edge" : "nearest"](y, at, taps[0][0]);
    const beyond = [taps.some(([i]) => i < 0) && "x[0]", taps.some(([i]) => i > last) && `x[${last}]`].filter(Boolean);
    return [t.at(y, at), ...beyond.map((x) => t.border(x))].join(" ");
  };
  const drawSum = ({ x, y, j, read }) => {
    const terms = read[j].taps.map(([i, weight], at) => [at ? " + " : "", number("input", factor(bordered(x, i), lang)), "·",
      number("kernel", factor(weight, lang, 3))]);
    const exact = read[j].taps.every(([, weight]) => near(weight, 3)[0] === "="), [sign, value] = near(y[j], 3);
    sum.replaceChildren(number("output", `y[${j}]`), " = ", ...terms.flat(), ` ${exact ? sign : "≈"} `, number("output", value));
  };
  const place = (grid, cells, left, top, wide, tall) => {
    for (const [name, value] of [["--w", wide], ["--h", tall], ["left", left], ["top", top]]) setStyle(grid.el, name, `${value.toFixed(2)}px`);
  };
  const draw = (width) => {
    const now = setting(), { x, n, m, mode } = now, last = n - 1;
    if (hot?.[0] === "y" && hot[1] < m) now.j = hot[1];
    now.litInput = hot?.[0] === "x" ? hot[1] : null;
    now.read = readings(now);
    now.y = now.read.map(({ taps }) => summed(x, taps));
    now.weightOf = (taps, i) => taps.reduce((total, [tap, weight]) => (Math.min(Math.max(tap, 0), last) === i ? total + Math.abs(weight) : total), 0);
    const box = layout(now, now.read, width);
    for (const control of [...sizes, modes, corners]) control.draw();
    for (const input of corners.el.querySelectorAll("input")) input.disabled = isNearest(mode);
    for (const [preset, button] of presets) {
      const { n: _, j, ...rest } = setting();
      button.setAttribute("aria-pressed", JSON.stringify({ ...preset, j }) === JSON.stringify({ ...rest, j }));
    }
    setText(scale, `×${show(m / n)}`);

    const mostX = Math.max(1e-9, ...x.map(Math.abs)), mostY = Math.max(1e-9, ...now.y.map(Math.abs));
    const shade = (value, most) => 0.1 + 0.34 * Math.abs(value) / most;
    const resized = canvas.style.width !== `${box.wide}px`;
    setStyle(canvas, "width", `${box.wide}px`);
    setStyle(canvas, "height", `${box.height}px`);
    if (resized) scroll.scrollLeft = box.at(now.read[now.j].u) - width / 2;
    X.shape(1, n, `${t.input} ${n}`);
    Y.shape(1, m, `${t.output} ${m}`);
    place(X, n, box.at(-0.5), box.inputTop, box.unit, box.inputTall);
    place(Y, m, box.at(box.first - box.step / 2), box.outputTop, box.step * box.unit, box.outputTall);
    x.forEach((value, i) => X.put(0, i, { text: show(value), shade: shade(value, mostX),
      kind: i === now.litInput || (now.litInput === null && now.weightOf(now.read[now.j].taps, i)) ? "ux-on" : "" }));
    now.y.forEach((value, j) => Y.put(0, j, { text: show(value), shade: shade(value, mostY),
      kind: (now.litInput === null ? j === now.j : now.weightOf(now.read[j].taps, now.litInput)) ? "ux-on" : "" }));
    lines.innerHTML = overlay(now, box, show);
    setText(caption, sentence(now));
    drawSum(now);
    const size = mode === "cubic" ? `(1, ${m})` : m, name = mode === "cubic" ? "bicubic" : mode;
    setText(code, `F.interpolate(x, size=${size}, mode="${name}"${isNearest(mode) ? "" : `, align_corners=${now.corners ? "True" : "False"}`})`);
  };

  const running = frame.run({
    parts: [
      h("div", { class: "ux-cases", role: "group", "aria-label": t.cases }, ...presets.map(([, button]) => button)),
      h("div", { class: "ux-pair", role: "group", "aria-label": t.parameters }, ...sizes.map((one) => one.el), scale),
      modes.el, h("div", { class: "ux-corners" }, h("span", { class: "ux-label", "aria-hidden": "true" }, "align_corners"), corners.el), scroll,
      h("div", { class: "ux-live", "aria-live": "polite" }, caption, sum), frame.message, code,
      h("div", { class: "ux-foot" }, fill, links.el),
    ],
    traits: ["input", "size", "mode", "align_corners", "pixel"], draw, links,
  });
  return running.stop;
};

export default { render };
