import { z } from 'zod';
import type { App } from '../../core/app.ts';
import { answer, compact, refuse } from '../present.ts';
import type { WaitingCalls } from '../waiting.ts';

const waits = z.object({
  status: z.literal('pending_authorization'),
  data: z.looseObject({ request: z.string(), review_url: z.string() }),
});
const standing = z.looseObject({ status: z.string(), reference: z.string(), rule_reason: z.string() });

/** How a call that waits is found in an answer, and how it stands later (MCP-18). */
export const waitingCalls = (app: App, baseUrl: string): WaitingCalls => ({
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
        { via: 'key', key: session.credential },
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
      const waitsStill = state === 'pending';
      return answer({
        status: waitsStill ? 'pending_authorization' : 'decided',
        data: compact(
          waitsStill
            ? { request, reason, ...facts, review_url: `${baseUrl}/review/${request}` }
            : { request, state, ...facts },
          time_zone,
        ),
      });
    } catch (error) {
      return refuse(error);
    }
  },
});
