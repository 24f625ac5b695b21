/* The words of the walk through a U-Net. */

const UNET_WORDS = {
  ru: {
    title: "Прогулка по U-Net: формы и карты признаков", upsampler: "Слой", unet: "Ступени сети",
    names: { transposed: "транспонированная", nearest_conv: "сосед + свёртка", bilinear_conv: "билинейная + свёртка", subpixel: "субпиксельная" },
    kinds: { input: () => "Вход", encoder: (i) => `Энкодер, уровень ${i}`, bottom: () => "Бутылочное горлышко", up: (i) => `Увеличение, уровень ${i}`,
      decoder: (i) => `Декодер, уровень ${i}`, head: () => "Предсказание" },
    truth: "Разметка", mistakes: "Ошибки", probability: "Вероятность", missed: "пропущено", invented: "лишнее", size: "Форма",
    say: {
      input: () => "Изображение, которое получает сеть.",
      first: (a, b) => `Две свёртки 3 × 3 с ReLU. Каналов было ${a}, стало ${b}.`,
      encoder: (a, b) => `Макс-пулинг 2 × 2 уменьшает стороны вдвое, потом две свёртки 3 × 3 с ReLU. Каналов было ${a}, стало ${b}.`,
      up: (a, b) => `Стороны удваиваются. Каналов было ${a}, стало ${b}.`,
      decoder: (a, b) => `К этой карте присоединена карта энкодера того же уровня: вместе каналов ${a}. Две свёртки 3 × 3 с ReLU оставляют ${b}.`,
      head: (iou) => `Свёртка 1 × 1 даёт логиты, из них — вероятность объекта в каждом пикселе. При пороге 0,5 IoU с разметкой ${iou}.`,
    },
    channel: (c, low, high) => `канал ${c}: от ${low} до ${high}`, tile: (name, shape) => `${name}, форма ${shape}`,
    some: (kept, all) => (kept < all ? `Показаны ${kept} из ${all} карт, самые контрастные. Чёрное — наименьшее значение, белое — наибольшее.` : "Чёрное — наименьшее значение, белое — наибольшее."),
    pictures: { image: "изображение", truth: "разметка", mistakes: "ошибки: синим пропущенное, оранжевым лишнее", probability: "вероятность объекта" },
    whole: "целое число от {} до {}", knownKeys: "такого ключа нет", oneOf: "одно из: ",
  },
  en: {
    title: "A walk through a U-Net: shapes and feature maps", upsampler: "Layer", unet: "Stages of the network",
    names: { transposed: "transposed", nearest_conv: "nearest + conv", bilinear_conv: "bilinear + conv", subpixel: "sub-pixel" },
    kinds: { input: () => "Input", encoder: (i) => `Encoder, level ${i}`, bottom: () => "Bottleneck", up: (i) => `Upsampling, level ${i}`,
      decoder: (i) => `Decoder, level ${i}`, head: () => "Prediction" },
    truth: "Truth", mistakes: "Mistakes", probability: "Probability", missed: "missed", invented: "not there", size: "Shape",
    say: {
      input: () => "The image that the network is given.",
      first: (a, b) => `Two 3 × 3 convolutions with ReLU. Channels: ${a} before, ${b} now.`,
      encoder: (a, b) => `Max pooling 2 × 2 halves the sides, then two 3 × 3 convolutions with ReLU. Channels: ${a} before, ${b} now.`,
      up: (a, b) => `The sides are doubled. Channels: ${a} before, ${b} now.`,
      decoder: (a, b) => `The encoder's map of the same level is put beside this one: ${a} channels together. Two 3 × 3 convolutions with ReLU leave ${b}.`,
      head: (iou) => `A 1 × 1 convolution gives logits, and these give the probability of the object at each pixel. Cut at 0.5, its IoU with the truth is ${iou}.`,
    },
    channel: (c, low, high) => `channel ${c}: from ${low} to ${high}`, tile: (name, shape) => `${name}, shape ${shape}`,
    some: (kept, all) => (kept < all ? `Shown are ${kept} of ${all} maps, those with the strongest contrast. Black is the smallest value, white the largest.` : "Black is the smallest value, white the largest."),
    pictures: { image: "image", truth: "truth", mistakes: "mistakes: missed in blue, not there in orange", probability: "probability of the object" },
    whole: "a whole number from {} to {}", knownKeys: "there is no such key", oneOf: "one of: ",
  },
};
