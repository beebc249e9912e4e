import { z } from 'zod';
import { ref } from '../../core/kernel/records/references.ts';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { messageKinds } from '../../core/messages/record.ts';
import { scheduleMessage } from '../../core/messages/schedule.ts';
import type { BrightPanes } from '../support/bright-panes.ts';

/** What is about a visit or a bill is written by its own flow, such as this one of the tests. */
const write = defineAction({
  domain: 'flow',
  name: 'write',
  summary: 'Write to a customer about something of theirs.',
  input: z.strictObject({
    contact_id: ref('contact'),
    kind: z.enum(messageKinds),
    send_at: z.iso.datetime({ offset: true }),
  }),
  output: z.object({ id: z.string(), reference: z.string() }),
  permission: { level: 'unrestricted' },
  effect: 'create',
  undo: 'message.cancel',
  run: (context, message) => scheduleMessage(context, { ...message, subject: 'Your visit', body: 'Hello.' }),
});
export const flows = defineDomain({ name: 'flow', summary: 'Flows.', actions: [write] });

/** Messages of Bright Panes, as the office plans them. */
export function planning(panes: () => BrightPanes) {
  return {
    /** Plans a message to Jane for the first of December unless `more` says otherwise. */
    plan: (more: Record<string, unknown> = {}) =>
      panes().done(panes().dana, 'message.schedule', {
        contact_id: 'C-1001',
        subject: 'Your gutters',
        body: 'Hello Jane,\n\nthe leaves are down.',
        send_at: '2026-12-01T09:00',
        ...more,
      }),
    async stateOf(message_id: unknown) {
      const [row] = await panes().read(panes().dana, 'scheduled_messages', { id: String(message_id) });
      return row?.status;
    },
    /** When the timers of a message ring, as they stand in the outbox. */
    async timersOf(message_id: unknown) {
      const { rows } = await panes().database.owner.query<{ run_at: Date }>(
        `select run_at from jobs where kind = 'scheduled_message' and payload ->> 'message_id' = $1 order by run_at`,
        [message_id],
      );
      return rows.map(({ run_at }) => run_at.toISOString());
    },
  };
}
