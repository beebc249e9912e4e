import pg from 'pg';
import { expect, test } from 'vitest';
import { sentenceOf } from '../../api/cli/sentence.ts';
import { ConfigError } from '../../api/settings/values.ts';
import { notFound } from '../../core/kernel/words/errors.ts';
import { useOffice } from '../support/office.ts';

const office = useOffice();

/** What the database says to a statement. */
const said = (statement: string): Promise<unknown> =>
  office()
    .database.owner.query(statement)
    .then(
      () => undefined,
      error => error,
    );

test('nobody at the command line reads what the database says of a statement', async () => {
  for (const statement of [
    `insert into addresses (organization_id, id, reference, contact_id, line1) values ('${office().bright.id}', gen_random_uuid(), 'A-9', gen_random_uuid(), '')`,
    `update members set role = 'king'`,
    'select 1 / 0',
    'selekt 1',
    `do $$ begin raise exception 'Secret 42'; end $$`,
  ]) {
    const error = await said(statement);
    expect(error, statement).toBeInstanceOf(pg.DatabaseError);
    expect(sentenceOf(error), statement).toBe(
      'The database did not take this. Run it again with LOG_LEVEL=debug to see what it said.',
    );
  }
});

test('nor what its driver says of a connection that is gone', async () => {
  const { host, port } = office().database.address;
  const client = new pg.Client({ ...office().database.address, host, port });
  client.on('error', () => undefined);
  await client.connect();
  const error = await client.query('select pg_terminate_backend(pg_backend_pid())').then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await client.end();
  expect(sentenceOf(error)).toBe('The database cannot be reached right now. Try again in a moment.');
});

test('our own sentences are read as they are', () => {
  expect(sentenceOf(notFound('contact', 'C-9'))).toBe(
    'There is no contact «C-9» here. Look it up with a search over the contact list, then use its reference.',
  );
  expect(sentenceOf(new ConfigError('PORT is no number.'))).toBe('PORT is no number.');
  const taken = Object.assign(new Error('Port 3000 is taken.'), { code: 'EPIPE' });
  expect(sentenceOf(taken)).toBe('Port 3000 is taken.');
});
