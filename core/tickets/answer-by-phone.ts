import type { Context } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { endCalls } from '../tasks/call.ts';
import { answerVisit } from './answer.ts';
import { isSettledByAnswer } from './asks.ts';
import { ticketRecord } from './ticket.ts';

type Answer = 'accepted' | 'declined' | 'modify_requested';
export const isAnswer = (status: string): status is Answer =>
  status === 'accepted' || status === 'declined' || status === 'modify_requested';

/** A customer has answered, however: nobody has to call them to ask, nor to remind them of what they do not want. */
export const endCallsOfAnswered = (context: Context, ticketId: string, answer: Answer): Promise<void> =>
  endCalls(
    context,
    ticketId,
    kind => isSettledByAnswer(kind) || (kind === 'reminder' && answer !== 'accepted'),
  );

/** Writes down what a customer said on the telephone to a visit that is still to come; one that is over stays as it is. */
export async function answerByPhone(context: Context, ticketId: string, answer: Answer): Promise<void> {
  const visit = await findRow(context, ticketRecord, ticketId, { lock: true });
  if (visit?.status !== 'scheduled') {
    context.warn('The visit is not to come any more; their answer to it is not written down.');
    return;
  }
  await answerVisit(context, visit, { answer, asked_for: undefined, words: undefined });
}
