import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import type { LinkChoice, LinkPage, SaidByLink, ShownLink } from '../kernel/outside/link-page.ts';
import { defineLink } from '../kernel/outside/link-page.ts';
import type { Link, ReadContext } from '../kernel/pipeline/context.ts';
import { findRow, getRow } from '../kernel/records/record-queries.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { businessPhone } from '../organizations/letterhead.ts';
import { likingOf } from '../scheduling/liking.ts';
import { offerSlots } from '../scheduling/offer.ts';
import { crewToOffer } from './move.ts';
import { answers } from './record.ts';
import { mostWords, phoneWords, whyOver } from './respond.ts';
import { type Ticket, ticketRecord } from './ticket.ts';
import { dayAndTime, readToldVisit } from './told-visit.ts';

const timed = z.object({ scheduled_at: z.string() });

/**
 * The page behind Accept, Decline and Ask for a change (EML-06, TEN-31, TEN-32). It is good for the time the customer was told:
 * a visit that is moved has other links.
 */
export const replyLink = defineLink({
  purpose: 'confirm',
  path: 'r',
  summary: 'answers an appointment: accept, decline, ask for another time',
  subject: 'ticket',
  is_bound_to_version: true,
  versionOf: row => Date.parse(timed.parse(row).scheduled_at),
  days: 400,
  stays_good: true,
  shows: showVisit,
  done: thank,
  action: 'ticket.respond',
  input: ({ subject_id }: Link, said: SaidByLink) => ({
    ticket_id: subject_id,
    answer: said.choice ?? '',
    ...(said.time ? { scheduled_at: said.time } : {}),
    ...(said.words ? { words: said.words } : {}),
  }),
});

/** What a customer sees: their own visit and nothing else. */
async function showVisit(context: ReadContext, { subject_id }: Link): Promise<ShownLink> {
  const ticket = await getRow(context, ticketRecord, subject_id);
  const phone = settingOf(context, businessPhone);
  const letterhead = {
    from: context.organization.name,
    ...(phone === '' ? {} : { phone: { number: phone, shown: phoneWords(context, phone) } }),
  };
  const over = whyOver(context, ticket);
  if (over !== undefined) return { ...letterhead, title: 'Your appointment', lines: [over] };
  const told = await readToldVisit(context, ticket.id);
  const facts: [string, string | undefined][] = [
    ['When', `${told.appointment_date} at ${told.appointment_time}`],
    ['Where', told.address],
    ['What', told.services],
    ['Price', told.price],
    ['Who comes', told.technician],
    ['Comes again', told.repeats],
  ];
  const isAgreed = ticket.confirmation_status === 'accepted';
  return {
    ...letterhead,
    title: isAgreed ? 'Thank you' : 'Your appointment',
    lines: [standing(context, ticket)],
    facts: facts.flatMap(([label, value]) => (value === undefined ? [] : [[label, value] as const])),
    choices: await choicesOf(context, ticket),
  };
}

function standing(context: ReadContext, { confirmation_status, asked_for_at }: Ticket): string {
  if (confirmation_status === 'accepted')
    return 'You have said yes, and we come as agreed. If it does not suit you any more, tell us here.';
  if (confirmation_status === 'declined')
    return 'You have declined. We get in touch with you; you can still change your answer.';
  if (confirmation_status !== 'modify_requested') return 'Does this suit you?';
  const wish = asked_for_at === null ? 'another time' : dayAndTime(context, asked_for_at);
  return `You have asked for ${wish}. We get in touch with you; you can still change your answer.`;
}

const words = { kind: 'words', name: 'words', most: mostWords } as const;

async function choicesOf(context: ReadContext, ticket: Ticket): Promise<LinkChoice[]> {
  const times = await freeTimes(context, ticket);
  return [
    // Who has said yes is not asked once more.
    ...(ticket.confirmation_status === 'accepted'
      ? []
      : [{ value: 'accepted', label: 'Accept', button: 'Yes, this suits me' }]),
    {
      value: 'modify_requested',
      label: 'Ask for another time',
      fields: [
        ...(times.length === 0
          ? []
          : [{ kind: 'one_of', name: 'time', label: 'These times are free', options: times } as const]),
        {
          ...words,
          label: times.length === 0 ? 'When would it suit you?' : 'Or tell us when it would suit you',
        },
      ],
      button: 'Ask for this',
    },
    {
      value: 'declined',
      label: 'Decline',
      fields: [{ ...words, label: 'Would you like to tell us why?' }],
      button: 'No, that does not suit me',
    },
  ];
}

/** How many days from tomorrow on are looked at. */
const days = 14;

/** A handful of free times for this visit, spread over the days to come; it is not in its own way. */
async function freeTimes(context: ReadContext, ticket: Ticket) {
  const { time_zone } = context.organization;
  const tomorrow = context.now.toZonedDateTimeISO(time_zone).toPlainDate().add({ days: 1 });
  const contact = await findRow(context, contactRecord, ticket.contact_id);
  const slots = await offerSlots(
    context,
    { from: tomorrow.toString(), to: tomorrow.add({ days: days - 1 }).toString() },
    {
      ...(await crewToOffer(context, ticket, {})),
      minutes: ticket.duration_minutes,
      exceptTicket: ticket.id,
      ...(contact ? { liking: await likingOf(context, contact) } : {}),
    },
  );
  return slots
    .filter(({ starts_at }) => Date.parse(starts_at) !== Date.parse(ticket.scheduled_at))
    .map(({ starts_at }) => ({ value: starts_at, label: dayAndTime(context, starts_at) }));
}

const responded = z.object({ answer: z.enum(answers), when: z.string(), asked_for: z.string().optional() });

/** What is said after a button was pressed. */
function thank(answer: Record<string, unknown>): LinkPage {
  const { answer: said, when, asked_for } = responded.parse(answer);
  if (said === 'accepted') return { title: 'Thank you', lines: [`See you on ${when}.`] };
  if (said === 'declined')
    return {
      title: 'Thank you for telling us',
      lines: [`You have declined ${when}. We get in touch with you.`],
    };
  const wish = asked_for === undefined ? 'We have your message' : `You have asked for ${asked_for}`;
  return {
    title: 'Thank you, we look into it',
    lines: [`${wish}. We get in touch with you. Until then ${when} is kept for you.`],
  };
}
