import { z } from 'zod';
import { identifier, raw, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import { requireReader } from '../pipeline/roles.ts';
import { listChildren } from './child-queries.ts';
import { historyInclude } from './history.ts';
import type { Include, RecordSpec, Row } from './record.ts';
import { type ChildRelation, nounsOf } from './relations.ts';

/**
 * Every relation that can be read with a record: its children as they say it, the parents it points to, what the record
 * itself joins, and its history.
 */
export function includesOf(
  record: RecordSpec,
  children: readonly ChildRelation[],
): Readonly<Record<string, Include>> {
  return {
    ...Object.fromEntries(children.flatMap(child => childInclude(child))),
    ...Object.fromEntries(
      record.refs.flatMap(({ column, field }) =>
        parentInclude(record, column, field.to?.include, field.to?.record),
      ),
    ),
    audit_trail: historyInclude(record),
    ...record.includes,
  };
}

function childInclude(relation: ChildRelation): [string, Include][] {
  const { to, child, column } = relation;
  if (to.as === undefined) return [];
  const summary = to.summary ?? nounsOf(relation);
  const columns = to.shows ?? child.default_fields.filter(name => name !== column);
  return [
    [
      to.as,
      {
        summary,
        async load(context, ids) {
          requireReader(context.actor, context.registry.view(child.plural).spec);
          if (to.load) return to.load(context, ids);
          const found = new Map<string, Row[]>();
          for (const { parent_id, ...row } of await listChildren(context, relation, ids, columns)) {
            found.set(parent_id, [...(found.get(parent_id) ?? []), row]);
          }
          return found;
        },
      },
    ],
  ];
}

const pointer = z.looseObject({ child_id: z.string() });

/** The row that a record points to, as this caller may see it. */
function parentInclude(
  record: RecordSpec,
  column: string,
  include: { as: string; summary: string; shows: readonly string[] } | undefined,
  parentName: string | undefined,
): [string, Include][] {
  if (!include || parentName === undefined) return [];
  return [
    [
      include.as,
      {
        summary: include.summary,
        load: (context, ids) =>
          listParents(context, { record, column, parentName, shows: include.shows }, ids),
      },
    ],
  ];
}

async function listParents(
  context: ReadContext,
  {
    record,
    column,
    parentName,
    shows,
  }: { record: RecordSpec; column: string; parentName: string; shows: readonly string[] },
  ids: readonly string[],
): Promise<Map<string, unknown>> {
  const parent = context.registry.records.get(parentName);
  if (!parent) throw new Error(`${record.name} points to the unknown record ${parentName}`);
  requireReader(context.actor, context.registry.view(parent.plural).spec);
  const columns = raw(shows.map(name => identifier(name).raw).join(', '));
  const restriction = parent.restrict?.(context);
  const rows = await context.tx.many(
    pointer,
    sql`
    select c.id as child_id, p.*
    from ${identifier(record.table)} as c
    cross join lateral (
      select ${columns}
      from ${identifier(parent.table)} as r
      where organization_id = c.organization_id
        and id = c.${identifier(column)}
        ${restriction ? sql`and ${restriction}` : raw('')}
    ) as p
    where c.organization_id = ${context.organization.id}::uuid
      and c.id = any (${[...ids]}::uuid[])`,
  );
  return new Map(rows.map(({ child_id, ...row }) => [child_id, row]));
}
