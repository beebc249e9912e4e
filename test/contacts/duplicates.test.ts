import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../../core/kernel/database/ids.ts';
import { authenticate } from '../../core/kernel/pipeline/authenticate.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { duplicates } from '../../core/reading/duplicates.ts';
import { useOffice } from '../support/office.ts';

const office = useOffice();

const febrl = z.array(
  z.object({
    rec_id: z.string(),
    given_name: z.string(),
    surname: z.string(),
    street_number: z.string(),
    address_1: z.string(),
    address_2: z.string(),
    suburb: z.string(),
    postcode: z.string(),
    state: z.string(),
    soc_sec_id: z.string(),
  }),
);
type Entry = z.infer<typeof febrl>[number];

const readSet = (name: string): Entry[] =>
  febrl.parse(
    parse(readFileSync(new URL(`../fixtures/febrl/${name}.csv`, import.meta.url)), {
      columns: header => header.map((cell: string) => cell.trim()),
      trim: true,
    }),
  );

/** Writes a set as the customers of a business; answers who each of them is. `soc_sec_id` stands in for the telephone. */
async function load(entries: readonly Entry[], organization: string): Promise<Map<string, string>> {
  const ids = entries.map(() => newId());
  const orNull = (text: string) => text || null;
  const contacts = entries.map((entry, index) => ({
    id: ids[index],
    reference: `C-${5000 + index}`,
    kind: 'person',
    first_name: orNull(entry.given_name),
    last_name: orNull(entry.surname),
    full_name: [entry.given_name, entry.surname].filter(Boolean).join(' ') || entry.rec_id,
    phones: entry.soc_sec_id ? [{ number: entry.soc_sec_id, type: 'other', primary: true }] : [],
    phone: orNull(entry.soc_sec_id),
  }));
  const keys = entries.flatMap(({ soc_sec_id }, index) =>
    soc_sec_id ? [{ key: `phone:${soc_sec_id}`, contact_id: ids[index] }] : [],
  );
  const addresses = entries.map((entry, index) => ({
    id: newId(),
    reference: `A-${5000 + index}`,
    contact_id: ids[index],
    line1: [entry.street_number, entry.address_1].filter(Boolean).join(' ') || 'unknown',
    line2: orNull(entry.address_2),
    city: orNull(entry.suburb),
    state: orNull(entry.state),
    postal_code: orNull(entry.postcode),
  }));
  const bulk = new pg.Client({ ...office().database.admin, ssl: false });
  await bulk.connect();
  try {
    await bulk.query("set session_replication_role = 'replica'");
    for (const [table, rows] of Object.entries({ contacts, contact_keys: keys, addresses })) {
      const columns = Object.keys(rows[0] ?? {}).join(', ');
      await bulk.query(
        `insert into ${table} (organization_id, ${columns})
        select $1::uuid, ${columns}
        from jsonb_populate_recordset(null::${table}, $2::jsonb)`,
        [organization, JSON.stringify(rows)],
      );
    }
    await bulk.query('analyze');
  } finally {
    await bulk.end();
  }
  return new Map(entries.map(({ rec_id }, index) => [ids[index] ?? '', rec_id.split('-')[1] ?? '']));
}

const found = z.array(z.object({ keep: z.object({ id: z.string() }), merge: z.object({ id: z.string() }) }));

/** The whole list, which a caller reads in pages; of one customer when asked for. */
const listAll = (caller: Caller, contact_id?: string) =>
  office().db.transaction('read only', async tx => {
    const request = { request_id: newId() };
    const { organization, actor } = await authenticate(tx, caller, request);
    const context = {
      tx,
      registry: office().app.registry,
      organization,
      actor,
      request,
      now: Temporal.Now.instant(),
      hasSecret: async () => false,
    };
    const page = await duplicates.run(
      { ...context, warn: () => undefined },
      { params: { contact_id }, limit: 10_000, include: [], fields: [] },
    );
    return page.rows;
  });

/** Precision and recall over all pairs, when everything the list says is merged. */
async function measure(caller: Caller, people: ReadonlyMap<string, string>) {
  const groups = new Map<string, string[]>();
  for (const id of people.keys()) groups.set(id, [id]);
  for (const { keep, merge } of found.parse(await listAll(caller))) {
    groups.get(keep.id)?.push(...(groups.get(merge.id) ?? []));
    groups.delete(merge.id);
  }
  const pairs = (count: number) => (count * (count - 1)) / 2;
  const counts = (ids: readonly string[]) => {
    const same = new Map<string, number>();
    for (const id of ids) same.set(people.get(id) ?? '', (same.get(people.get(id) ?? '') ?? 0) + 1);
    return [...same.values()];
  };
  const said = [...groups.values()].reduce((sum, ids) => sum + pairs(ids.length), 0);
  const right = [...groups.values()].flatMap(counts).reduce((sum, count) => sum + pairs(count), 0);
  const true_ = counts([...people.keys()]).reduce((sum, count) => sum + pairs(count), 0);
  return { precision: right / said, recall: right / true_, f1: (2 * right) / (said + true_) };
}

/** Shown by `npm run duplicates`. */
const words = (set: string, figures: Record<string, number>): string =>
  [set, ...Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(4)}`)].join('  ');

describe('of entries that are one customer twice, in a whole business,', () => {
  test('nearly all are found of 5,000 about 2,000 people (FEBRL 3), and nobody else', async ({
    annotate,
  }) => {
    const people = await load(readSet('dataset3'), office().bright.id);
    const figures = await measure(office().bright.owner, people);
    await annotate(words('FEBRL 3', figures));
    expect(figures.f1).toBeGreaterThanOrEqual(0.99);
  });

  test('nearly all are found of 1,000 about 500 people (FEBRL 1), and nobody else', async ({ annotate }) => {
    const people = await load(readSet('dataset1'), office().clear.id);
    const figures = await measure(office().clear.owner, people);
    await annotate(words('FEBRL 1', figures));
    expect(figures.f1).toBeGreaterThanOrEqual(0.985);
  });

  test('the same are found of one customer alone, without pairing all the others', async () => {
    const all = found.parse(await listAll(office().clear.owner));
    const inPairs = all.slice(0, 12);
    expect(inPairs.length).toBeGreaterThan(5);
    for (const { keep, merge } of inPairs) {
      const ofOne = found.parse(await listAll(office().clear.owner, merge.id));
      expect(ofOne.map(pair => [pair.keep.id, pair.merge.id])).toContainEqual([keep.id, merge.id]);
      for (const pair of ofOne) expect([pair.keep.id, pair.merge.id]).toContain(merge.id);
    }
  });
});
