/* Plays clips that Python has computed: each frame tells which cells have changed, where the frame around the kernel
   lies, the sum that is worked out, and a sentence as a key with its values. */

const ANIMATION_WORDS = {
  ru: {
    title: "Анимация", clips: "Случаи",
    names: { x: "Вход x", w: "Ядро w", flipped: "Ядро ↻ 180°", z: "Вход с нулями", y: "Выход y", canvas: "Выход y",
      maxima: "Максимумы y", places: "Их места j", unpooled: "После анпулинга, u" },
    say: {
      start: () => "Начало.",
      slide: (r, c) => `y[${r}, ${c}] — сумма произведений в рамке; произведения с нулями не выписаны.`,
      gather: (r, c) => `y[${r}, ${c}] — сумма произведений в рамке.`,
      stamp: (i, j, x) => `x[${i}, ${j}] = ${x}: ядро, умноженное на ${x}, прибавлено к выходу.`,
      count: (z) => `Считаем нули: между соседними значениями по ${z}, по краям по p′.`,
      insert: (z) => `Вставляем между соседними значениями нули, по ${z}.`,
      pad: () => "Дополняем нулями края.",
      flip: () => "Поворачиваем ядро на 180°.",
      pool: (r, c, value, place) => `Наибольшее в окне — ${value}; запоминаем его место: ${place}.`,
      unpool: (value, r, c) => `${value} возвращается на своё место: строка ${r}, столбец ${c}.`,
      nearest: (r, c, value, s) => `x[${r}, ${c}] = ${value} заполняет блок ${s} × ${s}.`,
      nail: (r, c, value, s) => `x[${r}, ${c}] = ${value} встаёт в угол блока ${s} × ${s}, остальное — нули.`,
    },
  },
  en: {
    title: "Animation", clips: "Cases",
    names: { x: "Input x", w: "Kernel w", flipped: "Kernel ↻ 180°", z: "Input with zeros", y: "Output y", canvas: "Output y",
      maxima: "Maxima y", places: "Their places j", unpooled: "After unpooling, u" },
    say: {
      start: () => "The beginning.",
      slide: (r, c) => `y[${r}, ${c}] is the sum of the products in the frame; those with zeros are left out.`,
      gather: (r, c) => `y[${r}, ${c}] is the sum of the products in the frame.`,
      stamp: (i, j, x) => `x[${i}, ${j}] = ${x}: the kernel times ${x} is added to the output.`,
      count: (z) => `Count the zeros: ${z} between neighbouring values, p′ at each edge.`,
      insert: (z) => `Insert zeros between neighbouring values: ${z}.`,
      pad: () => "Pad the edges with zeros.",
      flip: () => "Turn the kernel by 180°.",
      pool: (r, c, value, place) => `The largest in the window is ${value}; its place is remembered: ${place}.`,
      unpool: (value, r, c) => `${value} returns to its place: row ${r}, column ${c}.`,
      nearest: (r, c, value, s) => `x[${r}, ${c}] = ${value} fills a block of ${s} × ${s}.`,
      nail: (r, c, value, s) => `x[${r}, ${c}] = ${value} stands in the corner of a block of ${s} × ${s}; the rest are zeros.`,
    },
  },
};

const NAMED_TONES = { x: "input", z: "input", w: "kernel", flipped: "kernel", places: "kernel" };
const ANIMATION_TONES = { i: "input", k: "kernel", o: "output" };

/* All cells of every frame, from the changes. */
const unfolded = (clip) => {
  let now = clip.sizes.map(([rows, columns]) => Array(rows * columns).fill(["", "."]));
  return clip.frames.map(({ cells }) => {
    now = now.map((panel) => panel.slice());
    for (const [panel, at, ...cell] of cells) now[panel][at] = cell;
    return now;
  });
};

const render = ({ model, el, signal }) => {
  const lang = languageOf(model), t = ANIMATION_WORDS[lang];
  const end = new AbortController();
  signal?.addEventListener("abort", () => end.abort());
  const clips = model.get("clips"), cells = new Map();
  const local = (text) => (lang === "ru" ? String(text).replace(/(\d)\.(\d)/g, "$1,$2") : String(text));
  const clip = () => clips[model.get("clip")];
  const count = () => clip().frames.length - 1;
  const at = () => Math.min(model.get("frame"), count());
  const send = () => { try { model.save_changes(); } catch { /* it plays without Python too */ } };
  const set = (traits) => { for (const [name, value] of Object.entries(traits)) model.set(name, value); send(); };

  const stage = h("div", { class: "ux-stage" });
  const line = h("p", { class: "ux-sum" }), caption = h("p", { class: "ux-caption" });
  const live = h("div", { class: "ux-live", "aria-live": "polite" }, caption, line);
  // nothing moves by itself where the reader has asked for less motion, or has taken over
  let auto = model.get("autoplay") && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (model.get("autoplay") && !auto) model.set("frame", count());
  let playing = false, inView = false, again = 0;
  const bar = player({ lang, get: at, count, pace: 1000 * model.get("seconds"), set: (frame) => set({ frame }),
    onPlaying: (on) => {
      playing = on;
      live.setAttribute("aria-live", on ? "off" : "polite");
      clearTimeout(again);
      if (!on && auto && inView && at() === count()) again = setTimeout(() => { if (auto && inView && !playing) bar.toggle(); }, 2500);
    } });
  const chips = clips.length > 1 ? clips.map(({ title }, number) => h("button", { type: "button", class: "ux-chip", onclick: () => {
    bar.stop();
    set({ clip: number, frame: clips[number].frames.length - 1 });
  } }, title)) : [];

  let built, panels;
  const build = () => {
    built = clip();
    if (!cells.has(built)) cells.set(built, unfolded(built));
    panels = built.sizes.map(() => numberGrid({ tone: "plain", lang, role: "img" })).map((grid) => ({ grid, ...panel("", "plain", grid.el) }));
    stage.replaceChildren(...built.columns.map((column) => h("div", { class: "ux-givens" }, ...column.map((number) => panels[number].el))));
    const widths = built.columns.map((column) => column.map((number) => built.sizes[number][1]));
    setStyle(stage, "--wide", widths.reduce((sum, each) => sum + Math.max(...each), 0));
    setStyle(stage, "--narrow", Math.max(...widths.map((each) => each.reduce((sum, width) => sum + width))));
    el.setAttribute("aria-label", `${t.title}: ${built.title}`);
    chips.forEach((chip, number) => chip.setAttribute("aria-pressed", clips[number] === built));
  };

  const draw = () => {
    if (end.signal.aborted) return;
    if (built !== clip()) build();
    const frame = built.frames[at()], now = cells.get(built)[at()];
    panels.forEach(({ grid, title }, number) => {
      const [rows, columns] = built.sizes[number], name = t.names[frame.names[number]];
      setText(title, name);
      title.className = `ux-title ux-${NAMED_TONES[frame.names[number]] ?? "output"}-ink`;
      grid.shape(rows, columns, `${name} ${rows} × ${columns}`);
      now[number].forEach(([text, look, badge = ""], place) => {
        const tone = ANIMATION_TONES[look.toLowerCase()], strong = look !== look.toLowerCase();
        const kind = look === "c" ? "ux-cut" : tone ? `ux-${tone}` : "ux-blank";
        grid.put(Math.floor(place / columns), place % columns, { text: local(text), badge: local(badge),
          shade: tone ? (strong ? 0.36 : 0.18) : 0, kind: `${kind}${strong ? " ux-on" : ""}${badge ? " ux-tap" : ""}` });
      });
      if (frame.outlines[number]) grid.place(...frame.outlines[number]);
      else grid.clearFrame();
    });
    const [key, ...values] = frame.say;
    setText(caption, `${PLAYER_STRINGS[lang].stepOf(at(), count())}. ${t.say[key](...values.map(local))}`);
    line.replaceChildren(...frame.line.map(([text, letter]) => (letter
      ? h("b", { class: `ux-${ANIMATION_TONES[letter]}-ink` }, local(text)) : local(text))));
    bar.draw();
    // a button that has just become useless would take the keyboard's focus with it
    if (el.contains(document.activeElement) && document.activeElement.disabled) bar.el.querySelector(".ux-play").focus();
  };

  el.classList.add("ux");
  el.lang = lang;
  el.setAttribute("role", "group");
  fitted(el, end.signal);
  el.replaceChildren(...(chips.length ? [h("div", { class: "ux-cases", role: "group", "aria-label": t.clips, style: "margin-bottom: 14px" }, ...chips)] : []),
    stage, bar.el, live);
  const takeOver = () => { auto = false; clearTimeout(again); };
  el.addEventListener("pointerdown", takeOver, { signal: end.signal });
  el.addEventListener("keydown", (e) => {
    takeOver();
    if (e.target.matches("input")) { if (e.key !== " ") return; } else if (e.key === " " && e.target.matches("button")) return;
    const to = { ArrowLeft: at() - 1, ArrowRight: at() + 1, Home: 0, End: count() }[e.key];
    if (to === undefined && e.key !== " ") return;
    e.preventDefault();
    if (e.key === " ") return bar.toggle();
    bar.stop();
    set({ frame: Math.min(Math.max(to, 0), count()) });
  }, { signal: end.signal });
  const watch = new IntersectionObserver(([{ isIntersecting }]) => {
    inView = isIntersecting;
    if (!auto) return;
    if (inView && !playing) bar.toggle();
    if (!inView) { clearTimeout(again); bar.stop(); }
  }, { threshold: 0.6 });
  if (auto) watch.observe(el);

  for (const event of ["change:frame", "change:clip"]) model.on(event, draw);
  draw();
  return () => {
    bar.stop();
    takeOver();
    watch.disconnect();
    end.abort();
    for (const event of ["change:frame", "change:clip"]) model.off(event, draw);
    el.replaceChildren();
  };
};

export default { render };
