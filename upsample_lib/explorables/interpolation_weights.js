/* The arithmetic of the interpolation grid, and its words. Positions are those of input pixel centres: input pixel i
   reaches from i − ½ to i + ½. Taps beyond the border keep their own index; the value there is the border pixel's. */

const INTERPOLATION_WORDS = {
  ru: {
    title: "Сетка интерполяции: где выходной пиксель читает вход и с какими весами",
    cases: "Случаи", parameters: "Размеры", mode: "Режим",
    n: "вход", m: "выход",
    edges: "False: края вместе", centres: "True: центры углов",
    input: "Вход", output: "Выход", values: "Числа",
    samples: { numbers: "разные", ruler: "линейка", step: "ступень", impulse: "импульс" },
    presets: ["×2", "центры углов", "nearest 5 → 3", "nearest-exact 5 → 3", "линейка 4 → 8", "выброс cubic"],
    whole: "целое число от {} до {}", numbersFit: "от 2 до 6 чисел через запятую", knownKeys: "такого ключа нет",
    modeFits: "nearest, nearest-exact, linear, cubic", cornersFit: "0 или 1, а 1 только для linear и cubic",
    at: (y, u) => `${y} читает вход в координате ${u}.`,
    edge: (y, u, i) => `${y} смотрит из своего левого края, ${u}; там лежит пиксель ${i}.`,
    nearest: (y, u, i) => `${y} смотрит из своего центра, ${u}; там лежит пиксель ${i}.`,
    border: (i) => `За краем повторён ${i}.`,
    readBy: (x, list) => (list ? `${x} читают ${list}.` : `${x} не читает никто: это число потеряно.`),
  },
  en: {
    title: "Interpolation grid: where an output pixel reads the input, and with which weights",
    cases: "Cases", parameters: "Sizes", mode: "Mode",
    n: "input", m: "output",
    edges: "False: edges meet", centres: "True: corner centres",
    input: "Input", output: "Output", values: "Numbers",
    samples: { numbers: "various", ruler: "ruler", step: "step", impulse: "impulse" },
    presets: ["×2", "corner centres", "nearest 5 → 3", "nearest-exact 5 → 3", "ruler 4 → 8", "cubic overshoot"],
    whole: "a whole number from {} to {}", numbersFit: "2 to 6 numbers separated by commas", knownKeys: "there is no such key",
    modeFits: "nearest, nearest-exact, linear, cubic", cornersFit: "0 or 1, and 1 only for linear and cubic",
    at: (y, u) => `${y} reads the input at coordinate ${u}.`,
    edge: (y, u, i) => `${y} looks from its left edge, ${u}; pixel ${i} lies there.`,
    nearest: (y, u, i) => `${y} looks from its centre, ${u}; pixel ${i} lies there.`,
    border: (i) => `Beyond the border, ${i} is repeated.`,
    readBy: (x, list) => (list ? `${x} is read by ${list}.` : `${x} is read by nobody: this number is lost.`),
  },
};

const MODES = ["nearest", "nearest-exact", "linear", "cubic"];
const isNearest = (mode) => mode.startsWith("nearest");
const SMALLEST_N = 2, LARGEST_N = 6, LARGEST_M = 12;
const SAMPLES = {
  numbers: (n) => [2, 8, 4, 6, 1, 5].slice(0, n),
  ruler: (n) => Array.from({ length: n }, (_, i) => i),
  step: (n) => Array.from({ length: n }, (_, i) => (i < n >> 1 ? 0 : 8)),
  impulse: (n) => Array.from({ length: n }, (_, i) => (i === n >> 1 ? 8 : 0)),
};

/* Half the width of each kernel φ, and φ itself; Keys' cubic with A = −¾ as in PyTorch. */
const KERNELS = {
  nearest: [0.5, () => 1],
  linear: [1, (t) => 1 - Math.abs(t)],
  cubic: [2, (t, A = -0.75) => {
    const x = Math.abs(t);
    return x < 1 ? ((A + 2) * x - (A + 3)) * x * x + 1 : ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
  }],
};
const kernelOf = (mode) => KERNELS[isNearest(mode) ? "nearest" : mode];

/* How wide an output pixel is, and where the centre of the first one lies. */
const outputGrid = ({ n, m, corners }) => {
  const step = !corners ? n / m : m > 1 ? (n - 1) / (m - 1) : 1;
  return { step, first: corners ? 0 : step / 2 - 0.5 };
};

/* The taps [input index, weight] at coordinate u. One box holds one centre, and its right edge belongs to it. */
const tapsAt = (u, mode) => {
  if (isNearest(mode)) return [[Math.floor(u + 0.5), 1]];
  const [reach, phi] = kernelOf(mode), below = Math.floor(u), taps = [];
  for (let i = below - reach + 1; i <= below + reach; i++) taps.push([i, phi(u - i)]);
  return taps.filter(([, weight]) => Math.abs(weight) > 1e-12);
};

/* Where output j reads: whole numbers are divided once, so that a position on an edge is exactly there. */
const readAt = (j, { n, m, mode, corners }) => {
  if (corners) return m > 1 ? (j * (n - 1)) / (m - 1) : 0;
  return mode === "nearest" ? (2 * j * n - m) / (2 * m) : ((2 * j + 1) * n - m) / (2 * m);
};

/* Nearest modes take ⌊u + ½⌋ from the whole numbers themselves. */
const readings = (setting) => Array.from({ length: setting.m }, (_, j) => {
  const { n, m, mode } = setting, u = readAt(j, setting);
  if (mode === "nearest") return { u, taps: [[Math.floor((j * n) / m), 1]] };
  if (mode === "nearest-exact") return { u, taps: [[Math.floor(((2 * j + 1) * n) / (2 * m)), 1]] };
  return { u, taps: tapsAt(u, mode) };
});

const bordered = (x, i) => x[Math.min(Math.max(i, 0), x.length - 1)];
const summed = (x, taps) => taps.reduce((sum, [i, weight]) => sum + weight * bordered(x, i), 0);

/* The coordinate with its numbers: (2 + ½)·3/6 − ½. */
const workedOut = (j, { n, m, mode, corners }) => {
  const text = corners ? (m > 1 ? `${j}·(${n} − 1)/(${m} − 1)` : "0")
    : mode === "nearest" ? `${j}·${n}/${m} − ½` : `(${j} + ½)·${n}/${m} − ½`;
  return text.replaceAll(" ", "\u00a0");
};
