/* The arithmetic of the checkerboard explorable, and its words. A layer is { k, s, d, up, blur, weights, seed, input }. */

const CHECKERBOARD_WORDS = {
  ru: {
    title: "Шахматные артефакты: перекрытия, узор и его спектр",
    cases: "Случаи", parameters: "Слой", k: "ядро", s: "шаг", d: "dilation",
    weights: "Веса", weightKinds: [["ones", "единицы"], ["random", "случайные"]], again: "Другие веса",
    input: "Вход", inputs: [["constant", "постоянный"], ["hill", "холм"], ["noise", "шум"]],
    remedies: "Лекарства", divisible: "k кратно s", nearest: "ближайший сосед + свёртка", blur: "размытие ¼(1, 2, 1)",
    presets: ["k3 s2", "k4 s2", "k4 s2, случайные веса", "сосед + свёртка", "размытие", "k5 s3", "d и s с общим делителем"],
    line: "Оттиски и счёт", map: "Перекрытия", picture: "Выход слоя", spectrum: "Спектр", marks: (s) => `□ частоты j/${s}`,
    lineText: (counts) => `Счёт оттисков вдоль оси: ${counts}`, squareText: (name, low, high) => `${name}: числа от ${low} до ${high}`,
    even: (k, s, count, plane) => `Перекрытие ровное: k = ${k} делится на s = ${s}, внутри счёт всюду ${count}, на плоскости ${plane}.`,
    uneven: (k, s, counts, plane) => `Перекрытие неровное: k = ${k} не делится на s = ${s}, внутри чередуются ${counts}, на плоскости ${plane}.`,
    gcd: (d, s, g) => `Перекрытие неровное: d = ${d} и s = ${s} делятся на ${g}, и до части клеток ядро не достаёт.`,
    afterNearest: (k, plane) => `Перекрытие ровное: после ближайшего соседа свёртка идёт с шагом 1, внутри счёт всюду ${k}, на плоскости ${plane}.`,
    none: (s) => (s > 1 ? `Узора с периодом ${s} в картинке нет.` : "При s = 1 узору взяться неоткуда."),
    little: (s, share, noise) => `Узора с периодом ${s} почти нет: ${share} изменчивости, у белого шума было бы ${noise}.`,
    much: (s, share) => `На узор с периодом ${s} приходится ${share} изменчивости картинки.`,
    unequal: "Счёт ровный, но суммы весов фаз разные.",
    sums: "Вход из единиц даёт внутри, фаза за фазой:",
    whole: "целое число от {} до {}", knownKeys: "такого ключа нет", oneOf: "одно из: ",
  },
  en: {
    title: "Checkerboard artifacts: overlaps, the pattern and its spectrum",
    cases: "Cases", parameters: "Layer", k: "kernel", s: "stride", d: "dilation",
    weights: "Weights", weightKinds: [["ones", "ones"], ["random", "random"]], again: "Other weights",
    input: "Input", inputs: [["constant", "constant"], ["hill", "hill"], ["noise", "noise"]],
    remedies: "Remedies", divisible: "k a multiple of s", nearest: "nearest + convolution", blur: "blur ¼(1, 2, 1)",
    presets: ["k3 s2", "k4 s2", "k4 s2, random weights", "nearest + convolution", "blur", "k5 s3", "d and s share a factor"],
    line: "Prints and count", map: "Overlaps", picture: "The layer's output", spectrum: "Spectrum", marks: (s) => `□ frequencies j/${s}`,
    lineText: (counts) => `Count of prints along an axis: ${counts}`, squareText: (name, low, high) => `${name}: numbers from ${low} to ${high}`,
    even: (k, s, count, plane) => `The overlap is even: k = ${k} is a multiple of s = ${s}, the count inside is ${count} everywhere, in the plane ${plane}.`,
    uneven: (k, s, counts, plane) => `The overlap is uneven: k = ${k} is not a multiple of s = ${s}, inside ${counts} alternate, in the plane ${plane}.`,
    gcd: (d, s, g) => `The overlap is uneven: d = ${d} and s = ${s} share the factor ${g}, and the kernel does not reach some of the cells.`,
    afterNearest: (k, plane) => `The overlap is even: after nearest neighbour the convolution has stride 1, the count inside is ${k} everywhere, in the plane ${plane}.`,
    none: (s) => (s > 1 ? `There is no pattern of period ${s} in the picture.` : "With s = 1 there is nothing to make a pattern."),
    little: (s, share, noise) => `There is next to no pattern of period ${s}: ${share} of the variation, white noise would have ${noise}.`,
    much: (s, share) => `The pattern of period ${s} has ${share} of the picture's variation.`,
    unequal: "The counts are even, but the phases' sums of weights differ.",
    sums: "An input of ones gives inside, phase by phase:",
    whole: "a whole number from {} to {}", knownKeys: "there is no such key", oneOf: "one of: ",
  },
};

const LIMITS = { k: [1, 6], s: [1, 4], d: [1, 2], seed: [0, 99] };
const SIDE = 24, PRINTS = 4, NOISE_SEED = 1000;
const square = (size, value) => Array.from({ length: size }, (_, r) => Array.from({ length: size }, (_, c) => value(r, c)));

/* Mulberry32: numbers from 0 to 1, the same here and in Python. */
const generator = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

const weightsOf = ({ k, weights, seed }) => {
  const next = generator(seed);
  return square(k, () => (weights === "ones" ? 1 : 2 * next() - 1));
};

/* The input is so large that the picture, cut from its inside, meets no border. */
const inputSize = ({ k, s, d }) => Math.ceil((SIDE + 1 + d * (k - 1)) / s) + 1;
const inputOf = (layer) => {
  const size = inputSize(layer), { s } = layer, next = generator(NOISE_SEED);
  const centre = (size - 1) / 2, reach = SIDE / (2 * s);
  const hill = (r, c) => Math.max(0, 1 - ((r - centre) ** 2 + (c - centre) ** 2) / reach ** 2);
  return square(size, layer.input === "constant" ? () => 1 : layer.input === "noise" ? next : hill);
};

/* A SIDE × SIDE piece from the inside of the layer's output. */
const pictureOf = (layer) => {
  const { k, s, d, up, blur } = layer, x = inputOf(layer), w = weightsOf(layer), span = d * (k - 1);
  const wide = x.length * s - (up === "nearest" ? span : s - 1 - span);
  // the first cell from which on all inputs are there, and one more for the blur
  const inside = up === "nearest" ? wide : wide - 2 * span, from = (up === "nearest" ? 0 : span) + ((inside - SIDE) >> 1);
  const value = (r, c) => {
    let sum = 0;
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) {
      if (up === "nearest") { sum += w[i][j] * x[Math.floor((r + i * d) / s)][Math.floor((c + j * d) / s)]; continue; }
      const [a, b] = [r - i * d, c - j * d];
      if (a % s === 0 && b % s === 0) sum += w[i][j] * x[a / s][b / s];
    }
    return sum;
  };
  const margin = blur ? 1 : 0, y = square(SIDE + 2 * margin, (r, c) => value(from - margin + r, from - margin + c));
  if (!blur) return y;
  const tap = [1, 2, 1];
  return square(SIDE, (r, c) => {
    let sum = 0;
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) sum += (tap[i] * tap[j] * y[r + i][c + j]) / 16;
    return sum;
  });
};

/* The prints along one axis: where each begins, how far apart its taps lie, and the count. */
const printsOf = ({ k, s, d, up }) => {
  const stride = up === "nearest" ? 1 : s, number = up === "nearest" ? PRINTS * s : PRINTS;
  const counts = Array((number - 1) * stride + d * (k - 1) + 1).fill(0);
  const taps = Array.from({ length: number }, (_, i) => Array.from({ length: k }, (_, u) => i * stride + u * d));
  for (const row of taps) for (const at of row) counts[at] += 1;
  return { taps, counts };
};

/* How many taps reach the inside cells of each phase, along one axis. */
const phaseCounts = ({ k, s, d, up }) => {
  if (up === "nearest") return [k];
  const counts = Array(s).fill(0);
  for (let u = 0; u < k; u++) counts[(u * d) % s] += 1;
  return counts;
};

const centred = (y) => {
  const all = y.flat(), mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const size = Math.max(...all.map(Math.abs)), flat = all.every((value) => Math.abs(value - mean) <= 0.5e-12 * size);
  return y.map((line) => line.map((value) => (flat ? 0 : value - mean)));
};

/* The share of the variation that lies between the means of the s² phases. */
const patternShare = (y, s) => {
  const z = centred(y), total = z.flat().reduce((sum, value) => sum + value * value, 0), sums = square(s, () => 0);
  z.forEach((line, r) => line.forEach((value, c) => { sums[r % s][c % s] += value; }));
  const cells = (SIDE / s) ** 2;
  return total ? sums.flat().reduce((sum, value) => sum + (value * value) / cells, 0) / total : 0;
};

/* log(1 + amplitude), the mean removed, frequency zero in the middle. */
const spectrumOf = (y) => {
  const half = SIDE / 2, wave = Array.from({ length: SIDE }, (_, i) => [Math.cos((2 * Math.PI * i) / SIDE), -Math.sin((2 * Math.PI * i) / SIDE)]);
  const transformed = (lines) => lines.map((line) => line.map((_, f) => {
    let re = 0, im = 0;
    for (let i = 0; i < SIDE; i++) {
      const [a, b] = line[i], [c, s] = wave[((f + half) * i) % SIDE];
      re += a * c - b * s;
      im += a * s + b * c;
    }
    return [re, im];
  }));
  const turned = (lines) => lines.map((_, c) => lines.map((line) => line[c]));
  const rows = transformed(centred(y).map((line) => line.map((value) => [value, 0])));
  return turned(transformed(turned(rows))).map((line) => line.map(([re, im]) => Math.log1p(Math.hypot(re, im) / SIDE)));
};
