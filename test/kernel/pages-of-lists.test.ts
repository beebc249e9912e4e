import { expect, test } from 'vitest';
import { newId } from '../../core/kernel/database/ids.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';

const panes = useBrightPanes();

/** The references of all bills, a page of `limit` at a time. */
async function walk(sort: string, limit: number): Promise<unknown[]> {
  const { app, olivia } = panes();
  const all: unknown[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = { sort, limit, fields: ['reference'], ...(cursor === undefined ? {} : { cursor }) };
    const { rows, next_cursor } = await app.read(olivia, 'invoices', query, { request_id: newId() });
    all.push(...rows.map(({ reference }) => reference));
    if (!next_cursor) return all;
    cursor = next_cursor;
  }
}

test('rows of one millisecond are listed once each, however the pages are cut', async () => {
  const { done, dana } = panes();
  const lines = [{ description: 'Windows', unit_price_cents: 10_000 }];
  for (let n = 0; n < 6; n += 1) await done(dana, 'invoice.create', { contact_id: 'C-1001', lines });
  // Microseconds apart, and two of them not at all.
  await asTableOwner(
    panes(),
    `update invoices as i
    set created_at = timestamptz '2026-11-18 14:00:00.123400+00' + least(n, 5) * interval '100 microseconds'
    from (select id, row_number() over (order by id) as n from invoices) as o
    where o.id = i.id`,
  );
  const forward = await walk('created_at', 100);
  expect(forward).toHaveLength(6);
  for (const limit of [1, 2, 4]) {
    expect(await walk('created_at', limit)).toEqual(forward);
    expect(await walk('-created_at', limit)).toEqual([...forward].reverse());
  }
});
