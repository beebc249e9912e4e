import { z } from 'zod';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { insertEntry } from './queries.ts';

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
  permission: { level: 'unrestricted' },
  effect: 'create',
  undo: 'none',
  verb: 'note',
  object: 'an event',
  example: { contact_id: 'Jane Smith', action: 'consent_given' },
  keywords: ['consent', 'export', 'track'],
  async run(context, { contact_id, action, data }) {
    if (written.has(action)) {
      throw invalid('action', `"${action}" is written by the change itself and by nothing else.`, {
        got: action,
        hint: 'Run the action that makes the change.',
      });
    }
    const changes = Object.fromEntries(
      Object.entries(data ?? {}).map(([key, value]) => [key, { old: null, new: value }]),
    );
    return {
      id: await insertEntry(context, { subject: 'contact', id: contact_id, action, changes }),
      action,
    };
  },
});

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
  'sent',
  'paid',
  'cancelled',
  'canceled',
  'merged',
]);
