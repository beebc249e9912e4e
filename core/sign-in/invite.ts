import { countJobs } from '../kernel/outside/outbox.ts';
import { hashSecret } from '../kernel/pipeline/authenticate.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { insertToken } from './link-queries.ts';
import { linkMinutes, newSecret } from './sign-in.ts';

/** Whom a link is sent to because somebody of the office asked for it. */
export interface Invited {
  email: string;
  name: string;
}

const hour = 60;
const mostToOne = 3;
const mostOfBusiness = 30;

/**
 * Queues a mail with a link that signs somebody in, in any browser of theirs: nobody waits at a screen for it. It lives as
 * long as every other link, and the mail says how to get a new one. Only whoever reads that mail sees the link; who asked for
 * it does not. Throws RATE_LIMITED after three to one person or thirty of the business within an hour; links that people
 * ask for themselves are not counted, so that nobody keeps others from being invited.
 */
export async function sendInvitation(context: Context, { email, name }: Invited): Promise<void> {
  const to = email.toLowerCase();
  await requireRoom(context, to);
  const token = newSecret();
  await insertToken(context.tx, {
    email: to,
    token: hashSecret(token),
    asker: null,
    code: null,
    minutes: linkMinutes,
  });
  const { base_url, organization } = context;
  await context.enqueue({
    // Nobody reads its text in the outbox, and the database forgets it as soon as it has gone out.
    kind: 'sign_in_email',
    payload: {
      to,
      from_name: organization.name,
      subject: `Sign in to ${organization.name}`,
      text: `Hello ${name},\n\nyou work with ${organization.name} on Deskhand. Open this page on your phone or computer and press "Sign in":\n\n${base_url}/sign-in/${token}\n\nThe link works once, for ${linkMinutes} minutes. Is it too old? Open ${base_url}/sign-in and type ${to}: a new one comes at once. There is no password. Give nobody the link.`,
      // Of a mail, `invitation` is the entry for a calendar.
      invites: true,
    },
  });
}

async function requireRoom(context: Context, to: string): Promise<void> {
  const sent = (payload: Record<string, unknown>) =>
    countJobs(context, { kind: 'sign_in_email', payload: { invites: true, ...payload }, minutes: hour });
  if ((await sent({ to })) >= mostToOne) {
    throw new DeskhandError('RATE_LIMITED', `${mostToOne} links went to this address within the last hour.`, {
      retry_after_seconds: hour * 60,
      hint: 'Look into the spam folder there; on the page /sign-in they ask for one themselves.',
    });
  }
  if ((await sent({})) >= mostOfBusiness) {
    throw new DeskhandError('RATE_LIMITED', 'Very many sign-in links were sent within the last hour.', {
      retry_after_seconds: hour * 60,
      hint: 'Send more in an hour; on the page /sign-in people ask for one themselves.',
    });
  }
}
