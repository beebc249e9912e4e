import type pg from 'pg';
import { historyRules } from './history-rules.ts';
import { list, type Rule } from './rule.ts';
import { definerFunctions, hiddenTables, referenceTables, unauditedTables } from './schema-lists.ts';

/** Everything in the schema that breaks a rule (architecture §5.3–5.4, postgres.md), with the rule's name. */
export async function findSchemaProblems(owner: pg.Pool): Promise<{ rule: string; problem: string }[]> {
  const found: { rule: string; problem: string }[] = [];
  for (const { name, problems } of rules) {
    const { rows } = await owner.query<{ problem: string }>(`
      with owned as (
        select c.oid, c.relname::text as name
        from pg_class as c
        where c.relnamespace = 'public'::regnamespace
          and c.relkind in ('r', 'p')
          and not c.relispartition
          and c.relname <> all (${list(referenceTables)})
      )
      ${problems}`);
    found.push(...rows.map(({ problem }) => ({ rule: name, problem })));
  }
  return found;
}

/** So that a test can show that each of them finds something. */
export const ruleNames = (): string[] => rules.map(({ name }) => name);

const keyColumns = (constraint: string, key: string, relation: string) => `(
  select array_agg(a.attname::text order by k.place)
  from unnest(${constraint}.${key}) with ordinality as k (number, place)
  join pg_attribute as a on a.attrelid = ${constraint}.${relation} and a.attnum = k.number
)`;

const rules: readonly Rule[] = [
  {
    name: 'the organization leads the primary key',
    problems: `
      select format('%s: organization_id (uuid, not null) does not lead the primary key', o.name) as problem
      from owned as o
      where not exists (
        select 1
        from pg_constraint as c
        join pg_attribute as a on a.attrelid = o.oid and a.attnum = c.conkey[1]
        where c.conrelid = o.oid
          and c.contype = 'p'
          and a.attname = 'organization_id'
          and a.atttypid = 'uuid'::regtype
          and a.attnotnull
      )`,
  },
  {
    name: 'uniqueness and exclusion never reach across organizations',
    problems: `
      select format('%s: the unique index %s does not start with organization_id', o.name, i.indexrelid::regclass)
        as problem
      from owned as o
      join pg_index as i on i.indrelid = o.oid
      where (i.indisunique or i.indisexclusion)
        and pg_get_indexdef(i.indexrelid, 1, true) <> 'organization_id'`,
  },
  {
    name: 'foreign keys stay inside the organization',
    problems: `
      select format('%s: %s does not carry organization_id first on both sides', f.name, f.conname) as problem
      from (
        select o.name, c.conname,
          ${keyColumns('c', 'conkey', 'conrelid')} as own,
          ${keyColumns('c', 'confkey', 'confrelid')} as other
        from owned as o
        join pg_constraint as c on c.conrelid = o.oid and c.contype = 'f'
        join owned as target on target.oid = c.confrelid
      ) as f
      where f.own[1] <> 'organization_id'
        or f.other[1] <> 'organization_id'
        or cardinality(f.own) < 2`,
  },
  {
    name: 'foreign keys never empty a column',
    problems: `
      select format('%s: %s is neither NO ACTION nor CASCADE', o.name, c.conname) as problem
      from owned as o
      join pg_constraint as c on c.conrelid = o.oid and c.contype = 'f'
      where c.confdeltype not in ('a', 'c')
        or c.confupdtype not in ('a', 'c')`,
  },
  {
    // A partial index counts: rows are deleted by setting deleted_at, so what the index leaves out is not looked for.
    name: 'foreign keys are indexed',
    problems: `
      select format('%s: %s has no index that starts with its columns', o.name, c.conname) as problem
      from owned as o
      join pg_constraint as c on c.conrelid = o.oid and c.contype = 'f'
      join owned as target on target.oid = c.confrelid
      where not exists (
        select 1
        from pg_index as i
        where i.indrelid = o.oid
          and (string_to_array(i.indkey::text, ' ')::smallint[])[1:cardinality(c.conkey)] @> c.conkey
      )`,
  },
  {
    name: 'row level security is on, and the owner is not bound by it',
    problems: `
      select format('%s: row level security is %s', c.relname, case when c.relrowsecurity then 'forced' else 'off' end)
        as problem
      from pg_class as c
      where (c.oid in (select oid from owned) or c.relname = 'organizations')
        and c.relnamespace = 'public'::regnamespace
        and c.relkind in ('r', 'p')
        and (not c.relrowsecurity or c.relforcerowsecurity)`,
  },
  {
    name: 'parts of a table are reached through the table alone',
    problems: `
      select format('%s: a part of %s that %s', c.relname, i.inhparent::regclass, w.what) as problem
      from pg_class as c
      join pg_inherits as i on i.inhrelid = c.oid
      cross join lateral (values
        (not c.relrowsecurity, 'lets everybody see its rows'),
        (
          has_table_privilege('deskhand_app', c.oid, 'select, insert, update, delete')
            or has_any_column_privilege('deskhand_app', c.oid, 'select, insert, update'),
          'deskhand_app has rights on'
        )
      ) as w (broken, what)
      where c.relnamespace = 'public'::regnamespace
        and c.relkind in ('r', 'p')
        and w.broken`,
  },
  {
    name: 'one policy, one equality, one role',
    problems: `
      select format('%s: its policies are not exactly one equality on current_organization() for deskhand_app', t.name)
        as problem
      from (
        select name, 'organization_id' as key from owned
        union all
        select 'organizations', 'id'
      ) as t
      where 1 <> (select count(*) from pg_policies as p where p.schemaname = 'public' and p.tablename = t.name)
        or not exists (
          select 1
          from pg_policies as p
          where p.schemaname = 'public'
            and p.tablename = t.name
            and p.permissive = 'PERMISSIVE'
            and p.cmd = 'ALL'
            and p.roles = '{deskhand_app}'
            and p.qual = format('(%s = current_organization())', t.key)
            and coalesce(p.with_check, p.qual) = p.qual
        )`,
  },
  ...historyRules,
  {
    name: 'nothing but tables is read',
    problems: `
      select format('%s: a view, foreign table or materialized view is no place for organizations'' rows', c.relname)
        as problem
      from pg_class as c
      where c.relnamespace = 'public'::regnamespace
        and c.relkind in ('v', 'm', 'f')
        and not exists (select 1 from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
        and (c.relkind <> 'v' or not coalesce(c.reloptions, '{}') @> '{security_invoker=true}')`,
  },
  {
    name: 'the application role is nobody',
    problems: `
      select format('deskhand_app: is %s', w.what) as problem
      from pg_roles as r
      cross join lateral (values
        (r.rolsuper, 'a superuser'),
        (r.rolbypassrls, 'exempt from row level security'),
        (r.rolcreaterole, 'allowed to make roles'),
        (r.rolcreatedb, 'allowed to make databases'),
        (pg_has_role('deskhand_app', 'deskhand_owner', 'member'), 'a member of deskhand_owner'),
        (has_schema_privilege('deskhand_app', 'public', 'create'), 'allowed to create in public')
      ) as w (broken, what)
      where r.rolname = 'deskhand_app'
        and w.broken`,
  },
  {
    name: 'the application role owns nothing',
    problems: `
      select format('deskhand_app: owns %s', things.name) as problem
      from (
        select relname::text as name, relowner as owner from pg_class
        union all
        select proname, proowner from pg_proc
        union all
        select typname, typowner from pg_type
        union all
        select nspname, nspowner from pg_namespace
        union all
        select datname, datdba from pg_database where datname = current_database()
      ) as things
      where things.owner = 'deskhand_app'::regrole`,
  },
  {
    name: 'the application role has no rights it does not need',
    problems: `
      select format('%s: deskhand_app may %s', c.relname, lower(v.verb)) as problem
      from pg_class as c
      cross join (values ('SELECT'), ('INSERT'), ('UPDATE'), ('DELETE'), ('TRUNCATE'), ('REFERENCES'), ('TRIGGER'))
        as v (verb)
      where c.relnamespace = 'public'::regnamespace
        and c.relkind in ('r', 'p')
        and (
          has_table_privilege('deskhand_app', c.oid, v.verb)
          or (v.verb in ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
            and has_any_column_privilege('deskhand_app', c.oid, v.verb))
        )
        and (
          v.verb in ('TRUNCATE', 'REFERENCES', 'TRIGGER')
          or c.relname = any (${list(hiddenTables)})
          or (c.relname in ('audit_log', 'schema_migrations') and v.verb <> 'SELECT')
        )`,
  },
  {
    name: 'functions with the owner’s rights are known, pinned and the owner’s',
    problems: `
      select format('%s(): %s', p.proname, w.what) as problem
      from pg_proc as p
      cross join lateral (values
        (p.proname <> all (${list(definerFunctions)}), 'runs with its owner''s rights and is not on the list'),
        (
          coalesce(array_to_string(p.proconfig, ';'), '') !~ 'search_path=pg_catalog, public, pg_temp(;|$)',
          'runs with its owner''s rights and its search_path is not pinned'
        ),
        (p.proowner <> 'deskhand_owner'::regrole, 'runs with the rights of somebody else than deskhand_owner')
      ) as w (broken, what)
      where p.prosecdef
        and p.pronamespace = 'public'::regnamespace
        and not exists (select 1 from pg_depend as d where d.objid = p.oid and d.deptype = 'e')
        and w.broken`,
  },
  {
    name: 'the lists of exceptions are up to date',
    problems: `
      select format('%s: is on a list of schema-lists.ts and does not exist', l.name) as problem
      from unnest(${list([...referenceTables, ...unauditedTables])}) as l (name)
      where to_regclass('public.' || l.name) is null
      union all
      select format('%s(): is on a list of schema-lists.ts and is no definer function', l.name)
      from unnest(${list(definerFunctions)}) as l (name)
      where not exists (
        select 1
        from pg_proc as p
        where p.proname = l.name
          and p.pronamespace = 'public'::regnamespace
          and p.prosecdef
      )`,
  },
];
