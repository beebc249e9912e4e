import { isQueued } from '../kernel/outside/outbox.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { reach } from './recipient.ts';
import { isUnasked } from './record.ts';
import type { ScheduledMessage } from './scheduled-message.ts';

/** The kind of the jobs that wait for a message's time. */
export const timerKind = 'scheduled_message';
/** The same for what a flow has planned about a visit or a bill: it follows from that, and previews do not show it again. */
export const flowTimerKind = 'planned_message';

const kindOf = ({ kind, words }: ScheduledMessage): string =>
  words === 'template' && !isUnasked(kind) ? flowTimerKind : timerKind;

/**
 * Queues the job that sends a message when its time has come. A message that is moved gets another one; the earlier one
 * finds another time in the row and does nothing.
 */
export async function setTimer(
  context: Context,
  message: ScheduledMessage,
  words: 'theirs' | 'ours',
): Promise<void> {
  const { id, contact_id, company_id, ticket_id, send_at } = message;
  const { to, obstacle } = await reach(context, message);
  await context.enqueue({
    kind: kindOf(message),
    payload: {
      message_id: id,
      send_at,
      ...(contact_id === null ? {} : { contact_id }),
      ...(company_id === null ? {} : { company_id }),
      ...(ticket_id === null ? {} : { ticket_id }),
      // For whoever looks at a preview: where it goes as things are.
      ...(to === undefined ? {} : { to }),
    },
    run_at: send_at,
    dedupe_key: `${id} ${send_at}`,
    // What we wrote ourselves is held when it is due, if nobody has confirmed the address until then.
    is_checked_later: words === 'ours',
  });
  // Who booked the visit was told already how else its customer is reached.
  if (!obstacle || (obstacle.is_called && kindOf(message) === flowTimerKind)) return;
  const what = obstacle.is_called
    ? 'somebody has to call instead of this message'
    : 'this message will not be sent';
  context.warn(`As things are, ${what}: ${obstacle.reason}`);
}

/** Sets the timer of a message that waits, when it has none any more. */
export async function keepTimer(context: Context, message: ScheduledMessage | undefined): Promise<void> {
  if (message?.status !== 'pending') return;
  const { id: message_id, send_at } = message;
  if (await isQueued(context, { kind: kindOf(message), payload: { message_id, send_at } })) return;
  await setTimer(context, message, 'theirs');
}
