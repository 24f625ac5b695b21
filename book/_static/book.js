// What the style sheet cannot do: parts wider than the page can be scrolled by keyboard, and print shows every answer.
(() => {
  "use strict";

  const WIDE = ".katex-display, .cell_output, div.highlight pre, .pst-scrollable-table-container, .explorable-poster";
  const reach = () => {
    for (const part of document.querySelectorAll(WIDE)) {
      if (part.scrollWidth > part.clientWidth + 1) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
    }
  };
  addEventListener("load", reach);
  addEventListener("resize", reach);
  // a part inside a folded answer has no width until it is opened
  addEventListener("toggle", reach, true);

  const page = document.documentElement.dataset;
  let theme = page.theme;
  let folded = [];
  addEventListener("beforeprint", () => {
    // code is coloured for one theme or the other; paper is light
    ({ theme } = page);
    page.theme = "light";
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const part of folded) part.open = true;
  });
  addEventListener("afterprint", () => {
    page.theme = theme;
    for (const part of folded) part.open = false;
  });
})();
