/* The checkerboard explorable: prints and count along an axis, overlaps in the plane, the layer's output, its spectrum. */

const render = ({ model, el, signal }) => {
  const lang = languageOf(model), t = CHECKERBOARD_WORDS[lang], show = (value, digits) => written(value, lang, digits);
  const frame = explorable({ model, el, signal, lang, title: t.title }), { say } = frame;
  const NAMES = { k: "kernel_size", s: "stride", d: "dilation", up: "upsampling", blur: "blur", weights: "weights", seed: "seed", input: "input" };
  const USUAL = { k: 3, s: 2, d: 1, up: "transposed", blur: false, weights: "ones", seed: 1, input: "constant" };
  const setting = () => Object.fromEntries(Object.entries(NAMES).map(([key, trait]) => [key, model.get(trait)]));
  const change = (changes) => {
    if (frame.change(Object.fromEntries(Object.entries(changes).map(([key, value]) => [NAMES[key], value])))) links.changed();
  };

  // --- controls
  const chip = (text, onclick) => h("button", { type: "button", class: "ux-chip", onclick }, text);
  const presets = [{}, { k: 4 }, { k: 4, weights: "random" }, { weights: "random", up: "nearest" }, { k: 4, weights: "random", blur: true }, { k: 5, s: 3 }, { k: 4, d: 2 }]
    .map((one, at) => [{ ...USUAL, ...one }, chip(t.presets[at], () => change({ ...USUAL, ...one }))]);
  const steppers = [["k", "kernel"], ["s", "plain"], ["d", "kernel"]].map(([key, tone]) => stepper({ symbol: key, tone, label: t[key], lang,
    get: () => setting()[key], range: () => LIMITS[key], set: (value) => change({ [key]: value }) }));
  const weights = choice({ label: t.weights, options: t.weightKinds, get: () => setting().weights, set: (value) => change({ weights: value }) });
  const inputs = choice({ label: t.input, options: t.inputs, get: () => setting().input, set: (input) => change({ input }) });
  const again = chip(t.again, () => change({ weights: "random", seed: (setting().seed + 1) % (LIMITS.seed[1] + 1) }));
  const divide = () => {
    const { k, s } = setting(), most = LIMITS.k[1];
    if (k % s) change({ k: Math.min(Math.ceil(k / s) * s, most - (most % s)) });
    else change({ k: k < most ? k + 1 : k - 1 });
  };
  const remedies = [
    [chip(t.divisible, divide), ({ k, s }) => k % s === 0],
    [chip(t.nearest, () => change({ up: setting().up === "nearest" ? "transposed" : "nearest" })), ({ up }) => up === "nearest"],
    [chip(t.blur, () => change({ blur: !setting().blur })), ({ blur }) => blur],
  ];

  // --- pictures
  const svg = (kind) => {
    const one = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    one.setAttribute("role", "img");
    one.dataset.picture = kind;
    return one;
  };
  const pictures = Object.fromEntries(["line", "map", "picture", "spectrum"].map((kind) => [kind, svg(kind)]));
  const notes = {};
  const squares = h("div", { class: "ux-squares" }, ...["map", "picture", "spectrum"].map((kind) => {
    notes[kind] = h("div", { class: "ux-under" });
    return h("div", { class: "ux-panel" }, h("div", { class: `ux-title ${kind === "spectrum" ? "" : "ux-output-ink"}` }, t[kind]), pictures[kind], notes[kind]);
  }));
  const line = h("div", { class: "ux-prints" }, h("div", { class: "ux-title ux-kernel-ink" }, t.line), pictures.line);
  const verdict = h("p", { class: "ux-caption" }), found = h("p", { class: "ux-found" }), sums = h("p", { class: "ux-sum" });
  const code = h("code", { class: "ux-code" });

  // --- links
  const options = { up: ["transposed", "nearest"], weights: ["ones", "random"], input: ["constant", "hill", "noise"] };
  const read = (pairs) => {
    const next = { ...USUAL }, readers = {};
    for (const [key, [low, high]] of Object.entries(LIMITS)) readers[key] = (text) => {
      const value = wholeIn(text, low, high);
      if (value === null) return t.whole.replace("{}", low).replace("{}", high);
      next[key] = value;
    };
    for (const [key, allowed] of Object.entries(options)) readers[key] = (text) => {
      if (!allowed.includes(text)) return t.oneOf + allowed.join(", ");
      next[key] = text;
    };
    readers.blur = (text) => { if (!/^[01]$/.test(text)) return `${t.oneOf}0, 1`; next.blur = text === "1"; };
    const wrong = readPairs(pairs, readers, t.knownKeys);
    change(next);
    return wrong;
  };
  const write = () => Object.entries(setting()).filter(([key, value]) => "ks".includes(key) || value !== USUAL[key])
    .map(([key, value]) => [key, typeof value === "boolean" ? +value : value]);
  const links = settingLinks({ el, name: model.get("name"), lang, signal: frame.signal, read, write, say });

  // --- drawing
  const put = (kind, width, height, markup, text, values) => {
    const one = pictures[kind];
    one.setAttribute("viewBox", `0 0 ${width} ${height}`);
    one.setAttribute("aria-label", text);
    one.innerHTML = markup;
    one.values = values;
  };
  /* Cells of the same look as one path. */
  const painted = (rows, look) => {
    const paths = new Map();
    rows.forEach((row, r) => row.forEach((value, c) => { const key = look(value); paths.set(key, `${paths.get(key) ?? ""}M${c} ${r}h1v1h-1z`); }));
    return [...paths].map(([key, d]) => `<path shape-rendering="crispEdges" ${key} d="${d}"/>`).join("");
  };
  const counted = (most) => (value) => `class="ux-count" fill-opacity="${value ? (0.1 + (0.62 * value) / most).toFixed(3) : 0}"`;
  const grey = (low, high) => (value) => {
    const level = high > low ? Math.round((255 * (value - low)) / (high - low)) : 128;
    return `fill="rgb(${level},${level},${level})"`;
  };
  const number = (x, y, value, size) => `<text x="${x}" y="${y}" style="font-size:${size}px">${value}</text>`;

  const drawLine = ({ taps, counts }, width) => {
    const unit = Math.min(width / (counts.length + 0.2), 34), tall = Math.min(18, 112 / taps.length), base = taps.length * tall + 6;
    const prints = taps.flatMap((row, i) => row.map((at) => `<rect class="ux-print" x="${at * unit + 1}" y="${i * tall + 1}" width="${unit}" height="${tall - 3}"/>`));
    const most = Math.max(...counts), box = Math.min(unit, 28);
    const cells = counts.map((count, at) => `<rect ${counted(most)(count)} stroke="var(--ux-output)" x="${at * unit + 1}" y="${base}" width="${unit}" height="${box}"/>${
      number((at + 0.5) * unit + 1, base + box / 2 + 4.5, count, Math.min(13, unit * 0.8))}`);
    const size = [counts.length * unit + 2, base + box + 1];
    put("line", ...size, [...prints, ...cells].join(""), t.lineText(counts.join(", ")), counts);
    pictures.line.setAttribute("width", size[0]);
  };

  const draw = (width) => {
    const now = setting(), { k, s, d, up, blur, input } = now, nearest = up === "nearest";
    for (const control of [...steppers, weights, inputs]) control.draw();
    for (const [one, button] of presets) button.setAttribute("aria-pressed", Object.keys(USUAL).every((key) => one[key] === now[key]));
    for (const [button, on] of remedies) button.setAttribute("aria-pressed", on(now));
    remedies[0][0].disabled = s === 1;

    const prints = printsOf(now), map = prints.counts.map((a) => prints.counts.map((b) => a * b)), most = Math.max(...map.flat());
    drawLine(prints, width);
    const size = map.length, digits = size > 13 ? "" : map.flatMap((row, r) => row.map((value, c) => number(c + 0.5, r + 0.72, value, 0.6))).join("");
    put("map", size, size, painted(map, counted(most)) + digits, t.squareText(t.map, Math.min(...map.flat()), most), map);
    setText(notes.map, `${nearest ? PRINTS * s : PRINTS} × ${nearest ? PRINTS * s : PRINTS} → ${size} × ${size}`);

    const y = pictureOf(now), all = y.flat(), share = s > 1 ? patternShare(y, s) : 0;
    const flat = !centred(y).flat().some((value) => value), [low, high] = [Math.min(...all), flat ? Math.min(...all) : Math.max(...all)];
    put("picture", SIDE, SIDE, painted(y, grey(low, high)), t.squareText(t.picture, show(low), show(high)), y);
    setText(notes.picture, low === high ? show(low) : `${show(low)} … ${show(high)}`);

    const spectrum = spectrumOf(y), top = Math.max(1e-6, ...spectrum.flat()), marks = [];
    for (let i = 0; i < s; i++) for (let j = 0; j < s; j++) {
      const [r, c] = [i, j].map((at) => (SIDE / 2 + (at * SIDE) / s) % SIDE);
      if (i || j) marks.push(`<rect class="ux-lattice" x="${c - 0.3}" y="${r - 0.3}" width="1.6" height="1.6"/>`);
    }
    put("spectrum", SIDE, SIDE, painted(spectrum, grey(0, top)) + marks.join(""), t.squareText(t.spectrum, show(Math.min(...spectrum.flat())), show(Math.max(...spectrum.flat()))), spectrum);
    setText(notes.spectrum, s > 1 ? t.marks(s) : "");

    const counts = phaseCounts(now), kinds = [...new Set(counts)].sort((a, b) => a - b);
    const plane = [...new Set(kinds.flatMap((a) => kinds.map((b) => a * b)))].sort((a, b) => a - b).join(", ");
    const gcd = (a, b) => (b ? gcd(b, a % b) : a), shared = gcd(d, s), even = kinds.length === 1;
    setText(verdict, nearest ? t.afterNearest(k, plane) : even ? t.even(k, s, kinds[0], plane) : shared > 1 ? t.gcd(d, s, shared) : t.uneven(k, s, kinds.join(", "), plane));

    const percent = (value) => `${show(100 * value, 1)}\u00a0%`, white = (s * s - 1) / (SIDE * SIDE - 1);
    const ones = input === "constant" ? y : pictureOf({ ...now, input: "constant" });
    const answer = ones.slice(0, s).map((row) => row.slice(0, s)), spread = Math.max(...answer.flat()) - Math.min(...answer.flat()) > 1e-9;
    setText(found, (share < 1e-9 ? t.none(s) : share < 3 * white ? t.little(s, percent(share), percent(white)) : t.much(s, percent(share)))
      + (even && spread ? ` ${t.unequal}` : ""));
    sums.replaceChildren(`${t.sums} `, h("b", { class: "ux-output-ink" }, spread ? answer.map((row) => row.map((value) => show(value)).join(", ")).join(" / ") : show(answer[0][0])));

    const dilated = d > 1 ? `, dilation=${d}` : "";
    const layer = nearest ? `nn.Upsample(scale_factor=${s}), nn.Conv2d(1, 1, ${k}${dilated})` : `nn.ConvTranspose2d(1, 1, ${k}, stride=${s}${dilated})`;
    setText(code, blur ? `${layer}, Blur2d()` : layer);
  };

  const way = (name, ...items) => h("div", { class: "ux-rows", role: "group", "aria-label": name }, h("span", { class: "ux-label", "aria-hidden": "true" }, name), ...items);
  const running = frame.run({
    parts: [
      h("div", { class: "ux-cases", role: "group", "aria-label": t.cases }, ...presets.map(([, button]) => button)),
      h("div", { class: "ux-parameters", role: "group", "aria-label": t.parameters }, ...steppers.map((one) => one.el)),
      way(t.weights, weights.el, again), way(t.input, inputs.el), way(t.remedies, ...remedies.map(([button]) => button)),
      line, squares, h("div", { class: "ux-live", "aria-live": "polite" }, verdict, found, sums), frame.message,
      h("div", { class: "ux-size" }, code), h("div", { class: "ux-foot" }, h("span", {}), links.el),
    ],
    traits: Object.values(NAMES), draw, links,
  });
  return running.stop;
};

export default { render };
