/* What an explorable is apart from its picture: its frame, its sentences, and its line to the model. */

const explorable = ({ model, el, signal, lang, title }) => {
  const end = new AbortController();
  signal?.addEventListener("abort", () => end.abort());
  const message = h("p", { class: "ux-message", role: "alert" });
  const say = (sentence, gently) => { setText(message, sentence); message.classList.toggle("ux-gentle", Boolean(gently)); };
  const lost = () => say(GRID_STRINGS[lang].noKernel);

  /* Sets what differs, all of it in one message to Python; says whether anything did. */
  const change = (traits) => {
    const changed = Object.entries(traits).filter(([name, value]) => JSON.stringify(model.get(name)) !== JSON.stringify(value));
    if (!changed.length) return false;
    for (const [name, value] of changed) model.set(name, value);
    try { model.save_changes(); } catch { lost(); }
    return true;
  };

  /* Puts the parts on the page and draws whenever one of the traits changes, or the width. */
  const run = ({ parts, traits, draw, links }) => {
    let waiting = false, width = 0;
    const now = () => { if (!end.signal.aborted && width) draw(width); };
    const soon = () => {
      if (waiting) return;
      waiting = true;
      queueMicrotask(() => { waiting = false; now(); });
    };
    el.classList.add("ux");
    el.setAttribute("role", "group");
    el.setAttribute("aria-label", title);
    el.lang = lang;
    el.replaceChildren(...parts);
    const events = traits.map((trait) => `change:${trait}`);
    for (const event of events) model.on(event, soon);
    model.on("comm_live_update", lost);
    fitted(el, end.signal, (wide) => { if (wide !== width) { width = wide; now(); } });
    links.start?.();
    return { soon, stop: () => {
      end.abort();
      for (const event of events) model.off(event, soon);
      model.off("comm_live_update", lost);
      el.replaceChildren();
    } };
  };
  return { message, say, change, run, signal: end.signal };
};

/* Reads a link's pairs with `readers`, one for each key: each returns undefined after taking the value, else what
   would be allowed. Keys are read in the order of the readers, whatever their order in the link. */
const readPairs = (pairs, readers, noSuchKey) => {
  const keys = Object.keys(readers), wrong = [];
  for (const [key, value] of pairs) if (!keys.includes(key)) wrong.push([`${key}=${value}`, noSuchKey]);
  for (const [key, value] of pairs.filter(([key]) => keys.includes(key)).sort(([a], [b]) => keys.indexOf(a) - keys.indexOf(b))) {
    const allowed = readers[key](value);
    if (allowed !== undefined) wrong.push([`${key}=${value}`, allowed]);
  }
  return wrong;
};
const wholeIn = (text, low, high) => (/^\d{1,6}$/.test(text) && +text >= low && +text <= high ? +text : null);
