/* What puzzles say in both languages; what one puzzle asks comes from its question. */

const PUZZLE_WORDS = {
  ru: {
    puzzle: "Задача", of: (at, count) => `набор чисел ${at} из ${count}`, solved: "решена",
    check: "Проверить", another: "Другие числа", show: "Показать ответ", length: "чисел в ответе",
    copy: "Ссылка на эту задачу", choose: "Выберите картинку", picture: (at) => `Картинка ${at}`,
    keys: "Стрелки и Enter ведут по ячейкам, Enter в последней проверяет. Можно вставить всю таблицу сразу.",
    right: "Верно.", looksLike: "Похоже на такую ошибку:", notYet: "Пока неверно.",
    hits: (hits, all) => `Верных чисел: ${hits} из ${all}.`, count: (given) => `Чисел в ответе не ${given}.`,
    empty: (left) => `Пустых ячеек: ${left}.`, pick: "Сначала выберите картинку.",
    notNumber: (text) => `«${text}» — не число. Пишите, например, −1,5 или 3/4.`,
    shown: "Вот ответ. Попробуйте ещё раз на других числах.",
    pasted: (rows, columns) => `Вставлено: ${rows} × ${columns}.`,
    doesNotFit: (got, wanted) => `Вставить не получилось: в буфере ${got}, а в ответе ${wanted}.`,
    notKept: "Браузер не даёт сохранить успехи.",
    whole: (low, high) => `целое число от ${low} до ${high}`, keysOfLink: "такого ключа нет",
  },
  en: {
    puzzle: "Puzzle", of: (at, count) => `numbers ${at} of ${count}`, solved: "solved",
    check: "Check", another: "Other numbers", show: "Show the answer", length: "numbers in the answer",
    copy: "Copy link to this puzzle", choose: "Choose the picture", picture: (at) => `Picture ${at}`,
    keys: "Arrow keys and Enter move between cells, Enter in the last one checks. You can paste a whole table.",
    right: "Right.", looksLike: "It looks like this mistake:", notYet: "Not yet.",
    hits: (hits, all) => `${hits} of ${all} numbers are right.`, count: (given) => `The answer does not have ${given} numbers.`,
    empty: (left) => `Empty cells: ${left}.`, pick: "Choose a picture first.",
    notNumber: (text) => `“${text}” is not a number. Write for example −1.5 or 3/4.`,
    shown: "Here is the answer. Try again with other numbers.",
    pasted: (rows, columns) => `Pasted: ${rows} × ${columns}.`,
    doesNotFit: (got, wanted) => `This cannot be pasted: it is ${got}, the answer is ${wanted}.`,
    notKept: "This browser does not let progress be saved.",
    whole: (low, high) => `a whole number from ${low} to ${high}`, keysOfLink: "there is no such key",
  },
};

/* Texts are pairs, Russian first. ‹i…›, ‹k…›, ‹o…›, ‹z…› are coloured, back quotes are code. */
const textIn = (pair, lang) => pair[lang === "ru" ? 0 : 1];
const MARKS = { i: "input", k: "kernel", o: "output", z: "zero" };
const markedUp = (text) => text.split(/(‹[^›]*›|`[^`]*`)/).filter(Boolean).map((part) => {
  if (part.startsWith("‹")) return h("b", { class: `ux-${MARKS[part[1]]}-ink` }, part.slice(2, -1));
  return part.startsWith("`") ? h("code", {}, part.slice(1, -1)) : part;
});
