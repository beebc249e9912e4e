import type { ReadContext } from '../core/kernel/pipeline/context.ts';
import { isLongRead, type Sending } from '../core/kernel/pipeline/long-read.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';

/**
 * A long text goes out when whoever allows it has had all of it before them and says so: with the digest, once more, that
 * stands beside the whole. On which way the decision comes makes no difference. Throws CONFLICT; then nothing is done.
 */
export function requireReadWhole(
  { registry }: ReadContext,
  { reference, digest }: { reference: string; digest: string },
  calls: readonly { preview: Sending }[],
  seen: string | null,
): void {
  const isLong = isLongRead(
    registry,
    calls.map(({ preview }) => preview),
  );
  if (!isLong || seen === digest) return;
  throw new DeskhandError('CONFLICT', `What ${reference} sends is long, and nobody has read it to the end.`, {
    field: 'seen',
    hint: 'Read preview.outgoing and preview.changes of the request to the end, of each of its items too; then send its digest as "seen" as well.',
  });
}
