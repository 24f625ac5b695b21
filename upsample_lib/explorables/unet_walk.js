/* A walk through a U-Net: the U as a map with a tile for each stage, and the chosen stage's feature maps large. */

const SVG = "http://www.w3.org/2000/svg";

/* Square number `at` of a row of `count` squares in one picture, as an element that keeps its pixels sharp. */
const square = (address, [height, width], at = 0, count = 1, label = "") => {
  const svg = document.createElementNS(SVG, "svg"), image = document.createElementNS(SVG, "image");
  const attributes = [[svg, { viewBox: `${at * width} 0 ${width} ${height}`, ...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }) }],
    [image, { href: address, width: count * width, height }]];
  for (const [one, values] of attributes) for (const [name, value] of Object.entries(values)) one.setAttribute(name, value);
  svg.append(image);
  return svg;
};

/* Where the tiles stand in a U of this width: image, truth and prediction on top, one row a level, the bottom in the middle. */
const places = (stages, width) => {
  const depth = Math.max(...stages.map(({ level }) => level)), base = Math.min(76, Math.floor((width - 58) / 4));
  const sides = Array.from({ length: depth + 1 }, (_, i) => Math.max(34, Math.round(base * 0.82 ** i)));
  const gap = 26, label = 20, tops = [base + label + gap];
  sides.forEach((side) => tops.push(tops.at(-1) + side + label + gap));
  const fourth = width - base / 2 - 1, third = fourth - base - 16, middle = (base / 2 + third) / 2;
  const centre = ({ kind, level }) => (kind === "input" ? base / 2 + 1 : kind === "head" ? fourth : level === depth ? middle
    : kind === "encoder" ? base / 2 + 1 : kind === "up" ? third : fourth);
  const at = stages.map((stage) => {
    const top = stage.kind === "input" || stage.kind === "head", side = top ? base : sides[stage.level];
    return { x: centre(stage) - side / 2, y: top ? 0 : tops[stage.level], side };
  });
  return { at, depth, label, height: tops.at(-1) - gap, truth: { x: third - base / 2, y: 0, side: base } };
};

/* Arrows from stage to stage, and the skips over the upsampled maps. */
const arrows = (stages, { at, label, depth }) => {
  const lines = [], skips = [], encoder = [];
  const arrow = (x1, y1, x2, y2) => {
    const turn = Math.atan2(y2 - y1, x2 - x1), wing = (side) => `${(x2 - 6 * Math.cos(turn + side)).toFixed(1)} ${(y2 - 6 * Math.sin(turn + side)).toFixed(1)}`;
    return `M${x1} ${y1}L${x2} ${y2}M${wing(0.5)}L${x2} ${y2}L${wing(-0.5)}`;
  };
  stages.forEach(({ kind, level }, i) => {
    const to = at[i], from = at[i - 1], mid = to.x + to.side / 2;
    if (kind === "encoder") encoder[level] = to;
    if (!from) return;
    const foot = from.y + from.side + label, fromMid = from.x + from.side / 2;
    if (kind === "encoder") lines.push(arrow(level === depth ? from.x + from.side * 0.75 : fromMid, foot, level === depth ? to.x + to.side * 0.2 : mid, to.y - 3));
    else if (kind === "up") lines.push(level === depth - 1 ? arrow(from.x + from.side + 3, from.y + from.side / 2, mid, to.y + to.side + label + 1) : arrow(fromMid, from.y - 4, mid + to.side * 0.2, to.y + to.side + label));
    else lines.push(kind === "head" ? arrow(fromMid, from.y - 4, mid, to.y + to.side + label) : arrow(from.x + from.side + 2, from.y + from.side / 2, to.x - 3, to.y + to.side / 2));
    if (kind === "decoder") {
      const skip = encoder[level], y = to.y + to.side * 0.16, over = to.y - 13, x1 = skip.x + skip.side + 2, x2 = to.x - 4;
      skips.push(`M${x1} ${y}C${x1 + 26} ${over} ${x1 + 26} ${over} ${x1 + 50} ${over}H${x2 - 30}C${x2 - 12} ${over} ${x2 - 9} ${over + 3} ${x2} ${y}M${x2 - 7} ${y - 5}L${x2} ${y}L${x2 - 1} ${y - 8}`);
    }
  });
  return { lines: lines.join(""), skips: skips.join("") };
};

const render = ({ model, el, signal }) => {
  const lang = languageOf(model), t = UNET_WORDS[lang], show = (value, digits = 2) => written(value, lang, digits);
  const frame = explorable({ model, el, signal, lang, title: t.title }), { say } = frame;
  const { models, image, truth, size } = model.get("walk"), names = models.map(({ name }) => name);
  const now = () => models.find(({ name }) => name === model.get("upsampler")), last = models[0].stages.length - 1;
  const change = (traits) => { if (frame.change(traits)) links.changed(); };
  const titled = ({ kind, level }) => t.kinds[kind === "encoder" && level === Math.max(...models[0].stages.map((one) => one.level)) ? "bottom" : kind](level);
  const tone = (kind) => ({ input: "input", up: "kernel", head: "output" })[kind] ?? "plain";

  const upsampler = choice({ label: t.upsampler, options: names.map((name) => [name, t.names[name] ?? name]), get: () => model.get("upsampler"), set: (name) => change({ upsampler: name }) });
  upsampler.el.classList.add("ux-nets");
  const live = h("div", { class: "ux-live", "aria-live": "polite" });
  const bar = player({ lang, get: () => model.get("stage"), count: () => last, pace: 1600, set: (stage) => change({ stage }),
    onPlaying: (on) => live.setAttribute("aria-live", on ? "off" : "polite") });

  // --- the U: a tile for each stage, one tab stop, arrow keys go along the computation
  const tiles = models[0].stages.map((stage, at) => h("button", { type: "button", class: `ux-tile ux-${tone(stage.kind)}`, "data-stage": at,
    onclick: () => { bar.stop(); change({ stage: at }); } }, h("span", { class: "ux-thumb" }), h("span", { class: "ux-shape", "aria-hidden": "true" })));
  const given = h("div", { class: "ux-tile ux-plain" }, h("span", { class: "ux-thumb" }, square(truth, size, 0, 1, t.pictures.truth)), h("span", { class: "ux-shape" }, t.truth));
  const wires = document.createElementNS(SVG, "svg");
  wires.setAttribute("class", "ux-wires");
  wires.setAttribute("aria-hidden", "true");
  const map = h("div", { class: "ux-u", role: "group", "aria-label": t.unet }, wires, ...tiles, given);
  map.addEventListener("keydown", (e) => {
    const at = model.get("stage"), to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: last }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    bar.stop();
    change({ stage: Math.min(Math.max(to, 0), last) });
    tiles[model.get("stage")].focus();
  });

  // --- the chosen stage
  const title = h("div", { class: "ux-title" }), words = h("p", { class: "ux-caption" }), shape = h("p", { class: "ux-sum" });
  const code = h("code", { class: "ux-code ux-lines" }), pictures = h("div", { class: "ux-maps" }), note = h("p", { class: "ux-under ux-note" });
  live.append(title, words, shape);
  const detail = h("div", { class: "ux-detail" }, live, code, pictures, note);

  // --- links
  const read = (pairs) => {
    const next = { upsampler: names[0], stage: 0 };
    const wrong = readPairs(pairs, {
      up: (text) => { if (!names.includes(text)) return t.oneOf + names.join(", "); next.upsampler = text; },
      at: (text) => {
        const value = wholeIn(text, 0, last);
        if (value === null) return t.whole.replace("{}", 0).replace("{}", last);
        next.stage = value;
      },
    }, t.knownKeys);
    change(next);
    return wrong;
  };
  const links = settingLinks({ el, name: model.get("name"), lang, signal: frame.signal, read, say, write: () => [["up", model.get("upsampler")], ["at", model.get("stage")]] });

  // --- drawing
  const figure = (svg, text) => h("div", { class: "ux-map" }, svg, h("div", { class: "ux-under" }, text));
  const written3 = (values) => values.join(" × ");
  const drawMaps = (stage, net) => {
    const all = { head: () => {
      const swatch = (kind, text) => h("span", { class: `ux-swatch ux-${kind}` }, text);
      return [figure(square(stage.maps, size, 0, 1, t.pictures.probability), t.probability), figure(square(truth, size, 0, 1, t.pictures.truth), t.truth),
        figure(square(net.mistakes, size, 0, 1, t.pictures.mistakes), h("span", {}, `${t.mistakes}: `, swatch("missed", t.missed), " ", swatch("invented", t.invented)))];
    }, input: () => [figure(square(image, size, 0, 1, t.pictures.image), `${show(stage.ranges[0][0])} … ${show(stage.ranges[0][1])}`)] }[stage.kind];
    const [, height, width] = stage.shape, { channels, ranges } = stage;
    const maps = all ? all() : channels.map((channel, at) => figure(square(stage.maps, [height, width], at, channels.length, t.channel(channel, ...ranges[at].map((end) => show(end)))),
      ranges[at].map((end) => show(end, 1)).join(" … ")));
    setStyle(pictures, "--across", stage.kind === "input" ? 1 : maps.length > 4 ? 4 : 2);
    pictures.replaceChildren(...maps);
    setText(note, all ? "" : t.some(channels.length, stage.shape[0]));
  };

  let drawn = "";
  const draw = (width) => {
    const net = now(), { stages } = net, at = model.get("stage"), stage = stages[at], narrow = width < 520;
    const wide = narrow ? width : Math.min(350, Math.floor(width * 0.52)), where = places(stages, wide), lines = arrows(stages, where);
    upsampler.draw();
    bar.draw();
    setStyle(map, "width", `${wide}px`);
    setStyle(map, "height", `${where.height}px`);
    wires.setAttribute("viewBox", `0 0 ${wide} ${where.height}`);
    wires.innerHTML = `<path class="ux-skip" d="${lines.skips}"/><path d="${lines.lines}"/>`;
    const put = (tile, { x, y, side }) => { for (const [name, value] of [["left", x], ["top", y], ["--side", side]]) setStyle(tile, name, `${value}px`); };
    put(given, where.truth);
    tiles.forEach((tile, i) => {
      const one = stages[i], text = written3(one.shape), [thumb, shapeLine] = tile.children;
      put(tile, where.at[i]);
      tile.tabIndex = i === at ? 0 : -1;
      tile.setAttribute("aria-pressed", i === at);
      tile.setAttribute("aria-label", t.tile(titled(one), text));
      const [, height, wideMap] = one.shape;
      if (drawn !== net.name) thumb.replaceChildren(one.kind === "input" ? square(image, size) : square(one.maps, [height, wideMap], 0, one.channels.length));
      setText(shapeLine, one.kind === "head" ? `IoU ${show(net.iou)}` : one.shape.join("×"));
    });
    drawn = net.name;
    setText(title, titled(stage));
    title.className = `ux-title ux-${tone(stage.kind)}-ink`;
    const key = stage.kind === "encoder" && !stage.level ? "first" : stage.kind;
    setText(words, key === "head" ? t.say.head(show(net.iou)) : t.say[key](stage.before, stage.shape[0]));
    shape.replaceChildren(`${t.size} (C, H, W) = `, h("b", {}, `(${stage.shape.join(", ")})`));
    setText(code, stage.layer ? `# self.up[${stage.level}] = ${stage.layer}\n${stage.code}` : stage.code);
    drawMaps(stage, net);
    // a button that has just become useless would take the keyboard's focus with it
    if (el.contains(document.activeElement) && document.activeElement.disabled) bar.el.querySelector(".ux-play").focus();
  };

  const running = frame.run({
    parts: [upsampler.el, bar.el, h("div", { class: "ux-walk" }, map, detail), frame.message, h("div", { class: "ux-foot" }, h("span", {}), links.el)],
    traits: ["upsampler", "stage"], draw, links,
  });
  return () => { bar.stop(); running.stop(); };
};

export default { render };
