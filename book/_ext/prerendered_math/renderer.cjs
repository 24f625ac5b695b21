// Renders formulas for prerendered_math: one JSON request a line on stdin, one JSON answer a line on stdout.
// argv: the folder of the installed katex package.
const katex = require(process.argv[2]);

// Letters that KaTeX has no metrics for, and Cyrillic outside \text, come out ugly: refuse instead of guessing.
const REFUSED = new Set(["unknownSymbol", "unicodeTextInMathMode"]);

const OPTIONS = {
  output: "htmlAndMathml",
  throwOnError: true,
  strict: (code) => (REFUSED.has(code) ? "error" : "ignore"),
  // \htmlClass is what the colour code's macros expand to; links, images and styles stay forbidden
  trust: ({ command }) => command === "\\htmlClass",
};

function answer({ tex, display, macros }) {
  try {
    return { html: katex.renderToString(tex, { ...OPTIONS, displayMode: display, macros: { ...macros } }) };
  } catch (error) {
    return { error: String(error.message ?? error).replace(/^KaTeX parse error: /, "") };
  }
}

require("node:readline")
  .createInterface({ input: process.stdin, crlfDelay: Infinity })
  .on("line", (line) => process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n"));
