import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { notFound } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { listLines } from './queries.ts';
import type { Line } from './record.ts';

/** A line of a visit by its id, its number ("2") or the words it carries ("screens"). */
export const lineKey = z.string().min(1).max(200);

export async function chooseLine(context: Context, ticketId: string, key: string): Promise<Line> {
  return pickLine(await listLines(context, [ticketId]), key, 'line_id');
}

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
    valid_options: lines.map(line => `${line.position}: ${quote(line.description)}`),
    hint: 'Use the number or the id of the line.',
  });
}
