/* Pooling and unpooling: the input, what pooling leaves of it, the way back, and the difference. */

const render = ({ model, el, signal }) => {
  const lang = languageOf(model), t = POOLING_WORDS[lang], show = (value) => written(value, lang);
  const frame = explorable({ model, el, signal, lang, title: t.title }), { say } = frame;
  const NAMES = { x: "input", pooling: "pooling", k: "kernel_size", s: "stride", back: "back", at: "window" };
  const setting = () => Object.fromEntries(Object.entries(NAMES).map(([key, trait]) => [key, model.get(trait)]));
  const largestK = ({ x }) => Math.min(LARGEST_K, x.length, x[0].length);
  /* What a change makes impossible follows it. */
  const possible = (next) => {
    const k = Math.min(next.k, largestK(next)), back = next.pooling === "avg" && next.back === "max_unpool" ? "avg_unpool" : next.back;
    const { m } = pooled({ ...next, k });
    return { ...next, k, back, at: Math.min(next.at, m[0] * m[1] - 1) };
  };
  const change = (changes) => {
    const next = possible({ ...setting(), ...changes });
    if (frame.change(Object.fromEntries(Object.entries(NAMES).map(([key, trait]) => [trait, next[key]])))) links.changed();
  };
  const resized = (n) => { const { x } = setting(); return filled(n, n, (r, c) => x[r]?.[c] ?? VARIOUS[r][c]); };

  // what is under the pointer or has the focus: ["x" | "y" | "z" | "d", row, column]
  let hot = null;
  const point = (kind) => (cell) => {
    const next = cell && [kind, ...cell];
    if (String(next) === String(hot)) return;
    hot = next;
    running.soon();
  };

  // --- controls
  const presets = [[4, "max", 2, 2, "max_unpool", 1], [4, "max", 2, 2, "nails", 1], [4, "avg", 2, 2, "avg_unpool", 1],
    [5, "max", 3, 2, "max_unpool", 0], [4, "max", 3, 1, "max_unpool", 0], [5, "max", 2, 3, "max_unpool", 0]].map(([n, pooling, k, s, back, at], i) => {
    const preset = { x: POOLING_SAMPLES.numbers(n, n), pooling, k, s, back, at };
    return [preset, h("button", { type: "button", class: "ux-chip", onclick: () => change(preset) }, t.presets[i])];
  });
  const range = { n: () => [SMALLEST_N, LARGEST_N], k: () => [1, largestK(setting())], s: () => [1, LARGEST_S] };
  const sizes = [["n", "input"], ["k", "kernel"], ["s", "plain"]].map(([key, tone]) => stepper({ symbol: key, tone, label: t[key], lang,
    get: () => { const now = setting(); return key === "n" ? now.x[0].length : now[key]; }, range: range[key],
    set: (value) => change(key === "n" ? { x: resized(value) } : { [key]: value }) }));
  const pools = choice({ label: t.pooling, options: t.pools, get: () => setting().pooling, set: (pooling) => change({ pooling }) });
  const backs = choice({ label: t.back, options: t.backs, get: () => setting().back, set: (back) => change({ back }) });
  backs.el.classList.add("ux-backs");
  const fill = h("div", { class: "ux-fill", role: "group", "aria-label": t.values }, h("span", { class: "ux-label" }, t.values),
    ...Object.entries(t.samples).map(([name, text]) => h("button", { type: "button", class: "ux-chip",
      onclick: () => { const { x } = setting(); change({ x: POOLING_SAMPLES[name](x.length, x[0].length) }); } }, text)));

  // --- picture
  const NAME = { x: "x", y: "y", z: "x̂", d: "x − x̂" };
  const nameOf = (kind) => (r, c) => (kind === "d" ? `x[${r}, ${c}] − x̂[${r}, ${c}]` : `${NAME[kind]}[${r}, ${c}]`);
  const grids = {}, panels = {};
  for (const [kind, tone] of [["x", "input"], ["y", "output"], ["z", "output"], ["d", "plain"]]) {
    const onEdit = kind === "x" && ((r, c, value) => change({ x: setting().x.map((line, i) => line.map((old, j) => (i === r && j === c ? value : old))) }));
    const grid = numberGrid({ tone, lang, say, nameOf: nameOf(kind), onHot: point(kind), onEdit: onEdit || undefined });
    grid.el.dataset.grid = kind;
    panels[kind] = panel("", tone, grid.el);
    grids[kind] = grid;
  }
  for (const kind of "yz") panels[kind].el.classList.add("ux-arrow");
  grids.y.el.addEventListener("focusin", (e) => {
    const { c, r } = e.target.closest(".ux-c").dataset;
    change({ at: r * pooled(setting()).m[1] + +c });
  });
  const four = h("div", { class: "ux-four" }, ...Object.values(panels).map((one) => one.el));
  const caption = h("p", { class: "ux-caption" }), sum = h("p", { class: "ux-sum" }), total = h("p", { class: "ux-total" });
  const formula = h("p", { class: "ux-formula" }), code = h("code", { class: "ux-code ux-lines" });

  // --- links
  const asText = (x) => x.map((line) => line.join(",")).join("/");
  const read = (pairs) => {
    const next = { x: POOLING_SAMPLES.numbers(4, 4), pooling: "max", k: 2, s: 2, back: "max_unpool", at: 0 };
    const whole = (key, limits) => (text) => {
      const [low, high] = limits(), value = wholeIn(text, low, high);
      if (value === null) return t.whole.replace("{}", low).replace("{}", high);
      if (key === "n") next.x = POOLING_SAMPLES.numbers(value, value);
      else next[key] = value;
    };
    const wrong = readPairs(pairs, {
      n: whole("n", range.n),
      x: (text) => {
        const rows = text.split("/").map((line) => line.split(",").map(parsed)), within = (size) => size >= SMALLEST_N && size <= LARGEST_N;
        if (!within(rows.length) || !within(rows[0].length) || !rows.every((line) => line.length === rows[0].length
          && line.every((value) => Math.abs(value) <= LARGEST_NUMBER))) return t.numbersFit;
        next.x = rows;
      },
      k: whole("k", () => [1, largestK(next)]),
      s: whole("s", range.s),
      pool: (text) => { if (!/^(max|avg)$/.test(text)) return "max, avg"; next.pooling = text; },
      back: (text) => {
        if (!t.backs.some(([name]) => name === text) || (text === "max_unpool" && next.pooling === "avg")) return t.backFits;
        next.back = text;
      },
      at: whole("at", () => { const { m } = pooled(possible(next)); return [0, m[0] * m[1] - 1]; }),
    }, t.knownKeys);
    change(next);
    return wrong;
  };
  const write = () => {
    const { x, pooling, k, s, back, at } = setting(), [rows, columns] = [x.length, x[0].length];
    const usual = rows === columns && asText(x) === asText(POOLING_SAMPLES.numbers(rows, columns));
    return [usual ? ["n", rows] : ["x", asText(x)], ["k", k], ["s", s], ["pool", pooling], ["back", back], ["at", at]];
  };
  const links = settingLinks({ el, name: model.get("name"), lang, signal: frame.signal, read, write, say });

  // --- sentences
  const tinted = (tone, text) => h("b", { class: `ux-${tone}-ink` }, text);
  const near = (value) => [Math.abs(parsed(show(value)) - value) < 1e-9 ? " = " : " ≈ ", tinted("output", show(value))];
  const named = (kind, [r, c]) => nameOf(kind)(r, c);
  const listed = (windows) => windows.map((one) => named("y", one)).join("; ");
  const inWindow = ([i, j], { x, k, s }) => x.slice(i * s, i * s + k).flatMap((line) => line.slice(j * s, j * s + k));
  const between = (items, sign) => items.flatMap((item, i) => (i ? [sign, item] : [item]));

  const explain = (now) => {
    const { x, y, z, k, n, m, back, switches } = now, [kind, ...cell] = now.target, [r, c] = cell, name = named(kind, cell);
    if (kind === "y") {
      const numbers = inWindow(cell, now), items = between(numbers.map((value) => tinted("input", switches ? show(value) : factor(value, lang))), switches ? "; " : " + ");
      if (!switches) return [t.mean(name), [tinted("output", name), " = (", ...items, `) / ${k * k}`, ...near(y[r][c])]];
      const place = switches[r * m[1] + c], ties = numbers.filter((value) => value === y[r][c]).length;
      return [t.taken(name, named("x", [Math.floor(place / n[1]), place % n[1]]), place) + (ties > 1 ? t.tie(ties) : ""),
        [tinted("output", name), " = max(", ...items, ")", ...near(y[r][c])]];
    }
    if (kind === "x") {
      const windows = windowsOver(r, c, now);
      if (!windows.length) return [t.unread(name), []];
      const kept = switches && windows.filter(([i, j]) => switches[i * m[1] + j] === r * n[1] + c);
      return [t.inWindows(name, listed(windows)) + (!kept ? "" : kept.length ? t.survives(listed(kept)) : t.dies), []];
    }
    if (kind === "d") return ["", [name, " = ", tinted("input", show(x[r][c])), " − ", tinted("output", factor(z[r][c], lang)), " = ", tinted("plain", show(x[r][c] - z[r][c]))]];
    const from = sourcesOf(r, c, now), one = from.length && named("y", from[0]);
    const words = !one ? t.nothing(name) : back === "avg_unpool" ? t.share(name, k * k)
      : from.length > 1 ? t.assigned(name, listed(from)) : t.sent(name, one);
    const terms = back === "avg_unpool" ? between(from.map(([i, j]) => h("span", {}, tinted("output", factor(y[i][j], lang)), `/${k * k}`)), " + ")
      : one ? [tinted("output", one)] : [];
    return [words, [tinted("output", name), ...(terms.length ? [" = ", ...terms] : []), ...near(z[r][c])]];
  };

  const drawCode = ({ n, m, k, s, switches, back }) => {
    const size = `(${n.join(", ")})`, beyond = n.map((one, axis) => Math.max(0, one - m[axis] * s));
    const kept = back === "max_unpool";
    const down = !switches ? `y = F.avg_pool2d(x, ${k}, ${s})`
      : `${kept ? "y, indices" : "y"} = F.max_pool2d(x, ${k}, ${s}${kept ? ", return_indices=True" : ""})`;
    const nails = `up.bed_of_nails(y, ${s}, (${n.map((one, axis) => one - beyond[axis]).join(", ")}))`;
    const up = {
      nearest: `F.interpolate(y, size=${size}, mode="nearest")`,
      nails: beyond[0] || beyond[1] ? `F.pad(${nails}, (0, ${beyond[1]}, 0, ${beyond[0]}))` : nails,
      max_unpool: `F.max_unpool2d(y, indices, ${k}, ${s}, output_size=${size})`,
      avg_unpool: `up.avg_unpool(y, ${k}, ${s}, output_size=${size})`,
    }[back];
    setText(code, `${down}\n${up}`);
  };

  const draw = (width) => {
    const now = setting();
    Object.assign(now, pooled(now));
    const { x, y, n, m, k, s, switches } = now, z = (now.z = restored(now));
    const d = filled(...n, (r, c) => x[r][c] - z[r][c]), values = { x, y, z, d };
    const inside = hot && hot[1] < values[hot[0]].length && hot[2] < values[hot[0]][0].length;
    now.target = inside ? hot : ["y", Math.floor(now.at / m[1]), now.at % m[1]];
    const [kind, row, column] = now.target;

    const inRow = (width - 140) / (3 * n[1] + Math.max(m[1], 2.8)), square = inRow < 33;
    const cell = Math.floor(Math.min(Math.max(square ? (width - 34) / (2 * n[1]) : inRow, 24), 46));
    four.classList.toggle("ux-square", square);
    setStyle(four, "--cell", `${cell}px`);
    for (const control of [...sizes, pools, backs]) control.draw();
    for (const input of backs.el.querySelectorAll("input")) input.disabled = input.value === "max_unpool" && !switches;
    for (const [preset, button] of presets) {
      button.setAttribute("aria-pressed", JSON.stringify({ ...preset, at: 0 }) === JSON.stringify({ ...setting(), at: 0 }));
    }

    const windows = { x: () => windowsOver(row, column, now), y: () => [[row, column]], z: () => sourcesOf(row, column, now), d: () => [] }[kind]();
    const has = (list, r, c) => list.some(([i, j]) => i === r && j === c);
    const feeds = (r, c) => sourcesOf(r, c, now).some(([i, j]) => i === row && j === column);
    const lit = {
      x: (r, c) => (kind === "y" && switches ? switches[row * m[1] + column] === r * n[1] + c : kind !== "y" && r === row && c === column),
      y: (r, c) => has(windows, r, c),
      z: (r, c) => (kind === "y" ? feeds(r, c) : kind !== "x" && r === row && c === column),
      d: (r, c) => kind === "d" && r === row && c === column,
    };
    const most = Math.max(1e-9, ...[x, y, z].flat(2).map(Math.abs)), mostLost = Math.max(1e-9, ...d.flat().map(Math.abs)), roomy = cell >= 31;
    const look = {
      x: (r, c) => ({ kind: [!windowsOver(r, c, now).length && "ux-cut", switches?.includes(r * n[1] + c) && "ux-tap"],
        badge: roomy && switches?.includes(r * n[1] + c) ? `${r * n[1] + c}` : "" }),
      y: (r, c) => ({ kind: [], badge: roomy && switches ? `${switches[r * m[1] + c]}` : "" }),
      z: (r, c) => ({ kind: [!sourcesOf(r, c, now).length && "ux-blank"] }),
      d: (r, c) => ({ kind: [d[r][c] > 0 ? "ux-input" : d[r][c] < 0 ? "ux-output" : "ux-blank"] }),
    };
    for (const [which, grid] of Object.entries(grids)) {
      const rows = values[which], largest = which === "d" ? mostLost : most;
      grid.shape(rows.length, rows[0].length, `${t[which]} ${rows.length} × ${rows[0].length}`);
      setText(panels[which].title, `${t[which]} ${NAME[which]}${which === "d" ? "" : ` ${rows.length} × ${rows[0].length}`}`);
      rows.forEach((line, r) => line.forEach((value, c) => {
        const { kind: kinds, badge = "" } = look[which](r, c);
        grid.put(r, c, { text: show(value), shade: value ? 0.1 + 0.4 * Math.abs(value) / largest : which === "d" ? 0 : 0.06,
          kind: [...kinds, lit[which](r, c) && "ux-on"].filter(Boolean).join(" "), badge });
      }));
    }
    if (kind === "y") grids.x.place(row * s, column * s, k, k);
    else grids.x.clearFrame();

    const [words, line] = explain(now);
    setText(caption, words);
    sum.replaceChildren(...line);
    const all = n[0] * n[1], same = d.flat().filter((value) => Math.abs(value) < 1e-9).length;
    total.replaceChildren(...t.total(all, m[0] * m[1], h("b", {}, String(same)), h("b", {}, show(d.flat().reduce((error, value) => error + Math.abs(value), 0) / all))));
    const worked = new Set(n.map((one, axis) => `⌊(${one} − ${k})/${s}⌋ + 1 = ${m[axis]}`));
    setText(formula, `m = ⌊(n − k)/s⌋ + 1 = ${[...worked].join("; ")}`);
    drawCode(now);
  };

  const way = (name, one) => h("div", { class: "ux-ways" }, h("span", { class: "ux-label", "aria-hidden": "true" }, name), one.el);
  const running = frame.run({
    parts: [
      h("div", { class: "ux-cases", role: "group", "aria-label": t.cases }, ...presets.map(([, button]) => button)),
      h("div", { class: "ux-parameters", role: "group", "aria-label": t.parameters }, ...sizes.map((one) => one.el)),
      way(t.pooling, pools), way(t.back, backs), four,
      h("div", { class: "ux-live", "aria-live": "polite" }, caption, sum), total, frame.message,
      h("div", { class: "ux-size" }, formula, code), h("div", { class: "ux-foot" }, fill, links.el),
    ],
    traits: Object.values(NAMES), draw, links,
  });
  return running.stop;
};

export default { render };
