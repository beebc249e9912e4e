import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import { roles } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { pageOf } from '../kernel/registry/paging.ts';
import { day, dayBounds, readDay } from '../kernel/words/time.ts';
import { outcomesOf } from '../tasks/outcomes.ts';
import { followUpsOfAnswers } from './answered-queries.ts';
import { dueKinds, dueRow, listDue } from './follow-up-queries.ts';
import { readPlace, writePlace } from './place.ts';

/**
 * What has to be done when, in one list (CFL-63): pending follow-ups of interactions, reminders of open leads, open tasks.
 * Technicians read the tasks they have to do themselves.
 */
export const followUps = defineView({
  type: 'follow_ups',
  domain: 'interaction',
  summary: 'What has to be done, by due time: call-backs, reminders of leads, open tasks.',
  keywords: ['call back', 'reminder', 'to do', 'due', 'overdue', 'task'],
  often: { rank: 2 },
  // What can come of a call: `accepted`, `told`.
  row: dueRow.extend({ outcomes: z.array(z.string()) }),
  params: z.strictObject({
    owner_user_id: ref('member').optional(),
    contact_id: ref('contact').optional(),
    lead_id: ref('lead').optional(),
    kind: z.enum(dueKinds).optional(),
    /** The last day in the business time zone. */
    until: day.optional(),
  }),
  roles,
  filters: {
    overdue: 'due before now',
    besides_answers: 'without what customers answered to visits they cannot take: tickets, filter answered',
  },
  default_fields: [
    'id',
    'kind',
    'reference',
    'due_at',
    'overdue',
    'about',
    'customer',
    'phone',
    'text',
    'lead_id',
    'contact_id',
    'owner',
  ],
  async run(context, { params, filter, limit, cursor }) {
    const { owner_user_id, contact_id, lead_id, kind, until } = params;
    const { role, id: me } = context.actor;
    const end =
      until === undefined ? undefined : dayBounds(readDay(until, 'until'), context.organization.time_zone).to;
    const due = await listDue(context, {
      conditions: [
        ...(owner_user_id ? [sql`owner_user_id = ${owner_user_id}::uuid`] : []),
        ...(contact_id ? [sql`contact_id = ${contact_id}::uuid`] : []),
        ...(lead_id ? [sql`lead_id = ${lead_id}::uuid`] : []),
        ...(kind ? [sql`kind = ${kind}`] : []),
        ...(role === 'technician' ? [sql`kind = 'task' and owner_user_id = ${me}::uuid`] : []),
        ...(end ? [sql`due_at < ${end.toString()}::timestamptz`] : []),
        ...(filter === 'besides_answers' ? [sql`id not in (${followUpsOfAnswers(context)})`] : []),
        ...(filter === 'overdue' ? [sql`due_at < ${context.now.toString()}::timestamptz`] : []),
      ],
      after: readPlace(cursor),
      limit: limit + 1,
    });
    const rows = due.map(row => ({
      ...row,
      outcomes: row.call_kind === null ? [] : [...outcomesOf(row.call_kind)],
    }));
    return pageOf(rows, limit, last => writePlace(last.due_at, last.id));
  },
});
