import type { StoredRow } from '../records/record.ts';
import { listNamed } from '../records/record-queries.ts';
import { authenticate } from './authenticate.ts';
import type { Caller, RequestFacts } from './context.ts';
import type { Kernel } from './invocation.ts';
import { readContext } from './read-context.ts';
import { mayRead } from './roles.ts';

/** Ids or references by the name of their record: `{contact: ['C-1001']}`. */
export type WantedRows = ReadonlyMap<string, readonly string[]>;

/**
 * The living rows of several records that ids or references name, in one read-only transaction with one statement for
 * each record, however many rows there are: what a page needs to call by name whatever its rows point to. Rows come by
 * the name of their record, as its view shows them; a record this caller may not read has none.
 */
export async function readRows(
  kernel: Kernel,
  caller: Caller,
  wanted: WantedRows,
  request: RequestFacts,
): Promise<ReadonlyMap<string, readonly StoredRow[]>> {
  const { registry } = kernel;
  return kernel.db.transaction('read only', async tx => {
    const identity = await authenticate(tx, caller, request);
    const context = readContext(kernel, tx, { identity, request });
    const readable = [...wanted].flatMap(([name, names]) => {
      const record = registry.records.get(name);
      return record && mayRead(context.actor, registry.view(record.plural).spec) ? [{ record, names }] : [];
    });
    const found = readable.map(
      async ({ record, names }) => [record.name, await listNamed(context, record, names)] as const,
    );
    return new Map(await Promise.all(found));
  });
}
