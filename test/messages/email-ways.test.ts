import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MailSettings } from '../../core/connectors/email/index.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { useOutbox } from './outbox-of.ts';
import { useResend } from './resend-server.ts';
import { useMailServer } from './smtp-server.ts';

const panes = useBrightPanes();
const outbox = useOutbox(panes);
const resend = useResend();
const mailServer = useMailServer();
const from = 'office@brightpanes.example';
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'deskhand-outbox-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Way {
  way: MailSettings['way'];
  at: string;
  settings(): MailSettings;
  /** The lines of what has arrived. */
  arrived(): Promise<string[][]>;
  /** What is kept with the job. */
  result(id: string): Record<string, string>;
}

const ways: Way[] = [
  {
    way: 'resend',
    at: '2026-11-23T09:00',
    settings: () => ({ way: 'resend', from, apiKey: 're_test', baseUrl: resend().url }),
    arrived: async () => [...resend().mails.values()].map(linesOf),
    result: () => ({ resend_id: 'resend-1' }),
  },
  {
    way: 'smtp',
    at: '2026-11-24T09:00',
    settings: () => mailServer().settings,
    arrived: async () => mailServer().received.map(mail => mail.lines),
    result: id => ({ message_id: `<${id}@brightpanes.example>` }),
  },
  {
    way: 'folder',
    at: '2026-11-25T09:00',
    settings: () => ({ way: 'folder', folder, from }),
    arrived: async () => {
      const files = await readdir(folder);
      return Promise.all(
        files.map(async file => (await readFile(path.join(folder, file), 'utf8')).split('\n')),
      );
    },
    result: id => ({ file: `${id}.eml` }),
  },
];

/** What Resend is given, written as a mail is. */
function linesOf(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return [];
  const { from, to, subject, text } = { from: '', to: '', subject: '', text: '', ...body };
  return [`From: ${from}`, `To: ${to}`, `Subject: ${subject}`, '', ...text.split('\n')];
}

describe('a visit that is booked', () => {
  test.each(ways)('is confirmed to the customer by $way', async ({ at, settings, arrived, result }) => {
    const { book } = panes();
    const problems = await whileWorking(
      panes(),
      async () => {
        await book(at, { lines: ['S-1'], notify_customer: true });
        await expect.poll(() => outbox.rows(['state']), soon).toMatchObject([{ state: 'delivered' }]);
      },
      settings(),
    );
    expect(problems).toEqual([]);
    const [row] = await outbox.rows();
    expect(row).toMatchObject({ attempts: 1, last_error: null, result: result(String(row?.id)) });
    expect(await arrived()).toEqual([
      expect.arrayContaining([
        'From: Bright Panes Window Cleaning <office@brightpanes.example>',
        'To: jane.smith@example.com',
        expect.stringMatching(
          /^Subject: Bright Panes Window Cleaning: your appointment on \w{3} 2026-11-2\d/,
        ),
        'Hello Jane Smith,',
        'Price: $150.00.',
      ]),
    ]);
  });
});

test('a person who signs in gets the link by mail, from the business', async () => {
  const problems = await whileWorking(
    panes(),
    async () => {
      await outbox.queue();
      await expect.poll(() => mailServer().received.length, soon).toBe(1);
    },
    mailServer().settings,
  );
  expect(problems).toEqual([]);
  const [mail] = mailServer().received;
  expect(mail).toMatchObject({ from, to: ['olivia@brightpanes.example'], user: 'olivia' });
  expect(mail?.lines).toContain('From: Bright Panes Window Cleaning <office@brightpanes.example>');
  expect(mail?.lines.join('\n')).toMatch(/^http:\/\/localhost:3000\/sign-in\/[\w-]{43}$/m);
});

test('a mail without a usable address is dead at once, whichever way it would have taken', async () => {
  await outbox.queue();
  await outbox.sql(`update jobs set payload = payload || '{"to": "nobody"}'`);
  await whileWorking(panes(), async () => {
    await expect
      .poll(() => outbox.rows(), soon)
      .toMatchObject([
        { state: 'dead', attempts: 1, last_error: 'This e-mail has no usable address, subject or text.' },
      ]);
  });
});
