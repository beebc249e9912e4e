import { expect, test } from 'vitest';
import { columnsLeftOut, rowsLeftOut, tablesLeftOut } from '../../core/exports/what-leaves.ts';
import { useOffice } from '../support/office.ts';

const office = useOffice();

/** Columns that look as if they opened something and do not, each with the reason. */
const harmless: Readonly<Record<string, string>> = {
  'authorization_requests.asked_hash': 'of what was asked, to know it again',
  'authorization_requests.key_id': 'names a key without being it',
  'authorization_requests.schema_hash': 'of the shape of an action',
  'authorization_request_items.asked_hash': 'as above',
  'authorization_request_items.schema_hash': 'as above',
  'attributes.key': 'a word such as gate_code',
  'attribute_keys.key': 'a word such as gate_code',
  'contact_merges.keys': 'telephone numbers and addresses, to find a customer by',
  'contact_keys.key': 'a telephone number or address, to find a customer by',
  'import_batches.file_hash': 'of a file, to know it again',
  'jobs.dedupe_key': 'tells one job from another',
  'imported_rows.key': 'by which a row of a file is known again',
  'lead_forms.public_key': 'stands in the website for everybody to read',
  'logos.picture': 'is printed on every bill',
  'passkeys.public_key': 'the public half; the private one never leaves the device',
  'permission_overrides.schema_hash': 'of the shape of an action',
};

test('nothing leaves that looks as if it opened a door, unless somebody has said why it does not', async () => {
  const { rows } = await office().database.owner.query<{ name: string }>(
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public'
       and table_name in (select table_name from information_schema.columns where column_name = 'organization_id')
       and (data_type = 'bytea' or column_name ~ '(^|_)(hash|key|keys|token|secret|sealed|password|challenge|code)(_|$)')
       and column_name <> 'postal_code'
       and column_name !~ '_postal_code$'`,
  );
  expect(rows.length).toBeGreaterThan(10);
  const undecided = rows
    .map(({ name }) => name)
    .filter(name => {
      const [table = '', column = ''] = name.split('.');
      return !(table in tablesLeftOut || columnsLeftOut[table]?.[column] || harmless[name]);
    });
  expect(undecided).toEqual([]);
});

test('what is said to stay behind is there to stay behind', async () => {
  const { rows } = await office().database.owner.query<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns where table_schema = 'public'`,
  );
  const known = new Set(rows.flatMap(({ table, column }) => [table, `${table}.${column}`]));
  const said = [
    ...Object.keys(tablesLeftOut),
    ...Object.keys(rowsLeftOut),
    ...Object.entries(columnsLeftOut).flatMap(([table, columns]) =>
      Object.keys(columns).map(column => `${table}.${column}`),
    ),
    ...Object.keys(harmless),
  ];
  expect(said.filter(name => !known.has(name))).toEqual([]);
});
