import { invalid } from '../../core/kernel/words/errors.ts';

// Facts of one's own, such as custom fields, are typed one a line: `gate_code: 1234`.

/** Members as somebody would type them. */
export const factsText = (value: unknown): string =>
  typeof value === 'object' && value !== null
    ? Object.entries(value)
        .map(([key, held]) => `${key}: ${String(held)}`)
        .join('\n')
    : '';

/** The lines as members. Throws VALIDATION_ERROR at the field. */
export function readFacts(name: string, text: string, before: unknown): Record<string, unknown> {
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
  return Object.fromEntries(
    lines.map(line => {
      const [, key, value] = /^([a-z][a-z0-9_ ]{0,62}):\s*(.+)$/i.exec(line) ?? [];
      if (key === undefined || value === undefined)
        throw invalid(name, 'Each line is a name, a colon and a value.', { got: line.slice(0, 80) });
      return [key.trim().toLowerCase().replace(/ +/g, '_'), asBefore(memberOf(before, key), value)];
    }),
  );
}

/** What stood there and stands there no longer is taken out by null. */
export const withGone = (before: unknown, given: Record<string, unknown>): Record<string, unknown> => {
  const gone = typeof before === 'object' && before !== null ? Object.keys(before) : [];
  return { ...Object.fromEntries(gone.map(key => [key, null])), ...given };
};

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

/** A number or yes/no that nobody touched stays what it was. */
export const asBefore = (before: unknown, text: string): unknown =>
  before !== undefined && String(before) === text ? before : text;
