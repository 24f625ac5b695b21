/* The arithmetic of the latent plane: a trained decoder, step by step, and its words. */

const LATENT_WORDS = {
  ru: {
    title: "Латентная плоскость: декодер рисует картинку для каждой точки",
    plane: "Точка на плоскости", picture: "Выход декодера", classes: "Классы", view: "На плоскости",
    views: [["points", "точки"], ["images", "картинки"]],
    at: (x, y) => `z = (${x}; ${y})`, toClass: (name) => `${name}: в середину класса`,
    near: (count, list) => `Среди ${count} ближайших картинок: ${list}.`, each: (name, n) => `${name} — ${n}`, far: (d) => `Расстояние до ближайшей — ${d}.`,
    work: (count) => `Умножений на картинку: ${count}`,
    zFits: (e) => `два числа от −${e} до ${e} через запятую`, oneOf: "одно из: ", knownKeys: "такого ключа нет",
  },
  en: {
    title: "Latent plane: the decoder draws a picture for every point",
    plane: "Point in the plane", picture: "The decoder's output", classes: "Classes", view: "Show in the plane",
    views: [["points", "points"], ["images", "pictures"]],
    at: (x, y) => `z = (${x}, ${y})`, toClass: (name) => `${name}: to the middle of the class`,
    near: (count, list) => `The ${count} nearest pictures: ${list}.`, each: (name, n) => `${name} ${n}`, far: (d) => `The nearest of them is ${d} away.`,
    work: (count) => `${count} multiplications per picture`,
    zFits: (e) => `two numbers from −${e} to ${e} with a comma between them`, oneOf: "one of: ", knownKeys: "there is no such key",
  },
};

/* float16, little-endian, in base64 */
const unpacked = (text) => {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)), view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 2 }, (_, i) => {
    const half = view.getUint16(2 * i, true), exponent = (half >> 10) & 31, part = half & 1023;
    return (half >> 15 ? -1 : 1) * (exponent ? 2 ** (exponent - 15) * (1 + part / 1024) : 2 ** -14 * (part / 1024));
  });
};

/* A map is { values, size: [channels, height, width] }; a vector has the size [n, 1, 1]. */
const DECODER_STEPS = {
  linear: ({ weight, bias, out }, { values }) => {
    const y = Float32Array.from(bias), n = values.length;
    for (let o = 0; o < out; o++) {
      let sum = bias[o];
      for (let i = 0; i < n; i++) sum += weight[o * n + i] * values[i];
      y[o] = sum;
    }
    return { values: y, size: [out, 1, 1] };
  },
  shape: ({ size }, { values }) => ({ values, size }),
  shuffle: ({ scale: s }, { values, size: [channels, height, width] }) => {
    const out = channels / (s * s), y = new Float32Array(values.length);
    values.forEach((value, at) => {
      const j = at % width, i = Math.floor(at / width) % height, c = Math.floor(at / width / height), phase = c % (s * s);
      y[((Math.floor(c / (s * s)) * height + i) * s + Math.floor(phase / s)) * width * s + j * s + phase % s] = value;
    });
    return { values: y, size: [out, height * s, width * s] };
  },
  crop: ({ size: [height, width] }, { values, size: [channels, , wide] }) => {
    const y = new Float32Array(channels * height * width), tall = values.length / channels / wide;
    for (let c = 0; c < channels; c++) for (let r = 0; r < height; r++) {
      const from = (c * tall + r) * wide;
      y.set(values.subarray(from, from + width), (c * height + r) * width);
    }
    return { values: y, size: [channels, height, width] };
  },
  relu: (_, { values, size }) => ({ values: values.map((value) => Math.max(value, 0)), size }),
  sigmoid: (_, { values, size }) => ({ values: values.map((value) => 1 / (1 + Math.exp(-value))), size }),
  /* stamp and add: input (i, j) prints the kernel at (i·s − p, j·s − p) */
  transposed: (step, { values, size: [channels, height, width] }) => {
    const { weight, bias, out, kernel: [rows, columns], stride: [down, right], padding: [top, left], extra } = step;
    const tall = (height - 1) * down - 2 * top + rows + extra[0], wide = (width - 1) * right - 2 * left + columns + extra[1];
    const y = new Float64Array(out * tall * wide);
    for (let o = 0; o < out; o++) y.fill(bias[o], o * tall * wide, (o + 1) * tall * wide);
    for (let c = 0; c < channels; c++) for (let o = 0; o < out; o++) for (let u = 0; u < rows; u++) for (let v = 0; v < columns; v++) {
      const w = weight[((c * out + o) * rows + u) * columns + v];
      // the inputs whose print of this tap stays inside
      const j0 = Math.max(0, Math.ceil((left - v) / right)), j1 = Math.min(width, Math.floor((wide - 1 + left - v) / right) + 1);
      for (let i = 0; i < height; i++) {
        const r = i * down + u - top;
        if (r < 0 || r >= tall) continue;
        const to = (o * tall + r) * wide + v - left, from = (c * height + i) * width;
        for (let j = j0; j < j1; j++) y[to + j * right] += w * values[from + j];
      }
    }
    return { values: Float32Array.from(y), size: [out, tall, wide] };
  },
};

/* Weights unpacked once; then any point becomes a picture. */
const decoderOf = (steps) => {
  const ready = steps.map((step) => (step.weight ? { ...step, weight: unpacked(step.weight), bias: unpacked(step.bias) } : step));
  const run = (z, onStep = () => {}) => ready.reduce((map, step) => {
    const next = DECODER_STEPS[step.kind](step, map);
    onStep(step, next);
    return next;
  }, { values: Float32Array.from(z), size: [z.length, 1, 1] });
  return { run: (z) => run(z).values, walk: (z, onStep) => run(z, onStep) };
};

/* Sizes along the way, and multiplications: every input meets every weight of its channel once. */
const decoderSizes = (decoder) => {
  const sizes = ["2"];
  let work = 0, before = 1;
  decoder.walk([0, 0], (step, { values, size }) => {
    const text = size[1] * size[2] > 1 ? size.join("×") : String(size[0]);
    if (step.kind === "linear") work += step.weight.length;
    if (step.kind === "transposed") work += step.weight.length * before;
    before = size[1] * size[2];
    if (text !== sizes[sizes.length - 1] && values.length) sizes.push(text);
  });
  return { sizes, work };
};
