import { roles } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { localTime } from '../kernel/words/time.ts';
import { chooseTechnician, clockInput, readAt } from './clock.ts';
import { findOpenEntry, insertTimeEntry } from './queries.ts';
import { timeEntryRow } from './record.ts';
import { lockOpenTicket, requireOwnVisit, ticketRecord } from './ticket.ts';

/** Starts the clock of one technician on a visit, which is then in progress (TKT-07, GAP-04). */
export const clockIn = defineAction({
  domain: 'ticket',
  name: 'clock_in',
  summary: 'Start a technician’s clock on a visit, now or at a given time.',
  input: clockInput,
  output: timeEntryRow,
  permission: { level: 'unrestricted' },
  effect: 'update',
  verb: 'clock in',
  past: 'clocked in',
  object: '',
  example: { ticket_id: 'T-2001', technician_id: 'Theo' },
  roles,
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
