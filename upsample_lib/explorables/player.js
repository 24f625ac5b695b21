/* The player of explorables whose picture grows step by step. */

const PLAYER_STRINGS = {
  ru: {
    play: "Пуск", pause: "Пауза", back: "Шаг назад", forward: "Шаг вперёд", first: "В начало", last: "В конец",
    scrub: "Шаг", stepOf: (t, n) => `Шаг ${t} из ${n}`,
  },
  en: {
    play: "Play", pause: "Pause", back: "Step back", forward: "Step forward", first: "To the start", last: "To the end",
    scrub: "Step", stepOf: (t, n) => `Step ${t} of ${n}`,
  },
};

/* Play, pause, step and scrub through `count()` steps. Nothing moves until the reader asks. */
const player = ({ lang, get, count, set, onPlaying, pace = 900 }) => {
  const t = PLAYER_STRINGS[lang];
  let timer = 0;
  const PLAY = "M4 2l10 6-10 6z", PAUSE = "M3 2h4v12H3zM9 2h4v12H9z";
  const button = (word, path, act) => h("button", { type: "button", "aria-label": word, title: word, onclick: act }, icon(path));
  const stop = () => { clearTimeout(timer); if (timer) { timer = 0; onPlaying(false); draw(); } };
  const go = (to) => { stop(); set(Math.min(Math.max(to, 0), count())); };
  const tick = () => {
    set(get() + 1);
    if (get() >= count()) stop();
    else timer = setTimeout(tick, pace);
  };
  const toggle = () => {
    if (timer) return stop();
    if (get() >= count()) set(0);
    timer = setTimeout(tick, pace / 3);
    onPlaying(true);
    draw();
  };
  const play = button(t.play, PLAY, toggle);
  play.classList.add("ux-play");
  const scrub = h("input", { type: "range", min: 0, step: 1, "aria-label": t.scrub, oninput: (e) => go(+e.target.value) });
  const where = h("span", { class: "ux-where", "aria-hidden": "true" });
  const first = button(t.first, "M2 2h2v12H2zM14 2v12L5 8z", () => go(0));
  const back = button(t.back, "M12 2v12L3 8z", () => go(get() - 1));
  const forward = button(t.forward, "M4 2v12l9-6z", () => go(get() + 1));
  const last = button(t.last, "M12 2h2v12h-2zM2 2v12l9-6z", () => go(count()));
  const draw = () => {
    const word = timer ? t.pause : t.play;
    if (play.title !== word) {
      play.title = word;
      play.setAttribute("aria-label", word);
      play.querySelector("path").setAttribute("d", timer ? PAUSE : PLAY);
    }
    first.disabled = back.disabled = get() <= 0;
    forward.disabled = last.disabled = get() >= count();
    scrub.max = count();
    scrub.value = get();
    scrub.setAttribute("aria-valuetext", t.stepOf(get(), count()));
    setText(where, `${get()} / ${count()}`);
  };
  const el = h("div", { class: "ux-player" }, first, back, play, forward, last, scrub, where);
  return { el, draw, toggle, stop };
};
