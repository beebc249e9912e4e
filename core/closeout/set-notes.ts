import { z } from 'zod';
import { noteByRules } from '../extraction/rules/note.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { answerCloseout } from './answer.ts';
import { enqueueReading } from './extraction-job.ts';
import { closeoutStep, saveSession, sessionAt } from './session.ts';

const prepared = z.object({ has_model: z.boolean() });

/**
 * Writes down what was seen (CLO-05), and has it read. Rules read at once, so there is something to review however slow the
 * model is; its answer takes their place when it comes before the review (CFL-32).
 */
export const setNotes = defineAction({
  ...closeoutStep,
  name: 'set_notes',
  verb: 'write',
  past: 'wrote',
  object: 'the notes of the visit',
  example: { ticket_id: 'T-2001', notes: 'Dog in the garden.' },
  summary: 'Write the notes of a visit you close out; "" when there is nothing to say.',
  keywords: ['notes', 'observations', 'remarks'],
  input: z.strictObject({
    ticket_id: ref('ticket'),
    notes: z.string().trim().max(20_000),
  }),
  touches: ['llm'],
  connectors: ['model'],
  prepare: async ({ connectors }) => ({ has_model: connectors.model !== undefined }),
  async run(context, { ticket_id, notes }) {
    const { ticket, session } = await sessionAt(context, ticket_id, 'notes');
    if (session.notes === notes) return answerCloseout(context, ticket.id, session);
    const { has_model } = prepared.parse(context.prepared);
    const isRead = notes !== '';
    const saved = await saveSession(context, session.id, {
      notes,
      notes_at: context.now.toString(),
      extraction_status: isRead ? (has_model ? 'pending' : 'done') : 'none',
      extracted_by: isRead ? 'rules' : null,
      attributes: isRead ? noteByRules(notes).attributes : [],
      reviewed_attributes: null,
    });
    if (isRead && has_model) await enqueueReading(context, saved);
    return answerCloseout(context, ticket.id, saved);
  },
});
