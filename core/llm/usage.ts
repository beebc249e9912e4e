import { z } from 'zod';
import { defineView } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
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
      after: cursor === undefined ? undefined : readCursor(cursor),
      limit: limit + 1,
    });
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { rows: page, ...(rows.length > limit && last ? { next_cursor: writeCursor(last) } : {}) };
  },
});

// A made-up cursor must not reach the database.
const word = z.string().refine(text => !text.includes('\0'));
const cursorShape = z.tuple([z.iso.date(), word, word]);

const writeCursor = ({ day, model, purpose }: UsageKey): string =>
  Buffer.from(JSON.stringify([day, model, purpose])).toString('base64url');

function readCursor(cursor: string): UsageKey {
  try {
    const [day, model, purpose] = cursorShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { day, model, purpose };
  } catch {
    throw invalid('cursor', 'This cursor does not belong to this list.');
  }
}
