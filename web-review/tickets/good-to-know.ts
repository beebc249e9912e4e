import { z } from 'zod';
import { momentOf } from '../close-out/closeout.ts';
import { factList, phoneLink, shorten, showDay } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type PageRequest, readList } from '../site.ts';

const knownRow = z.object({
  customer: z.string(),
  phone: z.string().nullable(),
  address: z.string().nullable(),
  facts: z.array(z.string()),
  last_visit: z
    .object({
      reference: z.string(),
      local: z.string(),
      services: z.array(z.string()),
      technicians: z.array(z.string()),
      note: z.string().nullable(),
    })
    .nullable(),
});

/** What helps on a visit, as far as this person may know it. */
export type GoodToKnow = z.infer<typeof knownRow>;

/** Reads it by the reference or the id of a visit. Throws NOT_FOUND for a visit that is not theirs. */
export async function readGoodToKnow(
  request: PageRequest,
  ticket_id: string,
): Promise<GoodToKnow | undefined> {
  const { rows } = await readList(request, 'good_to_know', knownRow, { params: { ticket_id } });
  return rows[0];
}

/** The way there, for whatever map a phone has. */
export const directionsLink = (address: string): Markup =>
  html`<a href="https://www.google.com/maps/dir/?api=1&destination=${encodeURIComponent(address)}" rel="noreferrer">Directions</a>`;

/** Whom to call and the way there: a tap each. */
export function reachLinks(
  request: PageRequest,
  { phone, address }: Pick<GoodToKnow, 'phone' | 'address'>,
): Markup | false {
  const { country } = request.identity.organization;
  return (
    (phone !== null || address !== null) &&
    html`<p class="links">${phone !== null && phoneLink(phone, country)} ${address !== null && directionsLink(address)}</p>`
  );
}

/** What is known of the customer, and the last visit in two lines; nothing where nothing is known. */
export function knownList(request: PageRequest, { facts, last_visit }: GoodToKnow): Markup {
  return factList([
    [
      'Good to know',
      facts.length > 0 &&
        html`<ul class="plain">${facts.map(fact => html`<li><bdi>${inWords(fact)}</bdi></li>`)}</ul>`,
    ],
    ['Last visit', last_visit !== null && lastVisit(request, last_visit)],
  ]);
}

/** `property_note: keep gate closed` as people read it. */
export function inWords(fact: string): string {
  const end = fact.indexOf(':');
  return `${fact.slice(0, end).replaceAll('_', ' ')}${fact.slice(end)}`;
}

const noteLength = 140;

function lastVisit(request: PageRequest, last: NonNullable<GoodToKnow['last_visit']>): Markup {
  const day = showDay(momentOf(last.local), request.identity.organization.time_zone);
  const parts = [day, last.services.join(', '), last.technicians.join(', ')].filter(Boolean);
  return html`${parts.join(' · ')}${last.note !== null && html`<br><bdi>“${shorten(last.note.replace(/\s+/g, ' '), noteLength)}”</bdi>`}`;
}
