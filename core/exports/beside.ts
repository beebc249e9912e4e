import { z } from 'zod';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { mayRead } from '../kernel/pipeline/roles.ts';
import { listChildren } from '../kernel/records/child-queries.ts';
import type { RecordSpec } from '../kernel/records/record.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { defineView } from '../kernel/registry/define.ts';
import { DeskhandError } from '../kernel/words/errors.ts';

/** What the files of a list have besides its own columns, because it would be of little use without. */
const columns: Readonly<Record<string, readonly string[]>> = {
  contacts: ['addresses'],
  companies: ['addresses'],
  tickets: ['lines', 'technicians'],
};

export const columnsBeside = (list: string): readonly string[] => columns[list] ?? [];

/** Those columns of some rows, by their ids: places with every field, and what includes of the record say. */
export async function listBeside(
  context: ReadContext,
  record: RecordSpec,
  ids: readonly string[],
): Promise<Map<string, Record<string, unknown>>> {
  const rows = new Map(ids.map((id): [string, Record<string, unknown>] => [id, {}]));
  for (const name of columnsBeside(record.plural)) {
    const include = record.includes?.[name];
    const loaded = include ? await include.load(context, ids) : await children(context, record, name, ids);
    for (const [id, row] of rows) row[name] = loaded.get(id) ?? [];
  }
  return rows;
}

async function children(
  context: ReadContext,
  record: RecordSpec,
  name: string,
  ids: readonly string[],
): Promise<Map<string, unknown>> {
  const relation = context.registry.relations.get(record.name)?.find(({ to }) => to.as === name);
  if (!relation) throw new Error(`${record.name} has no ${name}`);
  const { child } = relation;
  const shown = Object.entries(child.fields).filter(([, { internal }]) => !internal);
  const names = ['id', ...(child.reference ? ['reference'] : []), ...shown.map(([field]) => field)];
  const loaded = new Map<string, unknown[]>();
  for (const { parent_id, ...row } of await listChildren(context, relation, ids, names))
    loaded.set(parent_id, [...(loaded.get(parent_id) ?? []), row]);
  return loaded;
}

/** The columns a list has in files alone, of some of its rows; the page that sends a list reads it. */
export const besideView = defineView({
  type: 'export_beside',
  domain: 'export',
  summary: 'What the file of a list has besides its columns: places of customers, what was done on visits.',
  keywords: ['csv'],
  whose: 'theirs',
  human_only: true,
  row: z.object({ id: z.string(), columns: z.record(z.string(), z.unknown()) }),
  params: z.strictObject({
    type: z.string().max(60).default('contacts'),
    ids: z.array(z.uuid()).max(1000).default([]),
  }),
  async run(context, { params: { type, ids } }) {
    const record = recordListed(context, type);
    const own = (await listByIds(context, record, ids)).map(row => row.id);
    const beside = await listBeside(context, record, own);
    return { rows: [...beside].map(([id, found]) => ({ id, columns: found })) };
  },
});

/** The record of a list that this caller may read. Throws UNKNOWN_TYPE, FORBIDDEN. */
export function recordListed({ registry, actor }: ReadContext, type: string): RecordSpec {
  const { spec } = registry.view(type);
  const record = [...registry.records.values()].find(({ plural }) => plural === type);
  if (!record || !mayRead(actor, spec))
    throw new DeskhandError('FORBIDDEN', `${type} is no list that can be taken out here.`);
  return record;
}
