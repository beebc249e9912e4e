import { z } from 'zod';
import { kindNouns } from '../../core/import/words.ts';
import { pluralOf } from '../../core/kernel/words/plural.ts';
import { html, type Markup } from '../html.ts';

/** What a file is understood as, before anything is taken. */
export const understood = z.object({
  source: z.string().nullable(),
  kind: z.string(),
  rows: z.number(),
  broken_rows: z.number(),
  mapping: z.record(z.string(), z.string()),
  remembered: z.boolean(),
  columns: z.array(z.string()),
  first_rows: z.array(z.array(z.string())),
  fields: z.array(z.object({ name: z.string(), title: z.string() })),
  questions: z.array(
    z.object({
      answer: z.string(),
      asks: z.string(),
      examples: z.array(z.string()),
      options: z.array(z.string()),
    }),
  ),
  answers: z.record(z.string(), z.unknown()),
});
export type Understood = z.infer<typeof understood>;

/** What the kinds of rows are called as headings. */
export const kindTitles: Readonly<Record<string, string>> = {
  contacts: 'Customers',
  companies: 'Companies',
  services: 'Services and prices',
  tickets: 'Past visits',
  invoices: 'Past bills',
  leads: 'Inquiries',
  notes: 'Notes on customers',
};

/** `1,234`. */
export const grouped = (count: number): string => count.toLocaleString('en-US');

/** `customers`: several rows of a kind. */
export const rowsOf = (kind: string): string => pluralOf(kindNouns[kind] ?? 'row');

const answerWords: Readonly<Record<string, string>> = {
  day_first: 'The day: 31/12/2025',
  month_first: 'The month: 12/31/2025',
  point: 'A thousand and more: 1,234.50',
  comma: 'A small amount with decimals: 1.234,50',
  make: 'Add them',
  refuse: 'Leave those lines out',
  text: 'Keep the words on the visit only',
  paid: 'They were paid',
  open: 'They are still open',
};

const option = (value: string, label: string, chosen: boolean): Markup =>
  html`<option value="${value}"${chosen && html` selected`}>${label}</option>`;

/** What nobody but the owner can know, each as a choice. What was answered before can be answered anew. */
export function questionsOf({ questions }: Understood): Markup | false {
  if (questions.length === 0) return false;
  return html`<section aria-labelledby="asked"><h2 id="asked">Before it can be taken</h2>
${questions.map(({ answer, asks, examples, options }) => {
  const known = options.filter(one => answerWords[one] !== undefined);
  const words = asks.replace(/ make adds all of them.*$/, '');
  return html`<label for="answer_${answer}">${words}</label>
<p class="hint" id="hint_${answer}">In the file: <bdi>${examples.slice(0, 6).join(' · ')}</bdi></p>
<select id="answer_${answer}" name="answer_${answer}" aria-describedby="hint_${answer}">${option('', 'Choose', true)}${known.map(one => option(one, answerWords[one] ?? one, false))}</select>\n`;
})}</section>`;
}

const answered: Readonly<Record<string, { label: string; options: readonly string[] }>> = {
  date_order: { label: 'What comes first in its dates', options: ['day_first', 'month_first'] },
  decimal_sign: { label: '1,234 in its amounts is', options: ['point', 'comma'] },
  unknown_customers: { label: 'Customers nobody knows', options: ['make', 'refuse'] },
  services: { label: 'Services that are not on the price list', options: ['make', 'text'] },
};

/** What was answered, now or with such a file before; it can be answered anew. */
export function answersOf({ answers, questions }: Understood): Markup {
  const open = new Set(questions.map(({ answer }) => answer));
  return html`${Object.entries(answered).map(([name, { label, options }]) => {
    const said = answers[name];
    if (typeof said !== 'string' || open.has(name)) return false;
    return html`<label for="answer_${name}">${label}</label>
<select id="answer_${name}" name="answer_${name}">${options.map(one => option(one, answerWords[one] ?? one, one === said))}</select>\n`;
  })}`;
}

/** Every column with what it is read as. */
export function columnsOf({ columns, first_rows, mapping, fields }: Understood): Markup {
  const kept = columns.filter(name => mapping[name] === 'custom').length;
  return html`<details class="fold"${kept > 0 && kept === columns.length && html` open`}><summary>What the columns are (${columns.length}${kept > 0 && html`, ${kept} kept as they are`})</summary>
<p class="hint">Each column becomes what stands beside it. A custom field keeps it under its own name.</p>
<div class="columns-read">${columns.map((name, index) => {
    const seen = first_rows.map(cells => cells[index]?.trim() ?? '').find(text => text !== '') ?? '';
    const chosen = mapping[name] ?? 'custom';
    return html`<div><label for="map_${index}"><bdi>${name}</bdi></label>${seen !== '' && html` <span class="hint"><bdi>${seen.length > 40 ? `${seen.slice(0, 40)}…` : seen}</bdi></span>`}
<select id="map_${index}" name="map_${index}">${fields.map(field => option(field.name, field.title, field.name === chosen))}</select></div>\n`;
  })}</div></details>`;
}

/** The first rows, as a table that can be moved sideways. */
export function firstRows({ columns, first_rows }: Understood): Markup | false {
  if (first_rows.length === 0) return false;
  const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
  return html`<section aria-labelledby="first"><h2 id="first">The first lines</h2><div class="first-lines" tabindex="0" role="region" aria-labelledby="first"><table>
<thead><tr>${columns.map(name => html`<th scope="col"><bdi>${name}</bdi></th>`)}</tr></thead>
<tbody>${first_rows.slice(0, 5).map(cells => html`<tr>${cells.map(cell => html`<td><bdi>${cut(cell)}</bdi></td>`)}</tr>\n`)}</tbody></table></div></section>`;
}

/** What the rows are, to be chosen where it was told wrongly. */
export const kindChoice = ({ kind }: Understood): Markup =>
  html`<label for="kind">These lines are</label>
<select id="kind" name="kind">${Object.entries(kindTitles).map(([name, title]) => option(name, title, name === kind))}</select><input type="hidden" name="kind_was" value="${kind}">`;

/** What a form says of a file: its kind, columns and answers. The columns of another kind say nothing. */
export function sayings(typed: Readonly<Record<string, string>>): Record<string, unknown> {
  const { kind = '', kind_was = '', columns = '' } = typed;
  const answers = Object.fromEntries(
    Object.entries(typed).flatMap(([name, value]) =>
      name.startsWith('answer_') && value !== '' ? [[name.slice('answer_'.length), value]] : [],
    ),
  );
  const names = z.array(z.string()).safeParse(columns === '' ? [] : parsed(columns));
  const mapping = Object.fromEntries(
    (names.success ? names.data : []).flatMap((name, index) => {
      const to = typed[`map_${index}`] ?? '';
      return to === '' ? [] : [[name, to]];
    }),
  );
  return {
    ...(kindTitles[kind] ? { kind } : {}),
    ...(kind === kind_was && Object.keys(mapping).length > 0 ? { mapping } : {}),
    ...(Object.keys(answers).length > 0 ? { answers } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}
