/* The arithmetic of the size solver, and its words. Along one axis, dilation 1: m = (n − 1)·s − 2p + k + a. */

const SOLVER_WORDS = {
  ru: {
    title: "Решатель размеров: все транспонированные свёртки из n в m",
    cases: "Случаи", parameters: "Размеры", n: "вход", m: "выход", most: "ядро",
    qualities: ["точные: перекрытие ровное, m = s·n", "ровные, но m/n зависит от n", "перекрытие неровное: узор вероятен", "пиксели без оттисков: k < s или a > p"],
    all: (count) => `Показать все ${count}`, found: (count, most) => `Настроек с k ≤ ${most}: ${count}`, overlap: "оттиски", size: "m",
    names: { k: "ядро", s: "шаг", p: "дополнение", a: "выходное дополнение" },
    taps: (list) => `оттисков на пиксель: ${list}`,
    none: (n, m, most, near) => `Ни один слой с k ≤ ${most} не ведёт из ${n} в ${m}. ${near}`,
    near: (list) => `Ближайшие выходы из того же входа: ${list}.`, larger: "Попробуйте ядро больше.",
    copy: "Скопировать строку", copied: "Строка скопирована", copyByHand: "Скопируйте строку:",
    tape: "Размер, который сжимает свёртка", drag: "Тяните ленту: какие размеры свёртка с теми же k, s, p сводит в один",
    collide: (layer, sizes, n) => `Свёртка ${layer} переводит ${sizes} в один и тот же размер ${n}.`,
    alone: (layer, size, n) => `Свёртка ${layer} переводит в ${n} только размер ${size}.`,
    chooses: (a, m) => `Обратно output_padding=${a} выбирает ${m}.`, and: " и ",
    value: (m, n, a) => `m = ${m}, свёртка даёт n = ${n}, output_padding ${a}`,
    whole: "целое число от {} до {}", refused: (text, low, high) => `«${text}» не подходит: нужно целое число от ${low} до ${high}.`,
    knownKeys: "такого ключа нет", layerFits: (n, m) => `такого слоя из ${n} в ${m} нет`,
  },
  en: {
    title: "Size solver: all transposed convolutions that take n to m",
    cases: "Cases", parameters: "Sizes", n: "input", m: "output", most: "kernel",
    qualities: ["exact: even overlap, m = s·n", "even, but m/n depends on n", "uneven overlap: checkerboard likely", "pixels without prints: k < s or a > p"],
    all: (count) => `Show all ${count}`, found: (count, most) => `Settings with k ≤ ${most}: ${count}`, overlap: "prints", size: "m",
    names: { k: "kernel", s: "stride", p: "padding", a: "output padding" },
    taps: (list) => `prints on a pixel: ${list}`,
    none: (n, m, most, near) => `No layer with k ≤ ${most} takes ${n} to ${m}. ${near}`,
    near: (list) => `The nearest outputs from the same input: ${list}.`, larger: "Try a larger kernel.",
    copy: "Copy this line", copied: "Line copied", copyByHand: "Copy this line:",
    tape: "Size that the convolution shrinks", drag: "Drag the tape: which sizes a convolution with the same k, s, p takes to one",
    collide: (layer, sizes, n) => `The convolution ${layer} takes ${sizes} to one and the same size ${n}.`,
    alone: (layer, size, n) => `The convolution ${layer} takes only size ${size} to ${n}.`,
    chooses: (a, m) => `On the way back output_padding=${a} chooses ${m}.`, and: " and ",
    value: (m, n, a) => `m = ${m}, the convolution gives n = ${n}, output padding ${a}`,
    whole: "a whole number from {} to {}", refused: (text, low, high) => `“${text}” does not fit: a whole number from ${low} to ${high} is needed.`,
    knownKeys: "there is no such key", layerFits: (n, m) => `no such layer takes ${n} to ${m}`,
  },
};

const MOST_SIZE = 1024, MOST_KERNEL = 16;

/* 0: even overlap and m = s·n; 1: even; 2: uneven; 3: output pixels that no print reaches, inside or at the end. */
const qualityOf = ([k, s, p, a]) => (k < s || a > p ? 3 : k % s ? 2 : k - s - 2 * p + a ? 1 : 0);

/* All [k, s, p, a] from n to m, the most even first. The crop p never exceeds k − 1, and a stays below s. */
const settingsFor = (n, m, most) => {
  const found = [];
  for (let k = 1; k <= most; k++) for (let s = 1; s <= most; s++) for (let a = 0; a < s; a++) {
    const twice = (n - 1) * s + k + a - m;
    if (twice >= 0 && twice % 2 === 0 && twice <= 2 * (k - 1)) found.push([k, s, twice / 2, a]);
  }
  return found.sort((one, two) => qualityOf(one) - qualityOf(two) || one[0] - two[0] || one[1] - two[1] || one[2] - two[2] || one[3] - two[3]);
};

const sameLayer = (one, two) => one && two && one.slice(0, 3).join() === two.slice(0, 3).join();

/* What stays chosen when the list changes: the same layer with the output_padding that fits, else the first. */
const chosenFrom = (settings, wanted) => settings.find((one) => sameLayer(one, wanted)) ?? settings[0] ?? null;

/* How many kernel taps fall on each of the s phases of the output. */
const tapsOf = ([k, s]) => Array.from({ length: s }, (_, phase) => Math.ceil((k - phase) / s)).map((count) => Math.max(count, 0));

/* m as a rule for any n: 2n, 5n − 7. */
const ruleOf = ([k, s, p, a]) => {
  const rest = k - s - 2 * p + a, steady = s > 1 ? `${s}n` : "n";
  return rest ? `${steady} ${rest < 0 ? "−" : "+"} ${Math.abs(rest)}` : steady;
};

/* The ordinary convolution with the same k, s, p, and the sizes that it takes to one output n. */
const shrunk = (size, [k, s, p]) => Math.floor((size + 2 * p - k) / s) + 1;
const collidingStart = (n, [k, s, p]) => (n - 1) * s - 2 * p + k;
const collidingSizes = (n, layer) => [Math.max(collidingStart(n, layer), 1), collidingStart(n, layer) + layer[1] - 1];
const tapeLimits = (layer) => [Math.max(1, collidingStart(1, layer)), Math.min(MOST_SIZE, collidingSizes(MOST_SIZE, layer)[1])];

/* Up to two sizes near m that some layer reaches from n. */
const nearestSizes = (n, m, most) => {
  const near = [];
  for (const step of [-1, 1]) {
    for (let size = m + step; size >= 1 && size <= MOST_SIZE; size += step) {
      if (settingsFor(n, size, most).length) { near.push(size); break; }
    }
  }
  return near;
};

const layerCode = ([k, s, p, a]) => {
  const options = [`kernel_size=${k}`, s !== 1 && `stride=${s}`, p && `padding=${p}`, a && `output_padding=${a}`].filter(Boolean);
  return `nn.ConvTranspose2d(in_channels, out_channels, ${options.join(", ")})`;
};
