/// <reference path="./untyped.d.ts" />
import bidiFactory from 'bidi-js';
import LineBreaker from 'linebreak';
import type PDFDocument from 'pdfkit';
import { bytesOf, type FontName, fontFor, type Weight } from './fonts.ts';

const bidi = bidiFactory();

export type Doc = InstanceType<typeof PDFDocument>;

/** How text is set: points and a colour. */
export interface Style {
  size: number;
  weight?: Weight;
  color?: string;
}

/** A piece of a line in one font and one direction. */
interface Run {
  text: string;
  font: FontName;
  level: number;
  width: number;
}

/** A line as it is drawn, from left to right. */
export interface Line {
  runs: readonly Run[];
  width: number;
  /** The paragraph is read from right to left, and begins at the right. */
  isRtl: boolean;
}

/**
 * Sets text of any direction and script into lines (Unicode Annex 9 and 14): pdfkit draws one font from left to right. Text that
 * has no place to break, such as a long address of a page, is broken where it must.
 */
export class Typesetter {
  readonly #doc: Doc;
  readonly #registered = new Set<FontName>();

  constructor(doc: Doc) {
    this.#doc = doc;
  }

  /** The lines of a text within a width in points; each line break of the text begins another one. */
  wrap(text: string, { size, weight = 'regular' }: Style, width: number): Line[] {
    return text.split('\n').flatMap(paragraph => this.#wrapOne(paragraph, { size, weight, width }));
  }

  /** Draws one line; `x` is the left edge of a column of this width. */
  draw(
    line: Line,
    { size, color = '#17212b' }: Style,
    at: { x: number; y: number; width: number; align?: 'left' | 'right' },
  ) {
    const right = (at.align ?? 'left') === 'right' || line.isRtl;
    let x = right ? at.x + at.width - line.width : at.x;
    // One baseline for fonts of different heights.
    const baseline = at.y + size * ascent;
    this.#doc.fillColor(color);
    for (const { text, font, width, level } of line.runs) {
      this.#use(font, size);
      this.#doc.text(text, x, baseline, { lineBreak: false, baseline: 'alphabetic', ...setAs(level) });
      x += width;
    }
  }

  #wrapOne(
    paragraph: string,
    { size, weight, width }: Required<Pick<Style, 'size' | 'weight'>> & { width: number },
  ): Line[] {
    if (paragraph.trim() === '') return [{ runs: [], width: 0, isRtl: false }];
    // The fonts have letters with their accents, and no way to put the two together.
    const shown = paragraph.replaceAll('\t', ' ').normalize('NFC');
    const { levels, paragraphs } = bidi.getEmbeddingLevels(shown, 'auto');
    const isRtl = (paragraphs[0]?.level ?? 0) % 2 === 1;
    const lineOf = (from: number, to: number): Line => {
      const end = from + shown.slice(from, to).trimEnd().length;
      const runs = this.#runs(shown, { from, to: end, levels, size, weight });
      return { runs, width: runs.reduce((sum, run) => sum + run.width, 0), isRtl };
    };
    const lines: Line[] = [];
    let start = 0;
    let last = 0;
    for (const place of placesToBreak(shown)) {
      if (lineOf(start, place).width > width && last > start) {
        lines.push(lineOf(start, last));
        start = last;
      }
      // What fits into no line is broken at its letters.
      while (lineOf(start, place).width > width) {
        const fits =
          start +
          fitting(shown.slice(start, place), part => lineOf(start, start + part.length).width <= width);
        lines.push(lineOf(start, fits));
        start = fits;
      }
      last = place;
    }
    if (start < shown.length) lines.push(lineOf(start, shown.length));
    return lines;
  }

  #runs(
    text: string,
    {
      from,
      to,
      levels,
      size,
      weight,
    }: { from: number; to: number; levels: Uint8Array; size: number; weight: Weight },
  ): Run[] {
    const mirrored = bidi.getMirroredCharactersMap(text, levels, from, Math.max(from, to - 1));
    const runs: Run[] = [];
    let font: FontName | undefined;
    for (let at = from; at < to; ) {
      const codePoint = text.codePointAt(at) ?? 0;
      const length = codePoint > 0xffff ? 2 : 1;
      const level = levels[at] ?? 0;
      const letter = mirrored.get(at) ?? text.slice(at, at + length);
      font = fontFor(letter.codePointAt(0) ?? codePoint, weight, font);
      const last = runs.at(-1);
      if (last && last.level === level && last.font === font) last.text += letter;
      else runs.push({ text: letter, font, level, width: 0 });
      at += length;
    }
    for (const run of runs) {
      if (run.level % 2 === 1 && !isTurned.test(run.text)) run.text = [...run.text].reverse().join('');
      this.#use(run.font, size);
      run.width = this.#doc.widthOfString(run.text, setAs(run.level));
    }
    return inVisualOrder(runs);
  }

  #use(font: FontName, size: number): void {
    if (!this.#registered.has(font)) {
      this.#doc.registerFont(font, bytesOf(font));
      this.#registered.add(font);
    }
    this.#doc.font(font).fontSize(size);
  }
}

/**
 * A list of features has pdfkit set a run as a whole: word by word, as it does by itself and remembers, words of a run from
 * right to left would stand in a wrong order.
 */
const setAs = (level: number): { features?: PDFKit.Mixins.OpenTypeFeatures[] } =>
  level % 2 === 1 ? { features: [] } : {};

/** What holds a letter that is read from right to left is turned around when it is set; spaces and brackets alone are not. */
const isTurned = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;

/** Of the size, above the baseline; as much for every font, so that lines of several stand on one baseline. */
const ascent = 1.069;

/** Rule L2 of Unicode Annex 9, for runs: from the highest level down, what is nested at it turns around. */
function inVisualOrder(runs: Run[]): Run[] {
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

function placesToBreak(text: string): number[] {
  const breaker = new LineBreaker(text);
  const places: number[] = [];
  for (let next = breaker.nextBreak(); next; next = breaker.nextBreak()) places.push(next.position);
  return places;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** How much of a text fits, in whole letters; one letter at least. */
function fitting(text: string, fits: (part: string) => boolean): number {
  let length = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    if (length > 0 && !fits(text.slice(0, index + segment.length))) break;
    length = index + segment.length;
  }
  return length;
}
