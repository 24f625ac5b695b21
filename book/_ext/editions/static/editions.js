// The switch between editions keeps the reader's place; the choice is remembered for the root page.
(() => {
  "use strict";

  // Search engines want whole addresses; a site built without its own learns it when it is read.
  for (const link of document.querySelectorAll("link[hreflang]")) link.setAttribute("href", link.href);

  // From disk a page may not read another one, so search results come without excerpts there.
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") {
    DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
  }

  // Words that scripts of the theme and its extensions hold in English.
  const words = {
    ru: {
      "Search finished, found ${resultCount} page(s) matching the search query.": "Найдено страниц: ${resultCount}.",
      "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
        "Ничего не найдено. Проверьте, нет ли опечатки, или возьмите другое слово.",
      "Toggle hidden content": "Показать или скрыть",
    },
  }[document.documentElement.lang];
  if (words && typeof Documentation !== "undefined") {
    Documentation.addTranslations({ messages: words, locale: document.documentElement.lang, plural_expr: "0" });
  }
  const translate = () => {
    for (const button of document.querySelectorAll(".toggle-button[aria-label]")) {
      const label = button.getAttribute("aria-label");
      button.setAttribute("aria-label", (words && words[label]) || label);
    }
  };
  if (words) addEventListener("load", translate);

  // The anchor in the address while it is in view, else the last labelled section above the middle of the window.
  const place = () => {
    const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named) {
      const box = named.getBoundingClientRect();
      if (box.bottom > 0 && box.top < innerHeight) return named.id;
    }
    let last = "";
    for (const section of document.querySelectorAll("article section[id]:has(> :is(h1, h2, h3, h4))")) {
      if (section.getBoundingClientRect().top < innerHeight / 3) last = section.id;
    }
    return last;
  };

  // An excerpt in a search result shows the first word that was found, in whatever form, and no page header.
  const excerpts = () => {
    if (typeof Search === "undefined" || typeof Stemmer === "undefined") return;
    Search.makeSearchSummary = (page, keywords) => {
      // the policy of this page would refuse, and report, the styles of the other one
      const unstyled = page.replace(/<(style|script)\b[^]*?<\/\1>/g, "");
      const article = new DOMParser().parseFromString(unstyled, "text/html").querySelector("article");
      if (!article) return null;
      for (const unread of article.querySelectorAll(".headerlink, script, style, math, svg")) unread.remove();
      for (const block of article.querySelectorAll("p, dt, li, td, h1, h2, h3, figcaption")) block.append(" ");
      const text = article.textContent.replace(/\s+/g, " ");
      const stemmer = new Stemmer();
      let start = 0;
      for (const word of text.matchAll(/[\p{L}\p{N}_]+/gu)) {
        if (keywords.has(stemmer.stemWord(word[0].toLowerCase()))) {
          start = Math.max(word.index - 120, 0);
          break;
        }
      }
      if (start) start = text.indexOf(" ", start) + 1;
      const summary = document.createElement("p");
      summary.classList.add("context");
      const end = text.length > start + 240 ? "…" : "";
      summary.textContent = (start ? "… " : "") + text.slice(start, start + 240).trim() + end;
      return summary;
    };
  };

  const ready = () => {
    excerpts();
    for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => print());
    // who reads from disk has the whole book already
    if (location.protocol === "file:") {
      for (const link of document.querySelectorAll("[data-download=book]")) link.parentElement.remove();
    }
    for (const link of document.querySelectorAll("a[data-edition]")) {
      link.addEventListener("click", () => {
        const id = scrollY > 0 || location.hash ? place() : "";
        link.hash = id;
        try {
          localStorage.setItem("edition", link.dataset.edition);
        } catch {
          // storage may be forbidden; the choice is then made anew each time
        }
      });
    }
  };
  // a deferred script finds the page "interactive", but the deferred scripts after it have not run yet
  if (document.readyState === "complete") ready();
  else document.addEventListener("DOMContentLoaded", ready);
})();
