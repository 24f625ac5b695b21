/* Cells to write numbers into: arrows, Enter and Tab move, a pasted table fills them. */

/* Decimal comma and point, minus sign and hyphen, and fractions; NaN for anything else. */
const fraction = (text) => {
  const parts = text.split("/");
  return parts.length === 2 ? parsed(parts[0]) / parsed(parts[1]) : parsed(text);
};

/* A table as text: rows are lines, or bracketed lists; columns are set off by tabs, semicolons, commas or blanks.
   A lone comma between digits is a decimal one. Null if it holds anything but numbers. */
const table = (text) => {
  const lines = text.trim().replace(/\]\s*,?\s*\[/g, "\n").replace(/array|tensor|[()[\]{}]/g, " ").split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  const columns = (line) => {
    if (line.includes("\t")) return line.split("\t");
    if (line.includes(";")) return line.split(/\s*;\s*/);
    if (/,\s/.test(line)) return line.split(/\s*,\s+/);
    if (/\s/.test(line)) return line.split(/\s+/);
    return (line.match(/,/g) ?? []).length > 1 ? line.split(",") : [line];
  };
  const rows = lines.map((line) => columns(line.replace(/[,;]\s*$/, "")).map((cell) => cell.trim()));
  const whole = rows.length > 0 && rows.every((line) => line.length === rows[0].length && line.every((cell) => Number.isFinite(fraction(cell))));
  return whole ? rows : null;
};

/* `open(r, c)` says which cells are to be filled; the others hold `fixed`. `onPaste(rows)` gets a pasted table;
   `onEnter` is called in the last cell. */
const answerGrid = ({ tone, name, rows, columns, open, fixed, heads, sides, signed, help, onInput, onPaste, onEnter }) => {
  const inputs = [], cells = [];
  const label = (r, c) => {
    const place = [sides?.[r], heads?.[c]].filter(Boolean);
    return `${name}${place.length ? `, ${place.join(", ")}` : rows > 1 ? `[${r}, ${c}]` : `[${c}]`}`;
  };
  const el = h("div", { class: `ux-grid ux-${tone} pz-grid`, role: "group", "aria-label": name, "aria-describedby": help });
  const corner = sides ? [h("span")] : [];
  el.style.setProperty("grid-template-columns", `${sides ? "auto " : ""}repeat(${columns}, var(--cell))`);
  if (heads) el.append(...corner, ...heads.map((head) => h("span", { class: "pz-head" }, head)));
  for (let r = 0; r < rows; r++) {
    if (sides) el.append(h("span", { class: "pz-side" }, sides[r]));
    for (let c = 0; c < columns; c++) {
      const cell = h("div", { class: "ux-c" });
      cells.push(cell);
      if (open(r, c)) {
        const input = h("input", { type: "text", inputmode: signed ? "text" : "decimal", autocomplete: "off", spellcheck: "false",
          enterkeyhint: "next", "aria-label": label(r, c) });
        input.place = [r, c];
        inputs.push(input);
        cell.append(input);
      } else {
        cell.textContent = fixed(r, c);
        cell.className = `ux-c ux-dim ux-${Math.min(cell.textContent.length, 7)}`;
      }
      el.append(cell);
    }
  }
  inputs.at(-1)?.setAttribute("enterkeyhint", "done");
  const sized = (input) => { input.parentElement.className = `ux-c ux-${Math.min(Math.max(input.value.length, 1), 7)}`; };
  const move = (from, down, right) => {
    let [r, c] = from.place;
    for (r += down, c += right; r >= 0 && r < rows && c >= 0 && c < columns; r += down, c += right) {
      const next = inputs.find((input) => input.place[0] === r && input.place[1] === c);
      if (next) { next.focus(); next.select(); return; }
    }
  };
  el.addEventListener("input", (e) => { e.target.removeAttribute("aria-invalid"); sized(e.target); onInput(); });
  el.addEventListener("focusin", (e) => e.target.select?.());
  el.addEventListener("keydown", (e) => {
    const input = e.target, { key } = e;
    if (!input.matches("input") || e.altKey || e.ctrlKey || e.metaKey) return;
    const chosen = input.selectionEnd - input.selectionStart === input.value.length;
    if (key === "ArrowLeft" && (chosen || input.selectionEnd === 0)) move(input, 0, -1);
    else if (key === "ArrowRight" && (chosen || input.selectionStart === input.value.length)) move(input, 0, 1);
    else if (key === "ArrowUp") move(input, -1, 0);
    else if (key === "ArrowDown") move(input, 1, 0);
    else if (key === "Enter") {
      const next = inputs[inputs.indexOf(input) + 1];
      if (next) { next.focus(); next.select(); } else { onEnter(); if (document.activeElement === input) input.select(); }
    } else return;
    e.preventDefault();
  });
  el.addEventListener("paste", (e) => {
    const found = table(e.clipboardData?.getData("text/plain") ?? "");
    if (!found || found.length * found[0].length < 2) return;
    e.preventDefault();
    onPaste(found, e.target.place ?? [0, 0]);
  });

  return {
    el, inputs,
    texts: () => inputs.map((input) => input.value),
    fill: (texts) => inputs.forEach((input, i) => { input.value = texts[i] ?? ""; input.removeAttribute("aria-invalid"); sized(input); }),
    /* What stands in the cells, NaN for what is no number. */
    values: (right) => right.map((line, r) => line.map((value, c) => {
      const input = inputs.find((one) => one.place[0] === r && one.place[1] === c);
      return input ? fraction(input.value) : value;
    })),
    mark: (wrong) => inputs.forEach((input) => input.toggleAttribute("aria-invalid", wrong(...input.place))),
    finish: (done) => { el.classList.toggle("pz-done", done); inputs.forEach((input) => { input.readOnly = done; }); },
  };
};
