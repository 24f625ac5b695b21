/* The arithmetic of the transposed convolution for its explorables, and the words that both of them use.
   One row of numbers is treated as an image of height 1. Positions are those of the canvas, the area of all stamps
   before the crop: input i and kernel tap j meet at i·s + j·d, and the output is canvas[p : p + m]. */

const WORDS = {
  ru: {
    cases: "Случаи", parameters: "Параметры", view: "Вид",
    n: "вход", k: "ядро", s: "шаг", p: "дополнение", a: "вых. доп.", d: "dilation",
    fill: "Числа", numbers: "разные", ones: "единицы", impulse: "импульс", uneven: "неровно", even: "ровно",
    input: "Вход", kernel: "Ядро", flipped: "Ядро ↻ 180°", output: "Выход",
    cropped: "отрезано", zeros: "Вход со вставленными нулями",
    whole: "целое число от {} до {}", numbersFit: "ряды чисел через запятую, строки через «/»",
    knownKeys: "такого ключа нет",
    start: (view) => (view === "stamp" ? "Штампов ещё нет: пуск или шаг вперёд поставит первый."
      : "Выход ещё пуст: пуск или шаг вперёд посчитает первую ячейку."),
    soFar: (now, end) => `пока ${now}, в конце ${end}`, zerosMet: (n) => `${n} × 0`,
    beyond: "оттиски сюда не достают",
  },
  en: {
    cases: "Cases", parameters: "Parameters", view: "View",
    n: "input", k: "kernel", s: "stride", p: "padding", a: "out. padding", d: "dilation",
    fill: "Numbers", numbers: "various", ones: "ones", impulse: "impulse", uneven: "uneven", even: "even",
    input: "Input", kernel: "Kernel", flipped: "Kernel ↻ 180°", output: "Output",
    cropped: "cropped", zeros: "Input with zeros inserted",
    whole: "a whole number from {} to {}", numbersFit: "numbers separated by commas, rows by “/”",
    knownKeys: "there is no such key",
    start: (view) => (view === "stamp" ? "No prints yet: play or step forward puts down the first one."
      : "The output is still empty: play or step forward computes the first cell."),
    soFar: (now, end) => `${now} so far, ${end} at the end`, zerosMet: (n) => `${n} × 0`,
    beyond: "no print reaches this far",
  },
};

const SAMPLE_INPUT = [[1, 2, 0, 1, 3], [3, 2, 1, 0, 1], [0, 1, 3, 2, 1], [2, 0, 1, 1, 0], [1, 3, 0, 2, 1]];
const SAMPLE_KERNEL = [[1, 2, -1, 0, 1], [0, 1, 2, -1, 0], [2, 0, 1, 1, -1], [1, -1, 0, 2, 1], [0, 1, -1, 1, 2]];
const SAMPLE_ROW = [[2, 3, 1, 1, 0, 2]];
const TRAITS = { s: "stride", p: "padding", a: "output_padding", d: "dilation" };
const LARGEST = { k: 5, s: 4, p: 6, d: 3 };

const filled = (rows, columns, value) => Array.from({ length: rows }, (_, r) =>
  Array.from({ length: columns }, (_, c) => value(r, c)));

/* Sizes along one axis: the output is the m canvas cells from p on. Where a > p it reaches beyond the stamps. */
const along = (n, k, { s, p, a, d }) => {
  const full = (n - 1) * s + d * (k - 1) + 1;
  return { n, k, s, p, a, d, full, m: full - 2 * p + a, canvas: Math.max(full, full - p + a), reach: d * (k - 1) };
};

const geometry = ({ x, w, ...numbers }, axes) => {
  const flat = { s: 1, p: 0, a: 0, d: 1 };
  return [along(x.length, w.length, axes === 1 ? flat : numbers), along(x[0].length, w[0].length, numbers)];
};

/* The values that a parameter may take while the others stay. */
const rangeOf = (key, setting, axes, longest) => {
  if (key === "n") return [1, longest];
  if (key === "a") return [0, Math.max(setting.s, setting.d) - 1];
  if (key !== "p") return [1, LARGEST[key]];
  const sizes = geometry(setting, axes).slice(2 - axes);
  return [0, Math.min(LARGEST.p, ...sizes.map(({ full }) => Math.floor((full + setting.a - 1) / 2)))];
};

/* Lower what a change has made impossible. */
const possible = (setting, axes) => {
  for (const key of ["a", "p"]) setting[key] = Math.min(setting[key], rangeOf(key, setting, axes)[1]);
  return setting;
};

const cropped = (r, c, [R, C]) => r < R.p || r >= R.p + R.m || c < C.p || c >= C.p + C.m;

/* The products that meet at canvas cell (r, c): [input row, input column, kernel row, kernel column]. */
const productsAt = (r, c, [rowAxis, columnAxis]) => {
  const pairs = (o, { n, k, s, d }) => {
    const found = [];
    for (let j = k - 1; j >= 0; j--) {
      const i = (o - j * d) / s;
      if (Number.isInteger(i) && i >= 0 && i < n) found.push([i, j]);
    }
    return found;
  };
  const columns = pairs(c, columnAxis);
  return pairs(r, rowAxis).flatMap(([i, j]) => columns.map(([i2, j2]) => [i, i2, j, j2]));
};

/* Sums and numbers of stamps on the canvas after the first `count` inputs in row-major order. */
const stamped = ({ x, w }, [R, C], count = Infinity) => {
  const sum = filled(R.canvas, C.canvas, () => 0), stamps = filled(R.canvas, C.canvas, () => 0);
  for (let i = 0; i < R.n; i++) for (let i2 = 0; i2 < C.n; i2++) {
    if (i * C.n + i2 >= count) return { sum, stamps };
    for (let j = 0; j < R.k; j++) for (let j2 = 0; j2 < C.k; j2++) {
      const r = i * R.s + j * R.d, c = i2 * C.s + j2 * C.d;
      sum[r][c] += x[i][i2] * w[j][j2];
      stamps[r][c] += 1;
    }
  }
  return { sum, stamps };
};

const largestOf = (rows) => Math.max(1e-9, ...rows.flat().map(Math.abs));
const shadeOf = (value, largest) => 0.1 + 0.34 * Math.abs(value) / largest;

/* Which input, kernel and canvas cells belong to what is pointed at, as sets of "row,column". What is pointed at is
   ["x" | "w" | "y", row, column], y in canvas positions; ["y", 0, o, i] is one product of the 1-D matrix. */
const related = ({ sizes, hot, view, step }, here) => {
  const [R, C] = sizes, x = new Set(), w = new Set(), y = new Set();
  const target = hot ?? (view === "zeros" && step ? ["y", here[0] + R.p, here[1] + C.p] : null);
  const [kind, r, c, only] = target ?? [];
  if (kind) ({ x, w, y })[kind].add(`${r},${c}`);
  if (kind === "y") {
    for (const [i, i2, j, j2] of productsAt(r, c, sizes)) {
      if (only !== undefined && i2 !== only) continue;
      x.add(`${i},${i2}`);
      w.add(`${j},${j2}`);
    }
  } else if (kind) {
    const size = kind === "x" ? [R.k, C.k] : [R.n, C.n];
    for (let u = 0; u < size[0]; u++) for (let v = 0; v < size[1]; v++) {
      y.add(kind === "x" ? `${r * R.s + u * R.d},${c * C.s + v * C.d}` : `${u * R.s + r * R.d},${v * C.s + c * C.d}`);
    }
  }
  return { x, w, y, target };
};

/* The input or output cell of the present step, or null before the first. */
const cellOf = ({ sizes: [, C], view, step }) => {
  const columns = view === "stamp" ? C.n : C.m;
  return step ? [Math.floor((step - 1) / columns), (step - 1) % columns] : null;
};

/* The tap of the window at `corner` that lies over cell (r, c), or null. */
const tapOver = (corner, r, c, sizes) => {
  const tap = corner && [(r - corner[0]) / sizes[0].d, (c - corner[1]) / sizes[1].d];
  return tap?.every((j, axis) => Number.isInteger(j) && j >= 0 && j < sizes[axis].k) ? tap : null;
};
