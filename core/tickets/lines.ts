import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { invalid, notFound } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { listLines } from './queries.ts';
import type { Line } from './record.ts';

/** A line of a visit by its id, its number ("2") or the words it carries ("screens"). */
export const lineKey = z.string().min(1).max(200);

/** The line of a visit that is meant; without a word the only one. Throws VALIDATION_ERROR and NOT_FOUND with those there are. */
export async function chooseLine(context: Context, ticketId: string, key: string | undefined): Promise<Line> {
  const lines = await listLines(context, [ticketId]);
  if (key !== undefined) return pickLine(lines, key, 'line_id');
  const [only] = lines;
  if (only && lines.length === 1) return only;
  throw invalid('line_id', `Which line? The visit has ${lines.length}.`, {
    valid_options: lines.map(offeredAs),
    hint: 'Give its number, or words of it.',
  });
}

const offeredAs = (line: Line) => `${line.position}: ${quote(line.description)}`;

/** The line among some that an id, a number or words mean. Throws NOT_FOUND with those there are. */
export function pickLine(lines: readonly Line[], key: string, field: string): Line {
  const found = lines.filter(line =>
    isUuid(key)
      ? line.id === key.toLowerCase()
      : /^\d+$/.test(key)
        ? line.position === Number(key)
        : line.description.toLowerCase().includes(key.toLowerCase()),
  );
  const [only] = found;
  if (only && found.length === 1) return only;
  throw notFound('line of this visit', key, {
    field,
    got: key,
    valid_options: lines.map(offeredAs),
    hint: 'Use the number or the id of the line.',
  });
}
