import { z } from 'zod';
import { findKnown } from '../contacts/match.ts';
import { leadFields, leadSources } from '../extraction/record.ts';
import { callBackIn } from '../extraction/rules/inquiry.ts';
import type { WorkflowContext } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineWorkflow } from '../kernel/registry/define.ts';
import { quoteStart } from '../kernel/words/quote.ts';
import { freeText } from '../kernel/words/text-schemas.ts';
import { localTime, moment } from '../kernel/words/time.ts';
import { prepareLead, readPrepared } from '../leads/extraction.ts';
import { leadAnswer } from '../leads/lead.ts';

const created = leadAnswer.extend({ interaction_id: z.string(), follow_up_at: z.string().nullable() });
const planned = z.object({ follow_up_at: z.string() });

/**
 * What somebody said on the telephone becomes a lead with a call back (MCP-08, LED-09). What is understood of it is
 * proposed and says by whom: the agent itself, a language model, or simple rules (decision 9, CFL-29).
 */
export const processLead = defineWorkflow({
  name: 'process_lead',
  title: 'Take in an inquiry',
  deed: { verb: 'take down', past: 'took down', object: 'inquiry', about: 'lead' },
  summary:
    'Take in an inquiry: raw_notes as they were said, and fields you have understood. Plans the call back; names customers it may be.',
  input: z.strictObject({
    raw_notes: freeText,
    source: z.enum(leadSources).optional(),
    fields: leadFields.optional(),
    contact_id: ref('contact').optional(),
    follow_up_at: moment.optional(),
  }),
  output: z.object({
    lead: z.looseObject({}),
    extracted_by: z.string(),
    unconfirmed: z.array(z.string()),
    customers: z.array(z.object({ reference: z.string(), full_name: z.string() })),
    call_back: z.string().optional(),
    hint: z.string().optional(),
  }),
  uses: ['lead.create', 'interaction.set_follow_up'],
  example: {
    raw_notes: 'Robert Miles called, (256) 555-0181: windows before Thanksgiving.',
    fields: { full_name: 'Robert Miles' },
  },
  keywords: ['new lead', 'inquiry', 'somebody called', 'wants a quote', 'call back'],
  connectors: ['model'],
  prepare: async (tools, { raw_notes, fields }) =>
    fields === undefined ? prepareLead(tools, raw_notes) : undefined,
  async run(context, { follow_up_at, ...facts }) {
    const understood = readPrepared(context.prepared)?.understood;
    const {
      interaction_id,
      follow_up_at: usual,
      // Known without saying, and a long id to read.
      owner_user_id: _owner,
      ...lead
    } = created.parse(await context.call('lead.create', facts, context.prepared));
    const due = await planCallBack(context, interaction_id, follow_up_at, usual);
    if (follow_up_at === undefined && due !== null) warnOfAgreed(context, facts.raw_notes, due);
    const known = await findKnown(context, lead);
    const isOpen = lead.extraction_status === 'unconfirmed';
    return {
      lead,
      extracted_by: understood?.by === 'llm' ? `llm:${understood.model ?? ''}` : (understood?.by ?? 'agent'),
      unconfirmed: isOpen ? Object.keys(facts.fields ?? understood?.fields ?? {}) : [],
      customers: known.map(({ reference, label }) => ({ reference, full_name: label })),
      ...(due === null ? {} : { call_back: localTime(due, context.organization.time_zone) }),
      ...(isOpen ? { hint: 'Unconfirmed until a person says so with lead.confirm_extraction.' } : {}),
    };
  },
});

const when =
  /\b(?:today|tonight|tomorrow|(?:mon|tues|wednes|thurs|fri|satur|sun)day|morning|afternoon|evening|noon|week|month|after|before|at|\d)/i;

/** A time that was agreed on stands in the notes, where nobody is reminded of it: rules understand no dates. */
function warnOfAgreed(context: WorkflowContext, notes: string, due: string): void {
  const said = callBackIn(notes);
  if (said === undefined || !when.test(said)) return;
  context.warn(
    `They said ${quoteStart(said, 80)}, and the call back is planned for ${localTime(due, context.organization.time_zone)}: interaction.set_follow_up with follow_up_at plans it for then.`,
  );
}

/** When somebody calls back: at the time that was agreed on, else as for every inquiry. */
async function planCallBack(
  context: WorkflowContext,
  interaction_id: string,
  agreed: string | undefined,
  usual: string | null,
): Promise<string | null> {
  if (agreed === undefined) return usual;
  const { follow_up_at } = planned.parse(
    await context.call('interaction.set_follow_up', { interaction_id, follow_up_at: agreed }),
  );
  return follow_up_at;
}
