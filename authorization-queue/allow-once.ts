import { defineDecision } from '../core/kernel/registry/define.ts';
import { allow } from './decide.ts';
import { allowing, decisionOutcome, readDecision } from './decisions.ts';
import { forDeciders } from './grants.ts';
import { requirePasskey } from './passkey.ts';

/** Does this once and changes no permission (MAQ-04). */
export const allowOnce = defineDecision({
  domain: 'authorization',
  name: 'allow_once',
  summary: 'Do what an agent asked for, once.',
  input: allowing,
  output: decisionOutcome,
  ...forDeciders,
  effect: 'update',
  object: 'what an agent asked for, once',
  example: { request: 'R-1', digest: 'f'.repeat(64) },
  keywords: ['approve', 'accept', 'yes'],
  async run(context, { note, passkey, ...input }) {
    await requirePasskey(context, input, passkey);
    const { ended } = await allow(context, readDecision(input, note), 'allow_once');
    return { ...ended, grant: null };
  },
});
