import { z } from 'zod';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { showDuration } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { mayDo, type Page, type PageRequest, readList, recordOf } from '../site.ts';

const serviceRow = z.object({
  id: z.string(),
  reference: z.string(),
  name: z.string(),
  description: z.string().nullable(),
  kind: z.string(),
  pricing: z.string(),
  price_cents: z.number().nullable(),
  currency: z.string(),
  unit: z.string().nullable(),
  duration_minutes: z.number().nullable(),
  minutes_per_unit: z.number().nullable(),
  is_active: z.boolean(),
});

/** Something of the price list, as the pages show it. */
export type Service = z.infer<typeof serviceRow>;
const serviceFields = Object.keys(serviceRow.shape);

/** Something of the price list, by the address. */
export async function readService(request: PageRequest): Promise<Service> {
  const query = { id: recordOf(request), fields: serviceFields };
  return serviceRow.parse((await readList(request, 'services', serviceRow, query)).rows[0]);
}

/** `/prices`: what is offered at which price, and what is not offered any more. */
export async function listPrices(request: PageRequest): Promise<Page> {
  const services = await readServices(request);
  const offered = services.filter(({ is_active }) => is_active);
  const groups: readonly (readonly [string, readonly Service[]])[] = [
    ['Services', offered.filter(({ kind }) => kind === 'service')],
    ['Products', offered.filter(({ kind }) => kind !== 'service')],
    ['Not offered any more', services.filter(({ is_active }) => !is_active)],
  ];
  return {
    title: 'Price list',
    body: html`<h1>Price list</h1>
<p class="hint">What you offer, at which price, and how long it takes.</p>
${mayDo(request, 'service.create') && html`<p class="buttons"><a class="button" href="/prices/new">Add a service</a></p>`}
${services.length === 0 && html`<p class="empty">The price list is empty. Add the first thing you do, and what it costs: then visits can be booked with it.</p>`}
${groups.map(([title, rows], index) => rows.length > 0 && group(`group-${index}`, title, rows))}`,
  };
}

/** All of it, by name; a price list of a small business is a page long, and no more than a thousand lines are read. */
async function readServices(request: PageRequest): Promise<Service[]> {
  const found: Service[] = [];
  let cursor: string | undefined;
  do {
    const query = { fields: serviceFields, sort: 'name', limit: 100, ...(cursor ? { cursor } : {}) };
    const { rows, next_cursor } = await readList(request, 'services', serviceRow, query);
    found.push(...rows);
    cursor = next_cursor;
  } while (cursor !== undefined && found.length < 1000);
  return found;
}

const group = (id: string, title: string, rows: readonly Service[]): Markup =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
<ul class="list price-list">${rows.map(
    service =>
      html`<li><div><a class="main" href="/prices/${service.reference}"><bdi>${service.name}</bdi></a><p class="hint">${timeWords(service)}</p></div> <span class="price">${priceWords(service)}</span></li>\n`,
  )}</ul></section>`;

/** `$150.00`, `$8.00 per window`, `from $150.00`, `agreed each time`. */
export function priceWords({ pricing, price_cents, currency, unit }: Service): string {
  if (price_cents === null) return 'agreed each time';
  const price = formatMoney(price_cents, currency);
  if (pricing === 'per_unit') return `${price} per ${unit ?? 'piece'}`;
  return pricing === 'flexible' ? `about ${price}` : price;
}

/** `90 min`, `5 min per window`. */
function timeWords({ duration_minutes, minutes_per_unit, unit }: Service): string {
  if (minutes_per_unit !== null) return `${showDuration(minutes_per_unit)} per ${unit ?? 'piece'}`;
  return duration_minutes === null ? '' : showDuration(duration_minutes);
}
