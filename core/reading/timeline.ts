import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { pageOf } from '../kernel/registry/paging.ts';
import { didYouMean } from '../kernel/words/did-you-mean.ts';
import { invalid } from '../kernel/words/errors.ts';
import { leadRecord } from '../leads/lead.ts';
import { readPlace, writePlace } from './place.ts';
import {
  kindsOf,
  listTimeline,
  type Source,
  sourcesOf,
  timelineRow,
  type Whose,
} from './timeline-queries.ts';

/**
 * Everything that has happened with a customer or a lead, on one line of time (CFL-27): whatever points to them and says
 * how it stands here, mails, and changes. Reads the outbox and the audit trail besides the tables of those records.
 */
export const timeline = defineView({
  type: 'timeline',
  from_replica: true,
  domain: 'interaction',
  summary: 'What happened with one customer or lead, newest first: calls, notes, visits, e-mails, changes.',
  keywords: ['history', 'activity', 'what happened', 'last contact', 'past'],
  often: { rank: 2 },
  row: timelineRow,
  params: z.strictObject({
    contact_id: ref('contact').optional(),
    lead_id: ref('lead').optional(),
    kind: z.string().max(63).optional().meta({ description: 'interaction, note, visit, email, change, …' }),
  }),
  async run(context, { params, limit, cursor }) {
    const whose = readWhose(params);
    if (whose.contact !== undefined) await getRow(context, contactRecord, whose.contact);
    if (whose.lead !== undefined) await getRow(context, leadRecord, whose.lead);
    const rows = await listTimeline(context, {
      sources: chosen(context, whose, params.kind),
      before: readPlace(cursor),
      limit: limit + 1,
    });
    return pageOf(rows, limit, last => writePlace(last.happened_at, last.id));
  },
});

/** Every kind of entry of a timeline there is. */
export const timelineKinds = (registry: ReadContext['registry']): string[] => kindsOf(registry);

interface Given {
  contact_id?: string | undefined;
  lead_id?: string | undefined;
}

function readWhose({ contact_id, lead_id }: Given): Whose {
  if (contact_id !== undefined || lead_id !== undefined) return { contact: contact_id, lead: lead_id };
  throw invalid('contact_id', 'A timeline is somebody’s.', { hint: 'Give contact_id, lead_id or both.' });
}

/** What the timeline is made of: everything, or one kind of it. Throws VALIDATION_ERROR for a kind there is not. */
function chosen(context: ReadContext, whose: Whose, kind: string | undefined): readonly Source[] {
  const sources = sourcesOf(context, whose);
  if (kind === undefined) return sources;
  const kinds = timelineKinds(context.registry);
  if (kinds.includes(kind)) return sources.filter(source => source.kind === kind);
  throw invalid('kind', 'Nothing of this kind stands in a timeline.', {
    got: kind,
    valid_options: kinds,
    did_you_mean: didYouMean(kind, kinds),
  });
}
