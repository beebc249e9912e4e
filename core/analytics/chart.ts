import { escapeHtml } from '../kernel/words/escape-html.ts';

/** One line of a chart: what it is called, its amount and the one before, and how they are written. */
export interface Bar {
  label: string;
  amount: number;
  said: string;
  before?: number;
}

const width = 360;
const left = 92;
const right = 74;
const row = 34;
const top = 24;

/**
 * Bars that lie, one line each, so that a phone shows their words as large as the text around them: filled ones for now, outlined
 * ones for the year before, each with its amount in words. What is below nothing is drawn as nothing, and said. An SVG with the colours
 * of the page by day, at night and on paper; `alone` it brings its own.
 */
export function drawBars(
  bars: readonly Bar[],
  { title, now, before, said, alone, write = escapeHtml }: ChartWords,
): string {
  const most = Math.max(1, ...bars.flatMap(({ amount, before: last = 0 }) => [amount, last]));
  const ceiling = roundUp(most);
  const room = width - left - right;
  const at = (amount: number) => Math.max(0, Math.round((amount / ceiling) * room * 10) / 10);
  const height = top + bars.length * row + 22;
  const foot = top + bars.length * row;
  const axis = [0, 0.5, 1].map(part => {
    const x = left + room * part;
    return `<path d="M${x} ${top}V${foot}"/><text x="${x}" y="${foot + 15}" text-anchor="middle">${write(said(ceiling * part))}</text>`;
  });
  const drawn = bars.map(({ label, amount, said: words, before: last }, index) => {
    const y = top + index * row;
    const outlined =
      last === undefined
        ? ''
        : `<rect class="last" x="${left}" y="${y + 20.5}" width="${at(last)}" height="7"/>`;
    return `${nameBeside(label, y, write)}<rect class="now" x="${left}" y="${y + 5}" width="${at(amount)}" height="14"/>${outlined}<text x="${left + at(amount) + 5}" y="${y + 17}">${write(words)}</text>\n`;
  });
  const key = `<rect x="${left}" y="4" width="10" height="10" class="now"/><text x="${left + 15}" y="13">${write(now)}</text>${
    before === undefined
      ? ''
      : `<rect x="${left + 95}" y="4.5" width="10" height="9" class="last"/><text x="${left + 110}" y="13">${write(before)}</text>`
  }`;
  const size =
    alone === undefined
      ? ''
      : ` xmlns="http://www.w3.org/2000/svg" width="${2 * width}" height="${2 * height}"`;
  const words =
    alone === undefined ? '' : `<title>${write(title)}</title><desc>${write(alone)}</desc>${ownStyle}`;
  return `<svg class="chart"${size} viewBox="0 0 ${width} ${height}" role="img" aria-label="${write(title)}">
${words}<g class="key">${key}</g>
<g class="axis">${axis.join('')}</g>
${drawn.join('')}</svg>`;
}

const column = 8;
const tall = 24;

/** A few months as columns beside a line of text, the last one filled and in the colour of that text; the amounts are in its words. */
export function drawStrip(
  months: readonly { name: string; amount: number; said: string }[],
  write: (text: string) => string,
): string {
  const most = Math.max(1, ...months.map(({ amount }) => amount));
  const columns = months.map(({ amount }, index) => {
    const height = Math.max(1, Math.round((Math.max(0, amount) / most) * tall));
    const isLast = index === months.length - 1;
    return `<rect x="${index * column + 0.5}" y="${tall - height + 0.5}" width="${column - 3}" height="${height}"${isLast ? ' fill="currentColor"' : ''}/>`;
  });
  const words = `Work by month: ${months.map(({ name, said }) => `${name} ${said}`).join(', ')}`;
  return `<svg width="${months.length * column}" height="${tall + 1}" role="img" aria-label="${write(words)}" fill="none" stroke="currentColor">${columns.join('')}</svg>`;
}

/** The colours of a picture that stands on no page: on white, and on black where that is wanted. */
const ownStyle =
  '<style>svg{background:#fff;font:12px system-ui,sans-serif;fill:#1b1f24}.now{fill:#0b62a8}.last{fill:none;stroke:#5b6570}.axis path{stroke:#d0d6dc}.axis text,.key text{fill:#5b6570;font-size:11px}@media(prefers-color-scheme:dark){svg{background:#14181c;fill:#eceff2}.now{fill:#6db3f2}.last{stroke:#a3adb7}.axis path{stroke:#39424b}.axis text,.key text{fill:#a3adb7}}</style>';

export interface ChartWords {
  /** What is seen, for those who do not see it. */
  title: string;
  now: string;
  before?: string;
  /** An amount on the axis. */
  said(amount: number): string;
  /** What the picture comes to in words, for one that stands on no page. */
  alone?: string;
  /** A text as it may stand in a page; escaped and nothing else when left out. */
  write?(text: string): string;
}

/** So many letters of a name stand in a line beside a bar; the table has all of it. */
const most = 12;

/** A name beside its bar: in one line, or in two broken between words. */
function nameBeside(label: string, y: number, write: (text: string) => string): string {
  const x = left - 8;
  const at = label.length > most ? label.lastIndexOf(' ', most) : -1;
  if (at < 1) return `<text x="${x}" y="${y + 20}" text-anchor="end">${write(short(label, label))}</text>`;
  const [first, rest] = [label.slice(0, at), short(label.slice(at + 1), label)];
  return `<text x="${x}" y="${y + 14}" text-anchor="end">${write(first)}<tspan x="${x}" dy="13">${write(rest)}</tspan></text>`;
}

const short = (line: string, label: string): string => {
  if (line.length <= most) return line;
  // Whose words it is stays marked.
  const end = label.startsWith('«') ? '…»' : '…';
  return `${line.slice(0, most - end.length).trimEnd()}${end}`;
};

/** A round number at or above the largest: where an axis ends. */
function roundUp(amount: number): number {
  const power = 10 ** Math.floor(Math.log10(amount));
  return ([1, 2, 3, 4, 6, 8, 10].find(step => step * power >= amount) ?? 10) * power;
}
