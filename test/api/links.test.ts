import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineLink } from '../../core/kernel/outside/links.ts';
import { updateRow } from '../../core/kernel/records/record-queries.ts';
import { ref } from '../../core/kernel/records/references.ts';
import { defineAction } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { noteRecord } from '../../core/notes/note.ts';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { useHttp } from '../support/http.ts';
import { whileWorking } from '../support/letters.ts';
import { storyTime } from '../support/office.ts';
import { soon } from '../support/patience.ts';
import { refusal } from '../support/refusal.ts';
import { textOfEverything } from '../support/whole-database.ts';

// A link that is bound to the version of its subject: a customer agrees to a note as they have read it.
const agree = defineAction({
  domain: 'agreement',
  name: 'agree',
  summary: 'Agree to a note.',
  input: z.strictObject({ note_id: ref('note'), then_fail: z.boolean().optional() }),
  output: z.object({ agreed: z.literal(true) }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  open_to: ['customer'],
  async run(context, { note_id }) {
    await updateRow(context, noteRecord, note_id, { content: 'Agreed.' });
    return { agreed: true as const };
  },
});
const ask = defineAction({
  domain: 'agreement',
  name: 'ask',
  summary: 'Ask a customer to agree.',
  input: z.strictObject({ note_id: ref('note'), contact_id: ref('contact') }),
  output: z.object({ link: z.string() }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  run: async (context, { note_id, contact_id }) => ({
    link: await context.makeLink({ purpose: 'agree', subject_id: note_id, contact_id }),
  }),
});
const agreements = defineDomain({
  name: 'agreement',
  summary: 'Agreements.',
  actions: [agree, ask],
  links: [
    defineLink({
      purpose: 'agree',
      path: 'agree',
      summary: 'agrees to a note',
      subject: 'note',
      is_bound_to_version: true,
      days: 30,
      shows: async () => ({
        title: 'Do you <agree>?',
        lines: ['It is about "your" <windows>.'],
        button: 'I agree',
      }),
      done: { title: 'Agreed', lines: ['Thank you.'] },
      action: 'agreement.agree',
      input: ({ subject_id }) => ({ note_id: subject_id }),
    }),
  ],
});

const front = useHttp({ domains: [agreements] });
const narrow = useHttp({ limits: { badCallsPerMinute: 2 } });
let panes: BrightPanes;

beforeAll(async () => {
  panes = await stock(front().office);
});

const sql = (text: string, values: unknown[] = []) => panes.database.owner.query(text, values);

let customers = 0;
/** A mail we wrote of our own accord, as it lies in the mailbox of a new customer, and the link in it. */
async function outreach(): Promise<{ contact_id: string; address: string; token: string; mail: string }> {
  const { done, dana } = panes;
  const { id } = await done(dana, 'contact.create', {
    full_name: `Quiet Customer${++customers}`,
    email: `quiet${customers}@example.com`,
  });
  const contact_id = String(id);
  const message = {
    contact_id,
    kind: 'outreach',
    subject: 'Again?',
    body: 'Shall we come?',
    send_at: '2099-12-01T09:00',
  };
  const { id: message_id } = await done(dana, 'message.schedule', message);
  await done(dana, 'message.send_now', { message_id });
  let mail = '';
  await whileWorking(panes, async folder => {
    const waiting = `select 1 from jobs where kind = 'email' and done_at is null and dead_at is null`;
    await expect.poll(async () => (await sql(waiting)).rows.length, soon).toBe(0);
    const outbox = path.join(folder, 'outbox');
    const mails = (await readdir(outbox)).map(file => readFile(path.join(outbox, file), 'utf8'));
    mail = (await Promise.all(mails)).find(text => text.includes(`To: quiet${customers}@`)) ?? '';
  });
  const text = mail.replace(/=\r?\n/g, '');
  const [address = '', token = ''] = /http:\/\/[^\s]+\/u\/([\w-]+)/.exec(text) ?? [];
  return { contact_id, address: `${front().url}/u/${token}`, token, mail: `${text}${address}` };
}

const open = (address: string, method = 'GET') => fetch(address, { method });
const press = (address: string) => open(address, 'POST');
const statusOf = async (id: string) => {
  const [row] = await panes.read(panes.dana, 'contacts', { id, fields: ['status'] });
  return row?.status;
};

describe('a mail we write of our own accord', () => {
  test('has a link that stops such mails: opening shows, the button does it, and the customer is on record', async () => {
    const { contact_id, address, token } = await outreach();
    expect(token).toMatch(/^[\w-]{43}$/);
    const page = await open(address);
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain('Bright Panes Window Cleaning');
    expect(text).toContain('<form method="post"><button>Stop these e-mails</button></form>');
    expect(await statusOf(contact_id)).toBe('active');

    const answer = await press(address);
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('You will not get')]);
    expect(await statusOf(contact_id)).toBe('unsubscribed');
    const [entry] = await panes.read(panes.olivia, 'audit_log', {
      params: { entity_type: 'contact', entity_id: contact_id },
    });
    expect(entry).toMatchObject({
      action: 'update',
      actor_kind: 'customer',
      actor_name: `Quiet Customer${customers}`,
      domain_action: 'message.unsubscribe',
      changes: { status: { old: 'active', new: 'unsubscribed' } },
    });
  });

  test('changes nothing however often it is opened, by mail scanners too', async () => {
    const { contact_id, address } = await outreach();
    const before = await textOfEverything(panes.database.owner);
    for (const method of ['GET', 'HEAD', 'GET']) expect((await open(address, method)).status).toBe(200);
    expect((await open(address, 'PUT')).status).toBe(404);
    expect(await textOfEverything(panes.database.owner)).toBe(before);
    await press(address);
    expect(await statusOf(contact_id)).toBe('unsubscribed');
  });

  test('has a page nobody keeps, frames, lists or learns the address of', async () => {
    const { address } = await outreach();
    for (const response of [await open(address), await press(address), await press(address)]) {
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      });
    }
  });

  test('is the only place where its token is: no table, outbox, preview, list or log has it', async () => {
    const { address, token, mail } = await outreach();
    await open(address);
    await press(address);
    const { logs } = front();
    const preview = await panes.act(
      panes.dana,
      'message.send_now',
      { message_id: await planned() },
      { preview: true },
    );
    expect(JSON.stringify(preview.data.would_send)).toContain('unsubscribe_link');
    const rows = await panes.read(panes.dana, 'outbox', { limit: 100 });
    const everything = await textOfEverything(panes.database.owner);
    for (const text of [everything, JSON.stringify(rows), JSON.stringify(preview), logs.join('')]) {
      expect(text).not.toContain(token);
      expect(text).not.toMatch(/\/u\/[\w-]{43}/);
    }
    expect(mail).toContain(token);
    expect(everything).toContain('Shall we come?');
    expect(logs.join('')).toContain('/u/:token');
  });

  test('is not there in a mail about a visit', async () => {
    const { done, dana } = panes;
    await done(dana, 'ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: '2099-12-01T09:00',
      lines: ['Gutter Cleaning'],
      notify_customer: true,
    });
    const { rows } = await sql(`select payload from jobs where kind = 'email' order by id desc limit 1`, []);
    expect(rows).toEqual([{ payload: expect.not.objectContaining({ unsubscribe_link: expect.anything() }) }]);
  });
});

async function planned(): Promise<string> {
  const { id } = await panes.done(panes.dana, 'message.schedule', {
    contact_id: 'C-1001',
    kind: 'outreach',
    subject: 'Again?',
    body: 'Shall we come?',
    send_at: '2099-12-01T09:00',
  });
  return String(id);
}

/** The page without the id of the request. */
const pageOf = async (response: Response) => [response.status, await response.text()];

test.each([2021, 2041])(
  'a link made in %s is good for its days, by the clock that looks whether it is over',
  async year => {
    panes.setClock(`${year}-03-01T08:00:00-06:00`);
    const { address } = await outreach();
    panes.setClock(storyTime);
    expect((await open(address)).status).toBe(200);
    const { rows } = await sql(
      `select expires_at - now() < '731 days' as soon from customer_links order by id desc limit 1`,
    );
    expect(rows).toEqual([{ soon: true }]);
  },
);

describe('a link that is good no more', () => {
  test('gets one same page, opened or pressed: unknown, used, expired, of another purpose, no link at all', async () => {
    const [used, expired, other] = [await outreach(), await outreach(), await outreach()];
    expect((await press(used.address)).status).toBe(200);
    await sql(`update customer_links set expires_at = now() - interval '1 second' where contact_id = $1`, [
      expired.contact_id,
    ]);
    const addresses = [
      used.address,
      expired.address,
      other.address.replace('/u/', '/agree/'),
      `${front().url}/u/${'A'.repeat(43)}`,
      `${front().url}/u/short`,
      `${front().url}/u/`,
    ];
    const pages = [];
    for (const address of addresses)
      pages.push(await pageOf(await open(address)), await pageOf(await press(address)));
    expect(new Set(pages.map(page => JSON.stringify(page))).size).toBe(1);
    expect(pages[0]).toEqual([404, expect.stringContaining('This link is not valid (any more).')]);
    expect([await statusOf(expired.contact_id), await statusOf(other.contact_id)]).toEqual([
      'active',
      'active',
    ]);
    expect((await press(other.address)).status).toBe(200);
  });

  test('was pressed twice at once: served once', async () => {
    const { address, contact_id } = await outreach();
    const answers = await Promise.all([press(address), press(address), press(address)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 404, 404]);
    expect(await statusOf(contact_id)).toBe('unsubscribed');
  });

  test('slows down who tries many, and nobody who has a good one', async () => {
    const statuses = [];
    for (let tries = 0; tries < 4; tries += 1) {
      statuses.push((await open(`${narrow().url}/u/${'B'.repeat(43)}`)).status);
    }
    expect(statuses).toEqual([404, 404, 429, 429]);
    const good = await stock(narrow().office);
    const { id } = await good.done(good.dana, 'message.schedule', {
      contact_id: 'C-1001',
      kind: 'outreach',
      subject: 'Again?',
      body: 'Shall we come?',
      send_at: '2099-12-01T09:00',
    });
    await good.done(good.dana, 'message.send_now', { message_id: id });
    const { rows } = await good.database.owner.query<{ id: string }>('select id from customer_links');
    const address = good.app.linkAddress(good.bright.id, 'unsubscribe', String(rows[0]?.id));
    expect((await open(`${narrow().url}${new URL(address).pathname}`)).status).toBe(200);
  });
});

describe('a link that is bound to what its customer has read', () => {
  const asked = async () => {
    const { done, dana, bright, app } = panes;
    const { id: note_id } = await done(dana, 'note.create', {
      contact_id: 'C-1001',
      content: 'Three windows.',
    });
    const { link } = await done(dana, 'agreement.ask', { note_id, contact_id: 'C-1001' });
    const { pathname } = new URL(app.linkAddress(bright.id, 'agree', String(link)));
    return {
      note_id: String(note_id),
      address: `${front().url}${pathname}`,
      token: pathname.split('/')[2] ?? '',
    };
  };
  const noteOf = async (id: string) =>
    (await panes.read(panes.dana, 'notes', { id, fields: ['content'] }))[0];

  test('works while that is as it was, and is dead when it has changed', async () => {
    const [same, changed] = [await asked(), await asked()];
    await panes.done(panes.dana, 'note.update', { note_id: changed.note_id, content: 'Four windows.' });
    expect((await open(changed.address)).status).toBe(404);
    expect((await press(changed.address)).status).toBe(404);
    expect(await noteOf(changed.note_id)).toMatchObject({ content: 'Four windows.' });
    const page = await (await open(same.address)).text();
    expect(page).toContain('Do you &lt;agree&gt;?');
    expect(page).not.toContain('<windows>');
    expect((await press(same.address)).status).toBe(200);
    expect(await noteOf(same.note_id)).toMatchObject({ content: 'Agreed.' });
  });

  test('opens nothing else: no other action, no list, no other customer', async () => {
    const { token, note_id, address } = await asked();
    const link = { via: 'link', token } as const;
    const { act, read } = panes;
    expect((await refusal(act(link, 'note.delete', { note_id }))).code).toBe('FORBIDDEN');
    const other = act(link, 'message.unsubscribe', { message_id: await planned() });
    expect((await refusal(other)).code).toBe('UNAUTHENTICATED');
    expect((await refusal(read(link, 'notes'))).code).toBe('FORBIDDEN');
    expect((await press(address)).status).toBe(200);
  });

  test('is not used up by what did not happen', async () => {
    const { token, note_id, address } = await asked();
    const wrong = panes.act({ via: 'link', token }, 'agreement.agree', { note_id: 'N-999999' });
    expect((await refusal(wrong)).code).toBe('NOT_FOUND');
    expect((await press(address)).status).toBe(200);
    expect(await noteOf(note_id)).toMatchObject({ content: 'Agreed.' });
  });
});
