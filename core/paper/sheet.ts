import PDFDocument from 'pdfkit';
import { readPicture } from './picture.ts';
import type { PaperSize } from './size.ts';
import { type Doc, type Line, type Style, Typesetter } from './typeset.ts';

/** Space around what is written, in points; the last lines of a page stand within the lower one. */
const margin = 54;
export const ink = '#17212b';
export const soft = '#5b6873';
export const rule = '#d5dce2';
export const tint = '#f3f5f7';

/** Height of a line of text, as a part of its size. */
const leading = 1.4;

interface Column {
  x: number;
  width: number;
  align?: 'left' | 'right';
}

/**
 * A document that grows from the top of its first page to as many as it takes. What is drawn says its height first, so that
 * nothing is cut at the end of a page. The same content gives the same bytes: the only time in it is the one it is given.
 */
export class Sheet {
  readonly left = margin;
  readonly #doc: Doc;
  readonly #type: Typesetter;
  readonly #bytes: Promise<Buffer>;
  /** Where the next thing goes, from the top of the page. */
  y = margin;

  constructor({ size, title, author, at }: { size: PaperSize; title: string; author: string; at: Date }) {
    this.#doc = new PDFDocument({
      size,
      margin,
      bufferPages: true,
      font: '',
      lang: 'en',
      info: { Title: title, Author: author, CreationDate: at, ModDate: at },
    });
    this.#type = new Typesetter(this.#doc);
    this.#bytes = collect(this.#doc);
  }

  get width(): number {
    return this.#doc.page.width - 2 * margin;
  }

  get right(): number {
    return this.left + this.width;
  }

  /** How much is left on this page. */
  get room(): number {
    return this.#doc.page.height - margin - 24 - this.y;
  }

  nextPage(): void {
    this.#doc.addPage();
    this.y = margin;
  }

  /** The lines of a text in a column, and how high they are. */
  lines(text: string, style: Style, width: number): Line[] {
    return this.#type.wrap(text, style, width);
  }

  heightOf = (lines: readonly Line[], { size }: Style): number => lines.length * size * leading;

  /** Draws lines from `y` down, and answers where they end. */
  put(lines: readonly Line[], style: Style, column: Column, y = this.y): number {
    lines.forEach((line, index) => {
      this.#type.draw(line, style, { ...column, y: y + index * style.size * leading });
    });
    return y + this.heightOf(lines, style);
  }

  /** Wraps and draws a text; answers where it ends. */
  write(text: string, style: Style, column: Column, y = this.y): number {
    return this.put(this.lines(text, style, column.width), style, column, y);
  }

  /** Writes a text that may be longer than the page, below what there is. */
  flow(text: string, style: Style, column: Column): void {
    for (const line of this.lines(text, style, column.width)) {
      if (this.room < style.size * leading) this.nextPage();
      this.y = this.put([line], style, column);
    }
  }

  line(y: number, color = rule): void {
    this.#doc.moveTo(this.left, y).lineTo(this.right, y).lineWidth(0.75).strokeColor(color).stroke();
  }

  box({ x, y, width, height }: { x: number; y: number; width: number; height: number }, color = tint): void {
    this.#doc.roundedRect(x, y, width, height, 4).fillColor(color).fill();
  }

  /** Squares that are black, such as those of a QR code, in a square of this width. */
  squares(
    rows: readonly (readonly boolean[])[],
    { x, y, width }: { x: number; y: number; width: number },
  ): void {
    const side = width / rows.length;
    rows.forEach((row, down) => {
      row.forEach((isBlack, across) => {
        // A hair wider than it is, so that no light shows between two.
        if (isBlack) this.#doc.rect(x + across * side, y + down * side, side + 0.05, side + 0.05);
      });
    });
    this.#doc.fillColor(ink).fill();
  }

  /** Draws a picture at `y`, as large as fits and no larger than it is at 96 dots an inch; answers its height. */
  picture(bytes: Buffer, { x, width, height }: { x: number; width: number; height: number }): number {
    const image = readPicture(bytes);
    const scale = Math.min(width / image.width, height / image.height, 0.75);
    // As its bytes say, however the camera was held: that is how it was measured.
    const drawn = { width: image.width * scale, height: image.height * scale, ignoreOrientation: true };
    this.#doc.image(bytes, x, this.y, drawn);
    return drawn.height;
  }

  /** Makes a place of the page lead to an address. */
  link(url: string, { x, y, width, height }: { x: number; y: number; width: number; height: number }): void {
    this.#doc.link(x, y, width, height, url);
  }

  /** Ends the document, with a line below each page. */
  async end(below: (page: number, pages: number) => string): Promise<Buffer> {
    const { count } = this.#doc.bufferedPageRange();
    for (let page = 0; page < count; page++) {
      this.#doc.switchToPage(page);
      const column = { x: this.left, width: this.width, align: 'right' as const };
      this.write(
        below(page + 1, count),
        { size: 8, color: soft },
        column,
        this.#doc.page.height - margin + 4,
      );
    }
    this.#doc.end();
    return this.#bytes;
  }
}

async function collect(doc: Doc): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of doc) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}
