import { expect, test } from 'vitest';
import { describeSizes, sizesAsText } from '../../api/cli/sizes.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { useOffice } from '../support/office.ts';

const office = useOffice();
const query = (text: string, values: unknown[] = []) => office().database.owner.query(text, values);

test('the doctor says how large everything is, that a job waits too long and that nobody makes the months, and what to do', async () => {
  const { bright, db } = office();
  await query('delete from jobs');
  const well = await describeSizes(db);
  expect(well).toMatch(/^\d+(\.\d)? [kMG]B in all; largest \w+ \d+(\.\d)? [kM]B \([\d,]+ rows\), /);
  expect(well).toMatch(/; no job waits; [\d,]+ different words of names; [3-9] parts of the history$/);
  await query(
    `insert into jobs (organization_id, id, kind, payload, run_at) values ($1, $2, 'email', '{}', now() - interval '3 hours')`,
    [bright.id, newId()],
  );
  expect(await describeSizes(db)).toMatch(
    /; 1 job due, the first for 3 hours: nobody takes them, or too few do; start a worker/,
  );
  await query(
    `insert into audit_log (organization_id, id, entity_type, entity_id, subject_type, subject_id, action, changes, actor_kind, actor_name)
     values ($1, uuid7_floor(now() + interval '1 year'), 'note', $2, 'note', $2, 'create', '{}', 'user', 'Olivia')`,
    [bright.id, newId()],
  );
  expect(await describeSizes(db)).toMatch(
    /parts of the history, and the next months are not made: start a worker/,
  );
});

test('figures are told as people say them', () => {
  expect(
    sizesAsText({
      bytes: 5 * 2 ** 30,
      tables: [{ name: 'audit_log', rows: 2_400_000, bytes: 1.5 * 2 ** 30 }],
      waiting: { jobs: 12, oldest_seconds: 90 },
      search_words: 31_000,
      months: 27,
      months_missing: false,
    }),
  ).toBe(
    '5 GB in all; largest audit_log 1.5 GB (2,400,000 rows); 12 jobs due, the first for 90 s; 31,000 different words of names; 27 parts of the history',
  );
});
