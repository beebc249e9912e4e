import type { Temporal } from 'temporal-polyfill';
import type { Context, ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { dayBounds, localTime } from '../kernel/words/time.ts';
import { findFree } from '../scheduling/slots.ts';
import { listPlanned, listTechnicians } from './queries.ts';
import { requireNotReplaced } from './rebook.ts';
import { requireOpen } from './requirements.ts';
import { type Ticket, ticketRecord } from './ticket.ts';

/** Which visit somebody wants to have at another time: itself, or its customer. */
export interface MoveWish {
  ticket_id?: string | undefined;
  contact_id?: string | undefined;
  technician_id?: string | undefined;
}

/**
 * The locked visit that is to be moved (MCP-07): the named one, or the only planned one of the customer. Refuses what has
 * begun or is over, each with a way on: INVALID_STATE, TICKET_CLOSED; AMBIGUOUS with the visits to choose from.
 */
export async function chooseVisitToMove(context: Context, wish: MoveWish): Promise<Ticket> {
  const id = wish.ticket_id ?? (await chooseOnlyVisit(context, wish.contact_id));
  const ticket = await getRow(context, ticketRecord, id, { lock: true });
  if (wish.contact_id !== undefined && ticket.contact_id !== wish.contact_id) {
    throw invalid('ticket_id', `${ticket.reference} is another customer’s visit.`, {
      hint: 'Leave contact_id out, or name a visit of this customer.',
    });
  }
  if (ticket.status === 'cancelled') await requireNotReplaced(context, ticket);
  requireOpen(ticket);
  if (ticket.status === 'in_progress') {
    throw new DeskhandError('INVALID_STATE', `${ticket.reference} has begun already.`, {
      hint: 'Put off its end with ticket.reschedule and duration_minutes, or book another visit with schedule_appointment.',
    });
  }
  return ticket;
}

/** The visits of a customer that are still to come, as many as are named at once. */
export const visitsToCome = (context: ReadContext, contactId: string) =>
  listPlanned(context, contactId, context.now.toString(), 3);

/** Today's count too: whoever was not at home this morning calls for another day. */
async function chooseOnlyVisit(context: ReadContext, contactId: string | undefined): Promise<string> {
  if (contactId === undefined) {
    throw invalid('ticket_id', 'Say which visit is to be moved.', { hint: 'Give ticket_id or contact_id.' });
  }
  const { time_zone } = context.organization;
  const today = context.now.toZonedDateTimeISO(time_zone).toPlainDate();
  const planned = await listPlanned(context, contactId, dayBounds(today, time_zone).from.toString(), 6);
  const [only, ...others] = planned;
  if (!only) {
    throw new DeskhandError('INVALID_STATE', 'This customer has no visit to come.', {
      field: 'contact_id',
      hint: 'Book one with schedule_appointment.',
    });
  }
  if (others.length === 0) return only.id;
  throw new DeskhandError('AMBIGUOUS', 'This customer has several visits to come.', {
    field: 'ticket_id',
    candidates: planned.slice(0, 5).map(({ reference, scheduled_at, services }) => ({
      reference,
      label: [localTime(scheduled_at, time_zone), ...(services ?? [])].join(', '),
    })),
    hint: 'Call again with ticket_id set to one of the references.',
  });
}

/** Who goes to a visit that is moved, and who takes whose place. */
export interface MovedCrew {
  ids: string[];
  replaced: { name: string; by: string }[];
}

/**
 * The technicians of a visit as far as they are free at the new time, another free one for each who is not; the wanted
 * one alone when there is one. Undefined when there are not enough. A visit nobody was sent to stays like that.
 */
export async function chooseCrew(
  context: ReadContext,
  {
    ticket,
    wish,
    starts,
    minutes,
  }: { ticket: Ticket; wish: MoveWish; starts: Temporal.Instant; minutes: number },
): Promise<MovedCrew | undefined> {
  const period = { from: starts.toString(), to: starts.add({ minutes }).toString() };
  const free = await findFree(context, period, ticket.id);
  if (wish.technician_id !== undefined) {
    const isFree = free.some(({ id }) => id === wish.technician_id);
    return isFree ? { ids: [wish.technician_id], replaced: [] } : undefined;
  }
  const before = await listTechnicians(context, [ticket.id]);
  const others = free.filter(({ id }) => !before.some(technician => technician.id === id));
  const crew: MovedCrew = { ids: [], replaced: [] };
  for (const { id, name } of before) {
    const goes = free.some(member => member.id === id) ? { id, name } : others.shift();
    if (!goes) return undefined;
    crew.ids.push(goes.id);
    if (goes.id !== id) crew.replaced.push({ name, by: goes.name });
  }
  return crew;
}

/** Those whose free times are offered: the wanted technician, the whole crew together, anybody for a visit of one. */
export async function crewToOffer(
  context: ReadContext,
  ticket: Ticket,
  wish: MoveWish,
): Promise<{ technicianIds?: string[]; together?: boolean }> {
  if (wish.technician_id !== undefined) return { technicianIds: [wish.technician_id] };
  const crew = await listTechnicians(context, [ticket.id]);
  return crew.length > 1 ? { technicianIds: crew.map(({ id }) => id), together: true } : {};
}
