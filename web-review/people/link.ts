import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { submit } from '../forms.ts';
import type { PageRequest } from '../site.ts';

/** Mails somebody a link to sign in, beside what else a form does: answers where to, or why not. */
export async function linkSent(
  request: PageRequest,
  member_id: string,
): Promise<{ to?: string; problem?: string }> {
  try {
    const { data } = await submit(request, 'member.send_sign_in_link', { member_id });
    return { to: String(data.sent_to) };
  } catch (error) {
    if (!(error instanceof DeskhandError)) throw error;
    return {
      problem: `The link was not sent. ${[error.message, error.details.hint].filter(Boolean).join(' ')}`,
    };
  }
}
