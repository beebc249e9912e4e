import type { Registry } from '../registry/registry.ts';
import type { Change } from './audit-entry.ts';

/** So many messages stand on a page at once; more are folded. */
export const mailsAtOnce = 3;

const longText = 600;
/** What tells a customer of a visit, with its buttons, is no longer than this. */
const manyLines = 18;

/** Whether a text is folded where it is not asked for whole. */
export const isLongText = (text: string): boolean =>
  text.length > longText || text.split('\n').length > manyLines;

/** What a call that waits would change and send. */
export interface Sending {
  changes: readonly Change[];
  outgoing: readonly { payload?: unknown }[];
}

/**
 * Whether what calls would send is too long to be seen at a glance: then it is allowed by who has had the whole of it
 * before them (security.md, "The queue", 6). Besides the messages themselves, words that go out later count, as their
 * fields say (`goes_out`): a message that is planned waits for its time, and nobody looks at it again.
 */
export function isLongRead({ records }: Registry, calls: readonly Sending[]): boolean {
  const outgoing = calls.flatMap(call => call.outgoing);
  if (outgoing.length > mailsAtOnce || outgoing.some(({ payload }) => textsIn(payload).some(isLongText)))
    return true;
  return calls
    .flatMap(({ changes }) => changes)
    .some(({ entity_type, changes }) =>
      Object.entries(changes).some(
        ([name, value]) =>
          records.get(entity_type)?.fields[name]?.goes_out === true && textsIn(newOf(value)).some(isLongText),
      ),
    );
}

const newOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'new' in value ? value.new : value;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
