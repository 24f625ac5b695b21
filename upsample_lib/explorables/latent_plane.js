/* The latent plane: where images lie, the point that the reader moves, and what the decoder draws there. */

const render = ({ model, el, signal }) => {
  const lang = languageOf(model), t = LATENT_WORDS[lang], show = (value) => written(value, lang);
  const frame = explorable({ model, el, signal, lang, title: t.title }), { say } = frame;
  const data = model.get("data"), extent = model.get("extent"), [height, width] = data.size;
  const decoder = decoderOf(data.steps), flat = unpacked(data.points), labels = [...data.labels].map(Number);
  const points = labels.map((label, i) => [flat[2 * i], flat[2 * i + 1], label]), names = data.names.map((name) => name[lang]);
  const NEIGHBOURS = 20, SIDE = 360, TILES = 13, FINE = 0.1, COARSE = 0.5;
  const clamped = (value) => Math.round(Math.min(Math.max(value, -extent), extent) * 100) / 100;
  const move = (z) => { if (frame.change({ z: z.map(clamped) })) links.changed(); };
  const change = (traits) => { if (frame.change(traits)) links.changed(); };

  // --- the plane
  const NS = "http://www.w3.org/2000/svg";
  const s = (tag, attributes, ...children) => {
    const one = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
    one.append(...children);
    return one;
  };
  const place = ([x, y]) => [SIDE / 2 * (1 + x / extent), SIDE / 2 * (1 - y / extent)].map((at) => at.toFixed(1));
  const middles = names.map((_, label) => {
    const own = points.filter((point) => point[2] === label), middle = (axis) => own.map((point) => point[axis]).sort((a, b) => a - b)[own.length >> 1];
    return own.length ? [clamped(middle(0)), clamped(middle(1))] : null;
  });
  const dots = names.map((_, label) => s("path", { class: "ux-dots", d: points.filter((point) => point[2] === label).map((point) => `M${place(point).join(" ")}h0`).join("") }));
  const numbers = names.map((_, label) => {
    const [x, y] = middles[label] ? place(middles[label]) : [-99, -99];
    return s("text", { class: "ux-number", x, y }, String(label));
  });
  dots.forEach((path, label) => path.style.setProperty("--class", data.colours[label]));
  const axes = s("path", { class: "ux-axes", d: `M0 ${SIDE / 2}H${SIDE}M${SIDE / 2} 0V${SIDE}` });
  const handle = s("g", { class: "ux-handle" }, s("circle", { r: 11 }), s("circle", { r: 3, class: "ux-dot" }));
  const cloud = s("g", {}, axes, ...dots, ...numbers);
  const drawing = s("svg", { viewBox: `0 0 ${SIDE} ${SIDE}`, "aria-hidden": "true" }, cloud, handle);
  const tiles = h("canvas", { class: "ux-tiles", width: TILES * width, height: TILES * height, "aria-hidden": "true" });
  const plane = h("div", { class: "ux-plane", role: "slider", tabindex: 0, "aria-label": t.plane, "aria-valuemin": -extent, "aria-valuemax": extent }, tiles, drawing);

  // --- moving the point: pointer, keys, or a glide to the middle of a class
  let gliding = 0;
  const still = () => { cancelAnimationFrame(gliding); live.setAttribute("aria-live", "polite"); };
  const follow = (e) => {
    const box = plane.getBoundingClientRect();
    move([extent * (2 * (e.clientX - box.left) / box.width - 1), extent * (1 - 2 * (e.clientY - box.top) / box.height)]);
  };
  plane.addEventListener("pointerdown", (e) => {
    if (e.button) return;
    still();
    // what is dragged past changes too fast to be read out
    live.setAttribute("aria-live", "off");
    plane.setPointerCapture(e.pointerId);
    follow(e);
  });
  plane.addEventListener("pointermove", (e) => { if (plane.hasPointerCapture(e.pointerId)) follow(e); });
  for (const end of ["pointerup", "pointercancel"]) plane.addEventListener(end, still);
  plane.addEventListener("keydown", (e) => {
    const along = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[e.key];
    if (!along && e.key !== "Home") return;
    e.preventDefault();
    still();
    const step = e.shiftKey ? COARSE : FINE, z = model.get("z");
    move(along ? z.map((value, axis) => value + step * along[axis]) : [0, 0]);
  });
  const glide = (to) => {
    still();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return move(to);
    live.setAttribute("aria-live", "off");
    const from = model.get("z"), begin = performance.now(), length = 700;
    const next = (now) => {
      const part = Math.min(1, Math.max(0, (now - begin) / length)), eased = part * part * (3 - 2 * part);
      if (part === 1) still();
      move(from.map((value, axis) => value + (to[axis] - value) * eased));
      if (part < 1 && !frame.signal.aborted) gliding = requestAnimationFrame(next);
    };
    gliding = requestAnimationFrame(next);
  };
  frame.signal.addEventListener("abort", () => cancelAnimationFrame(gliding));

  // --- classes: each has its colour, its number on the plane, and its name
  const lit = (label) => {
    for (const [other, parts] of dots.map((path, at) => [at, [path, numbers[at]]])) for (const part of parts) part.classList.toggle("ux-faded", label !== null && label !== other);
  };
  const classes = names.map((name, label) => {
    const mark = h("span", { class: "ux-mark" }, String(label));
    mark.style.setProperty("--class", data.colours[label]);
    const word = name === String(label) ? [] : [` ${name}`];
    const button = h("button", { type: "button", class: "ux-chip", title: t.toClass(name), onclick: () => middles[label] && glide(middles[label]) }, mark, ...word);
    for (const event of ["pointerenter", "focus"]) button.addEventListener(event, () => lit(label));
    for (const event of ["pointerleave", "blur"]) button.addEventListener(event, () => lit(null));
    return button;
  });
  const views = choice({ label: t.view, options: t.views, get: () => model.get("view"), set: (view) => change({ view }) });

  // --- the picture
  const picture = h("canvas", { class: "ux-image", width, height, role: "img" });
  const ink = picture.getContext("2d"), pixels = ink.createImageData(width, height);
  const grey = (values, image) => {
    values.forEach((value, i) => image.data.fill(Math.round(255 * Math.min(Math.max(value, 0), 1)), 4 * i, 4 * i + 3).fill(255, 4 * i + 3, 4 * i + 4));
    return image;
  };
  const where = h("p", { class: "ux-where-now" }), near = h("p", { class: "ux-caption" });
  const live = h("div", { class: "ux-live ux-short", "aria-live": "polite" }, near);
  const { sizes, work } = decoderSizes(decoder);
  const formula = h("p", { class: "ux-formula" }, sizes.join(" → "), h("br"), t.work(work.toLocaleString(lang).replace(/\s/g, "\u00a0")));
  const code = h("code", { class: "ux-code" });

  /* The plane covered with pictures, a few at a time. */
  let tiled = false;
  const tile = () => {
    if (tiled) return;
    tiled = true;
    const brush = tiles.getContext("2d"), image = brush.createImageData(width, height), at = (i) => extent * (2 * (i + 0.5) / TILES - 1);
    let next = 0;
    const some = () => {
      for (const begin = performance.now(); next < TILES * TILES && performance.now() - begin < 8; next++) {
        const [r, c] = [Math.floor(next / TILES), next % TILES];
        brush.putImageData(grey(decoder.run([at(c), -at(r)]), image), c * width, r * height);
      }
      tiles.dataset.done = next;
      if (next < TILES * TILES && !frame.signal.aborted) requestAnimationFrame(some);
    };
    some();
  };

  const neighbours = ([x, y]) => {
    const all = points.map(([a, b, label]) => [(a - x) ** 2 + (b - y) ** 2, label]).sort((a, b) => a[0] - b[0]);
    const nearest = all.slice(0, NEIGHBOURS), counts = names.map((_, label) => [label, nearest.filter((one) => one[1] === label).length]);
    return { count: nearest.length, distance: Math.sqrt(all[0]?.[0] ?? 0), counts: counts.filter(([, n]) => n).sort((a, b) => b[1] - a[1]) };
  };

  // --- links
  const read = (pairs) => {
    const next = { z: [0, 0], view: "points" };
    const wrong = readPairs(pairs, {
      z: (text) => {
        const z = text.split(",").map(parsed);
        if (z.length !== 2 || !z.every((value) => Math.abs(value) <= extent)) return t.zFits(show(extent));
        next.z = z.map(clamped);
      },
      view: (text) => { if (!/^(points|images)$/.test(text)) return `${t.oneOf}points, images`; next.view = text; },
    }, t.knownKeys);
    still();
    change(next);
    return wrong;
  };
  const write = () => [["z", model.get("z").map((value) => String(clamped(value))).join(",")], ...(model.get("view") === "images" ? [["view", "images"]] : [])];
  const links = settingLinks({ el, name: model.get("name"), lang, signal: frame.signal, read, write, say });

  // --- drawing
  const draw = () => {
    const z = model.get("z"), view = model.get("view"), values = decoder.run(z), [x, y] = z.map(show);
    picture.values = values;
    ink.putImageData(grey(values, pixels), 0, 0);
    const text = t.at(x, y);
    setText(where, text);
    picture.setAttribute("aria-label", `${t.picture}, ${text}`);
    handle.setAttribute("transform", `translate(${place(z).join(" ")})`);
    const found = neighbours(z), list = found.counts.map(([label, n]) => t.each(names[label], n)).join(", ");
    setText(near, found.count ? `${t.near(found.count, list)} ${t.far(show(found.distance))}` : "");
    plane.setAttribute("aria-valuenow", z[0]);
    plane.setAttribute("aria-valuetext", `${text}. ${near.textContent}`);
    setText(code, `decoder(torch.tensor([[${z.map(clamped).join(", ")}]]))`);
    views.draw();
    tiles.hidden = view !== "images";
    plane.classList.toggle("ux-tiled", view === "images");
    if (view === "images") tile();
  };

  const running = frame.run({
    parts: [
      h("div", { class: "ux-latent" },
        h("div", { class: "ux-panel ux-where-panel" }, h("div", { class: "ux-title ux-input-ink" }, t.plane), plane),
        h("div", { class: "ux-panel ux-picture-panel" }, h("div", { class: "ux-title ux-output-ink" }, t.picture), picture, where)),
      ...(names.length ? [h("div", { class: "ux-cases ux-classes", role: "group", "aria-label": t.classes }, ...classes)] : []),
      h("div", { class: "ux-rows" }, h("span", { class: "ux-label", "aria-hidden": "true" }, t.view), views.el),
      live, frame.message, h("div", { class: "ux-size" }, formula, code), h("div", { class: "ux-foot" }, h("span", {}), links.el),
    ],
    traits: ["z", "view"], draw, links,
  });
  return running.stop;
};

export default { render };
