import { z } from 'zod';
import { html, type Markup } from '../html.ts';

/** What an import has done, or would do. */
export const report = z.object({
  rows_read: z.number(),
  contacts_in_file: z.number(),
  created: z.number(),
  already_known: z.number(),
  addresses: z.number(),
  notes: z.number(),
  refused: z.array(z.object({ row: z.number(), name: z.string(), reason: z.string() })),
  known: z.array(z.object({ name: z.string(), contact: z.string() })),
  notices: z.array(z.object({ row: z.number(), message: z.string() })),
  omitted: z.object({ known: z.number(), notices: z.number() }),
  unknown_columns: z.array(z.string()),
});
export type Report = z.infer<typeof report>;

const listed = 50;

/** A list under its heading, with how many it has; beyond the first it says how many more. */
export function folded(title: string, items: readonly Markup[], more = 0): Markup | false {
  if (items.length === 0) return false;
  const rest = items.length - Math.min(items.length, listed) + more;
  return html`<details class="fold"><summary>${title} (${items.length + more})</summary>
<ul class="list">${items.slice(0, listed).map(item => html`<li>${item}</li>\n`)}</ul>${rest > 0 && html`<p class="hint">… and ${rest} more</p>`}</details>`;
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

/** What would come of a file: who is new, who is here already, who is not taken and why. */
export function planOf({ contacts_in_file, already_known, addresses, notes, ...rest }: Report): Markup {
  const fresh = contacts_in_file - already_known;
  return html`<dl class="facts">
<div><dt>Lines read</dt><dd>${rest.rows_read}</dd></div>
<div><dt>New customers</dt><dd><b>${fresh}</b>, with ${addresses} addresses and ${notes} notes</dd></div>
<div><dt>Here already</dt><dd>${already_known}, left as they are</dd></div>
<div><dt>Not taken</dt><dd>${rest.refused.length}</dd></div></dl>
${folded('Not taken, and why', rest.refused.map(refusedItem))}
${folded(
  'Here already',
  rest.known.map(
    ({ name, contact }) => html`<bdi>${name}</bdi> is <a href="/contacts/${contact}">${contact}</a>`,
  ),
  rest.omitted.known,
)}
${folded('To look at', rest.notices.map(noticeItem), rest.omitted.notices)}
${rest.unknown_columns.length > 0 && html`<p class="hint">Columns that Square does not have are kept with each customer: <bdi>${rest.unknown_columns.join(', ')}</bdi>.</p>`}`;
}
