import { z } from 'zod';
import { counted } from '../kernel/words/plural.ts';
import { listAgents } from './agent-queries.ts';
import { defineAnalysis } from './analysis.ts';
import { askedSpan, spanParams, spanWords } from './periods.ts';

/** What an office would have spent on it, and what a person spends on deciding. */
const minutesPerCall = 3;
const minutesPerDecision = 1;
const formula = `${minutesPerCall} minutes for each thing done, less ${minutesPerDecision} minute for each request somebody decided; never below 0`;

const line = z.object({
  agent_id: z.string(),
  agent: z.string(),
  /** Calls that changed something. */
  done: z.number(),
  /** The action it did most. */
  mostly: z.string().nullable(),
  asked: z.number(),
  allowed: z.number(),
  denied: z.number(),
  waiting: z.number(),
  /** Expired, taken back, or overtaken by what changed. */
  ended: z.number(),
  minutes_saved: z.number(),
});

/** What the assistants did in a period, and what of it people were asked about. */
export const agentFigures = defineAnalysis({
  type: 'analytics_agent',
  summary:
    'What agents did, asked for, were allowed and denied in a period, and the minutes saved by a stated formula.',
  keywords: ['assistant', 'agent', 'time saved', 'automation', 'approvals', 'how useful'],
  row: line,
  default_fields: [
    'agent',
    'done',
    'mostly',
    'asked',
    'allowed',
    'denied',
    'waiting',
    'ended',
    'minutes_saved',
  ],
  params: z.strictObject(spanParams),
  async run(context, params) {
    const span = askedSpan(context, params);
    const found = await listAgents(context, span);
    const lines = found.map(row => ({
      ...row,
      minutes_saved: Math.max(0, minutesPerCall * row.done - minutesPerDecision * (row.allowed + row.denied)),
    }));
    const says = lines.map(
      ({ agent, done, asked, allowed, denied, minutes_saved }) =>
        `${spanWords(span)}: ${agent} did ${counted(done, 'thing')}, asked ${counted(asked, 'time')} (${allowed} allowed, ${denied} denied), and saved about ${counted(minutes_saved, 'minute')}.`,
    );
    return {
      lines,
      about: {
        measure: 'calls of agents that changed something, and their requests, on the day they were made',
        span,
        says,
        more: { minutes_saved: formula },
      },
    };
  },
});
