import { describe, expect, test } from 'vitest';
import { fieldOf } from '../support/pages.ts';
import { call, factsOf, useLeadPages } from './lead-pages.ts';

const { pages, session, see, post, takeIn, leadOf } = useLeadPages();

describe('a new inquiry', () => {
  test('is taken down as it is said, and its page shows what was understood, by whom, not confirmed', async () => {
    const reference = await takeIn({ raw_notes: call });
    const { text, markup } = await see(`/leads/${reference}`);
    expect(text).toContain(call);
    expect(text).toContain('unconfirmed');
    expect(factsOf(markup)).toMatchObject({
      full_name: 'Mary Collins',
      phone: '(256) 555-0177',
      email: 'mary@example.com',
      city: 'Huntsville',
    });
    expect(text).toMatch(/Name by rules/);
    expect(text).not.toMatch(/Budget by/);
    expect(await leadOf(reference)).toMatchObject({
      raw_notes: call,
      source: 'phone_call',
      extraction_status: 'unconfirmed',
    });
  });

  test('of a customer we know says so while it is saved, and names whom it may be', async () => {
    const known = await post('/leads/new', { raw_notes: 'Gutters, please call', phone: '256 555 0142' });
    expect(known.text).toContain('This is a customer we know.');
    expect(known.text).toMatch(/Customer Jane Smith C-1001 , known already/);
    const similar = await post('/leads/new', { raw_notes: 'Asks for a quote', full_name: 'Jane Smyth' });
    expect(similar.text).toMatch(/A customer of a similar name: C-1001 Jane Smith/);
    const stranger = await post('/leads/new', { raw_notes: 'Asks for a quote', full_name: 'Otto Zwick' });
    expect(stranger.text).not.toMatch(/similar name|we know/);
  });

  test('loses a card number, and the writer is told', async () => {
    const { text } = await post('/leads/new', { raw_notes: 'Pays with 4242 4242 4242 4242' });
    expect(text).toContain('A card number was removed');
    expect(text).toContain('Pays with [REDACTED CARD ..4242]');
    expect(text).not.toContain('4242 4242');
  });

  test('without a word is asked for again; one that cannot be read comes back as it was typed', async () => {
    const before = (await pages().read(pages().bright.owner, 'leads', { limit: 100 })).length;
    const empty = await post('/leads/new', { raw_notes: '  ', source: 'ad' });
    expect(empty.status).toBe(400);
    expect(empty.text).toContain('Write something first.');
    const { status, markup } = await post('/leads/new', { raw_notes: 'Do not lose this', phone: 'twelve' });
    expect(status).toBe(400);
    expect(markup).toContain('Do not lose this</textarea>');
    expect(markup).toContain('value="twelve"');
    expect((await pages().read(pages().bright.owner, 'leads', { limit: 100 })).length).toBe(before);
  });

  test('sent twice by an impatient finger is one inquiry', async () => {
    const { markup } = await see('/leads/new');
    const form = { raw_notes: 'Pressed twice', idempotency_key: fieldOf(markup, 'idempotency_key') };
    const first = await takeIn(form);
    expect(await takeIn(form)).toBe(first);
    expect(await takeIn({ raw_notes: 'Pressed twice' })).not.toBe(first);
  });
});

describe('what was understood', () => {
  test('is corrected and confirmed on the page, and the history says by whom', async () => {
    const reference = await takeIn({ raw_notes: call });
    const fields = factsOf((await see(`/leads/${reference}`)).markup);
    const { text } = await post(`/leads/${reference}/facts`, {
      ...fields,
      how: 'confirm',
      full_name: 'Marie Collins',
      state: '',
      property_details: `${fields.property_details}\nGate code: 1204`,
    });
    expect(text).toContain('Confirmed.');
    expect(text).toMatch(/understood by rules, confirmed by Dana/);
    const lead = await leadOf(reference);
    expect(lead).toMatchObject({
      full_name: 'Marie Collins',
      state: null,
      phone: '+12565550177',
      extraction_status: 'confirmed',
      confirmed_by: pages().bright.people.Dana?.id,
    });
    expect(lead.property_details).toContainEqual({ key: 'gate_code', value: '1204' });
    expect(lead.property_details).toContainEqual({ key: 'pet', value: 'dog', details: { name: 'Rex' } });
  });

  test('confirmed by two presses of the button is confirmed once; another form later is refused beside itself', async () => {
    const reference = await takeIn({ raw_notes: call });
    const first = { ...factsOf((await see(`/leads/${reference}`)).markup), how: 'confirm' };
    const stale = { ...factsOf((await see(`/leads/${reference}`)).markup), how: 'confirm', city: 'Madison' };
    expect((await post(`/leads/${reference}/facts`, first)).status).toBe(303);
    expect((await post(`/leads/${reference}/facts`, first)).status).toBe(303);
    const late = await post(`/leads/${reference}/facts`, stale);
    expect(late.status).toBe(409);
    expect(late.text).toContain(`${reference} was confirmed already.`);
    expect((await leadOf(reference)).city).toBe('Huntsville');
    const confirmations = await pages().read(pages().bright.owner, 'audit_log', {
      params: { domain_action: 'lead.confirm_extraction', subject_id: String((await leadOf(reference)).id) },
    });
    expect(confirmations).toHaveLength(1);
  });

  test('by an agent is shown as the agent’s, beside what stands in the field', async () => {
    const { done, bright } = pages();
    const lead = await done(bright.agent, 'lead.create', {
      raw_notes: 'Bob, gutters',
      full_name: 'Robert Stone',
      fields: { full_name: 'Bob', service_interest: 'Gutters' },
    });
    const { text } = await see(`/leads/${String(lead.reference)}`);
    expect(text).toMatch(/Name by the agent: “ Bob ”/);
    expect(text).toMatch(/Service by the agent/);
  });

  test('that cannot be is refused beside the form, with everything that was typed', async () => {
    const reference = await takeIn({ raw_notes: call });
    const fields = { ...factsOf((await see(`/leads/${reference}`)).markup), how: 'confirm' };
    const { status, markup, text } = await post(`/leads/${reference}/facts`, {
      ...fields,
      email: 'mary at home',
      budget_range: '$ 200',
    });
    expect(status).toBe(400);
    expect(text).toContain('This email cannot be read.');
    expect(factsOf(markup)).toMatchObject({ email: 'mary at home', budget_range: '$ 200' });
    expect((await leadOf(reference)).extraction_status).toBe('unconfirmed');
  });
});

describe('who may', () => {
  test('a technician has no leads in the navigation and is refused on every page of them', async () => {
    const reference = await takeIn({ raw_notes: call });
    expect((await see('/', 'theo')).markup).not.toContain('/leads');
    expect((await see('/', 'dana')).markup).toContain('href="/leads"');
    for (const path of ['/leads', `/leads/${reference}`, '/facts']) {
      const { status, text } = await see(path, 'theo');
      expect(status, path).toBe(403);
      expect(text).not.toContain('Mary Collins');
      expect((await see(path)).status, path).toBe(200);
    }
    // What is to be done shows a technician their own tasks, and nothing of the calls to make.
    expect((await see('/follow-ups')).text).toContain('Mary Collins');
    const { status, text } = await see('/follow-ups', 'theo');
    expect(status).toBe(200);
    expect(text).not.toContain('Mary Collins');
    expect((await post('/leads/new', { raw_notes: 'from Theo' }, 'theo')).status).toBe(403);
    expect((await post(`/leads/${reference}/convert`, {}, 'theo')).status).toBe(403);
    expect((await leadOf(reference)).status).toBe('new');
  });

  test('another business’s lead is not there, to read or to act on', async () => {
    const { done, clear } = pages();
    const theirs = await done(clear.owner, 'lead.create', { raw_notes: 'A secret inquiry', title: 'Secret' });
    const id = String(theirs.id);
    expect((await see(`/leads/${id}`)).status).toBe(404);
    expect((await see(`/leads/${id}/timeline`)).status).toBe(404);
    for (const [verb, form] of Object.entries({
      convert: {},
      end: { how: 'archive' },
      facts: { how: 'change', title: 'Ours' },
      said: { way: 'note', body: 'Ours' },
    })) {
      expect((await post(`/leads/${id}/${verb}`, form)).status, verb).toBe(404);
    }
    const [lead] = await pages().read(clear.owner, 'leads', { id });
    expect(lead).toMatchObject({ title: 'Secret', status: 'new' });
  });

  test('a form without the token of this session changes nothing', async () => {
    const reference = await takeIn({ raw_notes: call });
    for (const csrf_token of ['', 'x'.repeat(43)]) {
      expect((await post(`/leads/${reference}/convert`, { csrf_token })).status).toBe(403);
      expect((await post('/leads/new', { raw_notes: 'Forged', csrf_token })).status).toBe(403);
    }
    expect((await leadOf(reference)).status).toBe('new');
    expect((await see('/leads')).text).not.toContain('Forged');
  });

  test('the address of a form, opened by hand, changes nothing and leads back to the page', async () => {
    const reference = await takeIn({ raw_notes: call });
    const response = await pages().send(`/leads/${reference}/convert`, { session: session() });
    expect([response.status, response.headers.get('location')]).toEqual([303, `/leads/${reference}`]);
    expect((await leadOf(reference)).status).toBe('new');
  });
});
