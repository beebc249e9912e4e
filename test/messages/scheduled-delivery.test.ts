import PostalMime from 'postal-mime';
import { beforeEach, describe, expect, test } from 'vitest';
import { executeEvents, executeForJobs, readForJobs } from '../../core/app.ts';
import { openMailTransport } from '../../core/connectors/email/index.ts';
import { claimJobs } from '../../core/jobs/queries.ts';
import type { Job } from '../../core/kernel/outside/outbox.ts';
import type { JobTools } from '../../core/kernel/registry/define.ts';
import { deliverEmail } from '../../core/messages/email.ts';
import { sendWhenDue } from '../../core/messages/send-due.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { useOutbox } from './outbox-of.ts';
import { flows } from './planning.ts';
import { useMailServer } from './smtp-server.ts';

const panes = useBrightPanes({ domains: [flows] });
const outbox = useOutbox(panes);
const server = useMailServer();

beforeEach(() => panes().setClock('2026-11-18T08:00:00-06:00'));

/** Plans a message to Jane in a far future, unless `more` says otherwise; its time comes when the test says so. */
const plan = async (more: Record<string, unknown> = {}) => {
  const planned = await panes().done(panes().dana, 'message.schedule', {
    contact_id: 'C-1001',
    subject: 'Your gutters',
    body: 'Hello Jane.',
    send_at: '2099-12-01T09:00',
    ...more,
  });
  return String(planned.id);
};

/** What a flow writes about a visit of a customer, in a far future. */
const remind = async (contact_id: string) => {
  const reminder = { contact_id, kind: 'reminder', send_at: '2099-12-01T15:00:00Z' };
  return String((await panes().done(panes().dana, 'flow.write', reminder)).id);
};

const timers = `kind = 'scheduled_message' and done_at is null`;
/** Lets the time of every message that waits come, the timers of moved and cancelled ones among them. */
const timeComes = () =>
  outbox.sql(`update jobs set run_at = '-infinity' where ${timers}; notify deskhand_jobs`);

const messageOf = async (id: string) => {
  const fields = ['status', 'sent_to', 'sent_at', 'error', 'provider_message_id'];
  const [row] = await panes().read(panes().dana, 'scheduled_messages', { id, fields });
  return row;
};
const statusOf = async (id: string) => (await messageOf(id))?.status;

/** Runs `work` while mail is delivered through the mail server. */
const working = (work: () => Promise<void>) => whileWorking(panes(), work, server().settings);

/** Lets every waiting timer and mail be worked off. */
const settled = async () => {
  await timeComes();
  await expect
    .poll(
      async () => (await outbox.sql('select 1 from jobs where done_at is null and dead_at is null')).rows,
      soon,
    )
    .toEqual([]);
};

const recipients = () =>
  server()
    .received.flatMap(({ to }) => to)
    .sort();
/** The words of a mail as a mail program reads them, without what stands below. */
const textOf = async (lines: readonly string[] = []) =>
  (await PostalMime.parse(lines.join('\r\n'))).text?.split('\n\n-- \n')[0];

/** What a worker works with, for steps that a test takes one by one. */
const tools = (): JobTools<'mail'> => ({
  read: readForJobs(panes().app),
  execute: executeForJobs(panes().app),
  executeEvent: executeEvents(panes().app),
  linkAddress: panes().app.linkAddress,
  connectors: { mail: openMailTransport(server().settings) },
  base_url: 'http://127.0.0.1:3000',
});

async function claimOnly(): Promise<Job> {
  const claim = { worker: 'the dead one', most: 10, lease_seconds: 60 };
  const timers = await claimJobs(panes().db, { ...claim, lane: 'timers' });
  const [job, ...others] = [...timers, ...(await claimJobs(panes().db, { ...claim, lane: 'mail' }))];
  if (!job || others.length > 0) throw new Error('there is not exactly one job');
  return job;
}

const leaseEnds = () =>
  outbox.sql(
    `update jobs set locked_until = now() - interval '1 second' where done_at is null; notify deskhand_jobs`,
  );

describe('a message whose time has come', () => {
  test('goes out by itself, and says when, where to and as what', async () => {
    const id = await plan();
    const problems = await working(settled);
    expect(problems).toEqual([]);
    const [mail] = await panes().read(panes().dana, 'outbox', { limit: 1 });
    expect(mail).toMatchObject({ kind: 'email', state: 'delivered' });
    expect(await messageOf(id)).toEqual({
      id,
      status: 'sent',
      sent_to: 'jane.smith@example.com',
      sent_at: '2026-11-18T14:00:00.000Z',
      error: null,
      provider_message_id: `<${mail?.id}@brightpanes.example>`,
    });
    const [received] = server().received;
    expect(received?.lines).toEqual(
      expect.arrayContaining([
        'From: Bright Panes Window Cleaning <office@brightpanes.example>',
        'To: jane.smith@example.com',
        'Subject: Your gutters',
        `Message-ID: <${mail?.id}@brightpanes.example>`,
      ]),
    );
    expect(await textOf(received?.lines)).toBe('Hello Jane.');
  });

  test('says exactly what was written, character for character', async () => {
    const body = 'Price: 100 % — «as always».\n\n{ {name} } <b>bold</b> Grüße, 窓 ☂\n. a dot';
    await plan({ body });
    await working(settled);
    const [mail] = await panes().read(panes().dana, 'outbox', { params: { kind: 'email' }, limit: 1 });
    expect(mail?.payload).toMatchObject({ text: body });
    expect(await textOf(server().received[0]?.lines)).toBe(body);
  });

  test('goes out once although its timer runs twice', async () => {
    const id = await plan();
    await timeComes();
    const timer = await claimOnly();
    expect(await sendWhenDue.run(timer, tools())).toMatchObject({ status: 'sending', is_due: true });
    // The worker died before it could say that the timer ran.
    await leaseEnds();
    await working(settled);
    expect(recipients()).toEqual(['jane.smith@example.com']);
    expect(await statusOf(id)).toBe('sent');
  });

  test('carries the same Message-ID when the worker dies between the mail and the mark', async () => {
    const id = await plan();
    await panes().done(panes().dana, 'message.send_now', { message_id: id });
    await outbox.sql(`delete from jobs where ${timers}`);
    const mail = await claimOnly();
    const { execute, ...others } = tools();
    const dying: JobTools<'mail'> = {
      ...others,
      execute: (business, call) =>
        call.action === 'message.record_delivery'
          ? Promise.reject(new Error('the worker died'))
          : execute(business, call),
    };
    await expect(deliverEmail.run(mail, dying)).rejects.toThrow('the worker died');
    expect(await statusOf(id)).toBe('sending');
    await leaseEnds();
    await working(settled);
    const ids = server().received.map(({ lines }) => lines.find(line => line.startsWith('Message-ID')));
    expect(ids).toEqual(Array(2).fill(`Message-ID: <${mail.id}@brightpanes.example>`));
    expect(await statusOf(id)).toBe('sent');
  });

  test('says that nobody knows whether it went out when every worker died that tried it', async () => {
    const [id, other] = [await plan(), await plan()];
    await panes().done(panes().dana, 'message.send_now', { message_id: id });
    await outbox.sql(`delete from jobs where ${timers}; update jobs set max_attempts = 1`);
    await claimOnly();
    await leaseEnds();
    await panes().done(panes().dana, 'message.send_now', { message_id: other });
    await working(async () => {
      await expect.poll(() => statusOf(id), soon).toBe('failed');
      await expect.poll(() => statusOf(other), soon).toBe('sent');
    });
    expect((await messageOf(id))?.error).toBe(
      'Nobody knows whether it went out: the worker died during every attempt.',
    );
    const rows = await panes().read(panes().dana, 'outbox', {
      params: { kind: 'email', state: 'dead' },
      limit: 5,
    });
    expect(rows).toMatchObject([{ payload: { message_id: id }, attempts: 1 }]);
    expect(recipients()).toHaveLength(1);
    // A person who knows sends it again.
    await panes().done(panes().dana, 'message.send_now', { message_id: id });
    await working(async () => {
      await expect.poll(() => statusOf(id), soon).toBe('sent');
    });
  });

  test('stands among what failed when every worker died at its timer, unless it was moved meanwhile', async () => {
    const [id, moved] = [await plan(), await plan()];
    await outbox.sql(`update jobs set max_attempts = 1 where ${timers}`);
    await panes().done(panes().dana, 'message.update', { message_id: moved, send_at: '2099-12-03T09:00' });
    await outbox.sql(`update jobs set attempts = 1, run_at = '-infinity'
      where ${timers} and payload ->> 'send_at' like '2099-12-01%'; notify deskhand_jobs`);
    await working(async () => {
      await expect.poll(() => statusOf(id), soon).toBe('failed');
    });
    expect((await messageOf(id))?.error).toBe(
      'It could not be sent when its time had come: the worker died during every attempt.',
    );
    expect(await statusOf(moved)).toBe('pending');
    await panes().done(panes().dana, 'message.send_now', { message_id: id });
    await working(async () => {
      await expect.poll(() => statusOf(id), soon).toBe('sent');
    });
  });

  test('goes out when it is due by the clock of the office, on whatever day this runs', async () => {
    panes().setClock('2020-03-02T08:00:00-06:00');
    const [due, later] = [
      await plan({ send_at: '2020-03-03T09:00' }),
      await plan({ send_at: '2020-03-05T09:00' }),
    ];
    await working(() => Promise.resolve());
    expect([await statusOf(due), await statusOf(later)]).toEqual(['pending', 'pending']);
    panes().setClock('2020-03-03T09:00:00-06:00');
    await working(async () => {
      await expect.poll(() => statusOf(due), soon).toBe('sent');
    });
    expect(await statusOf(later)).toBe('pending');
  });

  test('is not sent again when only the end of the job was lost', async () => {
    const id = await plan();
    await panes().done(panes().dana, 'message.send_now', { message_id: id });
    await outbox.sql(`delete from jobs where ${timers}`);
    const mail = await claimOnly();
    await deliverEmail.run(mail, tools());
    expect(await statusOf(id)).toBe('sent');
    await leaseEnds();
    await working(settled);
    expect(recipients()).toEqual(['jane.smith@example.com']);
  });

  test('goes to the address the customer has by then', async () => {
    const { done, dana } = panes();
    const { id: contact_id } = await done(dana, 'contact.create', { full_name: 'Late Address' });
    const id = await plan({ contact_id });
    await done(dana, 'contact.update', { contact_id, email: 'late@example.com' });
    await working(settled);
    expect(recipients()).toEqual(['late@example.com']);
    expect(await messageOf(id)).toMatchObject({ status: 'sent', sent_to: 'late@example.com' });
  });

  test('says what it said last, when it was changed meanwhile', async () => {
    const id = await plan();
    await panes().done(panes().dana, 'message.update', { message_id: id, body: 'Something else.' });
    await working(settled);
    expect(await Promise.all(server().received.map(({ lines }) => textOf(lines)))).toEqual([
      'Something else.',
    ]);
  });

  test('was planned for nine on the day the clocks change, and its timer is set to nine on the wall', async () => {
    const id = await plan({ send_at: '2099-03-08T09:00' });
    await plan({ send_at: '2099-03-07T09:00' });
    const { rows } = await outbox.sql(
      `select to_char(run_at at time zone 'America/Chicago', 'Dy HH24:MI') as wall, to_char(run_at at time zone 'UTC', 'HH24:MI') as utc
       from jobs where kind = 'scheduled_message' order by run_at`,
    );
    expect(rows).toEqual([
      { wall: 'Sat 09:00', utc: '15:00' },
      { wall: 'Sun 09:00', utc: '14:00' },
    ]);
    await working(settled);
    expect(await statusOf(id)).toBe('sent');
  });
});

describe('a message stays in the house', () => {
  test('before its time, and when it was cancelled, sent or moved meanwhile; others go out', async () => {
    const { done, dana } = panes();
    const [cancelled, moved, early, due] = [await plan(), await plan(), await plan(), await plan()];
    await done(dana, 'message.cancel', { message_id: cancelled });
    await done(dana, 'message.update', { message_id: moved, send_at: '2100-01-01T09:00' });
    await done(dana, 'message.send_now', { message_id: early });
    // The timers of all four run, as they were first set; that of the moved one is still to come.
    await outbox.sql(`update jobs set run_at = '-infinity' where ${timers} and run_at < '2100-01-01'`);
    await working(async () => {
      await expect.poll(() => statusOf(due), soon).toBe('sent');
      await expect.poll(() => statusOf(early), soon).toBe('sent');
      const waiting = `select 1 from jobs where done_at is null and dead_at is null`;
      await expect.poll(async () => (await outbox.sql(waiting)).rows.length, soon).toBe(1);
    });
    expect(recipients()).toEqual(['jane.smith@example.com', 'jane.smith@example.com']);
    expect([await statusOf(cancelled), await statusOf(moved)]).toEqual(['cancelled', 'pending']);
    await working(settled);
    expect([recipients().length, await statusOf(moved)]).toEqual([3, 'sent']);
  });

  test('when its customer has no address, asked not to be written to, or was deleted, with the reason', async () => {
    const { done, dana } = panes();
    const customer = async (facts: Record<string, unknown>) =>
      String((await done(dana, 'contact.create', facts)).id);
    const nora = await customer({ full_name: 'Nora Quiet', email: 'nora@example.com' });
    const gone = await customer({ full_name: 'Soon Gone', email: 'gone@example.com' });
    const messages = {
      unaddressed: await plan({ contact_id: 'C-1002' }),
      unwanted: await plan({ contact_id: nora, kind: 'outreach' }),
      reminder: await remind(nora),
      orphan: await remind(gone),
    };
    await done(dana, 'contact.update', { contact_id: nora, email_opt_in: false });
    await done(dana, 'contact.delete', { contact_id: gone });
    expect(await working(settled)).toEqual([]);
    expect(recipients()).toEqual(['nora@example.com']);
    expect(await messageOf(messages.unaddressed)).toMatchObject({
      status: 'skipped',
      error: expect.stringMatching(/^The customer has no e-mail address\. TASK-\d+ says what to tell them/),
      sent_to: null,
    });
    expect(await messageOf(messages.unwanted)).toMatchObject({
      status: 'cancelled',
      error: 'The customer does not want to be written to.',
    });
    expect(await messageOf(messages.orphan)).toMatchObject({
      status: 'failed',
      error: 'The customer was deleted.',
    });
    expect(await statusOf(messages.reminder)).toBe('sent');
  });

  test('or is sent, but never both, when it is cancelled the moment its time comes', async () => {
    const { act, dana } = panes();
    for (let round = 0; round < 8; round += 1) {
      await outbox.sql('delete from jobs');
      const message_id = await plan();
      await timeComes();
      const timer = await claimOnly();
      const [sent, cancelled] = await Promise.allSettled([
        sendWhenDue.run(timer, tools()),
        act(dana, 'message.cancel', { message_id }),
      ]);
      const { rows } = await outbox.sql(`select 1 from jobs where kind = 'email'`);
      const status = await statusOf(message_id);
      expect(sent).toMatchObject({ status: 'fulfilled', value: { status } });
      if (status === 'sending') {
        expect(cancelled).toMatchObject({ status: 'rejected', reason: { code: 'INVALID_STATE' } });
      }
      expect([status, rows.length]).toEqual(
        cancelled.status === 'fulfilled' ? ['cancelled', 0] : ['sending', 1],
      );
    }
  });
});

describe('a message that cannot be delivered', () => {
  test('has failed with the reason, and is sent again once the address is right', async () => {
    const { done, act, dana } = panes();
    const { id: contact_id } = await done(dana, 'contact.create', {
      full_name: 'Typo Address',
      email: 'tyop@example.com',
    });
    const id = await plan({ contact_id });
    server().refusals.push([550, '5.1.1 No such user']);
    await working(settled);
    const reason = 'The mail server refused the recipient (550 5.1.1).';
    expect(await messageOf(id)).toMatchObject({ status: 'failed', error: reason, sent_at: null });
    await expect(act(dana, 'message.cancel', { message_id: id })).rejects.toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringMatching(
        /^M-\d+ could not be sent: The mail server refused the recipient \(550 5\.1\.1\)\.$/,
      ),
    });
    await done(dana, 'contact.update', { contact_id, email: 'typo@example.com' });
    await done(dana, 'message.send_now', { message_id: id });
    // Somebody tries the dead delivery to the wrong address again as well.
    const [dead] = await panes().read(dana, 'outbox', { params: { state: 'dead' } });
    await done(dana, 'message.retry', { id: dead?.id });
    await working(settled);
    expect(recipients()).toEqual(['typo@example.com']);
    expect(await messageOf(id)).toMatchObject({ status: 'sent', sent_to: 'typo@example.com', error: null });
  });

  test('is sent when somebody tries its dead delivery again', async () => {
    const { done, dana } = panes();
    const id = await plan();
    server().refusals.push([550, '5.1.1 No such user']);
    await working(settled);
    expect(await statusOf(id)).toBe('failed');
    const [dead] = await panes().read(dana, 'outbox', { params: { state: 'dead' } });
    await done(dana, 'contact.write_again', { contact_id: 'C-1001' });
    await done(dana, 'message.retry', { id: dead?.id });
    await working(settled);
    expect([recipients(), await statusOf(id)]).toEqual([['jane.smith@example.com'], 'sent']);
  });

  test('is still being sent while the server wants it later, and fails with the last attempt', async () => {
    const id = await plan();
    server().refusals.push([451, '4.7.1 Greylisted'], [451, '4.7.1 Greylisted']);
    await working(async () => {
      await timeComes();
      await expect.poll(async () => (await outbox.rows())[0]?.last_error, soon).toEqual(expect.any(String));
    });
    expect(await messageOf(id)).toMatchObject({ status: 'sending', error: null });
    await outbox.sql(`update jobs set max_attempts = 2, run_at = now() where kind = 'email'`);
    await working(settled);
    expect(await messageOf(id)).toMatchObject({
      status: 'failed',
      error: 'The mail server takes the recipient later (451 4.7.1).',
    });
  });
});
