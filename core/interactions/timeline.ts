import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { leadRecord } from '../leads/lead.ts';
import { readPlace, writePlace } from './cursor.ts';
import { listTimeline, timelineKinds, timelineRow, type Whose } from './timeline-queries.ts';

/** Everything that has happened with a customer or a lead, on one line of time (CFL-27). */
export const timeline = defineView({
  type: 'timeline',
  domain: 'interaction',
  summary: 'What happened with one customer or lead, newest first: calls, notes, visits, e-mails, changes.',
  keywords: ['history', 'activity', 'what happened', 'last contact', 'past'],
  row: timelineRow,
  params: z.strictObject({
    contact_id: ref('contact').optional(),
    lead_id: ref('lead').optional(),
    kind: z.enum(timelineKinds).optional(),
  }),
  async run(context, { params, limit, cursor }) {
    const whose = readWhose(params);
    if (whose.contact_id !== undefined) await getRow(context, contactRecord, whose.contact_id);
    if (whose.lead_id !== undefined) await getRow(context, leadRecord, whose.lead_id);
    const rows = await listTimeline(context, whose, {
      kinds: params.kind === undefined ? timelineKinds : [params.kind],
      before: readPlace(cursor),
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      rows: page,
      ...(rows.length > limit && last ? { next_cursor: writePlace(last.happened_at, last.id) } : {}),
    };
  },
});

function readWhose({ contact_id, lead_id }: Partial<Whose>): Whose {
  if (contact_id !== undefined || lead_id !== undefined) return { contact_id, lead_id };
  throw invalid('contact_id', 'A timeline is somebody’s.', { hint: 'Give contact_id, lead_id or both.' });
}
