import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { type Context, roles } from '../kernel/pipeline/context.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { asPhone, freeText, line } from '../kernel/words/text-schemas.ts';
import { moment } from '../kernel/words/time.ts';
import { bookTicket } from './create.ts';
import { nextInput, nextServicesSaid } from './next-service.ts';
import { newLine } from './pricing.ts';
import { answerTicket, ticketAnswer } from './ticket-answer.ts';
import { workedMinutes } from './work.ts';

/**
 * Writes down a visit that was and that nobody had booked: an extra job, an emergency, a walk-in. Nobody is told, and no
 * time is kept free for it; only whoever is said to have gone cannot have been on another visit then. It is closed as
 * every other. A technician writes down visits of their own, to customers they know and to new ones.
 */
export const recordTicket = defineAction({
  domain: 'ticket',
  name: 'record_visit',
  summary:
    'Write down a visit that was, without a booking: when, who went, what was done; with close it is closed, too.',
  input: z.strictObject({
    contact_id: ref('contact').optional(),
    new_customer: z
      .strictObject({ full_name: line, phone: z.string().min(3).max(40).meta(asPhone).optional() })
      .optional()
      .meta({ description: 'in place of contact, for people: somebody nobody has met before' }),
    address_id: ref('address').optional(),
    scheduled_at: moment.meta({ description: 'when it began: local time, in the past' }),
    duration_minutes: z.int().min(5).max(1440).optional(),
    lines: z.array(newLine).max(50).optional(),
    technician_ids: z.array(ref('member')).max(20).optional(),
    notes: freeText.optional(),
    close: z
      .strictObject({
        duration_minutes: workedMinutes.optional(),
        notes: freeText.optional(),
        next_service: z.enum(nextServicesSaid).default('not_asked'),
        reach_out_months: nextInput.reach_out_months,
        appointment: nextInput.appointment,
        price_confirmed: z.boolean().optional(),
      })
      .optional()
      .meta({ description: 'close it at once, as ticket.close; {} for as planned' }),
  }),
  also: {
    close: {
      example: {
        next_service: 'yes',
        appointment: { scheduled_at: '2027-02-02T09:00', technician_ids: ['Theo'] },
      },
      uses: ['ticket.close'],
      run(context, { input, answer }) {
        const { id, duration_minutes } = recorded.parse(answer);
        const { close } = closing.parse(input);
        return context.call('ticket.close', { duration_minutes, notes: '', ...close, ticket_id: id });
      },
    },
  },
  output: ticketAnswer.loose(),
  permission: { level: 'unrestricted' },
  effect: 'create',
  often: {
    rank: 2,
    members: ['contact_id', 'scheduled_at', 'duration_minutes', 'lines', 'technician_ids', 'close'],
  },
  undo: 'ticket.cancel',
  past: 'recorded',
  object: 'visit that was',
  example: {
    contact_id: 'Jane Smith',
    address_id: 'A-1001',
    scheduled_at: '2026-11-17T15:00',
    duration_minutes: 45,
    lines: [{ service_id: 'Screen Cleaning', quantity: 4 }],
    technician_ids: ['Theo'],
  },
  roles,
  keywords: ['done already', 'extra job', 'emergency', 'walk-in', 'was there', 'without booking'],
  async run(context, { contact_id: known, new_customer, ...input }) {
    const technician_ids = ownCrew(context, input.technician_ids);
    const contact_id = await customerOf(context, known, new_customer);
    const { id } = await bookTicket(context, { ...input, contact_id, technician_ids, was: true });
    return answerTicket(context, id);
  },
});

const recorded = z.object({ id: z.string(), duration_minutes: z.number() });
const closing = z.object({ close: z.looseObject({}) });

/** A technician writes down where they were themselves, and needs not say so. */
function ownCrew({ actor }: Context, given: readonly string[] = []): string[] {
  if (actor.role !== 'technician' || actor.id === null) return [...given];
  if (given.some(id => id !== actor.id)) {
    throw new DeskhandError('FORBIDDEN', 'You write down your own visits; somebody else went on this one.', {
      field: 'technician_ids',
      hint: 'Leave it out, and ask the office to write down who else was there.',
    });
  }
  return [actor.id];
}

async function customerOf(
  context: Context,
  known: string | undefined,
  unknown: { full_name: string; phone?: string | undefined } | undefined,
): Promise<string> {
  if (known !== undefined && unknown === undefined) return known;
  if (known !== undefined || unknown === undefined) {
    throw invalid('contact_id', 'Give the customer, or new_customer, and not both.', {
      hint: 'contact_id for somebody we know; new_customer with full_name for somebody nobody has met before.',
    });
  }
  // What an agent may do about customers is set at contact.create, and nothing else goes past that.
  if (context.actor.kind === 'agent') {
    throw invalid('new_customer', 'An agent makes a customer with contact.create.', {
      hint: 'Run contact.create, then ticket.record_visit with the contact_id it answers.',
    });
  }
  // Who else has this number is told to nobody who may not see them; the office finds both among the duplicates.
  const quiet = context.actor.role === 'technician' ? { ...context, warn: () => undefined } : context;
  return (await createRecord(quiet, contactRecord, unknown)).id;
}
