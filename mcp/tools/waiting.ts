import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { answer, presenter } from '../present.ts';
import { callerOf } from '../tool.ts';
import type { WaitingCalls } from '../waiting.ts';

const waits = z.object({
  status: z.literal('pending_authorization'),
  data: z.looseObject({ request: z.string(), review_url: z.string() }),
});
const standing = z.looseObject({ status: z.string(), reference: z.string(), rule_reason: z.string() });

/** How a call that waits is found in an answer, and how it stands later (MCP-18). */
export function waitingCalls(app: App, baseUrl: string): WaitingCalls {
  const { compact, compactMarked, refuse } = presenter(app.registry);
  return {
    find({ structured }) {
      const found = waits.safeParse(structured);
      if (!found.success) return undefined;
      const { request, review_url } = found.data.data;
      return {
        reference: request,
        url: review_url,
        message: `${request} waits for the owner. The page wants a sign-in; nothing is decided here.`,
      };
    },
    async lookUp(reference, session) {
      try {
        const { rows, time_zone } = await app.read(
          callerOf(session),
          'authorization_requests',
          {
            id: reference,
            fields: [
              'reference',
              'action',
              'status',
              'rule_reason',
              'decision_note',
              'result',
              'error',
              'expires_at',
            ],
          },
          { request_id: session.request_id },
        );
        const { status: state, reference: request, rule_reason: reason, ...facts } = standing.parse(rows[0]);
        if (state !== 'pending') {
          const data = compact({ request, state, ...facts }, time_zone, 'authorization_requests');
          return answer({ status: 'decided', data });
        }
        const { action, expires_at } = facts;
        const review_url = `${baseUrl}/review/${request}`;
        return answer({
          status: 'pending_authorization',
          data: compactMarked({ request, reason, action, expires_at, review_url }, time_zone),
        });
      } catch (error) {
        return refuse(error);
      }
    },
  };
}
