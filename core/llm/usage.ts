import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { packPlace, pageOf, unpackPlace } from '../kernel/registry/paging.ts';
import { day, readDay } from '../kernel/words/time.ts';
import { listUsage, type UsageKey, usageRow } from './queries.ts';

/** What asking the language model has cost (NOT-07); only counts, never what was asked. */
export const usageView = defineView({
  type: 'llm_usage',
  domain: 'llm',
  summary: 'Requests to the language model and their tokens by day, model and purpose, newest first.',
  keywords: ['language model', 'tokens', 'cost', 'ai'],
  row: usageRow,
  params: z.strictObject({ from: day.optional(), to: day.optional() }),
  async run(context, { params, limit, cursor }) {
    for (const field of ['from', 'to'] as const) {
      const date = params[field];
      if (date !== undefined) readDay(date, field);
    }
    const rows = await listUsage(context, {
      from: params.from,
      to: params.to,
      after: cursor === undefined ? undefined : readPlace(cursor),
      limit: limit + 1,
    });
    return pageOf(rows, limit, ({ day, model, purpose }) => packPlace([day, model, purpose]));
  },
});

// A made-up cursor must not reach the database.
const word = z.string().refine(text => !text.includes('\0'));
const cursorShape = z.tuple([z.iso.date(), word, word]);

function readPlace(cursor: string): UsageKey {
  const [day, model, purpose] = unpackPlace(cursor, cursorShape);
  return { day, model, purpose };
}
