/* Hosts anywidget front-end modules on a page without a kernel.

   A placeholder names its module's script, its style sheet and its model; a script registers its module with
   upsampleExplorables.define. The model's traits lie in the placeholder, or where they are large in a script that
   hands them to upsampleExplorables.keep. A classic script on purpose: browsers load no module scripts from disk. */
const upsampleExplorables = (() => {
  "use strict";

  const WORDS = {
    ru: "Интерактивная картинка не запустилась, поэтому она показана неподвижной; попробуйте обновить страницу.",
    en: "The interactive picture did not start, so it is shown still; try to reload the page.",
  };
  const words = () => WORDS[document.documentElement.lang.slice(0, 2)] ?? WORDS.en;
  const same = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

  class Model {
    #state;
    #listeners = new Map();

    constructor(state) {
      this.#state = state;
    }

    get(name) {
      return this.#state[name];
    }

    set(name, value) {
      const changes = typeof name === "object" ? name : { [name]: value };
      const changed = Object.entries(changes).filter(([key, each]) => !same(this.#state[key], each));
      // all are set before anyone hears of one, so that a listener never sees half a change
      for (const [key, each] of changed) this.#state[key] = each;
      for (const [key, each] of changed) this.#emit(`change:${key}`, each);
      if (changed.length) this.#emit("change");
    }

    // there is no kernel to tell
    save_changes() {}
    send() {}

    on(names, callback) {
      for (const name of names.split(/\s+/)) {
        if (!this.#listeners.has(name)) this.#listeners.set(name, new Set());
        this.#listeners.get(name).add(callback);
      }
    }

    off(names, callback) {
      for (const name of names ? names.split(/\s+/) : [...this.#listeners.keys()]) {
        if (callback) this.#listeners.get(name)?.delete(callback);
        else this.#listeners.delete(name);
      }
    }

    #emit(name, value) {
      for (const callback of [...(this.#listeners.get(name) ?? [])]) callback(this, value);
    }
  }

  const experimental = {
    invoke: () => Promise.reject(new Error("a static page has no kernel to ask")),
  };
  const scripts = new Map(); // address → promise of the loaded script
  const modules = new Map(); // name → function that runs the module
  const widgets = new Map(); // name → promise of { initialize, render }
  const kept = new Map(); // name → traits that came in a script
  const models = new Map(); // data-model → promise of the initialised model

  const loadOnce = (address, element) => {
    if (!scripts.has(address)) {
      scripts.set(address, new Promise((resolve, reject) => {
        element.addEventListener("load", resolve);
        element.addEventListener("error", () => reject(new Error(`${address} did not load`)));
        document.head.append(element);
      }));
    }
    return scripts.get(address);
  };
  const make = (name, properties) => Object.assign(document.createElement(name), properties);

  const nameOf = (address) => address.split("/").pop().replace(/\.js$/, "");

  const load = async ({ module, style }) => {
    const name = nameOf(module);
    await Promise.all([
      style && loadOnce(style, make("link", { rel: "stylesheet", href: style })),
      loadOnce(module, make("script", { src: module })),
    ]);
    if (!widgets.has(name)) {
      widgets.set(name, modules.get(name)().then((made) => (typeof made === "function" ? made() : made)));
    }
    return widgets.get(name);
  };

  const traitsOf = async (place) => {
    const { traits } = place.dataset;
    if (!traits) return JSON.parse(place.querySelector(":scope > script").textContent);
    await loadOnce(traits, make("script", { src: traits }));
    return kept.get(nameOf(traits));
  };
  const modelOf = async (place, widget, signal) => {
    const model = new Model(await traitsOf(place));
    await widget.initialize?.({ model, signal, experimental });
    return model;
  };

  const start = async (place) => {
    if (place.dataset.state) return;
    place.dataset.state = "starting";
    const poster = place.querySelector(":scope > .explorable-poster");
    const el = make("div", { className: "explorable-live" });
    try {
      const widget = await load(place.dataset);
      const key = place.dataset.model;
      const { signal } = new AbortController();
      if (!models.has(key)) models.set(key, modelOf(place, widget, signal));
      const model = await models.get(key);
      place.append(el);
      await widget.render({ model, el, signal, experimental });
      poster.hidden = true;
      place.dataset.state = "live";
    } catch (error) {
      console.error(error);
      el.remove();
      poster.hidden = false;
      place.dataset.state = "still";
      place.append(make("p", { className: "explorable-error", textContent: words(), role: "status" }));
    }
  };

  const startAll = () => {
    const places = document.querySelectorAll(".explorable[data-module]");
    // a link to a setting of an explorable must find it running
    if (!window.IntersectionObserver || location.hash.startsWith("#e=")) return places.forEach(start);
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          observer.unobserve(target);
          start(target);
        }
      },
      { rootMargin: "600px 0px" },
    );
    places.forEach((place) => observer.observe(place));
    // a link clicked later, to one that has not come near yet
    addEventListener("hashchange", () => location.hash.startsWith("#e=") && places.forEach(start));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", startAll);
  else startAll();

  return {
    define: (name, module) => modules.set(name, module),
    keep: (name, traits) => kept.set(name, traits),
  };
})();
