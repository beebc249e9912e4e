import { z } from 'zod';
import { methods } from '../extraction/understand.ts';
import { updateRecord } from '../kernel/records/record-actions.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction, type PrepareTools } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { statusOf } from './create.ts';
import {
  fillable,
  prepareLead,
  proposedColumns,
  readPrepared,
  textOf,
  warnOfUnreadable,
} from './extraction.ts';
import { leadAnswer, leadRecord, lockOpenLead } from './lead.ts';

const readable = leadRecord.row.pick({ raw_notes: true, description: true });

/**
 * Reads the notes again (LED-03), by a model or by rules. Fills what is empty and what an extraction before has filled;
 * what people have written stays. Throws INVALID_STATE once somebody has confirmed it.
 */
export const extractLead = defineAction({
  domain: 'lead',
  name: 'extract',
  summary: 'Read the notes of a lead again and fill what is empty; unconfirmed until somebody confirms it.',
  input: z.strictObject({ lead_id: ref('lead'), method: z.enum(methods).optional() }),
  output: leadAnswer.extend({ filled: z.array(z.string()) }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  locks: 'lead_id',
  verb: 'read',
  past: 'read',
  example: { lead_id: 'L-1001' },
  touches: ['llm'],
  connectors: ['model'],
  keywords: ['understand', 'parse', 'read the notes'],
  async prepare(tools, { lead_id, method }) {
    const text = await readText(tools, lead_id);
    return text === undefined ? undefined : prepareLead(tools, text, method);
  },
  async run(context, { lead_id }) {
    const lead = await lockOpenLead(context, lead_id);
    if (lead.extraction_status === 'confirmed') {
      throw new DeskhandError('INVALID_STATE', `${lead.reference} was confirmed; it is not read again.`, {
        hint: 'Correct it with lead.update.',
      });
    }
    const text = textOf(lead);
    if (text === undefined) {
      throw new DeskhandError('INVALID_STATE', `${lead.reference} has no notes that could be read.`, {
        hint: 'Write them with lead.update and raw_notes.',
      });
    }
    const prepared = readPrepared(context.prepared);
    if (prepared?.text !== text) {
      throw new DeskhandError('CONFLICT', 'The notes were changed while they were read.', {
        hint: 'Do it again.',
      });
    }
    const { understood } = prepared;
    const { columns, unreadable } = proposedColumns(context, understood.fields);
    warnOfUnreadable(context, unreadable);
    if (understood.remark !== undefined) context.warn(understood.remark);
    const filled = fillable(context, lead, columns);
    const extraction = { ...lead.extraction, ...understood.fields };
    const row = await updateRecord(context, leadRecord, lead.id, {
      ...filled,
      extraction,
      extracted_by: understood.by,
      extraction_status: statusOf({ ...understood, fields: extraction }),
    });
    return { ...row, filled: Object.keys(filled) };
  },
});

/** The notes of a lead; undefined when there are none, or no such lead, which `run` then says in its own words. */
async function readText({ read }: PrepareTools, id: string): Promise<string | undefined> {
  try {
    const [row] = await read('leads', { id, fields: ['raw_notes', 'description'] });
    return row && textOf(readable.parse(row));
  } catch (error) {
    if (error instanceof DeskhandError && (error.code === 'NOT_FOUND' || error.code === 'AMBIGUOUS'))
      return undefined;
    throw error;
  }
}
