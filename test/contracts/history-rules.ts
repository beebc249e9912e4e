import { list, type Rule } from './rule.ts';
import { followersWithoutHistory, unauditedTables } from './schema-lists.ts';

/** What the schema owes the history: every change is told of, once and in order. */
export const historyRules: readonly Rule[] = [
  {
    name: 'every change the application may make is audited',
    problems: `
      select format('%s: no audit trigger fires on %s', t.name, lower(v.verb)) as problem
      from (
        select oid, name from owned where name <> all (${list(unauditedTables)})
        union all
        select 'organizations'::regclass, 'organizations'
      ) as t
      cross join (values ('INSERT', 4), ('DELETE', 8), ('UPDATE', 16)) as v (verb, bit)
      where (
          has_table_privilege('deskhand_app', t.oid, v.verb)
          or (v.verb <> 'DELETE' and has_any_column_privilege('deskhand_app', t.oid, v.verb))
        )
        and not exists (
          select 1
          from pg_trigger as g
          join pg_proc as p on p.oid = g.tgfoid
          where g.tgrelid = t.oid
            and not g.tgisinternal
            and g.tgenabled in ('O', 'A')
            and g.tgqual is null
            and p.proname ~ '^audit_'
            and (g.tgtype & 1 = 1 or p.proname = 'audit_made' and g.tgnewtable is not null)
            and g.tgtype & 2 = 0
            and g.tgtype & v.bit = v.bit
        )`,
  },
  {
    name: 'triggers see rows, not transition tables',
    problems: `
      select format('%s: the trigger %s uses a transition table', g.tgrelid::regclass, g.tgname) as problem
      from pg_trigger as g
      where (g.tgoldtable is not null or g.tgnewtable is not null)
        -- Which deskhand distribute replaces.
        and (g.tgname <> 'audit_made' or g.tgfoid <> 'audit_made'::regproc)`,
  },
  {
    name: 'what is made together is told once, and in order',
    problems: `
      select format('%s: audit and audit_made tell of it in different ways, or both of new rows', m.tgrelid::regclass) as problem
      from pg_trigger as m
      where m.tgname = 'audit_made'
        and not exists (
          select 1
          from pg_trigger as g
          where g.tgrelid = m.tgrelid
            and g.tgname = 'audit'
            and g.tgfoid = 'audit_row'::regproc
            and g.tgargs = m.tgargs
            and g.tgtype & 4 = 0
        )
      union all
      select format('%s: %s writes for each new row before the history tells of it', m.tgrelid::regclass, p.proname)
      from pg_trigger as m
      join pg_trigger as g on g.tgrelid = m.tgrelid
      join pg_proc as p on p.oid = g.tgfoid
      where m.tgname = 'audit_made'
        and not g.tgisinternal
        and g.tgtype & 1 = 1
        and g.tgtype & 2 = 0
        and g.tgtype & 4 = 4
        and g.tgname <> 'audit'
        and p.proname <> all (${list(followersWithoutHistory)})`,
  },
];
