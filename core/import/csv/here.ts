import type { Context } from '../../kernel/pipeline/context.ts';
import type { RecordSpec } from '../../kernel/records/record.ts';
import { listByIds } from '../../kernel/records/record-queries.ts';
import { listImported } from '../queries.ts';

/** The records that came with a file before and are still here: their references by the keys of their rows. */
export async function findHere(
  context: Context,
  record: RecordSpec,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const imported = await listImported(context, record.name, keys);
  const living = new Map(
    (await listByIds(context, record, [...new Set(imported.values())])).map(row => [
      row.id,
      String(row.reference ?? row.id),
    ]),
  );
  return new Map(
    [...imported].flatMap(([key, id]) => {
      const reference = living.get(id);
      return reference === undefined ? [] : [[key, reference] as const];
    }),
  );
}
