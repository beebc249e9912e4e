import { defineAction } from '../core/kernel/registry/define.ts';
import { freeText } from '../core/kernel/words/text-schemas.ts';
import { deny } from './decide.ts';
import { decision, decisionOutcome, readDecision } from './decisions.ts';
import { forDeciders } from './grants.ts';

/** Refuses it; the note tells the agent why (MAQ-06, MCP-15). */
export const denyRequest = defineAction({
  domain: 'authorization',
  name: 'deny',
  summary: 'Refuse what an agent asked for, with a note for the agent.',
  input: decision.extend({ note: freeText.optional() }),
  output: decisionOutcome,
  ...forDeciders,
  effect: 'update',
  object: 'what an agent asked for',
  example: { request: 'R-1', digest: 'f'.repeat(64), note: 'Call them first' },
  keywords: ['refuse', 'reject', 'no'],
  async run(context, { note, ...input }) {
    return { ...(await deny(context, readDecision(input, note))), grant: null };
  },
});
