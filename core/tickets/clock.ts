import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { localTime, moment, readMoment } from '../kernel/words/time.ts';
import { endTimeEntry, findOpenEntry, insertTimeEntry, isAssigned, listTechnicians } from './queries.ts';
import { timeEntryRow } from './record.ts';
import { lockOpenTicket, requireOwnVisit, ticketRecord } from './ticket.ts';

const input = z.strictObject({
  ticket_id: ref('ticket'),
  technician_id: ref('member').optional(),
  at: moment.optional(),
});
type ClockInput = z.output<typeof input>;

const everybody = ['owner', 'admin', 'member', 'technician'] as const;

/** Starts the clock of one technician on a visit, which is then in progress (TKT-07, GAP-04). */
export const clockIn = defineAction({
  domain: 'ticket',
  name: 'clock_in',
  summary: 'Start a technician’s clock on a visit, now or at a given time.',
  input,
  output: timeEntryRow,
  permission: { level: 'unrestricted' },
  effect: 'update',
  verb: 'clock in',
  past: 'clocked in',
  object: '',
  example: { ticket_id: 'T-2001', technician_id: 'Theo' },
  roles: everybody,
  keywords: ['start work', 'arrive'],
  async run(context, given) {
    await requireOwnVisit(context, given.ticket_id);
    const ticket = await lockOpenTicket(context, given.ticket_id);
    const technician = await chooseTechnician(context, given);
    const open = await findOpenEntry(context, technician);
    if (open) {
      throw new DeskhandError('CONFLICT', `This technician is clocked in on ${open.reference} already.`, {
        ticket: open.reference,
        since: localTime(open.clocked_in_at, context.organization.time_zone),
        hint: 'Clock out there first.',
      });
    }
    const entry = await insertTimeEntry(context, ticket.id, technician, readAt(context, given));
    if (ticket.status === 'scheduled') {
      await updateRow(context, ticketRecord, ticket.id, { status: 'in_progress' });
    }
    return entry;
  },
});

/** Stops the clock; the visit stays in progress until it is closed. */
export const clockOut = defineAction({
  domain: 'ticket',
  name: 'clock_out',
  summary: 'Stop a technician’s clock on a visit.',
  input,
  output: timeEntryRow,
  permission: { level: 'unrestricted' },
  effect: 'update',
  verb: 'clock out',
  past: 'clocked out',
  object: '',
  example: { ticket_id: 'T-2001', technician_id: 'Theo' },
  roles: everybody,
  keywords: ['stop work', 'leave'],
  async run(context, given) {
    await requireOwnVisit(context, given.ticket_id);
    const ticket = await lockOpenTicket(context, given.ticket_id);
    const technician = await chooseTechnician(context, given);
    const open = await findOpenEntry(context, technician);
    const at = readAt(context, given);
    if (open?.ticket_id === ticket.id && Date.parse(at) < Date.parse(open.clocked_in_at)) {
      throw invalid('at', 'Clocking out cannot come before clocking in.', { got: given.at });
    }
    const entry = await endTimeEntry(context, ticket.id, technician, at);
    if (!entry) {
      throw new DeskhandError('INVALID_STATE', `This technician is not clocked in on ${ticket.reference}.`, {
        hint: open ? `They are clocked in on ${open.reference}.` : 'Clock in first with ticket.clock_in.',
      });
    }
    return entry;
  },
});

/** The technician meant: the named one, oneself, or the only one on the visit. */
async function chooseTechnician(context: Context, { ticket_id, technician_id }: ClockInput): Promise<string> {
  const { role, id } = context.actor;
  if (role === 'technician' && id !== null) {
    if (technician_id === undefined || technician_id === id) return id;
    throw new DeskhandError('FORBIDDEN', 'A technician clocks in and out for themselves only.', {
      field: 'technician_id',
    });
  }
  if (technician_id !== undefined) {
    if (await isAssigned(context, ticket_id, technician_id)) return technician_id;
    throw new DeskhandError('INVALID_STATE', 'This technician is not on the visit.', {
      field: 'technician_id',
      hint: 'Assign them first with ticket.assign_technician.',
    });
  }
  const assigned = await listTechnicians(context, [ticket_id]);
  const [only] = assigned;
  if (only && assigned.length === 1) return only.id;
  throw invalid('technician_id', 'Say whose clock is meant.', {
    valid_options: assigned.map(technician => technician.name),
  });
}

const readAt = (context: Context, { at }: ClockInput): string => {
  if (at === undefined) return context.now.toString();
  const instant = readMoment(at, context.organization.time_zone, 'at');
  if (instant.epochMilliseconds > context.now.epochMilliseconds + 60_000) {
    throw invalid('at', 'The clock cannot be set in the future.', { got: at });
  }
  return instant.toString();
};
