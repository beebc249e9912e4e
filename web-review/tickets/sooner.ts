import { z } from 'zod';
import { html, type Markup } from '../html.ts';
import { mayDo, mayRead, type PageRequest, readList } from '../site.ts';

const entryRow = z.object({ reference: z.string() });

/** The entry of the waitlist that wants a visit sooner; undefined when there is none, or for who may not know. */
export async function waitingFor(request: PageRequest, ticket_id: string): Promise<string | undefined> {
  if (!mayRead(request, 'waitlist')) return undefined;
  const { rows } = await readList(request, 'waitlist', entryRow, {
    params: { ticket_id },
    filter: 'waiting',
    fields: ['reference'],
    limit: 1,
  });
  return rows[0]?.reference;
}

/** Puts the customer of a visit on the waitlist for an earlier time, or leads to where they stand on it. */
export function soonerLink(
  request: PageRequest,
  { reference, contact_id, status }: { reference: string; contact_id: string; status: string },
  waits: string | undefined,
): Markup | false {
  if (waits !== undefined)
    return html` <a class="button plain quiet" href="/records/waitlist/${waits}">Wants it sooner</a>`;
  if (status !== 'scheduled' || !mayDo(request, 'waitlist.create')) return false;
  const filled = new URLSearchParams({ contact_id, ticket_id: reference, back: `/tickets/${reference}` });
  return html` <a class="button plain quiet" href="/records/waitlist/new?${filled.toString()}">Would come sooner</a>`;
}

/** From a visit that was cancelled to who could come instead. */
export function gapsLink(request: PageRequest, { scheduled_at }: { scheduled_at: string }): Markup | false {
  const { time_zone } = request.identity.organization;
  const now = request.site.clock();
  if (!mayRead(request, 'gaps') || Date.parse(scheduled_at) <= now.epochMilliseconds) return false;
  const day = new Date(scheduled_at).toLocaleDateString('sv-SE', { timeZone: time_zone });
  return html`<p class="links"><a href="/gaps?date=${day}">Who could come sooner</a></p>`;
}
