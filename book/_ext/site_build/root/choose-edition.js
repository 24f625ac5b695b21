// Opens the edition that the reader chose before, else the first of the browser's languages that the book has.
(() => {
  "use strict";
  const links = [...document.querySelectorAll("a[data-edition]")];
  for (const link of links) {
    link.addEventListener("click", () => {
      try {
        localStorage.setItem("edition", link.dataset.edition);
      } catch {
        // storage may be forbidden; the browser's language then decides each time
      }
    });
  }
  let chosen = null;
  try {
    chosen = localStorage.getItem("edition");
  } catch {
    // as above
  }
  const wanted = [chosen, ...(navigator.languages || [navigator.language])]
    .filter(Boolean)
    .map((language) => language.slice(0, 2).toLowerCase());
  const of = (language) => links.find((link) => link.dataset.edition === language);
  const first = wanted.map(of).find(Boolean) || of("en") || links[0];
  location.replace(first.href);
})();
