import { describe, expect, test } from 'vitest';
import { type MailSettings, openMailTransport } from '../../core/connectors/email/index.ts';
import { claimJobs } from '../../core/jobs/queries.ts';
import { deliverSignInEmail } from '../../core/messages/email.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { useOutbox } from './outbox-of.ts';
import { breachesOf } from './resend-contract.ts';
import { type Answer, useResend } from './resend-server.ts';

const panes = useBrightPanes();
const outbox = useOutbox(panes);
const resend = useResend();
const from = 'office@brightpanes.example';
const secrets = /re_test|\/sign-in\/|Bearer/;

const settings = (more: { timeoutMs?: number } = {}): MailSettings => ({
  way: 'resend',
  from,
  apiKey: 're_test',
  baseUrl: resend().url,
  ...more,
});

/** What becomes of a sign-in mail that Resend answers like this. */
function outcomeOf(answers: Answer[], way = settings()) {
  resend().answers.push(...answers);
  return outbox.outcomeOf(way, secrets);
}

describe('a mail through Resend', () => {
  test('that is delivered a second time, because the worker died before writing it down, is sent once', async () => {
    await outbox.queue();
    const [job] = await claimJobs(panes().db, 'the dead one', 10, 60);
    if (!job) throw new Error('there is no job');
    const tools = {
      read: async () => [],
      execute: () => Promise.reject(new Error('a mail changes nothing')),
      executeEvent: () => Promise.reject(new Error('no event is carried out here')),
      linkAddress: () => '',
      connectors: { mail: openMailTransport(settings()) },
      base_url: 'http://127.0.0.1:3000',
    };
    await deliverSignInEmail.run(job, tools);
    await outbox.sql(`update jobs set locked_until = now() - interval '1 second'`);
    await whileWorking(
      panes(),
      async () => {
        await expect
          .poll(() => outbox.rows(['state', 'attempts', 'result']), soon)
          .toMatchObject([
            { id: job.id, state: 'delivered', attempts: 2, result: { resend_id: 'resend-1' } },
          ]);
      },
      settings(),
    );
    expect(resend().requests.map(request => request.headers['idempotency-key'])).toEqual([job.id, job.id]);
    expect(resend().mails.size).toBe(1);
  });

  test('that Resend has no time for comes again, as late as Resend asks for', async () => {
    const busy = { status: 429, name: 'rate_limit_exceeded', headers: { 'retry-after': '30' } };
    const { wait_ms, ...tried } = await outcomeOf([busy]);
    expect(tried).toMatchObject({
      state: 'waiting',
      attempts: 1,
      last_error: 'Resend takes the message later (429 rate_limit_exceeded).',
    });
    expect(wait_ms).toBeGreaterThan(20_000);
    expect(wait_ms).toBeLessThanOrEqual(30_000);
    await outbox.retryNow();
    await whileWorking(
      panes(),
      async () => {
        await expect
          .poll(() => outbox.rows(), soon)
          .toMatchObject([{ state: 'delivered', attempts: 2, last_error: null }]);
      },
      settings(),
    );
    expect(resend().mails.size).toBe(1);
  });

  test('beyond the quota waits an hour, because minutes do not bring it back', async () => {
    const { wait_ms, ...tried } = await outcomeOf([{ status: 429, name: 'daily_quota_exceeded' }]);
    expect(tried).toMatchObject({ state: 'waiting', last_error: expect.stringContaining('quota') });
    expect(wait_ms).toBeGreaterThan(3_500_000);
  });

  test.each<[string, Answer]>([
    [
      'Resend takes the message later (500 internal_server_error).',
      { status: 500, name: 'internal_server_error' },
    ],
    [
      'Resend takes the message later (409 concurrent_idempotent_requests).',
      { status: 409, name: 'concurrent_idempotent_requests' },
    ],
    [
      'Resend takes the message later (502 application_error).',
      { status: 502, page: '<h1>Bad gateway</h1>' },
    ],
    ['Resend could not be reached in time.', 'silence'],
  ])('comes again after "%s"', async (last_error, answer) => {
    expect(await outcomeOf([answer], settings({ timeoutMs: 300 }))).toMatchObject({
      state: 'waiting',
      attempts: 1,
      last_error,
    });
  });

  test('comes again when nothing answers at the address', async () => {
    const way = { way: 'resend', from, apiKey: 're_test', baseUrl: 'http://127.0.0.1:1' } as const;
    expect(await outcomeOf([], way)).toMatchObject({
      state: 'waiting',
      last_error: 'Resend could not be reached in time.',
    });
  });

  test.each([
    [422, 'validation_error', ' Check the recipient, and that Resend has verified the domain of MAIL_FROM.'],
    [403, 'invalid_api_key', ' Check RESEND_API_KEY.'],
    [409, 'invalid_idempotent_request', ' It took this message before, with other content.'],
    [404, 'not_found', ''],
  ])('that is refused with %i %s is dead at once', async (status, name, hint) => {
    const message = 're_test is no key; the text was http://localhost:3000/sign-in/abc';
    expect(await outcomeOf([{ status, name, message }])).toMatchObject({
      state: 'dead',
      attempts: 1,
      last_error: `Resend refused the message (${status} ${name}).${hint}`,
    });
    expect(resend().requests).toHaveLength(1);
  });

  test('is one of two a second at most, so that a long list is not refused', async () => {
    const mail = openMailTransport(settings());
    const since = performance.now();
    const send = (id: string) =>
      mail.send({ id, from_name: 'Dana', to: 'jane@example.com', subject: 'Hi', text: 'Hi' });
    await Promise.all(['a', 'b', 'c'].map(send));
    // A timer may ring a moment before its time.
    expect(performance.now() - since).toBeGreaterThan(990);
    expect(resend().mails.size).toBe(3);
  });

  test.each([
    ['Bright Panes', `Bright Panes <${from}>`],
    ['Müller, Söhne & Co.', `"Müller, Söhne & Co." <${from}>`],
    ['Eve <eve@example.com>\r\nBcc: x', `"Eve eve@example.com Bcc: x" <${from}>`],
    ['"', from],
  ])('from %j names the sender so that no name can pass for an address', async (from_name, written) => {
    await openMailTransport(settings()).send({
      id: 'one',
      from_name,
      to: 'jane@example.com',
      subject: 'Hi',
      text: 'Hi',
    });
    expect(resend().mails.get('one')).toMatchObject({ from: written });
  });
});

describe('the contract that every request is checked with', () => {
  const request = {
    method: 'POST',
    path: '/emails',
    headers: {
      'content-type': 'application/json',
      authorization: 'Bearer re_test',
      'idempotency-key': 'one',
    },
    body: { from, to: ['jane@example.com'], subject: 'Hi', text: 'Hi' },
  };

  test('has nothing against a proper one', () => {
    expect(breachesOf(request)).toEqual([]);
  });

  test.each([
    [{ body: { ...request.body, to: [] } }, 'body/to must NOT have fewer than 1 items'],
    [{ body: { from, to: 'jane@example.com' } }, "body must have required property 'subject'"],
    [{ body: { ...request.body, text: 7 } }, 'body/text must be string'],
    [{ body: { ...request.body, replyTo: from } }, 'body must NOT have additional properties'],
    [
      { headers: { ...request.headers, 'idempotency-key': 'x'.repeat(257) } },
      'Idempotency-Key must NOT have more',
    ],
    [{ headers: { ...request.headers, authorization: undefined } }, 'there is no key'],
    [{ path: '/mails' }, 'there is no POST /mails'],
  ])('reports %j', (change, breach) => {
    expect(breachesOf({ ...request, ...change }).join('; ')).toContain(breach);
  });
});
