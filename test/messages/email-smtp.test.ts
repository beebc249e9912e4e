import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { openMailTransport } from '../../core/connectors/email/index.ts';
import { claimJobs } from '../../core/jobs/queries.ts';
import { deliverSignInEmail } from '../../core/messages/email.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { useOutbox } from './outbox-of.ts';
import { password, useMailServer } from './smtp-server.ts';

const panes = useBrightPanes();
const outbox = useOutbox(panes);
const server = useMailServer();

const secrets = new RegExp(`${password}|wrong-password|/sign-in/|ask Eve`);

const outcomeOf = (way = server().settings) => outbox.outcomeOf(way, secrets);

describe('a mail through a mail server', () => {
  test('carries the same Message-ID when it is delivered a second time', async () => {
    await outbox.queue();
    const [job] = await claimJobs(panes().db, 'the dead one', 10, 60);
    if (!job) throw new Error('there is no job');
    const mail = openMailTransport(server().settings);
    await deliverSignInEmail.run(job, {
      read: async () => [],
      execute: () => Promise.reject(new Error('a mail changes nothing')),
      executeEvent: () => Promise.reject(new Error('no event is carried out here')),
      linkAddress: () => '',
      connectors: { mail },
      base_url: 'http://127.0.0.1:3000',
    });
    await outbox.sql(`update jobs set locked_until = now() - interval '1 second'`);
    await whileWorking(
      panes(),
      async () => {
        await expect.poll(() => server().received.length, soon).toBe(2);
      },
      server().settings,
    );
    const id = `Message-ID: <${job.id}@brightpanes.example>`;
    expect(server().received.map(({ lines }) => lines.filter(line => line.startsWith('Message-ID')))).toEqual(
      [[id], [id]],
    );
  });

  test('to somebody the server does not know is dead at once', async () => {
    server().refusals.push([550, '5.1.1 No such user; ask Eve']);
    expect(await outcomeOf()).toMatchObject({
      state: 'dead',
      attempts: 1,
      last_error: 'The mail server refused the recipient (550 5.1.1).',
    });
    expect(server().received).toEqual([]);
  });

  test('that the server takes later comes again after a minute, and arrives', async () => {
    server().refusals.push([451, '4.7.1 Greylisted; ask Eve']);
    const { wait_ms, ...tried } = await outcomeOf();
    expect(tried).toMatchObject({
      state: 'waiting',
      attempts: 1,
      last_error: 'The mail server takes the recipient later (451 4.7.1).',
    });
    expect(wait_ms).toBeGreaterThan(50_000);
    await outbox.retryNow();
    await whileWorking(
      panes(),
      async () => {
        await expect
          .poll(() => outbox.rows(), soon)
          .toMatchObject([{ state: 'delivered', attempts: 2, last_error: null }]);
      },
      server().settings,
    );
    expect(server().received).toHaveLength(1);
  });

  test('with a wrong password is dead at once, and the password stands nowhere', async () => {
    const login = { user: 'olivia', pass: 'wrong-password' };
    expect(await outcomeOf({ ...server().settings, login })).toMatchObject({
      state: 'dead',
      last_error: 'The mail server refused the login in SMTP_URL (535 5.7.8).',
    });
  });

  test('keeps the password to itself where the connection cannot be encrypted, except on this machine', async () => {
    // This address means this machine as well, but does not say so.
    expect(await outcomeOf({ ...server().settings, host: '0.0.0.0' })).toMatchObject({
      state: 'waiting',
      last_error: expect.stringMatching(
        /^The connection to 0\.0\.0\.0:\d+ could not be encrypted \(ETLS\)\.$/,
      ),
    });
    expect(server().logins).toBe(0);
    await openMailTransport(server().settings).send({
      id: 'one',
      from_name: 'Dana',
      to: 'jane@example.com',
      subject: 'Hi',
      text: 'Hi',
    });
    expect(server().logins).toBe(1);
  });

  test('comes again when nothing answers at the address', async () => {
    expect(await outcomeOf({ ...server().settings, port: 1 })).toMatchObject({
      state: 'waiting',
      last_error: 'The mail server 127.0.0.1:1 could not be reached (ECONNREFUSED).',
    });
  });

  test('does not wait for a server that says nothing', async () => {
    const silent = createServer(socket => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    try {
      expect(await outcomeOf({ ...server().settings, port, timeoutMs: 300 })).toMatchObject({
        state: 'waiting',
        last_error: expect.stringMatching(
          /^The mail server 127\.0\.0\.1:\d+ (took too long\.|could not be reached )/,
        ),
      });
    } finally {
      silent.close();
    }
  });
});
