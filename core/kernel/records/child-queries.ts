import { z } from 'zod';
import { identifier, join, raw, type Sql, sql } from '../database/sql.ts';
import type { ReadContext } from '../pipeline/context.ts';
import type { Row } from './record.ts';
import type { ChildRelation } from './relations.ts';

// The statements every relation shares; names come from the definitions of records, values are parameters.

/** At most so many children of each parent are read into an include. */
export const mostEach = 50;

const childRow = z.looseObject({ parent_id: z.string() });

/** The living children of some parents as this caller may see them, `parent_id` beside the columns. */
export function listChildren(
  context: ReadContext,
  { child, column, to }: ChildRelation,
  ids: readonly string[],
  columns: readonly string[],
): Promise<({ parent_id: string } & Row)[]> {
  const order = to.order ?? '-created_at';
  const by = raw(
    `${identifier(order.replace(/^-/, '')).raw}${order.startsWith('-') ? ' desc, id desc' : ', id'}`,
  );
  const restriction = child.restrict?.(context);
  const shown = raw(columns.map(name => `c.${identifier(name).raw}`).join(', '));
  return context.tx.many(
    childRow,
    sql`
    select wanted.id as parent_id, ${shown}
    from unnest(${[...ids]}::uuid[]) with ordinality as wanted (id, place)
    cross join lateral (
      select r.*, row_number() over (order by ${by}) as child_place
      from ${identifier(child.table)} as r
      where organization_id = ${context.organization.id}::uuid
        and ${identifier(column)} = wanted.id
        ${living(child.soft_deletes)}
        ${restriction ? sql`and ${restriction}` : raw('')}
      order by ${by}
      limit ${mostEach}::integer
    ) as c
    order by wanted.place, c.child_place`,
  );
}

const living = (softDeletes: boolean) => raw(softDeletes ? 'and deleted_at is null' : '');

const idRow = z.object({ id: z.string() });

/**
 * The ids of all children of some parents, deleted ones too: their documents may have to be made again. With `lock` nobody
 * else changes them, or adds what points to them, until this transaction ends.
 */
export async function listChildIds(
  context: ReadContext,
  { child, column }: ChildRelation,
  parentIds: readonly string[],
  options: { lock?: true } = {},
): Promise<string[]> {
  const rows = await context.tx.many(
    idRow,
    sql`
    select id
    from ${identifier(child.table)}
    where organization_id = ${context.organization.id}::uuid
      and ${identifier(column)} = any (${[...parentIds]}::uuid[])
    ${raw(options.lock ? 'order by id for no key update' : '')}`,
  );
  return rows.map(({ id }) => id);
}

/** Which of some parents have children, deleted ones too. */
export async function listParentIds(
  context: ReadContext,
  { child, column }: ChildRelation,
  parentIds: readonly string[],
): Promise<string[]> {
  const rows = await context.tx.many(
    idRow,
    sql`
    select distinct ${identifier(column)} as id
    from ${identifier(child.table)}
    where organization_id = ${context.organization.id}::uuid
      and ${identifier(column)} = any (${[...parentIds]}::uuid[])`,
  );
  return rows.map(({ id }) => id);
}

const countRow = z.object({ children: z.number() });

/** How many living children there are for which a condition holds. */
export async function countChildren(
  context: ReadContext,
  { child, column }: ChildRelation,
  parentId: string,
  condition?: Sql,
): Promise<number> {
  const { children } = await context.tx.one(
    countRow,
    sql`
    select count(*) as children
    from ${identifier(child.table)} as r
    where organization_id = ${context.organization.id}::uuid
      and ${identifier(column)} = ${parentId}::uuid
      ${living(child.soft_deletes)}
      ${condition ? sql`and ${condition}` : raw('')}`,
  );
  return children;
}

/** References of some children for which a condition holds, at most five. */
export async function listHolding(
  context: ReadContext,
  { child, column }: ChildRelation,
  parentId: string,
  condition: Sql,
): Promise<string[]> {
  const rows = await context.tx.many(
    z.object({ reference: z.string() }),
    sql`
    select ${raw(child.reference ? 'reference' : 'id::text as reference')}
    from ${identifier(child.table)} as r
    where organization_id = ${context.organization.id}::uuid
      and ${identifier(column)} = ${parentId}::uuid
      ${living(child.soft_deletes)}
      and ${condition}
    order by id
    limit 5`,
  );
  return rows.map(({ reference }) => reference);
}

/** Changes the children of a parent for which a condition on `r` holds; answers which. */
async function changeChildren(
  context: ReadContext,
  { child, column }: Pick<ChildRelation, 'child' | 'column'>,
  parentId: string,
  { set, where }: { set: Sql; where: Sql | undefined },
): Promise<string[]> {
  const rows = await context.tx.many(
    idRow,
    sql`
    update ${identifier(child.table)} as r
    set ${set}
    where organization_id = ${context.organization.id}::uuid
      and ${identifier(column)} = ${parentId}::uuid
      ${where ? sql`and ${where}` : raw('')}
    returning id`,
  );
  return rows.map(({ id }) => id);
}

/** Deletes the living children of a parent together with it, but for those that `users` or `stays` spare; answers which. */
export function deleteChildren(
  context: ReadContext,
  relation: ChildRelation,
  parentId: string,
  { users, stays }: { users: readonly ChildRelation[]; stays: Staying | undefined },
): Promise<string[]> {
  const { child, to } = relation;
  const spared = [...(to.spares_used ? users.map(isUsed) : []), ...(stays ? staying(child, stays) : [])];
  return changeChildren(context, relation, parentId, {
    set: sql`deleted_at = now()`,
    where: sql`deleted_at is null ${spared.length > 0 ? sql`and not (${join(spared, ' or ')})` : raw('')}`,
  });
}

/** Rows that stay when others of their kind go, and what is theirs stays with them. */
export interface Staying {
  record: string;
  ids: readonly string[];
}

const staying = (child: ChildRelation['child'], { record, ids }: Staying): Sql[] => [
  ...(child.name === record ? [sql`r.id = any (${[...ids]}::uuid[])`] : []),
  ...child.refs.flatMap(({ column, field }) =>
    field.to?.record === record
      ? [sql`coalesce(r.${identifier(column)} = any (${[...ids]}::uuid[]), false)`]
      : [],
  ),
];

/** A condition on a row `r`: something living points to it. */
const isUsed = ({ child, column }: ChildRelation): Sql => sql`exists (
  select 1
  from ${identifier(child.table)} as u
  where u.organization_id = r.organization_id
    and u.${identifier(column)} = r.id
    ${raw(child.soft_deletes ? 'and u.deleted_at is null' : '')}
)`;

/** Brings back the children that were deleted at a moment, in milliseconds as we read them; answers which. */
export const restoreChildren = (
  context: ReadContext,
  relation: ChildRelation,
  parentId: string,
  deletedAt: string,
): Promise<string[]> =>
  changeChildren(context, relation, parentId, {
    set: sql`deleted_at = null`,
    where: sql`date_trunc('milliseconds', deleted_at) = ${deletedAt}::timestamptz`,
  });

/** Gives the children of one parent to another, deleted ones too, but for those that stay; answers which. */
export const moveChildren = (
  context: ReadContext,
  relation: ChildRelation,
  fromId: string,
  toId: string,
): Promise<string[]> =>
  changeChildren(context, relation, fromId, {
    set: sql`${identifier(relation.column)} = ${toId}::uuid`,
    where: relation.to.stays_at_merge && sql`not (${relation.to.stays_at_merge(toId)})`,
  });

/** Gives some children of one parent back to another; answers which were still there. */
export const returnChildren = (
  context: ReadContext,
  relation: Pick<ChildRelation, 'child' | 'column'>,
  ids: readonly string[],
  { fromId, toId }: { fromId: string; toId: string },
): Promise<string[]> =>
  changeChildren(context, relation, fromId, {
    set: sql`${identifier(relation.column)} = ${toId}::uuid`,
    where: sql`id = any (${[...ids]}::uuid[])`,
  });
