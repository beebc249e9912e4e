import { defineDecision } from '../core/kernel/registry/define.ts';
import { allow } from './decide.ts';
import { allowing, decisionOutcome, readDecision } from './decisions.ts';
import { forDeciders, grant, grantLimits } from './grants.ts';
import { requirePasskey } from './passkey.ts';

/** Does this and lets the agent do the same by itself from now on, as far as the limits go (MAQ-05). */
export const allowAlways = defineDecision({
  domain: 'authorization',
  name: 'allow_always',
  summary: 'Do what an agent asked for and allow it the same from now on.',
  input: allowing.extend({ limits: grantLimits.optional() }),
  output: decisionOutcome,
  ...forDeciders,
  effect: 'update',
  object: 'what an agent asked for, always',
  example: { request: 'R-1', digest: 'f'.repeat(64) },
  keywords: ['approve', 'grant', 'trust'],
  async run(context, { note, limits, passkey, ...input }) {
    await requirePasskey(context, input, passkey);
    const { ended, claimed } = await allow(context, readDecision(input, note), 'allow_always');
    if (ended.status !== 'succeeded') return { ...ended, grant: null };
    return { ...ended, grant: await grant(context, claimed, limits ?? {}) };
  },
});
