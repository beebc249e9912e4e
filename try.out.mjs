// try.ts
import { writeFileSync } from "node:fs";

// core/invoices/draw.ts
import { encode } from "uqr";

// core/paper/sheet.ts
import PDFDocument from "pdfkit";

// core/paper/typeset.ts
import bidiFactory from "bidi-js";
import LineBreaker from "linebreak";

// core/paper/fonts.ts
import { readFileSync } from "node:fs";
import path2 from "node:path";
import { create } from "fontkit";

// core/kernel/database/package-root.ts
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
var packageRoot = findRoot(path.dirname("/tmp/wt/pdf/core/x"));
function findRoot(folder2) {
  if (existsSync(path.join(folder2, "package.json"))) return folder2;
  const parent = path.dirname(folder2);
  if (parent === folder2) throw new Error("package.json not found above the program");
  return findRoot(parent);
}

// core/paper/fonts.ts
var files = {
  regular: "NotoSans-Regular",
  bold: "NotoSans-Bold",
  arabic: "NotoSansArabic-Regular",
  "arabic bold": "NotoSansArabic-Bold",
  hebrew: "NotoSansHebrew-Regular",
  "hebrew bold": "NotoSansHebrew-Bold",
  cjk: "DroidSansFallback"
};
var tried = {
  regular: ["regular", "arabic", "hebrew", "cjk"],
  bold: ["bold", "arabic bold", "hebrew bold", "cjk"]
};
var folder = path2.join(packageRoot, "core", "paper", "fonts");
var bytes = /* @__PURE__ */ new Map();
var fonts = /* @__PURE__ */ new Map();
function bytesOf(name) {
  const read = bytes.get(name) ?? readFileSync(path2.join(folder, `${files[name]}.ttf`));
  bytes.set(name, read);
  return read;
}
function fontFor(codePoint, weight, before) {
  if (before !== void 0 && !isLetter(codePoint) && has(before, codePoint)) return before;
  const [first = "regular", ...others] = tried[weight];
  return [first, ...others].find((name) => has(name, codePoint)) ?? first;
}
var has = (name, codePoint) => fontOf(name).hasGlyphForCodePoint(codePoint);
function fontOf(name) {
  const known = fonts.get(name);
  if (known) return known;
  const made = create(bytesOf(name));
  if (!("hasGlyphForCodePoint" in made)) throw new Error(`${files[name]} holds more than one font`);
  fonts.set(name, made);
  return made;
}
var isLetter = (codePoint) => /\p{L}/u.test(String.fromCodePoint(codePoint));

// core/paper/typeset.ts
var bidi = bidiFactory();
var Typesetter = class {
  #doc;
  #registered = /* @__PURE__ */ new Set();
  constructor(doc) {
    this.#doc = doc;
  }
  /** The lines of a text within a width in points; each line break of the text begins another one. */
  wrap(text, { size, weight = "regular" }, width) {
    return text.split("\n").flatMap((paragraph) => this.#wrapOne(paragraph, { size, weight, width }));
  }
  /** Draws one line; `x` is the left edge of a column of this width. */
  draw(line2, { size, color = "#17212b" }, at) {
    const right = (at.align ?? "left") === "right" || line2.isRtl;
    let x = right ? at.x + at.width - line2.width : at.x;
    const baseline = at.y + size * ascent;
    this.#doc.fillColor(color);
    for (const { text, font, width } of line2.runs) {
      this.#use(font, size);
      this.#doc.text(text, x, baseline, { lineBreak: false, baseline: "alphabetic", features: whole });
      x += width;
    }
  }
  #wrapOne(paragraph, { size, weight, width }) {
    if (paragraph.trim() === "") return [{ runs: [], width: 0, isRtl: false }];
    const shown = paragraph.replaceAll("	", " ");
    const { levels, paragraphs } = bidi.getEmbeddingLevels(shown, "auto");
    const isRtl = (paragraphs[0]?.level ?? 0) % 2 === 1;
    const lineOf = (from, to) => {
      const end = from + shown.slice(from, to).trimEnd().length;
      const runs = this.#runs(shown, { from, to: end, levels, size, weight });
      return { runs, width: runs.reduce((sum, run) => sum + run.width, 0), isRtl };
    };
    const lines = [];
    let start = 0;
    let last = 0;
    for (const place of placesToBreak(shown)) {
      if (lineOf(start, place).width > width && last > start) {
        lines.push(lineOf(start, last));
        start = last;
      }
      while (lineOf(start, place).width > width) {
        const fits = start + fitting(shown.slice(start, place), (part) => lineOf(start, start + part.length).width <= width);
        lines.push(lineOf(start, fits));
        start = fits;
      }
      last = place;
    }
    if (start < shown.length) lines.push(lineOf(start, shown.length));
    return lines;
  }
  #runs(text, { from, to, levels, size, weight }) {
    const mirrored = bidi.getMirroredCharactersMap(text, levels, from, Math.max(from, to - 1));
    const runs = [];
    let font;
    for (let at = from; at < to; ) {
      const codePoint = text.codePointAt(at) ?? 0;
      const length = codePoint > 65535 ? 2 : 1;
      const level = levels[at] ?? 0;
      const letter = mirrored.get(at) ?? text.slice(at, at + length);
      font = fontFor(letter.codePointAt(0) ?? codePoint, weight, font);
      const last = runs.at(-1);
      if (last && last.level === level && last.font === font) last.text += letter;
      else runs.push({ text: letter, font, level, width: 0 });
      at += length;
    }
    for (const run of runs) {
      this.#use(run.font, size);
      run.width = this.#doc.widthOfString(run.text, { features: whole });
    }
    return inVisualOrder(runs);
  }
  #use(font, size) {
    if (!this.#registered.has(font)) {
      this.#doc.registerFont(font, bytesOf(font));
      this.#registered.add(font);
    }
    this.#doc.font(font).fontSize(size);
  }
};
var whole = [];
var ascent = 1.069;
function inVisualOrder(runs) {
  const ordered = [...runs];
  const highest = Math.max(0, ...runs.map(({ level }) => level));
  for (let level = highest; level > 0; level--) {
    for (let from = 0; from < ordered.length; ) {
      if ((ordered[from]?.level ?? 0) < level) {
        from += 1;
        continue;
      }
      let to = from;
      while ((ordered[to]?.level ?? -1) >= level) to += 1;
      ordered.splice(from, to - from, ...ordered.slice(from, to).reverse());
      from = to;
    }
  }
  return ordered;
}
function placesToBreak(text) {
  const breaker = new LineBreaker(text);
  const places = [];
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) places.push(next.position);
  return places;
}
var graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
function fitting(text, fits) {
  let length = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    if (length > 0 && !fits(text.slice(0, index + segment.length))) break;
    length = index + segment.length;
  }
  return length;
}

// core/paper/sheet.ts
var margin = 54;
var ink = "#17212b";
var soft = "#5b6873";
var rule = "#d5dce2";
var tint = "#f3f5f7";
var leading = 1.4;
var Sheet = class {
  left = margin;
  #doc;
  #type;
  #bytes;
  /** Where the next thing goes, from the top of the page. */
  y = margin;
  constructor({ size, title, author, at }) {
    this.#doc = new PDFDocument({
      size,
      margin,
      bufferPages: true,
      font: "",
      lang: "en",
      info: { Title: title, Author: author, CreationDate: at, ModDate: at }
    });
    this.#type = new Typesetter(this.#doc);
    this.#bytes = collect(this.#doc);
  }
  get width() {
    return this.#doc.page.width - 2 * margin;
  }
  get right() {
    return this.left + this.width;
  }
  /** How much is left on this page. */
  get room() {
    return this.#doc.page.height - margin - 24 - this.y;
  }
  nextPage() {
    this.#doc.addPage();
    this.y = margin;
  }
  /** The lines of a text in a column, and how high they are. */
  lines(text, style, width) {
    return this.#type.wrap(text, style, width);
  }
  heightOf = (lines, { size }) => lines.length * size * leading;
  /** Draws lines from `y` down, and answers where they end. */
  put(lines, style, column, y = this.y) {
    lines.forEach((line2, index) => {
      this.#type.draw(line2, style, { ...column, y: y + index * style.size * leading });
    });
    return y + this.heightOf(lines, style);
  }
  /** Wraps and draws a text; answers where it ends. */
  write(text, style, column, y = this.y) {
    return this.put(this.lines(text, style, column.width), style, column, y);
  }
  /** Writes a text that may be longer than the page, below what there is. */
  flow(text, style, column) {
    for (const line2 of this.lines(text, style, column.width)) {
      if (this.room < style.size * leading) this.nextPage();
      this.y = this.put([line2], style, column);
    }
  }
  line(y, color = rule) {
    this.#doc.moveTo(this.left, y).lineTo(this.right, y).lineWidth(0.75).strokeColor(color).stroke();
  }
  box({ x, y, width, height }, color = tint) {
    this.#doc.roundedRect(x, y, width, height, 4).fillColor(color).fill();
  }
  /** Squares that are black, such as those of a QR code, in a square of this width. */
  squares(rows, { x, y, width }) {
    const side = width / rows.length;
    rows.forEach((row, down) => {
      row.forEach((isBlack, across) => {
        if (isBlack) this.#doc.rect(x + across * side, y + down * side, side + 0.05, side + 0.05);
      });
    });
    this.#doc.fillColor(ink).fill();
  }
  /** Makes a place of the page lead to an address. */
  link(url, { x, y, width, height }) {
    this.#doc.link(x, y, width, height, url);
  }
  /** Ends the document, with a line below each page. */
  async end(below) {
    const { count } = this.#doc.bufferedPageRange();
    for (let page = 0; page < count; page++) {
      this.#doc.switchToPage(page);
      const column = { x: this.left, width: this.width, align: "right" };
      this.write(below(page + 1, count), { size: 8, color: soft }, column, this.#doc.page.height - margin + 4);
    }
    this.#doc.end();
    return this.#bytes;
  }
};
async function collect(doc) {
  const parts = [];
  for await (const part of doc) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

// core/invoices/draw.ts
var small = { size: 9, color: soft };
var plain = { size: 10 };
var strong = { size: 10, weight: "bold" };
function drawPaper(paper) {
  const { reference, business, size, changed_at } = paper;
  const title = `${paper.due || paper.stamp === null ? "Invoice" : paper.stamp ?? "Invoice"} ${reference}`;
  const sheet = new Sheet({ size, title, author: business.name, at: new Date(changed_at) });
  head(sheet, paper);
  parties(sheet, paper);
  table(sheet, paper);
  sums(sheet, paper);
  payment(sheet, paper);
  for (const text of [paper.notes, paper.terms, paper.footer]) {
    if (text === null) continue;
    sheet.y += 14;
    sheet.flow(text, small, { x: sheet.left, width: sheet.width });
  }
  return sheet.end((page, pages) => `${business.name} \xB7 ${reference}${pages > 1 ? ` \xB7 page ${page} of ${pages}` : ""}`);
}
function head(sheet, { business, stamp }) {
  const half = sheet.width / 2;
  const right = { x: sheet.left + half, width: half, align: "right" };
  sheet.write("Invoice", { size: 22, weight: "bold" }, right);
  if (stamp !== null) sheet.write(stamp, { size: 11, weight: "bold", color: "#8a4b00" }, right, sheet.y + 32);
  const left = { x: sheet.left, width: half };
  sheet.y = sheet.write(business.name, { size: 15, weight: "bold" }, left) + 2;
  for (const line2 of business.lines) sheet.y = sheet.write(line2, small, left);
  sheet.y = Math.max(sheet.y, 54 + 52) + 20;
}
function parties(sheet, { customer, facts, subject }) {
  const half = sheet.width / 2;
  const left = { x: sheet.left, width: half - 20 };
  let y = sheet.write("Bill to", small, left);
  y = sheet.write(customer.name, strong, left, y + 2);
  for (const line2 of customer.lines) y = sheet.write(line2, plain, left, y);
  let beside = sheet.y;
  for (const { label, value } of facts) {
    sheet.write(label, { ...small, size: 10 }, { x: sheet.left + half, width: half / 2 }, beside);
    const column = { x: sheet.left + half + half / 3, width: half * 2 / 3, align: "right" };
    beside = sheet.write(value, plain, column, beside) + 1;
  }
  sheet.y = Math.max(y, beside) + 18;
  if (subject === null) return;
  sheet.flow(subject, plain, { x: sheet.left, width: sheet.width });
  sheet.y += 10;
}
function columnsOf(sheet, isTaxed) {
  const widths = isTaxed ? [50, 80, 50, 90] : [50, 80, 90];
  const others = [];
  let x = sheet.right;
  for (const width of [...widths].reverse()) {
    x -= width;
    others.unshift({ x, width, align: "right" });
  }
  return { description: { x: sheet.left, width: x - sheet.left }, others };
}
function table(sheet, { lines }) {
  const isTaxed = lines.some(({ tax }) => tax !== null);
  const columns = columnsOf(sheet, isTaxed);
  const heading = () => {
    const labels = ["Quantity", "Price", ...isTaxed ? ["Tax"] : [], "Amount"];
    sheet.write("What", small, columns.description);
    labels.forEach((label, index) => {
      const column = columns.others[index];
      if (column) sheet.write(label, small, column);
    });
    sheet.y += 16;
    sheet.line(sheet.y);
    sheet.y += 6;
  };
  if (lines.length === 0) return;
  heading();
  let carried;
  const turn = () => {
    if (carried !== void 0) carry(sheet, "Carried over", carried);
    sheet.nextPage();
    if (carried !== void 0) carry(sheet, "Brought forward", carried);
    heading();
  };
  for (const line2 of lines) {
    const words = sheet.lines(line2.description, plain, columns.description.width);
    if (sheet.room < Math.min(sheet.heightOf(words, plain), 200) + 24) turn();
    const values = [line2.quantity, line2.unit_price, ...isTaxed ? [line2.tax ?? ""] : [], line2.amount];
    values.forEach((value, index) => {
      const column = columns.others[index];
      if (column) sheet.write(value, plain, column);
    });
    describe(sheet, words, columns.description, turn);
    carried = line2.carried;
    sheet.y += 3;
    sheet.line(sheet.y);
    sheet.y += 6;
  }
}
function describe(sheet, words, column, turn) {
  for (const line2 of words) {
    if (sheet.room < 38) turn();
    sheet.y = sheet.put([line2], plain, column);
  }
}
function carry(sheet, label, amount) {
  sheet.write(label, small, { x: sheet.left, width: sheet.width - 100, align: "right" });
  sheet.write(amount, small, { x: sheet.right - 90, width: 90, align: "right" });
  sheet.y += 18;
}
function sums(sheet, { sums: rows, due }) {
  const height = rows.length * 17 + (due ? 44 : 0) + 12;
  if (sheet.room < height) sheet.nextPage();
  const label = { x: sheet.right - 300, width: 195, align: "right" };
  const value = { x: sheet.right - 100, width: 100, align: "right" };
  sheet.y += 6;
  for (const row of rows) {
    const style = row.label === "Total" ? strong : plain;
    sheet.write(row.label, style, label);
    sheet.write(row.value, style, value);
    sheet.y += 17;
  }
  if (!due) return;
  sheet.y += 4;
  sheet.box({ x: sheet.right - 300, y: sheet.y, width: 300, height: 32 }, tint);
  const large = { size: 12, weight: "bold" };
  sheet.write(due.label, large, { ...label, x: label.x - 0 }, sheet.y + 8);
  sheet.write(due.value, large, { x: value.x - 12, width: 100, align: "right" }, sheet.y + 8);
  sheet.y += 40;
}
var codeWidth = 84;
function payment(sheet, { how_to_pay, payment_url }) {
  if (how_to_pay === null && payment_url === null) return;
  sheet.y += 12;
  const width = sheet.width - (payment_url === null ? 0 : codeWidth + 24);
  const words = sheet.lines(how_to_pay ?? "", plain, width);
  const address = sheet.lines(payment_url ?? "", small, width);
  const height = 20 + sheet.heightOf(words, plain) + sheet.heightOf(address, small);
  if (sheet.room < Math.max(height, codeWidth + 8)) sheet.nextPage();
  const top = sheet.y;
  const column = { x: sheet.left, width };
  sheet.y = sheet.write("How to pay", strong, column) + 2;
  if (how_to_pay !== null) sheet.y = sheet.put(words, plain, column) + 4;
  if (payment_url === null) return;
  const from = sheet.y;
  sheet.y = sheet.put(address, small, column);
  sheet.link(payment_url, { ...column, y: from, height: sheet.y - from });
  const x = sheet.right - codeWidth;
  sheet.squares(encode(payment_url, { border: 0 }).data, { x, y: top, width: codeWidth });
  sheet.link(payment_url, { x, y: top, width: codeWidth, height: codeWidth });
  sheet.y = Math.max(sheet.y, top + codeWidth + 4);
}

// try.ts
var line = (description, n) => ({ description, quantity: "1", unit_price: "$150.00", tax: "8.25%", amount: "$150.00", carried: `$${150 * n}.00` });
var base = {
  reference: "INV-2026-006",
  stamp: null,
  size: "LETTER",
  business: { name: "Bright Panes Window Cleaning", lines: ["12 Mill Road, Huntsville, AL 35801", "(256) 555-0100", "office@brightpanes.example", "Tax ID 12-3456789"] },
  customer: { name: "Jane Smith", lines: ["123 Main Street", "Madison, AL 35758"] },
  facts: [{ label: "Invoice", value: "INV-2026-006" }, { label: "Date", value: "November 18, 2026" }, { label: "Due", value: "December 18, 2026" }, { label: "Visit", value: "Tuesday, November 17" }],
  subject: null,
  lines: [line("Gutter Cleaning", 1), line("Screen Cleaning", 2), line("Window Cleaning, inside and outside, second floor with ladder at the back of the house and the sun room", 3)],
  sums: [{ label: "Subtotal", value: "$450.00" }, { label: "Tax 8.25% of $450.00", value: "$37.13" }, { label: "Discount", value: "-$20.00" }, { label: "Total", value: "$467.13" }, { label: "Paid", value: "-$100.00" }],
  due: { label: "Amount due", value: "$367.13" },
  how_to_pay: "Checks to Bright Panes LLC.\nBank: First Bank, routing 062000000, account 123456789.",
  payment_url: "https://pay.brightpanes.example/invoices",
  notes: "Thank you, Jane!",
  terms: "Due within 30 days. A fee of 1.5% a month may be added to what is late.",
  footer: "We are insured and bonded.",
  changed_at: "2026-11-18T14:00:00.000Z"
};
async function main() {
  writeFileSync("/tmp/p1.pdf", await drawPaper(base));
  const t = performance.now();
  for (let i = 0; i < 20; i++) await drawPaper(base);
  console.log("ms", (performance.now() - t) / 20);
  writeFileSync("/tmp/p2.pdf", await drawPaper({ ...base, size: "A4", lines: Array.from({ length: 60 }, (_, i) => line(`Line ${i + 1}: ${"windows of the floor ".repeat(i % 7)}`, i + 1)) }));
  writeFileSync("/tmp/p3.pdf", await drawPaper({ ...base, stamp: "Paid", payment_url: null, customer: { name: "\u05E9\u05E8\u05D4 \u05DB\u05D4\u05DF (Sarah Cohen)", lines: ["\u0631\u0642\u0645 12 \u0634\u0627\u0631\u0639 \u0627\u0644\u0646\u064A\u0644\u060C \u0627\u0644\u0642\u0627\u0647\u0631\u0629", "\u6771\u4EAC\u90FD\u5343\u4EE3\u7530\u533A\u4E38\u306E\u51851\u4E01\u76EE", "\uAE40\uBBFC\uC218 \xB7 \u738B\u5C0F\u660E \xB7 \u0141ukasz \u017B\xF3\u0142\u0107 \xB7 \u0395\u03BB\u03AD\u03BD\u03B7 \xB7 \u0418\u0432\u0430\u043D"] }, lines: [line("\u05E0\u05D9\u05E7\u05D5\u05D9 \u05D7\u05DC\u05D5\u05E0\u05D5\u05EA 3 \u05E7\u05D5\u05DE\u05D5\u05EA (\u05DB\u05D5\u05DC\u05DC \u05E1\u05D5\u05DC\u05DD) \u05E9\u05DC \u05D4\u05D1\u05D9\u05EA", 1), line("\u062A\u0646\u0638\u064A\u0641 \u0627\u0644\u0646\u0648\u0627\u0641\u0630 \u0648\u0627\u0644\u0645\u0632\u0627\u0631\u064A\u0628 (\u0627\u0644\u0637\u0627\u0628\u0642 \u0627\u0644\u062B\u0627\u0646\u064A) 25 \u0646\u0627\u0641\u0630\u0629", 2), line("\u7A93\u306E\u6E05\u6383\u3001\u7DB2\u6238\u306E\u6E05\u6383\u3001\u96E8\u6A0B\u306E\u6E05\u6383\u3002\u4E8C\u968E\u306E\u7A93\u306F\u68AF\u5B50\u3092\u4F7F\u7528\u3057\u307E\u3059\u3002", 3), line("https://very-long-address.example/" + "x".repeat(120), 4)] }));
}
void main();
