import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { atClock, onClock, readAt } from './clock.ts';
import { endTimeEntry } from './queries.ts';

/** Stops the clock; the visit stays in progress until it is closed. */
export const clockOut = defineAction({
  ...onClock,
  name: 'clock_out',
  summary: 'Stop a technician’s clock on a visit.',
  verb: 'clock out',
  past: 'clocked out',
  keywords: ['stop work', 'leave'],
  async run(context, given) {
    const { ticket, technician, open } = await atClock(context, given);
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
