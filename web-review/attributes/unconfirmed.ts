import { z } from 'zod';
import { attributeDetails, attributeValue } from '../../core/extraction/record.ts';
import { showAttribute } from '../../core/extraction/show.ts';
import { type Fact, factItem } from '../contacts/facts.ts';
import { shorten } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, readMaybe, textOf } from '../site.ts';

const attributeRow = z.object({
  reference: z.string(),
  contact_id: z.string(),
  key: z.string(),
  value: attributeValue,
  details: attributeDetails,
  source: z.string(),
  is_confirmed: z.boolean(),
});
const customerRow = z.object({ reference: z.string(), full_name: z.string() });

/** Everything that was understood and nobody has confirmed yet, by customer (CFL-30). */
export async function listUnconfirmed(visit: PageRequest): Promise<Page> {
  const cursor = textOf(visit.request.query, 'cursor');
  const { rows, next_cursor } = await readList(visit, 'attributes', attributeRow, {
    filter: 'unconfirmed',
    fields: Object.keys(attributeRow.shape),
    ...(cursor === '' ? {} : { cursor }),
  });
  const owners = [...new Set(rows.map(row => row.contact_id))];
  const groups = await Promise.all(
    owners.map(async id => ({
      customer: await readMaybe(visit, {
        type: 'contacts',
        row: customerRow,
        id,
        query: {
          fields: Object.keys(customerRow.shape),
        },
      }),
      facts: rows.filter(row => row.contact_id === id).map(row => ({ ...row, shown: showAttribute(row) })),
    })),
  );
  return {
    title: 'Facts to confirm',
    body: html`<h1>Facts to confirm</h1>
<p>Understood from notes and inquiries; searches find them already, marked as not confirmed.</p>
${rows.length === 0 && html`<p class="empty">Everything is confirmed.</p>`}
${groups.map(({ customer, facts }) => customer && groupOf(visit, customer, facts))}
${next_cursor !== undefined && html`<p><a class="button" rel="next" href="/facts?${new URLSearchParams({ cursor: next_cursor }).toString()}">More facts</a></p>`}`,
  };
}

const groupOf = (visit: PageRequest, customer: z.infer<typeof customerRow>, facts: readonly Fact[]): Markup =>
  html`<section><h2><a href="/contacts/${customer.reference}"><bdi>${shorten(customer.full_name, 120)}</bdi></a></h2>
<ul class="plain rows">${facts.map(fact => factItem(visit, fact, '/facts'))}</ul></section>\n`;
