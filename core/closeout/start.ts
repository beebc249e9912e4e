import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { answerCloseout } from './answer.ts';
import { closeoutStep, openSession } from './session.ts';

/** Begins the close-out of a visit (CLO-03), or goes on with the one that was begun. */
export const startCloseout = defineAction({
  ...closeoutStep,
  name: 'start',
  object: 'to close out the visit',
  example: { ticket_id: 'T-2001' },
  summary: 'Begin to close out a visit step by step.',
  keywords: ['close out', 'finish', 'begin'],
  input: z.strictObject({ ticket_id: ref('ticket') }),
  async run(context, { ticket_id }) {
    const { session } = await openSession(context, ticket_id);
    return answerCloseout(context, ticket_id, session);
  },
});
