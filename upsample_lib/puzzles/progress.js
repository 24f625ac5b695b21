/* The progress page: what this browser remembers of each puzzle, and a button that forgets it. */

const PROGRESS_WORDS = {
  ru: {
    title: "Решённые задачи", chapter: (n) => `Глава ${n}`, of: (done, all) => `${done} из ${all}`,
    all: (done, all) => `Решено ${done} из ${all}`,
    solved: "решена", tried: "начата", shown: "показан ответ", untouched: "не начата",
    tries: (count) => (count ? `неверных ответов: ${count}` : ""),
    reset: "Забыть всё…", sure: "Стереть все успехи в этом браузере? Вернуть их будет нельзя.", yes: "Да, стереть", no: "Оставить",
    gone: "Успехи стёрты.", refused: "Браузер не дал стереть успехи.",
  },
  en: {
    title: "Puzzles solved", chapter: (n) => `Chapter ${n}`, of: (done, all) => `${done} of ${all}`,
    all: (done, all) => `${done} of ${all} solved`,
    solved: "solved", tried: "begun", shown: "answer shown", untouched: "not begun",
    tries: (count) => (count ? `wrong answers: ${count}` : ""),
    reset: "Forget everything…", sure: "Erase all progress in this browser? It cannot be brought back.", yes: "Yes, erase", no: "Keep it",
    gone: "Progress erased.", refused: "This browser did not let progress be erased.",
  },
};

const render = ({ model, el, signal }) => {
  const lang = languageOf(model), t = PROGRESS_WORDS[lang], chapters = model.get("chapters");
  const frame = explorable({ model, el, signal, lang, title: t.title });
  const onSite = Boolean(el.closest(HOSTED));
  const total = h("span"), bar = h("i"), list = h("div", { class: "pz-chapters" });
  const count = chapters.reduce((sum, { puzzles }) => sum + puzzles.length, 0);

  const line = (page, [name, ru, en], all) => {
    const { tries, solved, shown } = entryOf(all, name), title = lang === "ru" ? ru : en;
    const state = solved.length ? "solved" : shown.length ? "shown" : tries ? "tried" : "untouched";
    const sign = h("span", { role: "img", "aria-label": t[state] }, { solved: "✓", shown: "◐", tried: "◔", untouched: "○" }[state]);
    const words = onSite && page ? h("a", { href: `${page}.html#e=${name}` }, title) : title;
    return h("li", { class: `pz-${state}` }, sign, h("span", {}, words), h("span", { class: "pz-note" }, state === "shown" ? t.shown : t.tries(tries)));
  };
  const draw = () => {
    const all = readProgress(), isDone = ([name]) => entryOf(all, name).solved.length > 0;
    const done = chapters.reduce((sum, { puzzles }) => sum + puzzles.filter(isDone).length, 0);
    setText(total, t.all(done, count));
    setStyle(bar, "width", `${(100 * done) / (count || 1)}%`);
    list.replaceChildren(...chapters.map(({ number, page, puzzles }) => h("section", { class: "pz-chapter", "aria-label": t.chapter(number) },
      h("h2", {}, t.chapter(number), h("span", {}, t.of(puzzles.filter(isDone).length, puzzles.length))),
      h("ul", {}, ...puzzles.map((puzzle) => line(page, puzzle, all))))));
  };

  const status = h("p", { role: "status", "aria-live": "polite" }), sure = h("span", {}, t.sure);
  const button = (text, onclick, more = "") => h("button", { type: "button", class: more, onclick }, text);
  const reset = button(t.reset, () => ask(true)), yes = button(t.yes, () => { setText(status, forgetProgress() ? t.gone : t.refused); ask(false); });
  const no = button(t.no, () => ask(false));
  const question = h("span", { class: "pz-reset", role: "group", "aria-label": t.sure, hidden: "" }, sure, yes, no);
  const ask = (open) => {
    question.hidden = !open;
    reset.hidden = open;
    if (open) setText(status, "");
    (open ? no : reset).focus();
  };
  question.addEventListener("keydown", (e) => { if (e.key === "Escape") ask(false); });

  onProgress(draw, frame.signal);
  const running = frame.run({ traits: ["chapters"], links: {}, draw,
    parts: [h("div", { class: "pz-all" }, total, h("span", { class: "pz-bar", "aria-hidden": "true" }, bar)), list, h("div", { class: "pz-reset" }, reset, question, status), frame.message] });
  return running.stop;
};

export default { render };
