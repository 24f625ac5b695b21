/* What a reader has solved, kept in this browser: puzzle → { tries, solved: [variants], shown: [variants] }.
   Private windows and strict settings refuse storage; then nothing is kept and nothing breaks. */

const PROGRESS_KEY = "upsample-puzzles", PROGRESS_EVENT = "upsample-puzzles-changed";

const readProgress = () => {
  try {
    const found = JSON.parse(localStorage.getItem(PROGRESS_KEY));
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch { return {}; }
};

const entryOf = (all, name) => {
  const found = all[name] ?? {}, list = (value) => (Array.isArray(value) ? value : []);
  return { tries: Number(found.tries) || 0, solved: list(found.solved), shown: list(found.shown) };
};

const writeProgress = (all) => {
  try { localStorage.setItem(PROGRESS_KEY, JSON.stringify(all)); } catch { return false; }
  dispatchEvent(new Event(PROGRESS_EVENT));
  return true;
};

/* `what` is "tries", "solved" or "shown"; says whether it could be kept. */
const recordPuzzle = (name, variant, what) => {
  const all = readProgress(), entry = entryOf(all, name);
  if (what === "tries") entry.tries += 1;
  else if (!entry[what].includes(variant)) entry[what].push(variant);
  return writeProgress({ ...all, [name]: entry });
};

const forgetProgress = () => {
  try { localStorage.removeItem(PROGRESS_KEY); } catch { return false; }
  dispatchEvent(new Event(PROGRESS_EVENT));
  return true;
};

/* Calls back when anything was recorded, here or in another tab. */
const onProgress = (callback, signal) => {
  addEventListener(PROGRESS_EVENT, callback, { signal });
  addEventListener("storage", (e) => { if (e.key === PROGRESS_KEY || e.key === null) callback(); }, { signal });
};
