import type { z } from 'zod';
import type { report } from '../../core/import/csv/report.ts';
import { countRows } from '../../core/import/words.ts';
import { counted, together } from '../../core/kernel/words/plural.ts';
import { html, type Markup } from '../html.ts';
import { grouped, rowsOf } from './understood.ts';

/** What an import has done, or would do. */
export type Report = z.infer<typeof report>;

const listed = 50;

/** A list under its heading, with how many it has; beyond the first it says how many more. */
export function folded(title: string, items: readonly Markup[], more = 0): Markup | false {
  if (items.length === 0) return false;
  const rest = items.length - Math.min(items.length, listed) + more;
  return html`<details class="fold"><summary>${title} (${grouped(items.length + more)})</summary>
<ul class="list">${items.slice(0, listed).map(item => html`<li>${item}</li>\n`)}</ul>${rest > 0 && html`<p class="hint">… and ${grouped(rest)} more</p>`}</details>`;
}

export const refusedItem = ({
  row,
  name,
  reason,
}: {
  row: number;
  name?: string | undefined;
  reason?: string | undefined;
}): Markup => html`Line ${row}${name && html`, <bdi>${name}</bdi>`}: ${reason ?? ''}`;

export const noticeItem = ({ row, message }: { row: number; message?: string | undefined }): Markup =>
  html`Line ${row}: ${message ?? ''}`;

/** What would come of a file: what is new, what is here already, what is not taken and why. */
export function planOf({ kind, created, addresses, notes, customers_made, ...rest }: Report): Markup {
  const along = [
    ...(addresses > 0 ? [counted(addresses, 'address')] : []),
    ...(notes > 0 ? [counted(notes, 'note')] : []),
    ...(customers_made > 0 ? [countRows(customers_made, 'contacts')] : []),
  ];
  return html`<dl class="facts">
<div><dt>Lines read</dt><dd>${grouped(rest.rows_read)}</dd></div>
<div><dt>New ${rowsOf(kind)}</dt><dd><b>${grouped(created)}</b>${along.length > 0 && html`, with ${together(along)}`}</dd></div>
<div><dt>Here already</dt><dd>${grouped(rest.matched_rows)}, left as they are</dd></div>
<div><dt>Not taken</dt><dd>${grouped(rest.refused_rows)}</dd></div></dl>
${folded('Not taken, and why', rest.refused.map(refusedItem), rest.omitted.refused)}
${folded(
  'Here already',
  rest.known.map(({ name, record }) =>
    kind === 'contacts'
      ? html`<bdi>${name}</bdi> is <a href="/contacts/${record}">${record}</a>`
      : html`<bdi>${name}</bdi> is ${record}`,
  ),
  rest.omitted.known,
)}
${folded('To look at', rest.notices.map(noticeItem), rest.omitted.notices)}
${rest.custom_fields.length > 0 && html`<p class="hint">Kept under their own names: <bdi>${rest.custom_fields.join(', ')}</bdi>.</p>`}`;
}
