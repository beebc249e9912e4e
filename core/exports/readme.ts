import type { Manifest } from './format.ts';
import { columnsLeftOut } from './what-leaves.ts';

/** `README.txt` of an archive: what somebody reads who finds the file in five years. */
export function readme(manifest: Manifest): string {
  const { business, taken_at, tables, left_out, migrations, deskhand_version } = manifest;
  const width = Math.max(...tables.map(({ name }) => name.length));
  const rows = tables
    .filter(({ rows }) => rows > 0)
    .map(({ name, rows }) => `  ${name.padEnd(width)}  ${String(rows).padStart(9)}`);
  const behind = [
    ...Object.entries(left_out).map(([table, reason]) => `  ${table}: ${reason}`),
    ...Object.entries(columnsLeftOut).flatMap(([table, columns]) =>
      Object.entries(columns).map(([column, { reason }]) => `  ${table}.${column}: ${reason}`),
    ),
    '  jobs: mails with a link for signing in',
  ];
  return `${business.name}
${'='.repeat(business.name.length)}

This file holds everything ${business.name} had in Deskhand on ${taken_at.slice(0, 10)} at ${taken_at.slice(11, 16)} UTC:
customers, visits, invoices, payments, messages, notes, the price list, the people, the settings and the
whole history of who changed what.

It holds names, addresses and telephone numbers of your customers. Keep it where only you can read it.


To bring it back
----------------
Install Deskhand ${deskhand_version} or newer, then:

  deskhand restore <this file>

The business is then there as it was, with the same numbers, and goes on from them. What has to be set once
more afterwards is said at the end: keys of assistants, calendar addresses, and keys of Stripe or mail services.


To read it without Deskhand
---------------------------
Each file in tables/ is one table. Each line is one record, written as JSON (UTF-8). Days and times are UTC,
amounts are whole cents, pictures are base64. Every program that reads JSON lines reads these, for example:

  unzip -p <this file> tables/contacts.jsonl | jq -r '[.reference, .full_name, .email] | @csv'

manifest.json says how many records each file has, its columns and its checksum (SHA-256).
The version of the tables is ${migrations.at(-1)}.


What is in it
-------------
${rows.join('\n')}


What is not
-----------
Nothing that opens a door goes along:
${behind.join('\n')}
PDFs of invoices and statements are drawn from these tables when somebody opens them.
`.replaceAll('\n', '\r\n');
}
