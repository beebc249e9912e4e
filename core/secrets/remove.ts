import { z } from 'zod';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { notFound } from '../kernel/words/errors.ts';
import { requireKnown, secretName } from './secret.ts';

/** Forgets a secret of the business; that of the installation counts again, where there is one. */
export const removeSecret = defineAction({
  domain: 'secret',
  name: 'remove',
  summary: 'Forget a secret of the business with a service outside.',
  input: z.strictObject({ name: secretName }),
  output: z.object({ name: z.string(), is_set: z.literal(false) }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  example: { name: 'resend_webhook' },
  human_only: true,
  roles: ['owner'],
  keywords: ['signing secret', 'key', 'webhook', 'disconnect'],
  async run(context, { name }) {
    requireKnown(context, name);
    const id = await context.secrets.forget(name);
    if (id === undefined) throw notFound('secret', name, { field: 'name' });
    await logEntry(context, { type: 'secret', id, verb: 'secret_removed' }, { name });
    return { name, is_set: false as const };
  },
});
