import { z } from 'zod';
import { contactRecord } from '../contacts/contact.ts';
import { defineLink } from '../kernel/outside/links.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { updateRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { lockMessage } from './scheduled-message.ts';

/** The customer of a message wants no more of its kind (GAP-13). Mails about their own visits and bills still go out. */
export const unsubscribe = defineAction({
  domain: 'message',
  name: 'unsubscribe',
  summary:
    'Stop the e-mails we write of our own accord to the customer of a message; done by the link in it.',
  input: z.strictObject({ message_id: ref('scheduled_message') }),
  output: z.object({ unsubscribed: z.literal(true) }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  example: { message_id: 'M-1001' },
  open_to: ['customer'],
  human_only: true,
  roles: [],
  async run(context, { message_id }) {
    const { contact_id } = await lockMessage(context, message_id);
    if (context.actor.kind === 'customer' && context.link?.subject_id !== message_id) {
      throw new DeskhandError('FORBIDDEN', 'This link is for another message.');
    }
    if (contact_id !== null) await updateRow(context, contactRecord, contact_id, { status: 'unsubscribed' });
    return { unsubscribed: true as const };
  },
});

/** In every mail we write of our own accord. It outlives changes of the message and of the customer. */
export const unsubscribeLink = defineLink({
  purpose: 'unsubscribe',
  path: 'u',
  summary: 'stops the e-mails a business writes of its own accord',
  subject: 'scheduled_message',
  is_bound_to_version: false,
  days: 365,
  shows: async ({ organization }: ReadContext) => ({
    title: 'Stop these e-mails?',
    lines: [
      `${organization.name} will not write to you of its own accord any more.`,
      'E-mails about your own appointments and invoices still come.',
    ],
    button: 'Stop these e-mails',
  }),
  done: { title: 'Done', lines: ['You will not get these e-mails any more.'] },
  action: 'message.unsubscribe',
  input: ({ subject_id }) => ({ message_id: subject_id }),
});

/** What stands below such a mail. */
export const unsubscribeWords = (address: string): string =>
  `\n\n--\nYou do not want to hear from us any more? ${address}`;
