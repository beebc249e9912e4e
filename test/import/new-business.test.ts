import { expect, test } from 'vitest';
import { z } from 'zod';
import { useOffice } from '../support/office.ts';
import { asTableOwner } from '../support/raw-sql.ts';

const office = useOffice();

const plan = z.array(
  z.object({ 'QUERY PLAN': z.array(z.object({ Plan: z.object({ 'Plan Rows': z.number() }) })) }),
);

/** How many e-mail addresses and telephone numbers of Bright Panes a plan counts on. */
async function expectedKeys(): Promise<number> {
  const { rows } = await asTableOwner(
    office(),
    'explain (format json) select from contact_keys where organization_id = $1',
    [office().bright.id],
  );
  return plan.parse(rows)[0]?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0;
}

test('a business that has just brought its customers is known to whoever plans, where others had thousands before', async () => {
  await asTableOwner(
    office(),
    `with made as (
       insert into contacts (organization_id, id, reference, full_name)
       select $1, uuid7(), 'C-' || (5000 + n), 'Somebody ' || n from generate_series(1, 6000) as n
       returning id
     )
     insert into contact_keys (organization_id, key, contact_id) select $1, 'email:' || id || '@example.com', id from made`,
    [office().clear.id],
  );
  await office().database.owner.query('analyze contacts, contact_keys');
  expect(await expectedKeys()).toBeLessThan(10);

  const lines = Array.from({ length: 1200 }, (_, n) => `Ada,Byron ${n},ada${n}@example.org`);
  await office().done(office().bright.owner, 'import.csv', {
    content: `First Name,Last Name,Email\n${lines.join('\n')}\n`,
  });
  // Fewer than others have, so that the table did not become twice as large.
  expect(await expectedKeys()).toBeGreaterThan(300);
});
