import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { Temporal } from 'temporal-polyfill';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDeskhand } from '../../api/compose.ts';
import type { App } from '../../core/app.ts';
import { createDemo, demoSlug, timeZone } from '../../core/demo/demo.ts';
import { growDemo } from '../../core/demo/history.ts';
import { listFiles } from '../../core/exports/lists-zip.ts';
import { tablesLeftOut } from '../../core/exports/what-leaves.ts';
import { type Database, openDatabase } from '../../core/kernel/database/db.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { openVault } from '../../core/kernel/outside/seal.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { foundBusiness, listBusinesses } from '../../core/organizations/found.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { filesIn, restore, sumsOf, useFolder, write } from './archives.ts';

// Bright Panes, as whoever tries Deskhand out finds it, moves: as one file into an empty installation, and as spreadsheets into an empty
// business. Everything it has is made by the ordinary actions over some weeks: visits, bills, payments, calls, inquiries, questions.

const weeks = 3;
const folder = useFolder();
const file = (name: string) => path.join(folder(), name);
const vault = openVault('the secret of the demo');

/** An installation, whose clock stands still once the weeks are told. */
interface Place {
  database: TestDatabase;
  db: Database;
  app: App;
}
let now: Temporal.Instant | undefined;
const open = (db: Database, clock = () => now ?? Temporal.Now.instant()): App =>
  createDeskhand(db, undefined, { clock }, { vault });

async function openPlace(): Promise<Place> {
  const database = await testDatabase();
  const db = openDatabase({ address: database.address, connections: 3 });
  return { database, db, app: open(db) };
}

const done = async ({ app }: Place, who: Caller, action: string, data: Record<string, unknown>) => {
  const outcome = await app.execute(who, { action, data }, { request_id: newId() });
  if (outcome.status !== 'done') throw new Error(`${action} was not done: ${JSON.stringify(outcome)}`);
  return outcome.data;
};

let here: Place;
let there: Place;
let bright: string;
const as = (organization_id: string): Caller => ({ via: 'system', organization_id, name: 'worker' });

beforeAll(async () => {
  [here, there] = await Promise.all([openPlace(), openPlace()]);
  const { db, app } = here;
  const actOn = (inside: Database) => {
    const own = open(inside);
    return (who: Caller, action: string, data: Record<string, unknown>) =>
      own.execute(who, { action, data }, { request_id: newId() });
  };
  await createDemo(db, actOn, { history: true });
  const [business] = await listBusinesses(db);
  bright = business?.id ?? '';
  expect(await growDemo({ db, app, organization_id: bright, weeks, open })).toBeGreaterThanOrEqual(weeks);
  now = Temporal.Now.instant();
});
afterAll(async () => {
  for (const place of [here, there]) {
    await place?.db.close();
    await place?.database.close();
  }
});

/** What the timer does every night: a month in each transaction. */
async function sumUp(place: Place): Promise<void> {
  while (Number((await done(place, as(bright), 'analytics.sum_days', {})).days) > 0);
}

const owned = async ({ database }: Place, query: string): Promise<Record<string, unknown>[]> =>
  (await database.owner.query(query)).rows;

/** Every figure there is: each analysis as it is asked for without a word, and what else is chosen on its page. */
async function figuresOf({ app }: Place, organization_id: string): Promise<Record<string, unknown>> {
  const olivia = as(organization_id);
  const found: Record<string, unknown> = {};
  const asked: [string, Record<string, unknown>][] = [...app.registry.views]
    .filter(([, { spec }]) => spec.domain === 'analytics')
    .map(([type]) => [type, {}]);
  asked.push(
    ['analytics_yoy', { measure: 'billed' }],
    ['analytics_yoy', { measure: 'received' }],
    ['analytics_trends', { step: 'week' }],
    ['aggregate', { list: 'invoices', sum: 'total_cents', by: 'status' }],
  );
  for (const [type, params] of asked) {
    const fields = Object.keys(app.registry.view(type).spec.row.shape);
    const { rows, totals } = await app.read(
      olivia,
      type,
      { params, fields, limit: 100 },
      { request_id: newId() },
    );
    found[`${type} ${JSON.stringify(params)}`] = { rows, totals };
  }
  return found;
}

describe('the business of the demo, taken along as one file into an empty installation', () => {
  const summed = ['summed_days', 'summed_services', 'summed_technicians'];
  const sumsIn = async (place: Place) => {
    const found: Record<string, unknown> = {};
    for (const table of summed)
      [found[table]] = await owned(
        place,
        `select count(*)::int as rows, md5(string_agg(t::text, '|' order by t::text)) as sum from ${table} as t`,
      );
    return found;
  };

  test('has every row of every table it had, compared by checksum, but for the keys that are ended', async () => {
    await sumUp(here);
    const before = await write(here.db, bright, file('demo.zip'));
    expect(Object.keys(before.left_out)).toEqual(expect.arrayContaining(Object.keys(tablesLeftOut)));
    const rows = Object.fromEntries(before.tables.map(table => [table.name, table.rows]));
    // It is a business at work and no empty one.
    expect(rows.tickets).toBeGreaterThan(60);
    expect(rows.payments).toBeGreaterThan(20);
    expect(rows.authorization_requests).toBeGreaterThan(0);

    expect(await restore(there.database.admin, file('demo.zip'))).toMatchObject({
      business: { id: bright, slug: demoSlug },
    });
    const after = await write(there.db, bright, file('again.zip'));
    const [was, is] = [sumsOf(before), sumsOf(after)];
    expect(Object.keys(is)).toEqual(Object.keys(was));
    // The key of its agent is ended there, and the history has one line more, which says that it was restored.
    const differ = Object.keys(was).filter(name => was[name] !== is[name]);
    expect(differ).toEqual(['agent_keys', 'audit_log']);
    const linesOf = async (name: string) =>
      String((await filesIn(file(name))).get('tables/audit_log.jsonl')).split('\n');
    const [old, all] = [await linesOf('demo.zip'), new Set(await linesOf('again.zip'))];
    expect(old.filter(line => !all.has(line))).toEqual([]);
    expect(all.size).toBe(new Set(old).size + 1);
  });

  test('says the same in every figure, at once and after its days are summed up anew', async () => {
    const figures = await figuresOf(here, bright);
    expect(JSON.stringify(figures)).toMatch(/"amount_cents":[1-9]\d{5}/);
    expect(await figuresOf(there, bright)).toEqual(figures);
    await sumUp(there);
    expect(await figuresOf(there, bright)).toEqual(figures);
    const sums = await sumsIn(here);
    expect(sums).not.toMatchObject({ summed_days: { rows: 0 } });
    expect(await sumsIn(there)).toEqual(sums);
  });
});

describe('the business of the demo, taken along as spreadsheets into an empty business', () => {
  const lists = ['companies', 'services', 'contacts', 'leads', 'tickets', 'notes'] as const;
  type List = (typeof lists)[number];
  type Rows = Record<string, string>[];

  /** Of every list: what is given anew, and says nothing about what somebody has written. */
  const anew = {
    id: 'given by the business that takes it in',
    reference: 'counted by the business that takes it in',
    version: 'how often it was changed, there',
    updated_at: 'when it was changed last, there',
    import_batch_id: 'the import it came with',
  };

  /** Columns that are not the same there, each with the reason; `test/import/our-lists.test.ts` names those that are empty here. */
  const notBrought: Readonly<Record<List, Readonly<Record<string, string>>>> = {
    companies: {},
    services: {},
    contacts: {
      preferences: 'asked for by contact.set_preferences, which looks whether the visits to come still fit',
    },
    leads: {
      status:
        'how far an inquiry was worked on is told by what was done with it, and nothing of that is in the file',
      disqualification_reason: 'the same',
      extraction_status: 'what was understood of its words is understood anew',
      owner_user_id: 'who looks after it works elsewhere',
    },
    tickets: {
      is_imported: 'says that nobody worked it there',
      closed_by: 'closed by an import, and by nobody there',
      created_at: 'when it was written down there; when it took place is the same',
    },
    notes: {},
  };

  /** The lists of a business as its files have them. */
  async function filesOf({ app }: Place, organization_id: string): Promise<Map<List, string>> {
    const found = new Map<List, string>();
    const read = async (type: string, query: object) =>
      (await app.read(as(organization_id), type, query, { request_id: newId() })).rows;
    const { files } = listFiles(lists, 'csv', { read, counted: () => undefined, moment: new Date() });
    for (const [at, { bytes }] of files.entries()) {
      const chunks: Buffer[] = [];
      for await (const chunk of bytes()) chunks.push(Buffer.from(chunk));
      found.set(lists[at] as List, Buffer.concat(chunks).toString());
    }
    return found;
  }

  const rowsIn = (files: Map<List, string>, list: List): Rows =>
    parse(files.get(list) ?? '', { columns: true });

  /** What rows point to, by its name: the numbers of another business say nothing. */
  function namesIn(files: Map<List, string>): (cell: string) => string {
    const names = new Map<string, string>();
    for (const [list, label] of [
      ['companies', 'name'],
      ['services', 'name'],
      ['contacts', 'full_name'],
      ['leads', 'title'],
    ] as const)
      for (const row of rowsIn(files, list)) names.set(row.id ?? '', `the ${list} ${row[label]}`);
    for (const { addresses } of [...rowsIn(files, 'contacts'), ...rowsIn(files, 'companies')])
      for (const { id, line1, city } of JSON.parse(addresses || '[]')) names.set(id, `${line1}, ${city}`);
    const plain = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(plain);
      if (typeof value === 'string') return names.get(value) ?? value;
      if (typeof value !== 'object' || value === null) return value;
      const members = Object.entries(value).filter(([name]) => !Object.hasOwn(anew, name));
      return Object.fromEntries(members.map(([name, one]) => [name, plain(one)]));
    };
    return cell => (/^[[{]/.test(cell) ? JSON.stringify(plain(JSON.parse(cell))) : (names.get(cell) ?? cell));
  }

  /** By what a row is found again on the other side. */
  const keyOf: Readonly<Record<List, readonly string[]>> = {
    companies: ['name'],
    services: ['name'],
    contacts: ['full_name'],
    leads: ['full_name', 'title', 'raw_notes'],
    tickets: ['scheduled_at', 'contact_id'],
    notes: ['contact_id', 'lead_id', 'content', 'created_at'],
  };

  function named(files: Map<List, string>, list: List): Map<string, Record<string, string>> {
    const name = namesIn(files);
    const rows = rowsIn(files, list)
      // What is still to come is booked there, and no part of what was.
      .filter(({ status }) => list !== 'tickets' || status === 'closed' || status === 'cancelled')
      .map(row => Object.fromEntries(Object.entries(row).map(([column, cell]) => [column, name(cell)])));
    const found = new Map(rows.map(row => [keyOf[list].map(column => row[column]).join(' | '), row]));
    expect({ [list]: found.size }).toEqual({ [list]: rows.length });
    return found;
  }

  test('is the same there: the same rows, column by column, but for what is named with its reason', async () => {
    const [owner] = await owned(here, "select id from members where role = 'owner'");
    const olivia: Caller = { via: 'member', organization_id: bright, user_id: String(owner?.id) };
    const company = await done(here, olivia, 'company.create', {
      name: 'Monte Sano Offices',
      tags: ['offices'],
    });
    await done(here, olivia, 'contact.create', { full_name: 'Petra Keys', company_id: company.id });

    const elsewhere = await foundBusiness(there.db, {
      slug: 'clear-view',
      name: 'Clear View Co',
      time_zone: timeZone,
      owner: { email: 'carla@clearview.example', name: 'Carla Owner' },
    });
    const { organization_id, owner_id } = elsewhere;
    const carla: Caller = { via: 'member', organization_id, user_id: owner_id };
    // Who went is found by the name; people are invited, and come with no file.
    for (const [name, email] of [
      ['Theo Panes', 'theo@clearview.example'],
      ['Tess Ladder', 'tess@clearview.example'],
    ])
      await done(there, carla, 'member.create', { name, email, role: 'technician' });

    const files = await filesOf(here, bright);
    for (const list of lists) {
      const report = await done(there, carla, 'import.csv', { content: files.get(list) });
      const taken = named(files, list).size;
      expect({ [list]: report }).toMatchObject({
        [list]: { kind: list, taken_rows: taken, refused_rows: rowsIn(files, list).length - taken },
      });
      expect(taken).toBeGreaterThan(0);
    }

    const again = await filesOf(there, organization_id);
    const differing: Record<string, string[]> = {};
    for (const list of lists) {
      const [was, is] = [named(files, list), named(again, list)];
      expect({ [list]: [...is.keys()].sort() }).toEqual({ [list]: [...was.keys()].sort() });
      const columns = Object.keys(rowsIn(files, list)[0] ?? {}).filter(
        column => !Object.hasOwn(anew, column),
      );
      const differ = columns.filter(column =>
        [...was].some(([key, row]) => is.get(key)?.[column] !== row[column]),
      );
      differing[list] = differ.sort();
    }
    expect(differing).toEqual(
      Object.fromEntries(lists.map(list => [list, Object.keys(notBrought[list]).sort()])),
    );

    // What was done, when, where and by whom says the same there, month by month.
    const work = async (place: Place, id: string) =>
      (await place.app.read(as(id), 'analytics_yoy', { limit: 100 }, { request_id: newId() })).rows;
    expect(await work(there, organization_id)).toEqual(await work(here, bright));
  });
});
