import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';
import { dayBounds, localTime } from '../kernel/words/time.ts';
import { currentTicketRow, findCurrentTicket } from './calendar-queries.ts';

/**
 * The visit somebody is at (CLO-02): the one their clock runs on; else the one of today that is in progress, that is
 * planned for now, that should be over and is still open, that comes next. Nobody's is an empty list. Technicians ask
 * about themselves, people of the office about themselves unless they name somebody. Throws VALIDATION_ERROR when a
 * caller who goes to no visits (an agent) names nobody, FORBIDDEN when a technician names somebody else.
 */
export const currentTicket = defineView({
  type: 'current_ticket',
  domain: 'scheduling',
  summary: 'The one visit a technician is at now, by clock and plan: what is to be closed out next.',
  keywords: ['now', 'right now', 'current job', 'current visit', 'quick action', 'where is'],
  row: currentTicketRow.extend({ local: z.string() }),
  params: z.strictObject({ technician_id: ref('member').optional() }),
  default_fields: [
    'reference',
    'why',
    'local',
    'customer',
    'phone',
    'address',
    'services',
    'status',
    'clocked_in_at',
  ],
  roles: ['owner', 'admin', 'member', 'technician'],
  async run(context, { params }) {
    const { time_zone } = context.organization;
    const technicianId = whose(context, params.technician_id);
    const today = context.now.toZonedDateTimeISO(time_zone).toPlainDate();
    const { from, to } = dayBounds(today, time_zone);
    const row = await findCurrentTicket(context, technicianId, from.toString(), to.toString());
    return { rows: row ? [{ ...row, local: localTime(row.scheduled_at, time_zone) }] : [] };
  },
});

function whose({ actor }: ReadContext, asked: string | undefined): string {
  const own = actor.kind === 'user' ? actor.id : null;
  if (own === null && asked === undefined) {
    throw invalid('technician_id', 'Say whose visit is meant.', {
      hint: 'Give the technician; members with is_bookable lists them.',
    });
  }
  if (actor.role === 'technician' && asked !== undefined && asked !== own) {
    throw new DeskhandError('FORBIDDEN', 'A technician sees their own visits only.', {
      field: 'technician_id',
    });
  }
  return asked ?? own ?? '';
}
