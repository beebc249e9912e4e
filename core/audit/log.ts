import { z } from 'zod';
import { subscribesAgain } from '../contacts/consent.ts';
import { contactRecord } from '../contacts/contact.ts';
import { logEntry as writeEntry } from '../kernel/pipeline/audit-entry.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { requireLiving } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';

/**
 * Writes down what no change of a table says by itself: that data was exported, that consent was given or revoked, or a
 * verb of one's own (AUD-11, CFL-23). The verbs that changes write by themselves are refused, so that nobody can forge
 * one; actor and time are always the server's.
 */
export const logEntry = defineAction({
  domain: 'audit',
  name: 'log',
  summary:
    'Write down an event about a customer: exported, consent_given, consent_revoked, or a verb of your own.',
  input: z.strictObject({
    contact_id: ref('contact'),
    action: z.string().regex(/^[a-z][a-z_]{2,40}$/, 'a verb in lower case, such as consent_given'),
    data: z.record(z.string().max(60), z.union([z.string().max(500), z.number(), z.boolean()])).optional(),
  }),
  output: z.object({ id: z.string(), action: z.string() }),
  permission: {
    level: 'unrestricted',
    rules: [subscribesAgain<{ contact_id: string; action: string }>(({ action }) => isConsent(action))],
  },
  effect: 'create',
  undo: 'none',
  why_not_undone: 'the history is never changed',
  verb: 'note',
  object: 'an event',
  says: '“{event}” about {it}[: {set}]',
  example: { contact_id: 'Jane Smith', action: 'consent_given', data: { where: 'on the phone' } },
  keywords: ['consent', 'export', 'track'],
  async run(context, { contact_id, action, data }) {
    if (written.has(action)) {
      throw invalid('action', `"${action}" is written by the change itself and by nothing else.`, {
        got: action,
        hint: 'Run the action that makes the change.',
      });
    }
    await requireLiving(context, contactRecord, contact_id, 'contact_id');
    requireSource(context, action, data);
    const id = await writeEntry(context, { type: 'contact', id: contact_id, verb: action }, data);
    return { id, action };
  },
});

const isConsent = (action: string): boolean =>
  /consent|opt(ed)?_?in|subscri|agree|sign(ed)?_up|permi(t|ssion)/.test(action) &&
  !/revok|withdr|unsub|opt(ed)?_?out|declin|refus|denied|no_consent|disagree/.test(action);

/** An agent that writes down a consent says where it comes from. Throws VALIDATION_ERROR. */
function requireSource({ actor }: Context, action: string, data: Record<string, unknown> = {}): void {
  if (actor.kind !== 'agent' || !isConsent(action)) return;
  const isSaid = Object.values(data).some(value => typeof value === 'string' && /\p{L}{3}/u.test(value));
  if (isSaid) return;
  throw invalid('data', 'A consent is written down with where, when and how it was given.', {
    hint: 'Say it in data: {"where": "on the phone", "when": "2026-11-17", "how": "asked for the spring offer"}.',
  });
}

// What triggers and other actions write (CFL-23).
const written = new Set([
  'create',
  'created',
  'update',
  'updated',
  'delete',
  'deleted',
  'restore',
  'assign_technician',
  'unassign_technician',
  'key_created',
  'key_revoked',
  ...[
    'connected',
    'disconnected',
    'connection_refused',
    'connection_code_replayed',
    'connection_token_replayed',
  ],
  'sent',
  'paid',
  'cancelled',
  'canceled',
  'merged',
  ...[
    'email_confirmed',
    'undone',
    'allowed',
    'payment',
    'retried',
    'secret_set',
    'secret_removed',
    'logo_set',
    'logo_removed',
    'session_ended',
  ],
  ...['passkey_added', 'passkey_used', 'passkey_removed'],
]);
