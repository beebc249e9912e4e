import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { saidByTelephone } from './call-instead.ts';
import { whyNotWanted } from './not-wanted.ts';
import { findRecipient, whyHeld } from './recipient.ts';
import { isUnderWay } from './record-delivery.ts';
import { lockMessage, messageRecord, type ScheduledMessage } from './scheduled-message.ts';

/**
 * Looks once more at a message whose mail is about to leave: it may have waited for hours, and its customer has said stop, the
 * address is dead or the visit is cancelled since. What must not go any more says so, and becomes a call where that helps.
 */
export const checkDelivery = defineAction({
  domain: 'message',
  name: 'check_delivery',
  summary: 'Say whether the mail of a message may still leave; done by the delivery itself.',
  input: z.strictObject({ message_id: ref('scheduled_message'), to: z.string().max(320) }),
  output: z.object({ reference: z.string(), why_not: z.string().nullable(), is_failure: z.boolean() }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  example: { message_id: 'M-1001', to: 'jane.smith@example.com' },
  human_only: true,
  roles: [],
  async run(context, { message_id, to }) {
    const message = await lockMessage(context, message_id);
    const { id, reference, status } = message;
    if (!isUnderWay(message, to))
      return { reference, why_not: `the message is ${status}`, is_failure: false };
    const end = await endOf(context, message, to);
    if (!end) return { reference, why_not: null, is_failure: false };
    await updateRow(context, messageRecord, id, { status: end.status, error: end.why });
    return { reference, why_not: end.why, is_failure: end.status === 'failed' };
  },
});

async function endOf(context: Context, message: ScheduledMessage, to: string) {
  const why = await whyNotWanted(context, message);
  if (why !== undefined) return { status: 'skipped' as const, why };
  const recipient = await findRecipient(context, message);
  const held = recipient && (await whyHeld(context, recipient, { kind: message.kind, to }));
  if (!held) return undefined;
  const said = held.is_called && (await saidByTelephone(context, message, held.reason));
  return said ? { status: 'skipped' as const, why: said } : { status: held.status, why: held.reason };
}
