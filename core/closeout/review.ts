import { z } from 'zod';
import { noteFields } from '../extraction/record.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { answerCloseout } from './answer.ts';
import { seenOnline, shownAt, withoutSecretsAll } from './reviewed.ts';
import { closeoutStep, digestOf, saveSession, sessionAt } from './session.ts';

/** Says which of the facts found are right, which were corrected, which are dropped, and which are missing (CLO-07). */
export const reviewCloseout = defineAction({
  ...closeoutStep,
  name: 'review',
  example: { ticket_id: 'T-2001', attributes: [] },
  summary: 'Keep, correct or drop the facts found in the notes of a visit you close out.',
  keywords: ['confirm facts', 'attributes', 'validate'],
  input: z.strictObject({
    ticket_id: ref('ticket'),
    review: digestOf('review of what was shown'),
    attributes: noteFields.shape.attributes,
  }),
  async run(context, { ticket_id, review, attributes }) {
    const { ticket, session } = await sessionAt(context, ticket_id, 'review');
    const seen = review === undefined ? session.extraction_status : seenOnline(session, review);
    const reviewed_attributes = await withoutSecretsAll(context, attributes);
    const saved = await saveSession(context, session.id, { ...shownAt(session, seen), reviewed_attributes });
    return answerCloseout(context, ticket.id, saved);
  },
});
