import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { answerCloseout } from './answer.ts';
import { enqueueReading } from './extraction-job.ts';
import { closeoutStep, saveSession, sessionAt } from './session.ts';

/** Has the model asked once more, when it did not answer (CFL-32). */
export const lookAgain = defineAction({
  ...closeoutStep,
  name: 'look_again',
  object: 'again at the notes of the visit',
  example: { ticket_id: 'T-2001' },
  summary: 'Have the notes of a visit you close out read once more.',
  keywords: ['extraction', 'retry', 'facts'],
  input: z.strictObject({ ticket_id: ref('ticket') }),
  touches: ['llm'],
  async run(context, { ticket_id }) {
    const { ticket, session } = await sessionAt(context, ticket_id, 'review');
    if (session.extraction_status === 'none') {
      throw new DeskhandError('INVALID_STATE', 'There are no notes to be read.', {
        hint: 'Add facts by hand, or write notes first.',
      });
    }
    if (session.extraction_status !== 'failed') return answerCloseout(context, ticket.id, session);
    if (session.reviewed_attributes !== null) {
      throw new DeskhandError('INVALID_STATE', 'It was said already which facts hold.', {
        hint: 'Complete the visit: its notes are read once more then, and what is found waits for the office.',
      });
    }
    const saved = await saveSession(context, session.id, { extraction_status: 'pending' });
    await enqueueReading(context, saved);
    return answerCloseout(context, ticket.id, saved);
  },
});
