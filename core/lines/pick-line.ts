import { z } from 'zod';
import { isUuid } from '../kernel/database/ids.ts';
import { invalid, notFound } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';

/** A line of a visit or a bill by its id, its number ("2") or the words it carries ("screens"). */
export const lineKey = z.string().min(1).max(200);

interface Named {
  id: string;
  position: number;
  description: string;
}

/** The line that is meant, of a `visit` or an `invoice`; without a word the only one. Throws VALIDATION_ERROR and NOT_FOUND with those there are. */
export function chooseAmong<T extends Named>(lines: readonly T[], key: string | undefined, of: string): T {
  if (key !== undefined) return pickLine(lines, key, { field: 'line_id', of });
  const [only] = lines;
  if (only && lines.length === 1) return only;
  throw invalid('line_id', `Which line? The ${of} has ${lines.length}.`, {
    valid_options: lines.map(offeredAs),
    hint: 'Give its number, or words of it.',
  });
}

const offeredAs = (line: Named) => `${line.position}: ${quote(line.description)}`;

/** The line among some that an id, a number or words mean. Throws NOT_FOUND with those there are. */
export function pickLine<T extends Named>(
  lines: readonly T[],
  key: string,
  { field, of }: { field: string; of: string },
): T {
  const found = lines.filter(line =>
    isUuid(key)
      ? line.id === key.toLowerCase()
      : /^\d+$/.test(key)
        ? line.position === Number(key)
        : line.description.toLowerCase().includes(key.toLowerCase()),
  );
  const [only] = found;
  if (only && found.length === 1) return only;
  throw notFound(`line of this ${of}`, key, {
    field,
    got: key,
    valid_options: lines.map(offeredAs),
    hint: 'Use the number or the id of the line.',
  });
}
