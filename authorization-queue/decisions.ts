import { z } from 'zod';
import { defineAction, defineDecision } from '../core/kernel/registry/define.ts';
import { DeskhandError, notFound } from '../core/kernel/words/errors.ts';
import { freeText } from '../core/kernel/words/text-schemas.ts';
import { passkeyAnswer } from '../core/passkeys/record.ts';
import { allow, type Decision, deny } from './decide.ts';
import { cancelRequest, findStanding } from './decision-queries.ts';
import { forDeciders, grant, grantLimits } from './grants.ts';
import { requirePasskey } from './passkey.ts';

const decision = z.strictObject({
  /** Reference or id. */
  request: z.string().min(1).max(60),
  /** Of what was shown: nobody decides about something else. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

/** Allowing also takes the browser's answer to `passkey.begin_check`, where the business wants a passkey for it. */
const allowing = decision.extend({ note: freeText.optional(), passkey: passkeyAnswer.optional() });

const outcome = z.object({
  request: z.string(),
  status: z.enum(['succeeded', 'failed', 'stale', 'denied']),
  result: z.record(z.string(), z.unknown()).nullable(),
  error: z.record(z.string(), z.unknown()).nullable(),
  replaced_by: z.string().nullable(),
  grant: z.string().nullable(),
  warnings: z.array(z.string()),
});

const read = ({ request, digest }: z.output<typeof decision>, note: string | undefined): Decision => ({
  request: request.trim(),
  digest,
  note: note ?? null,
});

/** Does this once and changes no permission (MAQ-04). */
export const allowOnce = defineDecision({
  domain: 'authorization',
  name: 'allow_once',
  summary: 'Do what an agent asked for, once.',
  input: allowing,
  output: outcome,
  ...forDeciders,
  effect: 'update',
  object: 'what an agent asked for, once',
  example: { request: 'R-1', digest: 'f'.repeat(64) },
  keywords: ['approve', 'accept', 'yes'],
  async run(context, { note, passkey, ...input }) {
    await requirePasskey(context, input, passkey);
    const { ended } = await allow(context, read(input, note), 'allow_once');
    return { ...ended, grant: null };
  },
});

/** Does this and lets the agent do the same by itself from now on, as far as the limits go (MAQ-05). */
export const allowAlways = defineDecision({
  domain: 'authorization',
  name: 'allow_always',
  summary: 'Do what an agent asked for and allow it the same from now on.',
  input: allowing.extend({ limits: grantLimits.optional() }),
  output: outcome,
  ...forDeciders,
  effect: 'update',
  object: 'what an agent asked for, always',
  example: { request: 'R-1', digest: 'f'.repeat(64) },
  keywords: ['approve', 'grant', 'trust'],
  async run(context, { note, limits, passkey, ...input }) {
    await requirePasskey(context, input, passkey);
    const { ended, claimed } = await allow(context, read(input, note), 'allow_always');
    if (ended.status !== 'succeeded') return { ...ended, grant: null };
    return { ...ended, grant: await grant(context, claimed, limits ?? {}) };
  },
});

/** Refuses it; the note tells the agent why (MAQ-06, MCP-15). */
export const denyRequest = defineAction({
  domain: 'authorization',
  name: 'deny',
  summary: 'Refuse what an agent asked for, with a note for the agent.',
  input: decision.extend({ note: freeText.optional() }),
  output: outcome,
  ...forDeciders,
  effect: 'update',
  object: 'what an agent asked for',
  example: { request: 'R-1', digest: 'f'.repeat(64), note: 'Call them first' },
  keywords: ['refuse', 'reject', 'no'],
  async run(context, { note, ...input }) {
    return { ...(await deny(context, read(input, note))), grant: null };
  },
});

/** An agent takes back what it asked for; a person may for it. */
export const cancelOwn = defineAction({
  domain: 'authorization',
  name: 'cancel_request',
  summary: 'Take back a request of your own that still waits for the owner.',
  input: z.strictObject({ request: z.string().min(1).max(60) }),
  output: z.object({ request: z.string(), status: z.literal('canceled') }),
  permission: { level: 'unrestricted' },
  roles: ['owner', 'admin'],
  effect: 'update',
  object: 'own request',
  example: { request: 'R-1' },
  keywords: ['withdraw'],
  async run(context, { request }) {
    const canceled = await cancelRequest(context, request.trim());
    if (canceled !== undefined) return { request: canceled, status: 'canceled' as const };
    const standing = await findStanding(context, request.trim());
    if (!standing) throw notFound('authorization request', request, { field: 'request' });
    throw new DeskhandError('INVALID_STATE', `${standing.reference} is not a waiting request of yours.`, {
      state: standing.status,
    });
  },
});
