/* The arithmetic of pooling and of the ways back from it, and the words of that explorable. A position in an image is
   [row, column]; `m` and `n` are sizes, rows first. */

const POOLING_WORDS = {
  ru: {
    title: "Пулинг и анпулинг",
    cases: "Случаи", parameters: "Окно", pooling: "Пулинг", back: "Обратно",
    pools: [["max", "максимум"], ["avg", "среднее"]],
    backs: [["nearest", "ближайший сосед"], ["nails", "ложе из гвоздей"], ["max_unpool", "по индексам"], ["avg_unpool", "поровну"]],
    n: "вход", k: "окно", s: "шаг",
    x: "Вход", y: "Пулинг", z: "Обратно", d: "Потеряно",
    values: "Числа", samples: { numbers: "разные", spot: "пятно", negative: "отрицательные" },
    presets: ["k2 s2: по индексам", "k2 s2: гвозди", "среднее и поровну", "k3 s2: перекрытие", "k3 s1: одно на всех", "k2 s3: промежутки"],
    whole: "целое число от {} до {}", numbersFit: "от 2 × 2 до 6 × 6 чисел: в строке через запятую, строки через «/»", knownKeys: "такого ключа нет",
    backFits: "nearest, nails, avg_unpool, а после max ещё max_unpool",
    taken: (y, x, place) => `${y} — наибольшее в рамке. Оно взято из ${x}, клетки номер ${place}: его пулинг и запоминает.`,
    tie: (count) => ` Таких в окне ${count}; запоминается первое.`,
    mean: (y) => `${y} — среднее чисел в рамке. Где стояло какое, забыто.`,
    unread: (x) => `${x} не попало ни в одно окно.`, inWindows: (x, list) => `${x} входит в окна: ${list}.`,
    survives: (list) => ` Наибольшее в ${list}, поэтому остаётся.`, dies: " Ни в одном не наибольшее: теряется.",
    sent: (z, y) => `${z} получает число из ${y}.`, nothing: (z) => `Сюда, в ${z}, ничего не приходит, поэтому 0.`,
    assigned: (z, list) => `На ${z} указывают индексы ${list}. Число присвоено, а не сложено.`,
    share: (z, count) => `${z} собирает доли своих окон: 1/${count} каждого.`,
    total: (before, after, same, mean) => [`${before} чисел → ${after}. Совпало клеток: `, same, ". Средняя ошибка |x − x̂|: ", mean],
  },
  en: {
    title: "Pooling and unpooling",
    cases: "Cases", parameters: "Window", pooling: "Pooling", back: "Back",
    pools: [["max", "maximum"], ["avg", "average"]],
    backs: [["nearest", "nearest neighbour"], ["nails", "bed of nails"], ["max_unpool", "by the switches"], ["avg_unpool", "in equal shares"]],
    n: "input", k: "window", s: "stride",
    x: "Input", y: "Pooled", z: "Back", d: "Lost",
    values: "Numbers", samples: { numbers: "various", spot: "spot", negative: "negative" },
    presets: ["k2 s2: switches", "k2 s2: nails", "average, equal shares", "k3 s2: overlap", "k3 s1: one for all", "k2 s3: gaps"],
    whole: "a whole number from {} to {}", numbersFit: "2 × 2 to 6 × 6 numbers: separated by commas, rows by “/”", knownKeys: "there is no such key",
    backFits: "nearest, nails, avg_unpool, and after max also max_unpool",
    taken: (y, x, place) => `${y} is the largest in the frame. It comes from ${x}, cell number ${place}: its switch.`,
    tie: (count) => ` The window holds it ${count} times; the first is remembered.`,
    mean: (y) => `${y} is the average in the frame. Which number stood where is forgotten.`,
    unread: (x) => `${x} is in no window.`, inWindows: (x, list) => `${x} is in the windows ${list}.`,
    survives: (list) => ` It is the largest in ${list}, so it stays.`, dies: " It is the largest in none: lost.",
    sent: (z, y) => `${z} gets the number of ${y}.`, nothing: (z) => `Nothing comes to ${z}, hence 0.`,
    assigned: (z, list) => `The switches of ${list} point to ${z}. The number is assigned, not added.`,
    share: (z, count) => `${z} collects shares of its windows: 1/${count} of each.`,
    total: (before, after, same, mean) => [`${before} numbers → ${after}. Equal cells: `, same, ". Mean error |x − x̂|: ", mean],
  },
};

const SMALLEST_N = 2, LARGEST_N = 6, LARGEST_K = 4, LARGEST_S = 4;
const VARIOUS = [[1, 3, 2, 1, 4, 2], [4, 2, 0, 6, 1, 3], [5, 1, 7, 2, 0, 1], [0, 2, 3, 4, 8, 2], [2, 6, 1, 0, 3, 5], [3, 1, 4, 2, 1, 7]];
const filled = (rows, columns, value) => Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => value(r, c)));
const POOLING_SAMPLES = {
  numbers: (rows, columns) => filled(rows, columns, (r, c) => VARIOUS[r][c]),
  spot: (rows, columns) => filled(rows, columns, (r, c) => (r === rows >> 1 && c === columns >> 1 ? 9 : 0)),
  negative: (rows, columns) => filled(rows, columns, (r, c) => -1 - VARIOUS[r][c]),
};

/* Pools x: y, and for each window the place of its first largest number, counted along the rows of x. */
const pooled = ({ x, k, s, pooling }) => {
  const n = [x.length, x[0].length], m = n.map((size) => Math.floor((size - k) / s) + 1), switches = [];
  const y = filled(...m, (i, j) => {
    let best = -Infinity, place = 0, sum = 0;
    for (let r = i * s; r < i * s + k; r++) for (let c = j * s; c < j * s + k; c++) {
      sum += x[r][c];
      if (x[r][c] > best) [best, place] = [x[r][c], r * n[1] + c];
    }
    switches.push(place);
    return pooling === "max" ? best : sum / (k * k);
  });
  return { n, m, y, switches: pooling === "max" ? switches : null };
};

/* The windows that the cell [r, c] of the input is in. */
const windowsOver = (r, c, { m, k, s }) => {
  const list = [];
  for (let i = 0; i < m[0]; i++) for (let j = 0; j < m[1]; j++) {
    if (r >= i * s && r < i * s + k && c >= j * s && c < j * s + k) list.push([i, j]);
  }
  return list;
};

/* Which pooled numbers come to the cell [r, c] on the way back. */
const sourcesOf = (r, c, now) => {
  const { n, m, s, back, switches } = now;
  if (back === "nearest") return [[Math.floor((r * m[0]) / n[0]), Math.floor((c * m[1]) / n[1])]];
  if (back === "nails") return r % s || c % s || r / s >= m[0] || c / s >= m[1] ? [] : [[r / s, c / s]];
  const windows = windowsOver(r, c, now);
  return back === "avg_unpool" ? windows : windows.filter(([i, j]) => switches[i * m[1] + j] === r * n[1] + c);
};

/* The way back: shares are added, everything else is assigned, and of several the last one stays. */
const restored = (now) => filled(...now.n, (r, c) => sourcesOf(r, c, now).reduce((sum, [i, j]) =>
  (now.back === "avg_unpool" ? sum + now.y[i][j] / (now.k * now.k) : now.y[i][j]), 0));
