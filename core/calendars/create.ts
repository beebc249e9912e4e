import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { hashSecret } from '../kernel/pipeline/authenticate.ts';
import { roles } from '../kernel/pipeline/context.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { calendarFeed } from './feed.ts';
import { covered, endFeedsOfMember, feedRow, insertFeed } from './queries.ts';

/**
 * Makes the address by which a calendar reads one's own visits, or all of the business; the one before ends. It is shown
 * once and only its hash is kept. Whoever has the address reads along, so people make their own and nobody another's.
 * Throws FORBIDDEN.
 */
export const createFeed = defineAction({
  domain: 'calendar_feed',
  name: 'create',
  summary:
    'Make the address by which your calendar shows your visits, or all of the business; it is shown once.',
  input: z.strictObject({ covers: z.enum(covered).optional() }),
  output: feedRow.extend({ address: z.string() }),
  permission: { level: 'requires_authorization' },
  effect: 'create',
  undo: 'calendar_feed.revoke',
  example: { covers: 'own' },
  human_only: true,
  on_page: '/calendar/subscribe',
  roles,
  keywords: ['ics', 'ical', 'webcal', 'subscribe', 'google calendar', 'outlook', 'apple calendar', 'phone'],
  async run(context, { covers = 'own' }) {
    const { actor } = context;
    if (actor.kind !== 'user' || actor.id === null) {
      throw new DeskhandError('FORBIDDEN', 'A calendar is made by the person it is for.', {
        hint: 'Sign in, and subscribe on the page /calendar/subscribe.',
      });
    }
    if (covers === 'business' && actor.role === 'technician') {
      throw new DeskhandError('FORBIDDEN', 'The calendar of the whole business is for the office.', {
        field: 'covers',
        hint: 'Leave covers out for a calendar of your own visits.',
      });
    }
    await endFeedsOfMember(context, actor.id, covers);
    const token = randomBytes(32).toString('base64url');
    const row = await insertFeed(context, {
      id: newId(),
      member_id: actor.id,
      covers,
      hash: hashSecret(token),
    });
    const { path, ending } = calendarFeed;
    return { ...row, address: `${context.base_url}/${path}/${token}${ending}` };
  },
});
