/* The pictures of the 1-D explorable, three views of one step: stamps under each other with their sum, the matrix
   Cᵀ between y and x, and the zero-filled input under the sliding kernel. */

const WORDS_1D = {
  ru: {
    title: "Транспонированная свёртка в одном измерении: три вида",
    views: [["stamp", "Вход за входом"], ["zeros", "Выход за выходом"]],
    stamps: "Штамп и сумма", matrix: "Матрица Cᵀ", zeros: "Вставка нулей, ядро ↻ 180°",
    stamp: (i, x, o) => `x[${i}] = ${x}: столбец ${i} матрицы — ядро от места ${o}; умноженное на ${x}, оно прибавлено к y.`,
    row: (o) => `y[${o}]: строка ${o} матрицы на x — то же, что перевёрнутое ядро над вставленными нулями.`,
  },
  en: {
    title: "Transposed convolution in one dimension: three views",
    views: [["stamp", "Input by input"], ["zeros", "Output by output"]],
    stamps: "Stamp and add", matrix: "Matrix Cᵀ", zeros: "Insert zeros, kernel ↻ 180°",
    stamp: (i, x, o) => `x[${i}] = ${x}: column ${i} of the matrix is the kernel from place ${o} on; times ${x}, it is added to y.`,
    row: (o) => `y[${o}]: row ${o} of the matrix times x is the same as the flipped kernel over the inserted zeros.`,
  },
};

const build = (ui) => {
  const { lang, setHot } = ui, words = WORDS_1D[lang];
  const { X, W, Y, draw: drawOperands } = operands(ui);
  let now;
  const picture = (tone, onHot) => numberGrid({ tone, lang, role: "img", onHot: (cell) => setHot(cell && onHot(...cell)) });
  const reaches = (o, i) => tapOver([0, i * now.sizes[1].s], 0, o, now.sizes);
  const product = (o, i) => (reaches(o, i) ? ["y", 0, o, i] : ["y", 0, o]);
  const stamps = picture("kernel", (i, o) => product(o, i));
  const matrix = picture("kernel", (o, i) => product(o, i));
  const column = picture("input", (i) => ["x", 0, i]), result = picture("output", (o) => ["y", 0, o]);
  const zeros = picture("input", (row, z) => {
    const { reach, s, n, canvas } = now.sizes[1], i = (z - reach) / s, o = z - (reach >> 1);
    if (row === 2) return o >= 0 && o < canvas ? ["y", 0, o] : null;
    return row === 1 && Number.isInteger(i) && i >= 0 && i < n ? ["x", 0, i] : null;
  });
  const sign = (text) => h("div", { class: "ux-sign" }, text);
  const stampPanel = panel(words.stamps, "output", h("div", { class: "ux-aligned" },
    sign("w"), h("div"), W.el, X.el, sign("· w ="), stamps.el, sign("y"), sign("= Σ"), Y.el));
  const matrixPanel = panel(words.matrix, "kernel", h("div", { class: "ux-line" }, result.el, sign("="), matrix.el, sign("·"), column.el));
  const zerosPanel = panel(words.zeros, "zero", h("div", { class: "ux-shifted" }, zeros.el));
  const el = h("div", { class: "ux-stage" }, h("div", { class: "ux-views" }, stampPanel.el, zerosPanel.el), matrixPanel.el);

  const draw = (next) => {
    now = next;
    const { sizes, x: [x], w: [w], view, step, hot, lit, partial, touched, steps } = now, C = sizes[1];
    const show = (value) => written(value, lang), kinds = (...all) => all.filter(Boolean).join(" ");
    const stamping = view === "stamp", here = cellOf(now);
    const row = lit.target?.[0] === "y" ? lit.target[2] : null, only = lit.target?.[3];
    const active = hot?.[0] === "x" ? hot[2] : only ?? (stamping && !hot && here ? here[1] : null);
    const cut = (o) => cropped(0, o, sizes), mostW = largestOf([w]), most = largestOf([x]);
    const lights = (o) => lit.y.has(`0,${o}`) || stamping && !hot && here && reaches(o, active);
    const known = (o) => (stamping ? touched[0][o] || step === steps : !cut(o) && o - C.p < step);
    // the zero-filled row is shifted so that its outputs stand under the stamps' columns
    const before = C.reach >> 1, lead = Math.max(2.8, before);
    for (const [name, cells] of [["lead", lead], ["shift", lead - before], ["wide", lead + C.canvas + C.reach - before + C.n + 4],
      ["narrow", Math.max(lead + C.canvas + C.reach - before, C.n + 4)]]) setStyle(el, `--${name}`, cells);
    drawOperands(now, lit);

    stamps.shape(C.n, C.canvas, words.stamps);
    matrix.shape(C.canvas, C.n, `${words.matrix} ${C.canvas} × ${C.n}`);
    column.shape(C.n, 1, "x");
    result.shape(C.canvas, 1, "y");
    const mostStamp = mostW * most, mostY = largestOf(now.result);
    for (let i = 0; i < C.n; i++) {
      const ahead = stamping && i >= step;
      column.put(i, 0, { text: show(x[i]), shade: shadeOf(x[i], most), kind: lit.x.has(`0,${i}`) || i === active ? "ux-on" : "" });
      for (let o = 0; o < C.canvas; o++) {
        const tap = reaches(o, i), j = tap?.[1];
        const pointed = i === active && (row === null || row === o) || row === o && active === null;
        const mark = kinds(cut(o) && "ux-cut", tap && pointed && "ux-on", !tap && (i === active || row === o) && "ux-path", !tap && "ux-blank");
        stamps.put(i, o, { text: tap && !ahead ? show(x[i] * w[j]) : "", shade: tap && !ahead ? shadeOf(x[i] * w[j], mostStamp) : 0,
          kind: tap && ahead ? kinds("ux-ahead", cut(o) && "ux-cut") : mark });
        matrix.put(o, i, { text: tap ? show(w[j]) : "0", shade: tap ? shadeOf(w[j], mostW) : 0, kind: mark });
      }
    }
    for (let o = 0; o < C.canvas; o++) {
      result.put(o, 0, { text: known(o) ? show(partial[0][o]) : "", shade: known(o) ? shadeOf(partial[0][o], mostY) : 0,
        kind: kinds(cut(o) && "ux-cut", !known(o) && "ux-blank", lights(o) && "ux-on") });
    }

    // kernel above, input with zeros in the middle, output under the window's middle
    const length = C.canvas + C.reach;
    zeros.shape(3, length, words.zeros);
    for (let z = 0; z < length; z++) {
      const tap = row !== null && tapOver([0, row], 0, z, sizes), value = x[(z - C.reach) / C.s], o = z - (C.reach >> 1);
      const weight = tap && w[C.k - 1 - tap[1]];
      zeros.put(0, z, { text: tap ? show(weight) : "", shade: tap ? shadeOf(weight, mostW) : 0, kind: tap ? "ux-kernel" : "ux-void" });
      zeros.put(1, z, { text: show(value ?? 0), shade: value === undefined ? 0 : shadeOf(value, most),
        kind: kinds(value === undefined && "ux-blank", (z < C.p || z >= C.p + C.m + C.reach) && "ux-cut",
          value !== undefined && (z - C.reach) / C.s === active && "ux-on") });
      const inside = o >= 0 && o < C.canvas;
      zeros.put(2, z, { text: inside && known(o) ? show(partial[0][o]) : "", shade: inside && known(o) ? shadeOf(partial[0][o], mostY) : 0,
        kind: inside ? kinds("ux-output", cut(o) && "ux-cut", !known(o) && "ux-blank", lights(o) && "ux-on") : "ux-void" });
    }
    if (row !== null) zeros.place(0, row, 2, C.reach + 1);
    else zeros.clearFrame();
  };
  const sentence = (now) => {
    const [, at] = cellOf(now), C = now.sizes[1];
    return now.view === "zeros" ? words.row(at) : words.stamp(at, written(now.x[0][at], lang), written(at * C.s - C.p, lang));
  };
  return { el, draw, sentence, title: words.title };
};

const render = (context) => transposedConvolution({ ...context, axes: 1, longest: 6, viewNames: (lang) => WORDS_1D[lang].views, build });

export default { render };
