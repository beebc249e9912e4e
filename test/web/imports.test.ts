import { describe, expect, test, vi } from 'vitest';
import { type FilePart, partsOf } from '../../core/import/parts.ts';
import { soon } from '../support/patience.ts';
import { useRecordPages } from './record-pages.ts';

const { pages, see, send } = useRecordPages();

const heading =
  'First Name,Last Name,Email Address,Phone Number,Street Address 1,City,State,Postal Code,Memo\n';
const ann = 'Ann,Lee,ann.lee@example.com,(256) 555-0177,5 Oak Lane,Madison,AL,35758,Dog named Rex\n';
const bob = 'Bob,"O\'Neil <b>",bob@example.com,(256) 555-0178,,,,,Card 4111 1111 1111 1111\n';
const jane = 'Jane,Smith,jane.smith@example.com,(256) 555-0142,,,,,\n';
const empty = ',,,,,,,,\n';

const unescaped = (text: string) =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');

interface Page {
  status: number;
  markup: string;
  text: string;
  location: string | null;
}

/** Sends a form with a file, as a browser does: the hidden fields of the page, and the file that was chosen. */
async function sendFile(
  page: { markup: string },
  action: string,
  {
    file,
    name = 'customers.csv',
    by = 'olivia',
    choices = {},
  }: { file?: string | Blob; name?: string; by?: string; choices?: Record<string, string> } = {},
): Promise<Page> {
  const inside = new RegExp(`<form [^>]*action="${action}"[^>]*>([\\s\\S]*?)</form>`).exec(page.markup)?.[1];
  if (inside === undefined) throw new Error(`no form goes to ${action}`);
  const body = new FormData();
  for (const [, key = '', value = ''] of inside.matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g))
    body.set(key, unescaped(value));
  for (const [, key = '', options = ''] of inside.matchAll(
    /<select [^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g,
  ))
    body.set(key, unescaped(/<option value="([^"]*)" selected/.exec(options)?.[1] ?? ''));
  for (const [key, value] of Object.entries(choices)) body.set(key, value);
  if (file !== undefined) body.set('file', new Blob([file]), name);
  const session = await pages().signIn(`${by}@brightpanes.example`);
  const token = await tokenOf(session);
  body.set('csrf_token', token);
  const response = await fetch(`${pages().url}${action}`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: `deskhand_session=${session}` },
    body,
  });
  const markup = await response.text();
  const text = markup
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');
  return { status: response.status, markup, text, location: response.headers.get('location') };
}

async function tokenOf(token: string): Promise<string> {
  const { csrf_token = '' } = await pages().app.whoIs({ via: 'session', token }, { request_id: 'test' });
  return csrf_token;
}

const look = async (file?: string | Blob, by = 'olivia') =>
  sendFile(await see('/imports', by), '/imports/look', { by, ...(file === undefined ? {} : { file }) });
const customers = async (search: string) =>
  (await pages().read(pages().bright.owner, 'contacts', { search })).map(row => row.full_name);

describe('customers from another program', () => {
  test('are looked at first: who is new, who is here, the first lines; nothing is taken yet', async () => {
    const page = await look(heading + ann + bob + jane + empty);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Nothing is taken yet.');
    expect(page.text).toContain('New customers 2');
    expect(page.text).toContain('Here already 1');
    expect(page.text).toContain('Jane Smith is C-1001');
    expect(page.text).toContain('The first lines First Name Last Name Email Address');
    // A hostile name stays text, and a card number is shown to nobody.
    expect(page.markup).not.toContain('<b>"');
    expect(page.text).toContain('[REDACTED CARD');
    expect(await customers('ann.lee@example.com')).toEqual([]);
  });

  test('are said one by one and many by many, with what comes along', async () => {
    const file = (rows: string[]) => look(['Name,Phone,Street,City,Notes', ...rows, ''].join('\n'));
    const one = 'Ida Ingle,256-555-0161,1 Oak St,Madison,Has a hound';
    const single = await file([one]);
    expect(single.text).toContain('New customers 1 , with 1 address and 1 note ');
    expect(single.text).toContain('Take over 1 customer ');
    const pair = await file([one, 'Jo Jingle,256-555-0162,2 Oak St,Madison,Has a hen']);
    expect(pair.text).toContain('New customers 2 , with 2 addresses and 2 notes ');
    expect(pair.text).toContain('Take over 2 customers ');
  });

  test('are taken over with one more press, from the file the page carries; pressed twice, once', async () => {
    const page = await look(heading + ann + bob + jane);
    const [first, second] = await Promise.all([
      sendFile(page, '/imports/run'),
      sendFile(page, '/imports/run'),
    ]);
    const places = [first.location, second.location].sort();
    expect(first.status).toBe(303);
    expect(await customers('ann.lee@example.com')).toEqual(['Ann Lee']);
    const report = await see(places[0] ?? '', 'olivia');
    expect(report.text).toContain('customers.csv');
    expect(report.text).toContain('Lines read 3');
    const rows = await pages().read(pages().bright.owner, 'imports', { sort: 'created_at' });
    expect(rows.map(row => row.created_count)).toContain(2);
    expect((await see('/imports', 'olivia')).text).toContain('2 of 3 lines became new customers');
  });

  test('are taken back; whoever has a visit by now stays, and the page says so first', async () => {
    const { bright, done } = pages();
    const [{ id } = { id: '' }] = await pages().read(bright.owner, 'contacts', {
      search: 'ann.lee@example.com',
    });
    await done(bright.owner, 'ticket.create', { contact_id: String(id), scheduled_at: '2026-12-03T09:00' });
    const refused = await send(await see('/imports/I-1', 'olivia'), /\/undo$/);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Customers of this import have visits by now.');
    expect(refused.text).not.toContain('as_far_as_possible');
    const back = await send(refused, /\/undo$/);
    expect(back.text).toContain('1 customer is removed; 1 stays.');
    expect(back.text).toContain('and taken back on');
    expect(await customers('bob@example.com')).toEqual([]);
    expect(await customers('ann.lee@example.com')).toEqual(['Ann Lee']);
    expect(back.markup).not.toContain('/undo"');
  });
});

describe('a large file', () => {
  const lines = (word: string) =>
    Array.from(
      { length: 1400 },
      (_, n) => `${word}${n},Large,${word}${n}@large.example,${'x '.repeat(400)}\n`,
    );
  const large = (word: string) => `First Name,Last Name,Email,Padding\n${lines(word).join('')}`;

  test('is taken part by part, and its page tells how far it is until it is done', async () => {
    const page = await look(large('Ada'));
    const run = await sendFile(page, '/imports/run');
    expect(run.status).toBe(303);
    // Nothing of it needs a script; once all is read, nothing asks to be looked at again.
    await vi.waitFor(async () => {
      const { text, markup } = await see(run.location ?? '', 'olivia');
      expect(text).toContain('Lines read 1,400');
      expect(markup).not.toContain('<progress');
    }, soon);
    const again = await sendFile(page, '/imports/run');
    expect(again.location).toBe(run.location);
  });

  test('that was cut off says so, and goes on where it was once it is chosen again', async () => {
    const parts: FilePart[] = [];
    async function* bytes() {
      yield Buffer.from(large('Bea'));
    }
    for await (const part of partsOf(bytes())) parts.push(part);
    const [first] = parts;
    const { import: reference } = await pages().done(pages().bright.owner, 'import.csv', {
      content: first?.bytes.toString() ?? '',
      kind: 'contacts',
      more: true,
      file_bytes: Buffer.byteLength(large('Bea')),
    });
    const under_way = await see(`/imports/${String(reference)}`, 'olivia');
    expect(under_way.text).toMatch(/\d\d % so far/);
    expect(under_way.text).toContain('See how far it is now');
    expect(under_way.text).toContain('Begun on');
    const listed = async () => /so far<[\s\S]*?<\/li>/.exec((await see('/imports', 'olivia')).markup)?.[0];
    expect(await listed()).toContain('under way');
    await pages().database.owner.query(
      "alter table import_batches disable trigger user; update import_batches set updated_at = now() - interval '5 minutes' where not is_finished; alter table import_batches enable trigger user",
    );
    expect((await see(`/imports/${String(reference)}`, 'olivia')).text).toMatch(
      /Stopped after [\d,]+ lines.*Choose the same file again/,
    );
    expect(await listed()).toContain('>stopped<');
    const run = await sendFile(await look(large('Bea')), '/imports/run');
    expect(run.location).toBe(`/imports/${String(reference)}`);
    await vi.waitFor(async () => {
      expect((await see(run.location ?? '', 'olivia')).text).toContain('Lines read 1,400');
    }, soon);
    expect(await customers('Bea0@large.example')).toHaveLength(1);
  });
});

describe('a file that cannot be taken', () => {
  test('says what is wrong with it beside the field, in words', async () => {
    const page = await look('PK\u0003\u0004 a workbook');
    expect(page.status).toBe(400);
    expect(page.markup).toMatch(/id="file_problem" role="alert">This is an Excel workbook/);
    expect((await look()).text).toContain('No file was chosen.');
    const bare = await look(heading);
    expect(bare.status).toBe(400);
    expect(bare.markup).toMatch(/id="file_problem" role="alert">There is no row in this file/);
  });

  test('because not one of its lines can be is said so, before and after', async () => {
    const letter = 'Dear Olivia\nplease call me back about the gutters\nyours\n';
    const page = await look(letter);
    expect(page.markup).toMatch(
      /role="alert">Nothing in this file can be taken: all of its lines are refused/,
    );
    expect(page.markup).not.toContain('>Take over ');
    const { data } = await pages().act(pages().bright.owner, 'import.csv', { content: letter });
    const report = await see(`/imports/${String(data.import)}`, 'olivia');
    expect(report.markup).toMatch(/role="alert">Nothing was taken over: all of its lines were refused/);
    expect(report.text).toContain('Tried on');
    expect(report.markup).not.toContain('Take it back');
    // Whose lines are all here is another matter.
    await pages().done(pages().bright.owner, 'import.csv', { content: heading + ann });
    const again = await look(heading + ann);
    expect(again.text).toContain('Nothing in this file is new, so there is nothing to take.');
    expect(again.markup).not.toContain('can be taken');
  });

  test('that is larger than is taken is refused with its limit; one just below is read', async () => {
    const line = `Ann,Lee,ann.lee@example.com,(256) 555-0177,,,,,${'x'.repeat(900)}\n`;
    const large = await look(heading + line.repeat(16_600));
    expect(large.status).toBe(413);
    expect(large.text).toContain('larger than 15 MB; nothing was taken');
    const whole = await look(heading + ann + ' '.repeat(3_000_000));
    expect(whole.status).toBe(200);
  });

  test('or a form that is none, or one whose file is spoilt, is said so', async () => {
    const session = await pages().signIn('olivia@brightpanes.example');
    const spoilt = await pages().send('/imports/look', {
      session,
      form: { csrf_token: await tokenOf(session) },
    });
    expect(spoilt.status).toBe(400);
    expect(await spoilt.text()).toContain('This form cannot be read.');
    const page = await look(`${heading}Una,Fine,una@example.com,,,,,,\n`);
    const broken = {
      markup: page.markup.replace(/name="kept" value="[^"]{8}/, 'name="kept" value="AAAAAAAA'),
    };
    expect((await sendFile(broken, '/imports/run')).text).toContain('The file did not come along.');
    expect((await sendFile(page, '/imports/run')).status).toBe(303);
  });
});

describe('a file of another kind', () => {
  const jobs =
    'Job #,Date,Client,Email,Services,Total,Status\n1,03/04/2024,Jane Smith,jane.smith@example.com,Attic Dusting,$90.00,Completed\n2,03/05/2024,Nobody Known,,Attic Dusting,$90.00,Upcoming\n';

  test('is understood as what it is, asks what nobody else can know, and says why a line is not taken', async () => {
    const page = await look(jobs);
    expect(page.text).toContain('2 lines');
    expect(page.text).toContain('Does the day or the month come first in &quot;Date&quot;?');
    expect(page.text).toContain('Which services are these?');
    expect(page.markup).not.toContain('Take over');
    const again = await sendFile(
      { markup: page.markup.replace('action="/imports/run"', 'action="/imports/look"') },
      '/imports/look',
      {
        choices: {
          answer_date_order: 'month_first',
          answer_services: 'text',
          answer_unknown_customers: 'make',
        },
      },
    );
    expect(again.text).toContain('Take over 1 visit');
    expect(again.text).toContain('Line 3, Nobody Known : Its status is &quot;Upcoming&quot;');
    const run = await sendFile(again, '/imports/run');
    expect(run.status).toBe(303);
    const done = await see(run.location ?? '', 'olivia');
    expect(done.text).toContain('New visits 1');
    const session = await pages().signIn('olivia@brightpanes.example');
    const file = await pages().send(`${run.location}/not-taken.csv`, { session });
    const text = await file.text();
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect(text).toContain('Status,Why not taken');
    expect(text).toContain('2,03/05/2024,Nobody Known,,Attic Dusting,$90.00,Upcoming,');
    // Mended and imported again, only the mended line comes in.
    const mended = await look(text.replace('Upcoming', 'Completed'));
    expect(mended.text).toContain('Take over 1 visit');
    const back = await send(done, /\/undo$/);
    expect(back.text).toContain('1 other record is removed.');
  });
});

test('nobody imports who may not: not a technician, not without being signed in, not from another page', async () => {
  const page = await see('/imports', 'olivia');
  expect((await see('/imports', 'theo')).status).toBe(404);
  expect((await sendFile(page, '/imports/look', { file: heading + ann, by: 'theo' })).status).not.toBe(200);
  const body = new FormData();
  body.set('file', new Blob([heading + ann]), 'x.csv');
  const unknown = await fetch(`${pages().url}/imports/look`, { method: 'POST', body, redirect: 'manual' });
  expect(unknown.status).toBe(401);
  const session = await pages().signIn('olivia@brightpanes.example');
  const headers = { cookie: `deskhand_session=${session}` };
  const foreign = await fetch(`${pages().url}/imports/run`, {
    method: 'POST',
    body,
    headers,
    redirect: 'manual',
  });
  expect(foreign.status).toBe(403);
  const stranger = await pages().signIn('carla@clearview.example');
  expect((await pages().send('/imports/I-1', { session: stranger })).status).toBe(404);
});
