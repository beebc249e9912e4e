import { describe, expect, test } from 'vitest';
import type { RecordSpec } from '../../core/kernel/records/record.ts';
import { useOffice } from '../support/office.ts';

const office = useOffice();

/** The columns of a table besides organization_id, with type and whether they may be empty. */
async function columnsOf(table: string): Promise<Record<string, { type: string; nullable: boolean }>> {
  const { rows } = await office().database.owner.query<{ name: string; type: string; nullable: boolean }>(
    `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable
     from pg_attribute as a
     where a.attrelid = to_regclass('public.' || $1)
       and a.attnum > 0
       and not a.attisdropped
       and a.attname <> 'organization_id'`,
    [table],
  );
  return Object.fromEntries(rows.map(({ name, type, nullable }) => [name, { type, nullable }]));
}

const longNames: Readonly<Record<string, string>> = { timestamptz: 'timestamp with time zone' };

function declaredColumns(record: RecordSpec): Record<string, { type: string; nullable: boolean }> {
  return Object.fromEntries(
    Object.entries(record.columns).map(([name, type]) => [
      name,
      {
        type: longNames[type] ?? type,
        nullable: record.row.shape[name]?.safeParse(null).success ?? false,
      },
    ]),
  );
}

/** What each column of a table holds when nobody says anything, as JSON; computed columns and those without are left out. */
async function defaultsOf(table: string): Promise<Record<string, unknown>> {
  const { owner } = office().database;
  const { rows } = await owner.query<{ name: string; expression: string }>(
    `select a.attname as name, pg_get_expr(d.adbin, d.adrelid) as expression
     from pg_attrdef as d
     join pg_attribute as a on a.attrelid = d.adrelid and a.attnum = d.adnum
     where d.adrelid = to_regclass('public.' || $1)
       and a.attgenerated = ''
       and a.attname not in ('version', 'created_at', 'updated_at')`,
    [table],
  );
  const defaults: Record<string, unknown> = {};
  for (const { name, expression } of rows) {
    const answer = await owner.query<{ value: unknown }>(`select to_jsonb(${expression}) as value`);
    defaults[name] = answer.rows[0]?.value;
  }
  return defaults;
}

/** The words a column may hold, as its check says: `CHECK ((kind = ANY (ARRAY['a'::text, 'b'::text])))`. */
async function wordsOf(table: string): Promise<Record<string, string[]>> {
  const { rows } = await office().database.owner.query<{ definition: string }>(
    `select pg_get_constraintdef(oid) as definition
     from pg_constraint
     where conrelid = to_regclass('public.' || $1)
       and contype = 'c'`,
    [table],
  );
  return Object.fromEntries(
    rows.flatMap(({ definition }) => {
      const [, column, list] = /^CHECK \(\((\w+) = ANY \(ARRAY\[([^\]]*)\]\)\)\)$/.exec(definition) ?? [];
      const words = list?.match(/'[^']*'/g)?.map(word => word.slice(1, -1));
      return column !== undefined && words ? [[column, words.sort()]] : [];
    }),
  );
}

describe('the definition of every record', () => {
  test('says what each column holds when nobody says anything', async () => {
    for (const { table, fields } of office().app.registry.records.values()) {
      const said = Object.entries(fields).flatMap(([name, field]) =>
        field.default === undefined ? [] : [[name, field.default]],
      );
      expect({ [table]: Object.fromEntries(said) }).toEqual({ [table]: await defaultsOf(table) });
    }
  });

  test('lists for each choice the words its column takes, and no others', async () => {
    for (const { table, fields } of office().app.registry.records.values()) {
      const choices = Object.entries(fields).filter(([, { kind }]) => kind === 'choice');
      const checked = await wordsOf(table);
      for (const [name, { options = [] }] of choices) {
        expect({ [`${table}.${name}`]: [...options].sort() }).toEqual({
          [`${table}.${name}`]: checked[name],
        });
      }
    }
  });

  test('names the columns its table has, with their types, and knows which may be empty', async () => {
    const records = [...office().app.registry.records.values()];
    expect(records.length).toBeGreaterThan(6);
    for (const record of records) {
      expect({ [record.table]: declaredColumns(record) }).toEqual({
        [record.table]: await columnsOf(record.table),
      });
    }
  });

  test('shows exactly its columns in a row', () => {
    for (const record of office().app.registry.records.values()) {
      expect(Object.keys(record.row.shape).sort()).toEqual(Object.keys(record.columns).sort());
    }
  });

  test('sorts, shows and clears only what it has', () => {
    for (const record of office().app.registry.records.values()) {
      const columns = Object.keys(record.columns);
      expect(columns).toEqual(expect.arrayContaining([...record.sorts, ...record.default_fields]));
      for (const name of record.clearable ?? []) {
        expect({ [name]: record.row.shape[name]?.safeParse(null).success }).toEqual({ [name]: true });
      }
    }
  });

  test('says with which parents it is told, as its audit trigger does', async () => {
    const told = [...office().app.registry.records.values()].map(async ({ table, refs }) => {
      const said = refs.flatMap(({ column, field: { to } }) =>
        to?.told_with_parent ? [[to.record, column]] : [],
      );
      return { [table]: said, triggers: await parentsInTrigger(table) };
    });
    const all = await Promise.all(told);
    for (const { triggers, ...said } of all) expect(Object.values(said)).toEqual([triggers]);
    expect(all.filter(({ triggers }) => triggers.length > 0).length).toBeGreaterThan(4);
  });
});

/** The parents and columns an audit trigger names: `('note', 'contact', 'contact_id', 'lead', 'lead_id')`. */
async function parentsInTrigger(table: string): Promise<string[][]> {
  const { rows } = await office().database.owner.query<{ definition: string }>(
    `select pg_get_triggerdef(oid) as definition from pg_trigger where tgrelid = to_regclass('public.' || $1) and tgname = 'audit'`,
    [table],
  );
  const [, list = ''] = /audit_row\(([^)]*)\)/.exec(rows[0]?.definition ?? '') ?? [];
  const [, ...words] = (list.match(/'[^']*'/g) ?? []).map(word => word.slice(1, -1));
  return words.flatMap((word, at) => (at % 2 === 0 ? [[word, words[at + 1] ?? '']] : []));
}
