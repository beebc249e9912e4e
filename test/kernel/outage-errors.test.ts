import pg from 'pg';
import { expect, test } from 'vitest';
import { describeError } from '../../core/kernel/words/errors.ts';

// A database that goes away tells so in many ways; whoever asked hears that it comes back, and not that we are broken.

test.each([
  ['refuses', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
  ['hangs up', new Error('Connection terminated unexpectedly')],
  ['has been lost by the connection that is asked again', await askedAgain()],
  ['shuts down', Object.assign(new Error('terminating connection'), { code: '57P01' })],
])('a database that %s', (_how, error) => {
  expect(describeError(error)).toMatchObject({ code: 'UNAVAILABLE' });
});

test('any other failure is ours', () => {
  expect(describeError(new Error('is not a function'))).toMatchObject({ code: 'INTERNAL_ERROR' });
});

test('a call is told to be sent again as the same call, a read just to be asked again', () => {
  for (const error of [
    new Error('is not a function'),
    Object.assign(new Error(), { code: 'ECONNREFUSED' }),
  ]) {
    const call = describeError(error);
    expect(`${call.message} ${call.hint}`).toMatch(/nothing was changed.*Try again.* same idempotency_key/);
    const read = describeError(error, 'read');
    expect(read).toMatchObject({
      code: call.code,
      retryable: true,
      hint: expect.stringMatching(/^Try again/),
    });
    expect(`${read.message} ${read.hint}`).not.toMatch(/idempotency_key|changed/);
  }
});

/** What the driver itself says of a connection that broke, or was closed, when somebody asks it something. */
async function askedAgain(): Promise<unknown> {
  const client = new pg.Client({ host: '127.0.0.1', port: 1 });
  await client.connect().catch(() => undefined);
  await client.end().catch(() => undefined);
  return client.query('select 1').catch((error: unknown) => error);
}
