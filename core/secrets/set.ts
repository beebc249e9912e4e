import { z } from 'zod';
import { logEntry } from '../kernel/pipeline/audit-entry.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { asCode } from '../kernel/words/text-schemas.ts';
import { requireKnown, requireShape, secretName } from './secret.ts';

/** Seals a secret of the business. It goes in and never comes out again: no answer, log or list has it. */
export const setSecret = defineAction({
  domain: 'secret',
  name: 'set',
  summary: 'Set a secret of the business with a service outside, such as what signs its webhooks.',
  input: z.strictObject({
    name: secretName,
    value: z
      .string()
      .regex(/^[\x21-\x7e]{8,500}$/, 'must be 8 to 500 characters without spaces, as the service shows it')
      .meta({ ...asCode, description: 'as the service shows it' }),
  }),
  output: z.object({ name: z.string(), is_set: z.literal(true) }),
  permission: { level: 'requires_authorization' },
  effect: 'update',
  past: 'set',
  example: { name: 'resend_webhook', value: 'whsec_c2VjcmV0IG9mIHRoZSBzdG9yeQ==' },
  human_only: true,
  roles: ['owner'],
  keywords: ['signing secret', 'key', 'webhook', 'password'],
  async run(context, { name, value }) {
    requireShape(requireKnown(context, name), value);
    const id = await context.secrets.keep(name, value);
    await logEntry(context, { type: 'secret', id, verb: 'secret_set' }, { name });
    return { name, is_set: true as const };
  },
});
