import { z } from 'zod';
import { addressesOf } from '../addresses/addresses-of.ts';
import { formatAddress } from '../addresses/format.ts';
import { defineLink } from '../kernel/outside/links.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findRow, getRow } from '../kernel/records/record-queries.ts';
import { findFree } from '../scheduling/slots.ts';
import { ticketRecord } from '../tickets/ticket.ts';
import { dayAndTime } from '../tickets/told-visit.ts';
import { offerRecord } from './offer-record.ts';
import type { Entry, Offer } from './record.ts';
import { periodOf, type Standing, standingOf, visitOf } from './standing.ts';
import { waitlistRecord } from './waitlist.ts';
import { firstNameOf, howLong } from './words.ts';

/**
 * The page of an offer: what is offered, and a button to take it. It stays good, so that whoever comes back sees how it ended: it
 * is theirs, somebody was faster, or it is over. Nobody learns of anybody else.
 */
export const offerLink = defineLink({
  purpose: 'waitlist_offer',
  path: 'w',
  summary: 'takes an earlier time that was offered',
  subject: 'waitlist_offer',
  is_bound_to_version: false,
  days: 30,
  stays_good: true,
  async shows(context, { subject_id }) {
    const offer = await getRow(context, offerRecord, subject_id);
    const entry = await findRow(context, waitlistRecord, offer.waitlist_id);
    const standing = await standingNow(context, offer, entry);
    const when = dayAndTime(context, offer.starts_at);
    if (standing === 'taken') {
      const { when: now, over } = await visitOf(context, offer, offer.ticket_id);
      return { ...ended(standing, now, over), from: context.organization.name };
    }
    if (standing !== 'open') return { ...ended(standing, when), from: context.organization.name };
    const booked = await bookedOf(context, entry);
    return {
      from: context.organization.name,
      title: 'We can come sooner',
      lines: [
        'This time has become free. Whoever takes it first has it.',
        booked === undefined
          ? 'If it does not suit you, you need not do anything.'
          : `Your appointment on ${booked} stays as it is unless you take this one.`,
      ],
      facts: await factsOf(context, offer, entry),
      button: 'Take this time',
    };
  },
  done: answer => {
    const { standing, when, over } = answered.parse(answer);
    return ended(standing, when, over);
  },
  action: 'waitlist.accept',
  input: ({ subject_id }) => ({ offer_id: subject_id }),
});

const answered = z.object({
  standing: z.enum(['taken', 'gone', 'over']),
  when: z.string(),
  over: z.string().optional(),
});

/** How it ended, kindly; `over` is what became of the visit, where nothing can be done about it any more. */
function ended(
  standing: Exclude<Standing, 'open'>,
  when: string,
  over?: string,
): { title: string; lines: string[] } {
  if (over !== undefined) return { title: 'Your appointment', lines: [over] };
  if (standing === 'taken')
    return {
      title: 'It is yours',
      lines: [`We come on ${when}.`, 'You need not do anything else. We are looking forward to it.'],
    };
  const stays =
    'An appointment you have with us stays as it is, and you stay on our list: we write again when another time becomes free.';
  if (standing === 'over')
    return {
      title: 'This offer is over',
      lines: [
        `The time on ${when} is not open any more.`,
        'An appointment you have with us stays as it is. As long as you are on our list, we write again when another time becomes free.',
      ],
    };
  return {
    title: 'Somebody was faster',
    lines: [`We are sorry: the time on ${when} is taken already.`, stays],
  };
}

async function standingNow(context: ReadContext, offer: Offer, entry: Entry | undefined): Promise<Standing> {
  const standing = standingOf(context, offer, entry);
  if (standing !== 'open') return standing;
  // What would be moved has to be there still.
  if (entry?.ticket_id && (await bookedOf(context, entry)) === undefined) return 'gone';
  const free = await findFree(context, periodOf(offer), entry?.ticket_id ?? undefined);
  return free.some(({ id }) => id === offer.technician_id) ? 'open' : 'gone';
}

/** When the visit is that would be moved; undefined when there is none. */
async function bookedOf(context: ReadContext, entry: Entry | undefined): Promise<string | undefined> {
  if (!entry?.ticket_id) return undefined;
  const ticket = await findRow(context, ticketRecord, entry.ticket_id);
  return ticket?.status === 'scheduled' ? dayAndTime(context, ticket.scheduled_at) : undefined;
}

async function factsOf(
  context: ReadContext,
  offer: Offer,
  entry: Entry | undefined,
): Promise<[string, string][]> {
  const ticket = entry?.ticket_id ? await findRow(context, ticketRecord, entry.ticket_id) : undefined;
  const places = await addressesOf(context, [offer.contact_id]);
  const place = places.find(({ id }) => id === (ticket?.address_id ?? entry?.address_id)) ?? places[0];
  const who = await firstNameOf(context, offer.technician_id);
  return [
    ['When', dayAndTime(context, offer.starts_at)],
    ...(place ? [['Where', formatAddress(place)] satisfies [string, string]] : []),
    ['Who comes', `${who}, for ${howLong(offer.duration_minutes)}`],
    ['Open until', dayAndTime(context, offer.expires_at)],
  ];
}
