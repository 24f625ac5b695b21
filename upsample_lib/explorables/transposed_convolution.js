/* What the 1-D and the 2-D explorable of the transposed convolution share: grids, controls, links, sentences. */

/* The three grids that both explorables have: input and kernel, editable, and the output on its canvas. In 1-D the
   input stands upright, beside its stamps; in 2-D the kernel is turned while it slides over inserted zeros. */
const operands = ({ lang, t, axes, index, say, setHot, editX, editW }) => {
  let now;
  const upright = (r, c) => (axes === 1 ? [c, r] : [r, c]);
  const turned = (r, c) => (axes === 2 && now.view === "zeros" ? [now.sizes[0].k - 1 - r, now.sizes[1].k - 1 - c] : [r, c]);
  const hotAs = (kind, place) => (cell) => setHot(cell && [kind, ...place(...cell)]);
  const X = numberGrid({ tone: "input", lang, say, nameOf: (r, c) => `x${index(...upright(r, c))}`,
    onEdit: (r, c, value) => editX(...upright(r, c), value), onHot: hotAs("x", upright) });
  const W = numberGrid({ tone: "kernel", lang, say, nameOf: (r, c) => `w${index(...turned(r, c))}`,
    onEdit: (r, c, value) => editW(...turned(r, c), value), onHot: hotAs("w", turned) });
  const Y = numberGrid({ tone: "output", lang, onHot: hotAs("y", (r, c) => [r, c]), nameOf: (r, c) =>
    (cropped(r, c, now.sizes) ? t.cropped : `y${index(r - now.sizes[0].p, c - now.sizes[1].p)}`) });

  const draw = (next, lit) => {
    now = next;
    const { sizes, x, w, view, step, steps, hot, partial, touched, result } = now, [R, C] = sizes;
    const stamping = view === "stamp", here = cellOf(now), show = (value) => written(value, lang);
    const stampAt = stamping && !hot && here ? [here[0] * R.s, here[1] * C.s] : null;
    const [most, mostW, mostY] = [x, w, result].map(largestOf), dim = lit.target?.[0] === "y";
    const by = (rows, columns) => (axes === 1 ? columns : `${rows} × ${columns}`);

    X.shape(...upright(R.n, C.n), `${t.input} ${by(R.n, C.n)}`);
    x.forEach((line, r) => line.forEach((value, c) => {
      const active = stampAt && here[0] === r && here[1] === c, ahead = stampAt && r * C.n + c >= step;
      X.put(...upright(r, c), { text: show(value), shade: shadeOf(value, most),
        kind: active || lit.x.has(`${r},${c}`) ? "ux-on" : dim || ahead ? "ux-dim" : "" });
    }));
    W.shape(R.k, C.k, `${t.kernel} ${by(R.k, C.k)}`);
    for (let r = 0; r < R.k; r++) for (let c = 0; c < C.k; c++) {
      const [j, j2] = turned(r, c);
      W.put(r, c, { text: show(w[j][j2]), shade: shadeOf(w[j][j2], mostW), kind: lit.w.has(`${j},${j2}`) ? "ux-on" : dim ? "ux-dim" : "" });
    }
    Y.shape(R.canvas, C.canvas, `${t.output} ${by(R.m, C.m)}`);
    for (let r = 0; r < R.canvas; r++) for (let c = 0; c < C.canvas; c++) {
      const cut = cropped(r, c, sizes), tap = tapOver(stampAt, r, c, sizes);
      const known = stamping ? touched[r][c] || step === steps : !cut && (r - R.p) * C.m + c - C.p < step;
      const added = tap && x[here[0]][here[1]] * w[tap[0]][tap[1]], value = partial[r][c];
      Y.put(r, c, { text: known ? show(value) : "", shade: known ? shadeOf(value, mostY) : 0,
        kind: [cut && "ux-cut", !known && "ux-blank", lit.y.has(`${r},${c}`) && "ux-on", tap && "ux-tap"].filter(Boolean).join(" "),
        badge: tap ? `${added < 0 ? "−" : "+"}${show(Math.abs(added))}` : "" });
    }
    if (stampAt) Y.place(...stampAt, R.reach + 1, C.reach + 1);
    else Y.clearFrame();
  };
  return { X, W, Y, draw };
};

/* The whole explorable but for its pictures. `build(ui)` makes them: it returns { el, draw(now) }, and draws from
   `now` alone: the setting, its sizes, results, the step and what is under the pointer (`hot`). */
const transposedConvolution = ({ model, el, signal, axes, longest, viewNames, build }) => {
  const lang = languageOf(model), t = WORDS[lang];
  const end = new AbortController();
  signal?.addEventListener("abort", () => end.abort());
  const sampleX = (n, n2) => filled(n, n2, (r, c) => (axes === 1 ? SAMPLE_ROW : SAMPLE_INPUT)[r][c]);
  const sampleW = (k, k2) => filled(k, k2, (r, c) => SAMPLE_KERNEL[r][c]);
  const sampled = (n, k) => ({ x: axes === 1 ? sampleX(1, n) : sampleX(n, n), w: axes === 1 ? sampleW(1, k) : sampleW(k, k) });

  const setting = () => {
    const [x, w] = [model.get("input"), model.get("weight")].map((rows) => (axes === 1 ? [rows] : rows));
    const numbers = Object.fromEntries(Object.entries(TRAITS).map(([key, trait]) => [key, model.get(trait)]));
    return { x, w, ...numbers };
  };
  const stepsOf = (sizes, view) => (view === "stamp" ? sizes[0].n * sizes[1].n : sizes[0].m * sizes[1].m);
  const look = () => {
    const now = setting(), view = model.get("view"), sizes = geometry(now, axes), steps = stepsOf(sizes, view);
    return { ...now, view, sizes, steps, step: Math.min(model.get("step"), steps), hot };
  };

  const lost = () => say(GRID_STRINGS[lang].noKernel);
  const send = () => { try { model.save_changes(); } catch { lost(); } };
  const change = (changes, { step, view = model.get("view") } = {}) => {
    const was = look(), next = possible({ ...was, ...changes }, axes);
    const steps = stepsOf(geometry(next, axes), view);
    // a finished picture stays finished
    const kept = step ?? (was.step === was.steps ? steps : Math.min(was.step, steps));
    for (const [key, trait] of Object.entries(TRAITS)) model.set(trait, next[key]);
    for (const [trait, rows] of [["input", next.x], ["weight", next.w]]) {
      const value = axes === 1 ? rows[0] : rows;
      if (JSON.stringify(value) !== JSON.stringify(model.get(trait))) model.set(trait, value);
    }
    model.set("view", view);
    model.set("step", kept);
    send();
    links.changed();
  };
  const resized = (key, size) => {
    const { x, w } = setting(), sample = sampled(size, size);
    const [rows, fresh] = key === "n" ? [x, sample.x] : [w, sample.w];
    return { [key === "n" ? "x" : "w"]: fresh.map((line, r) => line.map((value, c) => rows[r]?.[c] ?? value)) };
  };
  const replaced = (rows, r, c, value) => rows.map((line, i) => (i === r ? line.map((old, j) => (j === c ? value : old)) : line));

  // what is under the pointer, or has the focus: ["x" | "w" | "y", row, column] with canvas positions for y
  let hot = null, waiting = 0;
  const setHot = (next) => {
    if (String(next) === String(hot)) return;
    hot = next;
    draw();
  };

  const message = h("p", { class: "ux-message", role: "alert" });
  const say = (sentence, gently) => { setText(message, sentence); message.classList.toggle("ux-gentle", Boolean(gently)); };
  const caption = h("p", { class: "ux-caption" });
  const sum = h("p", { class: "ux-sum" });
  const live = h("div", { class: "ux-live", "aria-live": "polite" }, caption, sum);
  const formula = h("p", { class: "ux-formula" });
  const code = h("code", { class: "ux-code" });

  // --- controls
  const ALL_ONES = ["ones"];
  const cases = [[3, 1, 0], [3, 1, 1], [3, 2, 0], [3, 2, 1], [2, 2, 0], [3, 2, 0, ...ALL_ONES], [4, 2, 1, ...ALL_ONES]];
  const usualN = axes === 1 ? 4 : 3;
  const caseOf = ([k, s, p, fill]) => {
    const usual = sampled(usualN, k), ones = fill ? (rows) => rows.map((line) => line.map(() => 1)) : (rows) => rows;
    return { x: ones(usual.x), w: ones(usual.w), s, p, a: 0, d: 1 };
  };
  const caseButtons = cases.map((one) => {
    const [k, s, p, fill] = one;
    const text = fill ? `k${k} s${s}: ${k % s ? t.uneven : t.even}` : `k${k} s${s} p${p}`;
    return [one, h("button", { type: "button", class: "ux-chip", onclick: () => {
      bar.stop();
      change(caseOf(one), { step: fill ? Infinity : Math.ceil(usualN ** axes / 2) });
    } }, text)];
  });
  const steppers = [["n", "input"], ["k", "kernel"], ["s", "plain"], ["p", "zero"], ["a", "zero"], ["d", "kernel"]].map(([key, tone]) =>
    stepper({ symbol: key, tone, label: t[key], lang,
      get: () => { const now = setting(); return key === "n" ? now.x[0].length : key === "k" ? now.w[0].length : now[key]; },
      range: () => rangeOf(key, setting(), axes, longest),
      set: (value) => { bar.stop(); change(key === "n" || key === "k" ? resized(key, value) : { [key]: value }); } }));
  const fills = [["numbers", t.numbers], ["ones", t.ones], ["impulse", t.impulse]];
  const fillWith = {
    numbers: ({ sizes: [R, C] }) => ({ x: sampleX(R.n, C.n), w: sampleW(R.k, C.k) }),
    ones: ({ sizes: [R, C] }) => ({ x: filled(R.n, C.n, () => 1), w: filled(R.k, C.k, () => 1) }),
    impulse: ({ sizes: [R, C] }) => ({ w: sampleW(R.k, C.k),
      x: filled(R.n, C.n, (r, c) => +(r === R.n >> 1 && c === C.n >> 1)) }),
  };
  const fill = h("div", { class: "ux-fill", role: "group", "aria-label": t.fill }, h("span", { class: "ux-label" }, t.fill),
    ...fills.map(([name, text]) => h("button", { type: "button", class: "ux-chip", onclick: () => change(fillWith[name](look())) }, text)));
  const views = choice({ label: t.view, options: viewNames(lang), get: () => model.get("view"),
    set: (view) => {
      bar.stop();
      const was = look(), steps = stepsOf(was.sizes, view);
      change({}, { view, step: was.step === was.steps ? steps : Math.round((was.step / was.steps) * steps) });
    } });
  const bar = player({ lang, get: () => look().step, count: () => look().steps,
    set: (step) => { model.set("step", step); send(); },
    onPlaying: (playing) => {
      live.setAttribute("aria-live", playing ? "off" : "polite");
      if (!playing) links.changed();
    } });

  // --- links: k and n are sizes, x and w numbers where they are not the sample's
  const asText = (rows) => rows.map((line) => line.join(",")).join("/");
  const asRows = (text, most) => {
    const rows = text.split("/").map((line) => line.split(",").map(parsed));
    const fits = rows.length <= (axes === 1 ? 1 : most) && rows.every((line) => line.length === rows[0].length
      && line.length <= most && line.every((value) => Math.abs(value) <= LARGEST_NUMBER));
    return fits ? rows : null;
  };
  const read = (pairs) => {
    const wrong = [], next = { ...setting(), ...sampled(usualN, 3), s: 2, p: 0, a: 0, d: 1 };
    const order = ["n", "k", "x", "w", "s", "d", "a", "p", "view", "step"];
    const known = pairs.filter(([key]) => order.includes(key)).sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
    for (const [key, value] of pairs) if (!order.includes(key)) wrong.push([`${key}=${value}`, t.knownKeys]);
    let view = "stamp", step;
    for (const [key, value] of known) {
      const refuse = (allowed) => wrong.push([`${key}=${value}`, allowed]);
      if (key === "view") {
        if (value === "stamp" || value === "zeros") view = value;
        else refuse("stamp, zeros");
      } else if (key === "x" || key === "w") {
        const rows = asRows(value, key === "x" ? longest : LARGEST.k);
        if (rows) next[key] = rows;
        else refuse(t.numbersFit);
      } else {
        const [low, high] = key === "step" ? [0, stepsOf(geometry(next, axes), view)] : rangeOf(key, next, axes, longest);
        const number = /^\d+$/.test(value) ? Number(value) : NaN;
        if (!(number >= low && number <= high)) refuse(t.whole.replace("{}", low).replace("{}", high));
        else if (key === "step") step = number;
        else if (key === "n") next.x = sampled(number, 1).x;
        else if (key === "k") next.w = sampled(1, number).w;
        else next[key] = number;
      }
    }
    bar.stop();
    change(next, { view, step: step ?? Infinity });
    return wrong;
  };
  const write = () => {
    const { x, w, s, p, a, d, view, step, steps } = look();
    const n = x[0].length, k = w[0].length, sample = sampled(n, k);
    return [["n", n], ["k", k], ["s", s], ["p", p], ["a", a], ["d", d], ["view", view], step < steps && ["step", step],
      asText(x) !== asText(sample.x) && ["x", asText(x)], asText(w) !== asText(sample.w) && ["w", asText(w)]].filter(Boolean);
  };
  const links = settingLinks({ el, name: model.get("name"), lang, signal: end.signal, read, write, say });

  // --- drawing
  const index = (r, c) => (axes === 1 ? `[${c}]` : `[${r}, ${c}]`);
  const ui = { lang, t, axes, index, say, setHot,
    editX: (r, c, value) => change({ x: replaced(setting().x, r, c, value) }),
    editW: (r, c, value) => change({ w: replaced(setting().w, r, c, value) }) };
  const pictures = build(ui);

  const number = (tone, text) => h("b", { class: `ux-${tone}-ink` }, text);
  const drawFormula = ({ sizes, s, p, a, d }) => {
    const n = (text) => number("input", text), k = (text) => number("kernel", text), m = (text) => number("output", text);
    const line = [m("m"), " = (", n("n"), " − 1)·s − 2p + d·(", k("k"), " − 1) + a + 1"];
    const kinds = new Map(sizes.slice(2 - axes).map((axis) => [`${axis.n},${axis.k}`, axis]));
    for (const [at, axis] of [...kinds.values()].entries()) {
      line.push(at ? "; " : " = ", h("span", { class: "ux-worked" }, "(", n(axis.n), ` − 1)·${s} − 2·${p} + ${d}·(`, k(axis.k), ` − 1) + ${a} + 1 = `, m(axis.m)));
    }
    formula.replaceChildren(...line);
    const options = [s !== 1 && `stride=${s}`, p && `padding=${p}`, a && `output_padding=${a}`, d !== 1 && `dilation=${d}`].filter(Boolean);
    const kernel = axes === 1 || sizes[0].k === sizes[1].k ? sizes[1].k : `(${sizes[0].k}, ${sizes[1].k})`;
    setText(code, `nn.ConvTranspose${axes}d(1, 1, ${[kernel, ...options].join(", ")})`);
  };

  /* y[r, c] = 2·3 + 1·(−1) = 5, with what is not stamped yet in a lighter tone. */
  const drawSum = (now) => {
    const { sizes: [R, C], x, w, step, view } = now;
    if (now.lit.target?.[0] !== "y") return sum.replaceChildren();
    const [, r, c] = now.lit.target, say = (value) => written(value, lang), cut = cropped(r, c, now.sizes);
    const products = productsAt(r, c, now.sizes);
    const name = number("output", cut ? t.cropped : `y${index(r - R.p, c - C.p)}`);
    let total = 0, soFar = 0, waits = 0;
    const terms = products.map(([i, i2, j, j2], at) => {
      const value = x[i][i2] * w[j][j2], later = view === "stamp" && i * C.n + i2 >= step;
      total += value;
      if (later) waits += 1; else soFar += value;
      return h("span", { class: later ? "ux-later" : "ux-term" }, at ? " + " : "", number("input", factor(x[i][i2], lang)), "·",
        number("kernel", factor(w[j][j2], lang)));
    });
    const zeros = view === "zeros" ? R.k * C.k - products.length : 0;
    const end = [" = ", number("output", say(total))];
    if (waits) end.push(` (${t.soFar(say(soFar), say(total))})`);
    sum.replaceChildren(name, " = ", ...(terms.length ? terms : zeros ? [] : ["0"]),
      zeros ? h("span", { class: "ux-zero-ink" }, `${terms.length ? " + " : ""}${t.zerosMet(zeros)}`) : "", ...end,
      terms.length || zeros ? "" : ` — ${t.beyond}`);
  };

  // the setting that the page shows, and its complete sums
  let drawn, whole;
  const draw = () => {
    if (end.signal.aborted) return;
    const now = look(), key = JSON.stringify([now.x, now.w, now.s, now.p, now.a, now.d, now.view]);
    if (key !== drawn) {
      drawn = key;
      whole = stamped(now, now.sizes);
      for (const control of [...steppers, views]) control.draw();
      for (const [one, button] of caseButtons) {
        const { x, w, s, p, a, d } = caseOf(one);
        button.setAttribute("aria-pressed", JSON.stringify([x, w, s, p, a, d, now.view]) === key);
      }
      drawFormula(now);
    }
    const partial = now.view === "stamp" ? stamped(now, now.sizes, now.step) : whole;
    Object.assign(now, { result: whole.sum, partial: partial.sum, touched: partial.stamps, lit: related(now, cellOf(now)) });
    bar.draw();
    drawSum(now);
    const beginning = now.step === 0 ? t.start(now.view) : `${PLAYER_STRINGS[lang].stepOf(now.step, now.steps)}. ${pictures.sentence(now)}`;
    setText(caption, beginning);
    pictures.draw(now);
  };
  const soon = () => {
    if (waiting) return;
    waiting = 1;
    queueMicrotask(() => { waiting = 0; draw(); });
  };

  el.classList.add("ux");
  fitted(el, end.signal);
  el.setAttribute("role", "group");
  el.setAttribute("aria-label", pictures.title);
  el.lang = lang;
  el.replaceChildren(
    h("div", { class: "ux-cases", role: "group", "aria-label": t.cases }, ...caseButtons.map(([, button]) => button)),
    h("div", { class: "ux-parameters", role: "group", "aria-label": t.parameters }, ...steppers.map((one) => one.el)),
    views.el, pictures.el, bar.el, live, message,
    h("div", { class: "ux-size" }, formula, code),
    h("div", { class: "ux-foot" }, fill, links.el));
  el.addEventListener("keydown", (e) => {
    if (e.key !== " " || e.target.matches("button, input[type=radio]")) return;
    e.preventDefault();
    bar.toggle();
  }, { signal: end.signal });

  const watched = ["input", "weight", "view", "step", ...Object.values(TRAITS)].map((trait) => `change:${trait}`);
  for (const event of watched) model.on(event, soon);
  model.on("comm_live_update", lost);
  draw();
  links.start?.();
  return () => {
    bar.stop();
    end.abort();
    for (const event of watched) model.off(event, soon);
    model.off("comm_live_update", lost);
    el.replaceChildren();
  };
};
