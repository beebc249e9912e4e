import { expect, test } from 'vitest';
import { describeWork, sizesAsText } from '../../api/cli/sizes.ts';
import { readSizes } from '../../core/jobs/size-queries.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import { useOffice } from '../support/office.ts';

const office = useOffice();
const query = (text: string, values: unknown[] = []) => office().database.owner.query(text, values);
const sizes = () => readSizes(office().db);

test('the doctor says how large everything is', async () => {
  expect(sizesAsText(await sizes())).toMatch(
    /^\d+(\.\d)? [kMG]B in all; largest \w+ \d+(\.\d)? [kM]B \([\d,]+ rows\), .*; [\d,]+ different words of names; [3-9] parts of the history$/,
  );
});

test('a job that waits too long, and months that nobody makes, are not well: the doctor says what to do', async () => {
  const { bright } = office();
  const wait = (time: string) =>
    query(
      `insert into jobs (organization_id, id, kind, payload, run_at) values ($1, $2, 'email', '{}', now() - $3::interval)`,
      [bright.id, newId(), time],
    );
  await query('delete from jobs');
  expect(describeWork(await sizes())).toBe('no job waits');
  await wait('2 minutes');
  expect(describeWork(await sizes())).toMatch(/^1 job due, the first for (2 minutes|11\d s)$/);
  await wait('3 hours');
  const late = await sizes();
  expect(() => describeWork(late)).toThrow(
    /^2 jobs due, the first for 3 hours: nobody takes them, or too few do; start a worker/,
  );
  await query('delete from jobs');
  await query(
    `insert into audit_log (organization_id, id, entity_type, entity_id, subject_type, subject_id, action, changes, actor_kind, actor_name)
     values ($1, uuid7_floor(now() + interval '1 year'), 'note', $2, 'note', $2, 'create', '{}', 'user', 'Olivia')`,
    [bright.id, newId()],
  );
  const without = await sizes();
  expect(() => describeWork(without)).toThrow(/months of the history are not made; start a worker/);
});

test('figures are told as people say them', () => {
  const figures = {
    bytes: 5 * 2 ** 30,
    tables: [{ name: 'audit_log', rows: 2_400_000, bytes: 1.5 * 2 ** 30 }],
    waiting: { jobs: 12, oldest_seconds: 90 },
    search_words: 31_000,
    months: 27,
    months_missing: false,
  };
  expect(sizesAsText(figures)).toBe(
    '5 GB in all; largest audit_log 1.5 GB (2,400,000 rows); 31,000 different words of names; 27 parts of the history',
  );
  expect(describeWork(figures)).toBe('12 jobs due, the first for 90 s');
});
