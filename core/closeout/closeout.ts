import { z } from 'zod';
import { roles } from '../kernel/pipeline/context.ts';
import { ref } from '../kernel/records/references.ts';
import { defineView } from '../kernel/registry/define.ts';
import { answerCloseout } from './answer.ts';
import { closeoutAnswer } from './record.ts';
import { findOwn } from './session.ts';

/** The acting person's close-out of one visit, begun or not: what the step that is due shows. */
export const closeout = defineView({
  type: 'closeout',
  domain: 'closeout',
  summary: 'Your close-out of one visit: the step that is due, and what was confirmed so far.',
  keywords: ['close-out', 'finish visit', 'complete job'],
  row: closeoutAnswer,
  params: z.strictObject({ ticket_id: ref('ticket') }),
  roles,
  async run(context, { params }) {
    const session = await findOwn(context, params.ticket_id);
    return { rows: [await answerCloseout(context, params.ticket_id, session)] };
  },
});
