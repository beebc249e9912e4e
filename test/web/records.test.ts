import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { as } from '../support/office.ts';
import { factsOf, rowsOf, useRecordPages } from './record-pages.ts';

const { pages, see, follow, send } = useRecordPages();
const hostile = '"><script>alert(1)</script>';

beforeAll(async () => {
  const { done, bright, clear } = pages();
  const dana = as(bright, 'Dana');
  await done(dana, 'company.create', {
    name: 'Riverbend Property Management',
    website: 'https://riverbend.example',
    main_phone: '256 555 0188',
    tags: ['quarterly'],
    notes: 'Bills go to Huntsville.\nAsk for Mr Ruiz.',
    custom_fields: { account_number: 'RB-4410' },
  });
  await done(dana, 'company.create', { name: 'Oak Lane Dental', kind: 'prospect' });
  await done(dana, 'company.create', {
    name: hostile,
    website: 'javascript:alert(1)',
    notes: `${hostile}\u202e`,
  });
  await done(dana, 'contact.update', { contact_id: 'C-1001', company_id: 'CO-101', job_title: 'Manager' });
  await done(dana, 'address.create', { company_id: 'CO-101', line1: '1 River Road', city: 'Huntsville' });
  for (let number = 1; number <= 30; number++)
    await done(dana, 'service.create', {
      name: `Window ${String(number).padStart(2, '0')}`,
      pricing: number % 2 === 0 ? 'fixed' : 'per_unit',
      price_cents: number * 1000,
    });
  await done(clear.owner, 'company.create', { name: 'Secret Holdings' });
});

describe('the page of all records', () => {
  test('lists every kind the office may read, in the words of its registration, and leads to its list', async () => {
    const index = await see('/records');
    expect(rowsOf(index.markup)).toEqual(
      expect.arrayContaining([
        'Addresses',
        'Companies',
        'Customers',
        'Members',
        'Notes',
        'Services',
        'Visits',
      ]),
    );
    expect(index.text).toContain('Firms that customers work for or that pay the bills.');
    expect(index.text).not.toContain('sort=-created_at');
    for (const { plural } of pages().app.registry.records.values()) {
      const mayRead = index.markup.includes(`href="/records/${plural}"`);
      expect((await see(`/records/${plural}`)).status, plural).toBe(mayRead ? 200 : 404);
    }
    expect(rowsOf((await follow(index, 'Companies')).markup)).toContain('Oak Lane Dental');
  });

  test('is led to from the page of everything else, last', async () => {
    const { text, markup } = await see('/more');
    expect(text).toMatch(/The business .* For developers .*All lists/);
    expect(markup).toContain('<a class="main" href="/records">All lists</a>');
  });
});

describe('the list of a record', () => {
  test('shows names with what tells them apart, and opens each', async () => {
    const list = await see('/records/companies');
    expect(list.text).toMatch(
      /Riverbend Property Management CO-101 customer · active · \(256\) 555-0188 · quarterly/,
    );
    expect(list.text).toMatch(/Oak Lane Dental CO-102 prospect · active/);
    const opened = await follow(list, 'Oak Lane Dental');
    expect(opened.path).toBe('/records/companies/CO-102');
    expect(opened.markup).toContain('<h1><bdi>Oak Lane Dental</bdi></h1>');
  });

  test('says whose things are by name', async () => {
    expect((await see('/records/notes')).text).toMatch(
      /Two dogs in the yard\. Ring twice\. N-1001 Jane Smith/,
    );
    expect((await see('/records/tickets')).text).toMatch(
      /Visit T-2001 Jane Smith · 123 Main Street, Madison/,
    );
  });

  test('is searched by words, and says so when nothing fits', async () => {
    const list = await see('/records/companies');
    expect(rowsOf((await send(list, /^\/records\/companies$/, { q: 'riverbend' })).markup)).toEqual([
      'Riverbend Property Management',
    ]);
    const none = await send(list, /^\/records\/companies$/, { q: 'zzqqxx' });
    expect(none.text).toContain('Nothing fits.');
    expect(rowsOf((await follow(none, 'show all')).markup)).toHaveLength(3);
  });

  test('is filtered by the fields that say so: choice, tag, yes or no, custom field, whose it is', async () => {
    const only = async (path: string, typed: Record<string, string>) =>
      rowsOf((await send(await see(path), new RegExp(`^${path}$`), typed)).markup);
    expect(await only('/records/companies', { by_kind: 'prospect' })).toEqual(['Oak Lane Dental']);
    expect(await only('/records/companies', { by_tag: 'quarterly' })).toEqual([
      'Riverbend Property Management',
    ]);
    expect(await only('/records/companies', { by_custom_fields: 'account_number=RB-4410' })).toHaveLength(1);
    expect(await only('/records/members', { by_is_bookable: 'true' })).toEqual(['Tess', 'Theo']);
    expect(await only('/records/notes', { by_contact_id: 'Jane Smith' })).toEqual([
      'Two dogs in the yard. Ring twice.',
    ]);
    expect(await only('/records/tickets', { filter: 'open' })).toEqual(['Visit T-2002', 'Visit T-2001']);
  });

  test('keeps what it was asked for in the form, and says what a filter cannot be', async () => {
    const list = await see('/records/companies');
    const asked = await send(list, /^\/records\/companies$/, {
      q: 'oak',
      by_kind: 'prospect',
      sort: '-name',
    });
    expect(asked.markup).toContain('name="q" type="search" maxlength="200" value="oak"');
    expect(asked.markup).toContain('<option value="prospect" selected>');
    expect(asked.markup).toContain('<details class="fold" open>');
    const wrong = await send(await see('/records/notes'), /^\/records\/notes$/, { by_contact_id: 'Nobody' });
    expect(wrong.status).toBeGreaterThanOrEqual(400);
    expect(wrong.markup).toMatch(/<p class="problem" role="alert">[^<]*Nobody/);
    expect(wrong.markup).toContain('value="Nobody"');
  });

  test('takes a filter by its own name too, in an address typed by hand, and says what is no filter', async () => {
    expect(rowsOf((await see('/records/companies?kind=prospect')).markup)).toEqual(['Oak Lane Dental']);
    expect(rowsOf((await see('/records/contacts?attribute=dragon')).markup)).toEqual([]);
    for (const query of ['knd=prospect', 'by_knd=prospect']) {
      const wrong = await see(`/records/companies?${query}`);
      expect(wrong.status).toBe(400);
      expect(rowsOf(wrong.markup)).toEqual([]);
      expect(wrong.text).toContain('Did you mean by_kind?');
    }
    expect((await see('/records/companies?fuel=electric')).text).toContain('cannot be filtered by “fuel”');
  });

  test('asked by a filter it does not know says so instead of showing everything', async () => {
    for (const [path, said] of [
      ['/records/companies?by_colour=red', 'Companies cannot be filtered by “by_colour”.'],
      ['/records/companies?filter=gone', 'filter cannot be «gone» here.'],
      ['/records/companies?sort=colour', 'sort cannot be «colour» here.'],
      ['/records/companies?by_status=red', 'status'],
      ['/contacts/C-1001/timeline?kind=zebras', 'Nothing of this kind stands in a timeline.'],
    ] as const) {
      const page = await see(path);
      expect([page.status, rowsOf(page.markup)], path).toEqual([400, []]);
      expect(page.text, path).toContain(said);
    }
    const known = await see('/records/companies?by_status=active&q=oak&sort=-name');
    expect([known.status, rowsOf(known.markup)]).toEqual([200, ['Oak Lane Dental']]);
  });

  test('is sorted, and goes on page by page with what it was asked for', async () => {
    const first = await send(await see('/records/services'), /^\/records\/services$/, {
      sort: '-name',
      by_kind: 'service',
    });
    expect(rowsOf(first.markup)).toHaveLength(25);
    expect(rowsOf(first.markup)[0]).toBe('Window 30');
    const second = await follow(first, 'More');
    const rest = rowsOf(second.markup);
    expect(rest).toEqual([
      'Window 05',
      'Window 04',
      'Window 03',
      'Window 02',
      'Window 01',
      'Screens',
      'Exterior windows',
    ]);
    expect(second.markup).not.toContain('>More</a>');
  });

  test('of a kind without rows says so', async () => {
    expect((await see('/records/imports')).text).toContain('Nothing here yet.');
  });
});

describe('the page of a record', () => {
  test('says everything its fields hold, as people read it', async () => {
    expect(factsOf((await see('/records/companies/CO-101')).markup)).toMatchObject({
      Kind: 'customer',
      Website: 'https://riverbend.example',
      'Main phone': '(256) 555-0188',
      Tags: 'quarterly',
      Notes: 'Bills go to Huntsville. Ask for Mr Ruiz.',
      'Custom fields': 'account number: RB-4410',
    });
    const service = factsOf((await see('/records/services/S-1')).markup);
    expect(service).toMatchObject({ Price: '$180.00', Duration: '90 min', Pricing: 'fixed' });
    expect(service).not.toHaveProperty('Currency');
    const visit = factsOf((await see('/records/tickets/T-2001')).markup);
    expect(visit).toMatchObject({
      Customer: 'Jane Smith',
      Scheduled: 'Wed, Nov 18, 2026, 2:00 PM',
      Total: '$288.00',
    });
    const contact = factsOf((await see('/records/contacts/C-1001')).markup);
    expect(contact).toMatchObject({
      Notes: 'Prefers a call before we come.',
      Company: 'Riverbend Property Management',
    });
  });

  test('shows what belongs to it with names, and leads there', async () => {
    const company = await see('/records/companies/CO-101');
    expect(company.text).toMatch(/Customers Jane Smith C-1001/);
    expect(company.text).toMatch(/Addresses 1 River Road, Huntsville A-1003/);
    expect((await follow(company, 'Jane Smith')).path).toBe('/contacts/C-1001');
    expect((await follow(company, '1 River Road, Huntsville')).text).toMatch(
      /Company Riverbend Property Management/,
    );
    const all = await follow(await see('/records/contacts/C-1002'), 'Show as a list');
    expect(all.path).toMatch(/^\/records\/\w+\?by_contact_id=C-1002$/);
  });

  test('shows what it joins by itself: the services and the people of a visit, what is left of an invoice', async () => {
    const visit = await see('/records/tickets/T-2001');
    expect(visit.text).toMatch(/Lines Exterior windows .*Unit price: \$200\.00/);
    expect(visit.text).toMatch(/Screens .*Quantity: 22 · Unit price: \$4\.00 · Total: \$88\.00/);
    expect(visit.text).toMatch(/Technicians Theo/);
    expect(visit.text).not.toMatch(/Time entries|Rescheduled to/);
  });

  test('calls what belongs to it as everything else does', async () => {
    const { done, bright } = pages();
    const owner = bright.owner;
    await done(owner, 'attribute.set', { contact_id: 'C-1002', key: 'pet', value: 'cat' });
    const call = {
      contact_id: 'C-1002',
      type: 'phone_call',
      direction: 'inbound',
      subject: 'Asked for tulips',
    };
    await done(owner, 'interaction.create', call);
    const titles = [...(await see('/records/contacts/C-1002')).markup.matchAll(/<h2>([^<]*)<\/h2>/g)];
    expect(titles.map(([, title]) => title)).toEqual(
      expect.arrayContaining(['Facts', 'Calls and mails', 'Visits']),
    );
    expect((await see('/search?q=tulips')).text).toContain('Calls and mails');
    const kinds = rowsOf((await see('/records')).markup);
    expect(kinds).toEqual(expect.arrayContaining(['Facts', 'Calls and mails']));
    expect(kinds).not.toEqual(expect.arrayContaining(['Attributes']));
    expect((await see('/contacts/C-1002/timeline')).markup).toContain('>calls and mails</a>');
  });

  test('leads to the page made for such records, and back to all of them', async () => {
    const contact = await see('/records/contacts/C-1001');
    expect((await follow(contact, 'Customer page')).path).toBe('/contacts/C-1001');
    expect((await follow(contact, 'All customers')).path).toBe('/records/contacts');
    expect((await follow(await see('/records/tickets'), 'Today')).status).toBe(200);
  });

  test('keeps its history in words', async () => {
    const { text } = await see('/records/contacts/C-1001');
    expect(text).toMatch(/History .*Dana updated customer/);
    expect(text).toMatch(/job title Manager/);
  });

  test('fits eight kilobytes, and every list too', async () => {
    for (const path of [
      '/records',
      '/records/services',
      '/records/contacts/C-1001',
      '/records/contacts/C-1001/edit',
    ])
      expect(gzipSync((await see(path)).markup).length, path).toBeLessThan(8 * 1024);
  });
});

describe('what strangers wrote', () => {
  test('stays text in lists, on pages and in forms, and no address of theirs is followed', async () => {
    for (const path of [
      '/records/companies',
      '/records/companies/CO-103',
      '/records/companies/CO-103/edit',
    ]) {
      const { markup, status } = await see(path);
      expect(status).toBe(200);
      expect(markup, path).not.toContain('<script>alert');
      expect(markup, path).toContain('&quot;&gt;&lt;script&gt;');
      expect(markup, path).not.toContain('href="javascript:');
    }
    expect((await see('/records/companies/CO-103')).markup).toContain('[U+202E]');
    const searched = await see(`/records/companies?${new URLSearchParams({ q: hostile, by_tag: hostile })}`);
    expect(searched.markup).not.toContain('<script>alert');
    for (const query of [
      'sort=name;drop',
      'filter=nope',
      'cursor=x',
      'by_kind=nope',
      'by_is_bookable=perhaps',
    ])
      expect([200, 400], query).toContain((await see(`/records/companies?${query}`)).status);
  });
});

describe('who may', () => {
  test('a technician finds nothing there, whatever they may read elsewhere', async () => {
    for (const path of [
      '/records',
      '/records/services',
      '/records/members',
      '/records/services/S-1',
      '/records/companies/new',
      '/records/tickets/T-2001/edit',
    ]) {
      const { status, text } = await see(path, 'theo');
      expect(status, path).toBe(404);
      expect(text).toContain('There is nothing at this address.');
    }
    expect((await see('/', 'theo')).markup).not.toContain('href="/records');
    expect((await see('/search?q=services', 'theo')).markup).not.toContain('href="/records');
  });

  test('another business’s record is not there, to read or to change', async () => {
    const { clear, read } = pages();
    const [theirs] = await read(clear.owner, 'companies', { search: 'Secret' });
    const id = String(theirs?.id);
    expect((await see(`/records/companies/${id}`)).status).toBe(404);
    expect((await see(`/records/companies/${id}/edit`)).status).toBe(404);
    expect((await see('/records/companies')).text).not.toContain('Secret Holdings');
    const unknown = [
      '/records/nonsense',
      '/records/companies/CO-9999',
      '/records/companies/x',
      '/records/imports/new',
    ];
    for (const path of unknown) expect((await see(path)).status, path).toBe(404);
  });
});
