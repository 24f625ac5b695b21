/* The pictures of the 2-D explorable: input and kernel, then either the canvas on which stamps are added, or the
   zero-filled input under the sliding kernel with the output beside it. */

const WORDS_2D = {
  ru: {
    title: "Транспонированная свёртка в двух измерениях",
    views: [["stamp", "Штамп и сумма"], ["zeros", "Вставка нулей"]],
    stamp: (i, j, x, r, c) => `x[${i}, ${j}] = ${x}: ядро, умноженное на ${x}, прибавлено к выходу; его угол — в ячейке (${r},\u00a0${c}).`,
    slide: (r, c) => `y[${r}, ${c}] — сумма произведений в рамке: ядро повёрнуто на 180° и сдвигается на 1.`,
  },
  en: {
    title: "Transposed convolution in two dimensions",
    views: [["stamp", "Stamp and add"], ["zeros", "Insert zeros"]],
    stamp: (i, j, x, r, c) => `x[${i}, ${j}] = ${x}: the kernel times ${x} is added to the output, its corner at cell (${r},\u00a0${c}).`,
    slide: (r, c) => `y[${r}, ${c}] is the sum of the products in the frame: the kernel is turned by 180° and moves by 1.`,
  },
};

const build = (ui) => {
  const { lang, t, setHot } = ui, words = WORDS_2D[lang];
  const { X, W, Y, draw: drawOperands } = operands(ui);
  let now;
  const Z = numberGrid({ tone: "input", lang, role: "img", onHot: (cell) => {
    const i = cell && now.sizes.map(({ reach, s }, axis) => (cell[axis] - reach) / s);
    setHot(i?.every((at, axis) => Number.isInteger(at) && at >= 0 && at < now.sizes[axis].n) ? ["x", ...i] : null);
  } });
  const input = panel(t.input, "input", X.el), kernel = panel(t.kernel, "kernel", W.el);
  const zeros = panel(t.zeros, "zero", Z.el), output = panel(t.output, "output", Y.el);
  const el = h("div", { class: "ux-stage" }, h("div", { class: "ux-givens" }, input.el, kernel.el), zeros.el, output.el);

  const drawZeros = ({ sizes, x, w, hot, lit }) => {
    const [R, C] = sizes, rows = R.canvas + R.reach, columns = C.canvas + C.reach, most = largestOf(x);
    const corner = lit.target?.[0] === "y" ? lit.target.slice(1) : null;
    Z.shape(rows, columns, `${t.zeros} ${rows} × ${columns}`);
    for (let r = 0; r < rows; r++) for (let c = 0; c < columns; c++) {
      const [i, i2] = [(r - R.reach) / R.s, (c - C.reach) / C.s];
      const value = x[i]?.[i2], tap = tapOver(corner, r, c, sizes);
      const unused = r < R.p || c < C.p || r >= R.p + R.m + R.reach || c >= C.p + C.m + C.reach;
      Z.put(r, c, { text: written(value ?? 0, lang), shade: value === undefined ? 0 : shadeOf(value, most),
        kind: [value === undefined && "ux-blank", unused && "ux-cut", tap && "ux-tap", hot?.[0] === "x" && lit.x.has(`${i},${i2}`) && "ux-on"]
          .filter(Boolean).join(" "),
        badge: tap ? `·${written(w[R.k - 1 - tap[0]][C.k - 1 - tap[1]], lang)}` : "" });
    }
    if (corner) Z.place(...corner, R.reach + 1, C.reach + 1);
    else Z.clearFrame();
  };

  const draw = (next) => {
    now = next;
    const { sizes: [R, C], x, view, hot, lit } = now, stamping = view === "stamp", here = cellOf(now);
    setStyle(el, "--wide", Math.max(C.n, C.k) + C.canvas + (stamping ? 0 : C.canvas + C.reach));
    setStyle(el, "--narrow", Math.max(C.n + C.k, stamping ? C.canvas : C.canvas + C.reach));
    zeros.el.hidden = stamping;
    setText(input.title, `${t.input} ${R.n} × ${C.n}`);
    setText(output.title, `${t.output} ${R.m} × ${C.m}`);
    setText(kernel.title, stamping ? t.kernel : t.flipped);
    if (stamping && here && !hot) {
      kernel.title.append(" · ", h("span", { class: "ux-input-ink" }, factor(x[here[0]][here[1]], lang)));
    }
    drawOperands(now, lit);
    if (!stamping) drawZeros(now);
  };
  const sentence = (now) => {
    const [r, c] = cellOf(now), [R, C] = now.sizes;
    if (now.view === "zeros") return words.slide(r, c);
    return words.stamp(r, c, written(now.x[r][c], lang), written(r * R.s - R.p, lang), written(c * C.s - C.p, lang));
  };
  return { el, draw, sentence, title: words.title };
};

const render = (context) => transposedConvolution({ ...context, axes: 2, longest: 5, viewNames: (lang) => WORDS_2D[lang].views, build });

export default { render };
