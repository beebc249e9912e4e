import { updateRow } from '../kernel/records/record-queries.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { localTime } from '../kernel/words/time.ts';
import { atClock, onClock, readAt } from './clock.ts';
import { insertTimeEntry } from './queries.ts';
import { ticketRecord } from './ticket.ts';

/** Starts the clock of one technician on a visit, which is then in progress (TKT-07, GAP-04). */
export const clockIn = defineAction({
  ...onClock,
  name: 'clock_in',
  summary: 'Start a technician’s clock on a visit, now or at a given time.',
  verb: 'clock in',
  past: 'clocked in',
  why_not_undone: 'a clock that runs is stopped with ticket.clock_out',
  keywords: ['start work', 'arrive'],
  async run(context, given) {
    const { ticket, technician, open } = await atClock(context, given);
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
