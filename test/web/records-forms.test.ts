import { beforeAll, describe, expect, test } from 'vitest';
import { as } from '../support/office.ts';
import { factsOf, formOf, type Seen, useRecordPages } from './record-pages.ts';

const { pages, see, follow, send } = useRecordPages();

beforeAll(async () => {
  const { done, bright } = pages();
  await done(as(bright, 'Dana'), 'company.create', { name: 'Cove Church' });
  for (const city of ['Madison', 'Huntsville'])
    await done(as(bright, 'Dana'), 'contact.create', { full_name: 'Ann Lee', custom_fields: { city } });
});

const newOf = (plural: string, typed: Record<string, string>) =>
  see(`/records/${plural}/new`).then(page => send(page, /\/new$/, typed));
const edited = (page: Seen, typed: Record<string, string>) => send(page, /\/edit$/, typed);
const row = async (type: string, id: string) =>
  (await pages().read(pages().bright.owner, type, { id }))[0] ?? {};

describe('a new record', () => {
  test('is made by the form its list leads to, with every kind of field, and is shown with a word that it is saved', async () => {
    const form = await follow(await see('/records/companies'), 'New company');
    const saved = await send(form, /\/new$/, {
      name: 'Riverbend',
      kind: 'partner',
      main_phone: '256 555 0188',
      billing_email: 'Bills@Riverbend.example',
      tags: 'net 30, quarterly,',
      notes: 'Two lines\r\nof notes',
      custom_fields: 'gate code: 1234\naccount_number: RB-1',
    });
    expect(saved.path).toMatch(/^\/records\/companies\/CO-\d+$/);
    expect(saved.text).toContain('Riverbend is added.');
    expect(await row('companies', 'Riverbend')).toMatchObject({
      kind: 'partner',
      status: 'active',
      main_phone: '+12565550188',
      billing_email: 'bills@riverbend.example',
      tags: ['net 30', 'quarterly'],
      notes: 'Two lines\nof notes',
      custom_fields: { gate_code: '1234', account_number: 'RB-1' },
    });
  });

  test('takes money as people write it, and yes and no', async () => {
    const saved = await newOf('services', {
      name: 'Skylights',
      pricing: 'fixed',
      price_cents: '$1,250.50',
      duration_minutes: '45',
      is_active: 'no',
    });
    expect(factsOf(saved.markup)).toMatchObject({ Price: '$1,250.50', Duration: '45 min', Active: 'no' });
    expect(await row('services', 'Skylights')).toMatchObject({ price_cents: 125_050, is_active: false });
  });

  test('takes a moment in the business’s own time, and whom it is about by name', async () => {
    const saved = await newOf('interactions', {
      type: 'phone_call',
      direction: 'inbound',
      contact_id: 'Jane Smith',
      occurred_at: '2026-11-17T14:05',
      body: 'Asked about gutters.',
    });
    expect(factsOf(saved.markup)).toMatchObject({
      Customer: 'Jane Smith',
      Occurred: 'Tue, Nov 17, 2026, 2:05 PM',
    });
  });

  test('starts from the page of what it belongs to', async () => {
    const form = await follow(await see('/records/companies/CO-101'), 'New address');
    expect(formOf(form.markup, /\/new$/).fields).toMatchObject({ company_id: 'CO-101' });
    expect(form.text).toContain('Cove Church ; another name or reference changes it.');
    const saved = await send(form, /\/new$/, { line1: '9 Chapel Hill' });
    expect(factsOf(saved.markup)).toMatchObject({ Company: 'Cove Church' });
  });

  test('that cannot be is refused beside the field, with everything that was typed', async () => {
    const typed = { name: 'Half done', main_phone: 'twelve', notes: 'Do not lose this', tags: 'one, two' };
    const refused = await newOf('companies', typed);
    expect(refused.status).toBe(400);
    expect(refused.markup).toMatch(
      /id="main_phone"[^>]*aria-invalid="true" autofocus aria-describedby="main_phone-problem"/,
    );
    expect(refused.markup).toMatch(/<p class="problem" id="main_phone-problem" role="alert">[^<]+/);
    expect(formOf(refused.markup, /\/new$/).fields).toMatchObject(typed);
    const mended = await send(refused, /\/new$/, { main_phone: '256 555 0111' });
    expect(mended.text).toContain('Half done is added.');
  });

  test('about one of two people of the same name asks which, beside the field', async () => {
    const refused = await newOf('addresses', { line1: '1 Oak Lane', contact_id: 'Ann Lee' });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.markup).toMatch(/id="contact_id-problem" role="alert">[^<]*Ann Lee/);
    expect((await send(refused, /\/new$/, { contact_id: 'Jane Smith' })).text).toContain(
      '1 Oak Lane is added.',
    );
  });

  test('an amount nobody can read is said with how to write it', async () => {
    const refused = await newOf('services', { name: 'Odd', pricing: 'fixed', price_cents: 'twelve' });
    expect(refused.markup).toMatch(
      /id="price_cents-problem" role="alert">This is not an amount\. Write it as 150\.00/,
    );
  });

  test('sent twice by an impatient finger is one', async () => {
    const form = await see('/records/companies/new');
    const first = await send(form, /\/new$/, { name: 'Pressed twice' });
    expect((await send(form, /\/new$/, { name: 'Pressed twice' })).path).toBe(first.path);
  });
});

describe('a changed record', () => {
  test('changes what was changed and nothing else; what is emptied is empty', async () => {
    const made = await newOf('companies', {
      name: 'Changing',
      industry: 'Dental',
      website: 'https://a.example',
      tags: 'old',
    });
    const form = await follow(made, 'Edit');
    const before = await row('companies', 'Changing');
    const saved = await edited(form, { industry: '', tags: 'new, newer', status: 'inactive' });
    expect(saved.text).toContain('Saved.');
    const after = await row('companies', 'Changing');
    expect(after).toMatchObject({
      industry: null,
      tags: ['new', 'newer'],
      status: 'inactive',
      website: 'https://a.example',
    });
    expect(Number(after.version)).toBe(Number(before.version) + 1);
    const same = await edited(await follow(saved, 'Edit'), {});
    expect(same.path).toBe(saved.path);
    expect((await row('companies', 'Changing')).version).toBe(after.version);
  });

  test('custom fields are added, changed and taken out line by line; the others stay what they were', async () => {
    const { done, bright } = pages();
    await done(bright.owner, 'company.create', {
      name: 'Custom',
      custom_fields: { floors: 3, keys: 'old', gone: 'x' },
    });
    const form = await see('/records/companies/Custom/edit');
    expect(form.status).toBe(404);
    const [{ reference } = { reference: '' }] = await pages().read(bright.owner, 'companies', {
      search: 'Custom',
    });
    const open = await see(`/records/companies/${String(reference)}/edit`);
    await edited(open, { custom_fields: 'floors: 3\nkeys: new\nadded: yes' });
    expect((await row('companies', 'Custom')).custom_fields).toEqual({
      floors: 3,
      keys: 'new',
      added: 'yes',
    });
    const refused = await edited(await see(`/records/companies/${String(reference)}/edit`), {
      custom_fields: 'no colon',
    });
    expect(refused.markup).toMatch(
      /id="custom_fields-problem" role="alert">Each line is a name, a colon and a value/,
    );
  });

  test('whose it is can be chosen among the people of the business, by name', async () => {
    const form = await see('/records/contacts/C-1002/edit');
    const dana = String(pages().bright.people.Dana?.id);
    expect(form.markup).toContain(`<option value="${dana}">Dana</option>`);
    const saved = await edited(form, { owner_user_id: dana });
    expect(Object.values(factsOf(saved.markup))).toContain('Dana');
    expect((await row('contacts', 'C-1002')).owner_user_id).toBe(dana);
  });

  test('by somebody else meanwhile is shown again with both, and nothing is lost', async () => {
    const made = await newOf('companies', { name: 'Two writers', industry: 'Dental', notes: 'first' });
    const mine = await follow(made, 'Edit');
    await edited(await follow(made, 'Edit'), { industry: 'Hotels' });
    const refused = await edited(mine, { notes: 'mine' });
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('Somebody changed this while you were writing.');
    expect(refused.text).toContain('Somebody made it “ Hotels ” meanwhile.');
    expect(formOf(refused.markup, /\/edit$/).fields).toMatchObject({ notes: 'mine', industry: 'Dental' });
    expect(await row('companies', 'Two writers')).toMatchObject({ notes: 'first', industry: 'Hotels' });
    const saved = await edited(refused, { industry: 'Hotels' });
    expect(saved.text).toContain('Saved.');
    expect(await row('companies', 'Two writers')).toMatchObject({ notes: 'mine', industry: 'Hotels' });
  });

  test('that its rules refuse says so above the form', async () => {
    const refused = await edited(await see('/records/tickets/T-2003/edit'), { notes: 'Too late' });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(refused.markup).toMatch(/<p class="problem"[^>]* role="alert">/);
    expect(formOf(refused.markup, /\/edit$/).fields).toMatchObject({ notes: 'Too late' });
    expect((await row('tickets', 'T-2003')).notes).toBeNull();
  });
});

describe('a deleted record', () => {
  test('is gone from its list, and a word says so', async () => {
    const made = await newOf('companies', { name: 'Short lived' });
    const list = await send(made, /\/delete$/);
    expect(list.path).toBe('/records/companies');
    expect(list.text).toContain('Short lived is deleted.');
    expect(list.markup).not.toContain('<bdi>Short lived</bdi></a>');
    // Its address leads to what it was: test/web/records-deleted.test.ts
    expect((await see(made.path)).status).toBe(303);
  });

  test('that open visits hold stays, and its page says why', async () => {
    const page = await see('/records/contacts/C-1001');
    const refused = await send(page, /\/delete$/);
    expect(refused.status).toBe(409);
    expect(refused.markup).toMatch(/<p class="problem" role="alert">[^<]*visit/);
    expect(refused.markup).toContain('<h1><bdi>Jane Smith</bdi></h1>');
    expect((await see('/records/contacts/C-1001')).status).toBe(200);
  });

  test('is opened by hand at the address of its button: nothing happens', async () => {
    const response = await pages().send('/records/companies/CO-101/delete', {
      session: await pages().signIn('dana@brightpanes.example'),
    });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/records/companies/CO-101']);
    expect((await see('/records/companies/CO-101')).status).toBe(200);
  });
});

describe('who may', () => {
  test('what somebody may not do has no button, and posting it by hand is refused', async () => {
    const members = await see('/records/members');
    expect(members.markup).not.toContain('New member');
    expect((await see('/records/members', 'olivia')).markup).toContain('New member');
    const session = await pages().signIn('theo@brightpanes.example');
    const { csrf_token = '' } = await pages().app.whoIs(
      { via: 'session', token: session },
      { request_id: 'test' },
    );
    for (const path of [
      '/records/companies/new',
      '/records/companies/CO-101/edit',
      '/records/companies/CO-101/delete',
    ]) {
      const answer = await pages().send(path, { session, form: { csrf_token, name: 'Theo was here' } });
      expect(answer.status, path).toBe(404);
    }
    expect(await row('companies', 'CO-101')).toMatchObject({ name: 'Cove Church' });
  });

  test('a form without the token of this session changes nothing', async () => {
    const session = await pages().signIn('dana@brightpanes.example');
    const form = { csrf_token: 'x'.repeat(43), name: 'Forged' };
    expect((await pages().send('/records/companies/new', { session, form })).status).toBe(403);
    expect((await see('/records/companies')).text).not.toContain('Forged');
  });
});
