import { roles } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { chooseTechnician, clockInput, readAt } from './clock.ts';
import { endTimeEntry, findOpenEntry } from './queries.ts';
import { timeEntryRow } from './record.ts';
import { lockOpenTicket, requireOwnVisit } from './ticket.ts';

/** Stops the clock; the visit stays in progress until it is closed. */
export const clockOut = defineAction({
  domain: 'ticket',
  name: 'clock_out',
  summary: 'Stop a technician’s clock on a visit.',
  input: clockInput,
  output: timeEntryRow,
  permission: { level: 'unrestricted' },
  effect: 'update',
  verb: 'clock out',
  past: 'clocked out',
  object: '',
  example: { ticket_id: 'T-2001', technician_id: 'Theo' },
  roles,
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
