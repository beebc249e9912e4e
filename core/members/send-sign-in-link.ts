import { z } from 'zod';
import { lockInBusiness } from '../kernel/database/lock.ts';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { sendInvitation } from '../sign-in/invite.ts';
import { memberRecord } from './member.ts';

/**
 * Mails somebody of the business a link that signs them in, so that a new technician need not know where to ask for one
 * (TEN-10). Throws NOT_FOUND for whoever does not work here (any more), RATE_LIMITED when it was done too often.
 */
export const sendSignInLink = defineAction({
  domain: 'member',
  name: 'send_sign_in_link',
  summary: 'Mail a person of the business a link that signs them in.',
  input: z.strictObject({ member_id: ref('member') }),
  output: z.object({ sent_to: z.string() }),
  permission: { level: 'requires_authorization' },
  effect: 'send',
  undo: 'none',
  verb: 'send',
  past: 'sent',
  object: 'sign-in link',
  example: { member_id: 'Theo' },
  touches: ['email'],
  human_only: true,
  roles: ['owner', 'admin'],
  keywords: ['invite', 'invitation', 'log in', 'welcome mail'],
  async run(context, { member_id }) {
    // Of several at once each counts those before it.
    await lockInBusiness(context, 'sign_in_link');
    const { email, name } = await getRow(context, memberRecord, member_id);
    await sendInvitation(context, { email, name });
    await logEntry(context, { type: 'member', id: member_id, verb: 'sign_in_link' }, { sent_to: email });
    return { sent_to: email };
  },
});
