import { z } from 'zod';
import { proposeAttributes } from '../attributes/propose.ts';
import { type AttributeLine, attributeLine, lineOf } from '../attributes/record.ts';
import { rejectFacts } from '../attributes/reject.ts';
import { contactRecord } from '../contacts/contact.ts';
import { type Extractor, noteFields, type ProposedAttribute } from '../extraction/record.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { createRecord, updateRecord } from '../kernel/records/record-actions.ts';
import { findRow, updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { noteRecord } from '../notes/note.ts';
import { endCalls } from '../tasks/call.ts';
import { settleMails } from './cycle.ts';
import { ticketClosed } from './events.ts';
import {
  type Followed,
  followUp,
  type NextService,
  nextOf,
  requireWhole,
  saidInput,
} from './next-service.ts';
import { endTimeEntries } from './queries.ts';
import { requireOwnVisit } from './requirements.ts';
import { lockOpenTicket, type Ticket, ticketRecord } from './ticket.ts';
import { answerTicket, ticketAnswer } from './ticket-answer.ts';
import { type FinalLine, lineChange, settleLines, workedMinutes, writeLines } from './work.ts';

/** What a visit came to, as it is frozen with it (CLO-07). */
export interface Closing {
  duration_minutes: number;
  lines: readonly FinalLine[];
  /** '' when there was nothing to say. */
  notes: string;
  /** The facts that go with the notes; `by` is left out for what a person wrote or validated. */
  facts?: {
    by?: Extractor | undefined;
    attributes: readonly ProposedAttribute[];
    /** What was shown and called wrong. */
    dropped?: readonly ProposedAttribute[];
    is_confirmed: boolean;
  };
  /** Whether the notes are still to be read for facts, which then wait for somebody to confirm them. */
  isToBeRead: boolean;
  next: NextService;
}

export interface Closed extends Followed {
  note_id?: string;
  attributes: AttributeLine[];
}

/** Closes a visit in one call (CLO-13, CLO-14, CFL-31): what the close-out pages do step by step. */
export const closeTicket = defineAction({
  domain: 'ticket',
  name: 'close',
  summary: 'Close a visit that was done: duration, final prices, notes, what follows. This is final.',
  input: z.strictObject({
    ticket_id: ref('ticket'),
    duration_minutes: workedMinutes,
    notes: z.string().trim().max(20_000).meta({ description: 'what was seen and said; "" for nothing' }),
    ...saidInput,
    lines: z
      .array(lineChange)
      .max(100)
      .optional()
      .meta({ description: 'what differs from the booking; every flexible line of an estimate' }),
    price_confirmed: z.boolean().optional().meta({ description: 'needed when the price is an estimate' }),
    attributes: noteFields.shape.attributes
      .optional()
      .meta({ description: 'facts you have understood of the notes yourself' }),
  }),
  output: ticketAnswer.extend({
    note_id: z.string().nullable(),
    next_ticket_id: z.string().nullable(),
    message_id: z.string().nullable(),
    /** With reach_out: how and when, `mail on Tue 2027-05-18 09:00`. */
    reach_out: z.string().optional(),
    attributes: z.array(attributeLine),
  }),
  permission: { level: 'soft_limit' },
  effect: 'update',
  often: {
    rank: 1,
    members: [
      'ticket_id',
      'duration_minutes',
      'notes',
      'next_service',
      'reach_out_months',
      'appointment',
      'lines',
    ],
  },
  undo: 'none',
  why_not_undone: 'a closed visit is final',
  example: {
    ticket_id: 'T-2001',
    duration_minutes: 95,
    notes: 'Dog in the garden.',
    lines: [{ service_id: 'Screen Cleaning', quantity: 4 }],
    next_service: 'yes',
    appointment: { scheduled_at: '2026-12-21T09:00', technician_ids: ['Theo'] },
  },
  emits: [ticketClosed.name],
  touches: ['email', 'llm'],
  roles: ['owner', 'admin', 'member', 'technician'],
  keywords: ['complete', 'finish', 'done', 'close out', 'job is done'],
  async run(context, { ticket_id, notes, lines, price_confirmed, attributes, duration_minutes, ...said }) {
    const next = nextOf(said);
    requireWhole(next);
    await requireOwnVisit(context, ticket_id);
    const ticket = await lockOpenTicket(context, ticket_id);
    const isPerson = context.actor.kind === 'user';
    const closed = await closeVisit(context, ticket, {
      duration_minutes,
      lines: await settleLines(context, ticket, lines ?? [], price_confirmed),
      notes,
      ...(attributes === undefined
        ? {}
        : { facts: { attributes, is_confirmed: isPerson, ...(isPerson ? {} : { by: 'agent' }) } }),
      isToBeRead: attributes === undefined,
      next,
    });
    const { note_id = null, next_ticket_id = null, message_id = null } = closed;
    return {
      ...(await answerTicket(context, ticket.id)),
      note_id,
      next_ticket_id,
      message_id,
      ...(closed.reach_out === undefined ? {} : { reach_out: closed.reach_out }),
      attributes: closed.attributes,
    };
  },
});

/**
 * Freezes a locked, open visit with everything that belongs to it, or with nothing (CLO-18): its lines, times, notes, the
 * facts about its customer, and what follows. The action that calls it declares `ticket.closed`. From here on the database refuses every change of it (TKT-05).
 */
export async function closeVisit(context: Context, ticket: Ticket, closing: Closing): Promise<Closed> {
  await writeLines(context, ticket.id, closing.lines);
  await endTimeEntries(context, ticket.id);
  const closed = await updateRow(context, ticketRecord, ticket.id, {
    status: 'closed',
    closed_at: context.now.toString(),
    closed_by: context.actor.name,
    actual_minutes: closing.duration_minutes,
    is_price_estimated: false,
  });
  await settleMails(context, closed);
  await endCalls(context, ticket.id);
  await context.emit(ticketClosed, { ticket_id: ticket.id, contact_id: ticket.contact_id });
  const note_id = await writeNote(context, ticket, closing);
  const attributes = await becomeCustomer(context, ticket, closing, note_id);
  const followed = await followUp(context, {
    ticket,
    lines: closing.lines,
    minutes: closing.duration_minutes,
    next: closing.next,
  });
  return { ...followed, attributes, ...(note_id === undefined ? {} : { note_id }) };
}

async function writeNote(context: Context, ticket: Ticket, closing: Closing): Promise<string | undefined> {
  if (closing.notes === '') return undefined;
  const by = closing.facts?.by ?? null;
  const note = await createRecord(context, noteRecord, {
    ticket_id: ticket.id,
    content: closing.notes,
    source: 'close_out',
    ...(closing.isToBeRead ? {} : { extraction_status: 'done', extracted_by: by }),
  });
  return note.id;
}

/** Whoever had a visit is a customer (CFL-08), and what was seen there is known of them (CLO-16). */
async function becomeCustomer(
  context: Context,
  ticket: Ticket,
  { facts }: Closing,
  noteId: string | undefined,
): Promise<AttributeLine[]> {
  const contact = await findRow(context, contactRecord, ticket.contact_id, { lock: true });
  if (!contact) {
    context.warn('The customer of this visit was deleted; nothing was written down about them.');
    return [];
  }
  if (contact.lifecycle_stage !== 'customer') {
    await updateRecord(context, contactRecord, ticket.contact_id, { lifecycle_stage: 'customer' });
  }
  if (!facts) return [];
  const target = {
    contact_id: ticket.contact_id,
    source: 'ticket' as const,
    ticket_id: ticket.id,
    ...(noteId === undefined ? {} : { note_id: noteId }),
  };
  await rejectFacts(context, target, facts.dropped ?? []);
  const { attributes, left_out } = await proposeAttributes(
    context,
    { ...target, is_confirmed: facts.is_confirmed },
    { by: facts.by, fields: { attributes: facts.attributes } },
  );
  for (const fact of left_out) context.warn(`Left out: ${fact}.`);
  return attributes.map(lineOf);
}
