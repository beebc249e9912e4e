import { z } from 'zod';
import { findSimilarNames } from '../contacts/match.ts';
import { leadFields } from '../extraction/record.ts';
import { writeInteraction } from '../interactions/write.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { Row } from '../kernel/records/record.ts';
import { createRecord } from '../kernel/records/record-actions.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { moment, readMoment } from '../kernel/words/time.ts';
import { titleFor } from './columns.ts';
import {
  prepareLead,
  proposedColumns,
  readPrepared,
  textOf,
  understoodLead,
  warnOfUnreadable,
} from './extraction.ts';
import { queueExtraction } from './extraction-job.ts';
import { leadAnswer, leadRecord } from './lead.ts';
import { type Lead, pipelineStages } from './record.ts';

const input = leadRecord.writable.extend({
  pipeline_stage: z.enum(pipelineStages).optional(),
  reminder_at: moment.optional(),
  fields: leadFields
    .optional()
    .meta({ description: 'what you have understood of raw_notes; nothing is extracted then' }),
  extract: z.enum(['now', 'later', 'no']).optional(),
  follow_up: z
    .boolean()
    .optional()
    .meta({ description: 'call back within a business hour; true when left out' }),
});
type Input = z.output<typeof input>;

/** Whether the notes are read at once: what was handed in as understood is not read again. */
const isReadNow = ({ raw_notes, fields, extract = 'now' }: Input) =>
  extract === 'now' && raw_notes !== undefined && fields === undefined;

/**
 * Takes in an inquiry (LED-02, LED-18). The notes stay as they were said; what is understood of them fills what the
 * caller has not given and is unconfirmed (CFL-29). Writes down how it came in and, unless told otherwise, that somebody
 * has to call back within one business hour.
 */
export const createLead = defineAction({
  domain: 'lead',
  name: 'create',
  summary: 'Take in an inquiry: raw_notes as they were said, or fields; plans the call back.',
  input,
  output: leadAnswer.extend({ interaction_id: z.string(), follow_up_at: z.string().nullable() }),
  permission: { level: 'unrestricted' },
  effect: 'create',
  undo: 'lead.delete',
  example: {
    raw_notes: 'Robert Miles called, (256) 555-0181: windows before Thanksgiving.',
    source: 'phone_call',
  },
  touches: ['llm'],
  connectors: ['model'],
  keywords: ['add', 'new inquiry', 'new lead', 'somebody called', 'phone call', 'take down'],
  prepare: async (tools, given) =>
    isReadNow(given) && given.raw_notes !== undefined ? prepareLead(tools, given.raw_notes) : undefined,
  async run(context, given) {
    const lead = await insertLead(context, given);
    if (lead.full_name !== null && lead.contact_id === null) await warnOfSimilar(context, lead.full_name);
    const interaction = await writeHowItCame(context, lead, given.follow_up ?? true);
    return { ...lead, interaction_id: interaction.id, follow_up_at: interaction.follow_up_at };
  },
});

async function insertLead(context: Context, given: Input): Promise<Lead> {
  const { fields: _fields, extract = 'now', follow_up: _follow, reminder_at, ...facts } = given;
  const understood = readUnderstood(context, given);
  const { columns, unreadable } = understood
    ? proposedColumns(context, understood.fields)
    : { columns: {}, unreadable: [] };
  warnOfUnreadable(context, unreadable);
  if (understood?.remark !== undefined) context.warn(understood.remark);
  const all: Row = { ...columns, ...facts };
  const isLater = understood === undefined && extract !== 'no' && textOf(facts) !== undefined;
  const lead = await createRecord(context, leadRecord, {
    ...all,
    title: all.title ?? titleFor(all),
    source: all.source ?? 'other',
    ...(reminder_at === undefined ? {} : { reminder_at: readReminder(context, reminder_at) }),
    extraction: understood?.fields ?? {},
    extracted_by: understood?.by ?? null,
    extraction_status: understood ? statusOf(understood) : isLater ? 'pending' : 'none',
  });
  if (isLater) await queueExtraction(context, lead.id);
  return lead;
}

/** What was understood, by whoever handed it in or by whoever was asked before. */
function readUnderstood(context: Context, { fields, ...given }: Input) {
  if (fields !== undefined) {
    return understoodLead.parse({ by: 'agent', fields });
  }
  return isReadNow(given) ? readPrepared(context.prepared)?.understood : undefined;
}

/** Nothing understood leaves nothing to confirm. */
export const statusOf = ({ fields }: z.output<typeof understoodLead>) =>
  Object.keys(fields).length > 0 ? ('unconfirmed' as const) : ('none' as const);

/** A moment to be reminded at. Throws VALIDATION_ERROR for one that is past. */
export function readReminder(context: Context, text: string): string {
  const at = readMoment(text, context.organization.time_zone, 'reminder_at');
  if (at.epochMilliseconds > context.now.epochMilliseconds) return at.toString();
  throw invalid('reminder_at', 'This time is past.', { got: text, hint: 'Choose a time to come.' });
}

async function warnOfSimilar(context: Context, name: string): Promise<void> {
  const similar = await findSimilarNames(context, name);
  if (similar.length === 0) return;
  const names = similar.map(({ reference, label }) => `${reference} ${quote(label)}`).join(', ');
  context.warn(
    `A customer of a similar name: ${names}. If it is the same person, lead.update with contact_id says so.`,
  );
}

const ways = {
  phone_call: { type: 'phone_call', direction: 'inbound' },
  email: { type: 'email_inbound', direction: 'inbound' },
  web_form: { type: 'note', direction: 'inbound' },
  referral: { type: 'note', direction: 'internal' },
  ad: { type: 'note', direction: 'internal' },
  other: { type: 'note', direction: 'internal' },
} as const;

/** How an inquiry came in, as its first interaction, with the call back that is due (LED-16, LED-18). */
export function writeHowItCame(context: Context, lead: Lead, isFollowedUp: boolean, isAutoGenerated = false) {
  return writeInteraction(context, {
    ...ways[lead.source],
    lead_id: lead.id,
    contact_id: lead.contact_id,
    owner_user_id: lead.owner_user_id,
    subject: lead.title,
    body: textOf(lead) ?? null,
    is_auto_generated: isAutoGenerated,
    follow_up_in_hours: isFollowedUp ? 1 : undefined,
  });
}
