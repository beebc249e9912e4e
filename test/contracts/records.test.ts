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

describe('the definition of every record', () => {
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
});
