import { z } from 'zod';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { leadAnswer, leadRecord, lockOpenLead } from './lead.ts';
import { pipelineStages } from './record.ts';

/** Says what the work on an open lead is at, apart from its status (CFL-17). */
export const setStage = defineAction({
  domain: 'lead',
  name: 'set_stage',
  summary: 'Say what the work on an open lead is at: inquiry, needs_analysis, estimate_sent, …',
  input: z.strictObject({ lead_id: ref('lead'), pipeline_stage: z.enum(pipelineStages) }),
  output: leadAnswer,
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'lead_id',
  past: 'set',
  example: { lead_id: 'L-1001', pipeline_stage: 'estimate_sent' },
  keywords: ['pipeline', 'estimate sent', 'stage'],
  async run(context, { lead_id, pipeline_stage }) {
    const lead = await lockOpenLead(context, lead_id);
    if (pipeline_stage !== lead.pipeline_stage) {
      return updateRow(context, leadRecord, lead.id, { pipeline_stage });
    }
    throw new DeskhandError('INVALID_STATE', `${lead.reference} is at ${pipeline_stage} already.`, {
      field: 'pipeline_stage',
      valid_options: pipelineStages.filter(stage => stage !== pipeline_stage),
    });
  },
});
