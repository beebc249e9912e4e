import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

const inquiry = async (data: Record<string, unknown>) =>
  String((await panes().done(panes().dana, 'lead.create', data)).reference);
const convert = (lead_id: string, more: Record<string, unknown> = {}) =>
  panes().act(panes().agent, 'lead.convert', { lead_id, ...more });
const read = (type: string, params: Record<string, unknown>) => panes().read(panes().dana, type, { params });
const contact = async (id: unknown) => (await panes().read(panes().dana, 'contacts', { id: String(id) }))[0];

describe('a lead that becomes a customer', () => {
  test('brings the customer, the company, the address, what is known and what was said, all at once', async () => {
    const { done, dana, bright } = panes();
    const id = await inquiry({
      raw_notes: 'Robert Miles of Miles Dental called, 256-555-0181. Two-story house, dog named Rex.',
      source: 'phone_call',
      fields: {
        full_name: 'Robert Miles',
        phone: '256-555-0181',
        company_name: 'Miles Dental',
        line1: '44 Whitesburg Dr',
        city: 'Huntsville',
        state: 'AL',
        postal_code: '35801',
        property_details: [{ key: 'pet', value: 'dog', details: { name: 'Rex' } }],
      },
      tags: ['dentist'],
    });
    await done(dana, 'note.create', { lead_id: id, content: 'Asks for a price first' });
    const { data, warnings } = await convert('Robert Miles');
    expect(warnings.join()).toContain(`Nobody has confirmed what was understood of the notes of ${id}`);
    expect(data).toMatchObject({
      lead: {
        reference: id,
        status: 'converted',
        extraction_status: 'unconfirmed',
        converted_at: '2026-11-18T14:00:00.000Z',
      },
      contact: { full_name: 'Robert Miles', phone: '+12565550181' },
      contact_created: true,
      company: { name: 'Miles Dental' },
      address: { line1: '44 Whitesburg Dr', city: 'Huntsville', state: 'AL', postal_code: '35801' },
      attributes: [expect.stringMatching(/^AT-/)],
    });
    const customer = await contact('Robert Miles');
    expect(customer).toMatchObject({
      source: 'lead_conversion',
      source_ref: id,
      lifecycle_stage: 'customer',
      owner_user_id: bright.people.Dana?.id,
      tags: ['dentist'],
    });
    const contact_id = customer?.id;
    expect(await read('addresses', { contact_id })).toMatchObject([
      { line1: '44 Whitesburg Dr', city: 'Huntsville' },
    ]);
    expect(await read('attributes', { contact_id })).toMatchObject([
      { key: 'pet', value: 'dog', details: { name: 'Rex' }, is_confirmed: false },
    ]);
    expect(await read('notes', { contact_id })).toMatchObject([{ content: 'Asks for a price first' }]);
    expect(await read('interactions', { contact_id })).toMatchObject([
      { type: 'phone_call', follow_up_status: 'pending' },
    ]);
    expect(await panes().read(dana, 'contacts', { search: 'price first' })).toMatchObject([
      { id: contact_id },
    ]);
  });

  test('brings facts as sure as they were', async () => {
    const { done, dana } = panes();
    const id = await inquiry({
      raw_notes: 'Carl Cat',
      fields: { full_name: 'Carl Cat', property_details: [{ key: 'pet', value: 'cat' }] },
    });
    await done(dana, 'lead.confirm_extraction', { lead_id: id });
    await convert(id);
    expect(await read('attributes', { contact_id: 'Carl Cat' })).toMatchObject([
      { value: 'cat', is_confirmed: true },
    ]);
  });

  test('is final: it changes no more and is not taken up again', async () => {
    const id = await inquiry({ full_name: 'Fiona Final' });
    await convert(id);
    for (const [action, data] of [
      ['convert', {}],
      ['reopen', {}],
      ['set_status', { status: 'working' }],
      ['update', { title: 'Another' }],
    ] as const) {
      const again = panes().act(panes().dana, `lead.${action}`, { lead_id: id, ...data });
      expect(await refusal(again), action).toMatchObject({
        code: 'INVALID_STATE',
        message: `${id} has become a customer; the lead is final.`,
      });
    }
  });

  test('goes on collecting what is said, for the customer', async () => {
    const { done, dana } = panes();
    const id = await inquiry({ full_name: 'Gina Goes' });
    await convert(id);
    await done(dana, 'interaction.create', { lead_id: id, type: 'email_inbound', body: 'When do you come?' });
    expect(await read('interactions', { contact_id: 'Gina Goes' })).toHaveLength(2);
  });

  test('waits for the owner with its history when an agent wants to delete it', async () => {
    const id = await inquiry({ full_name: 'Hilda History' });
    await convert(id);
    const reasoning = 'It is a customer now and not needed';
    const outcome = await panes().act(panes().agent, 'lead.delete', { lead_id: id }, { reasoning });
    expect(JSON.stringify(outcome.data)).toContain('this lead has become a customer');
  });
});

describe('a customer who is known', () => {
  test('is found by number, keeps what an inquiry adds as unconfirmed, and is not there twice', async () => {
    const { done, dana } = panes();
    await done(dana, 'contact.create', {
      full_name: 'Paula Prospect',
      phone: '256 555 0301',
      lifecycle_stage: 'prospect',
    });
    const id = await inquiry({
      full_name: 'P. Prospect',
      phone: '(256) 555-0301',
      email: 'paula@example.com',
    });
    const { data } = await convert(id);
    expect(data).toMatchObject({ contact_created: false, contact: { full_name: 'Paula Prospect' } });
    expect(await contact('Paula Prospect')).toMatchObject({
      email: null,
      phone: '+12565550301',
      lifecycle_stage: 'customer',
    });
  });

  test('keeps the number there was', async () => {
    const { done, dana } = panes();
    await done(dana, 'contact.create', {
      full_name: 'Nick Number',
      phone: '256 555 0302',
      email: 'nick@example.com',
    });
    const id = await inquiry({ email: 'nick@example.com', phone: '256 555 0303' });
    await convert(id);
    expect(await contact('Nick Number')).toMatchObject({ phone: '+12565550302' });
  });

  test('can be named when nobody could find out', async () => {
    const id = await inquiry({ full_name: 'Mrs H.', phone: '256 555 0304' });
    const { data } = await convert(id, { contact_id: 'C-1002' });
    expect(data).toMatchObject({ contact_created: false, contact: { reference: 'C-1002' } });
  });

  test('has to be named when several could be meant', async () => {
    const { done, dana } = panes();
    for (const full_name of ['Anna Twin', 'Bella Twin'])
      await done(dana, 'contact.create', { full_name, phone: '256 555 0305' });
    const id = await inquiry({ full_name: 'A. Twin', phone: '256 555 0305' });
    expect(await refusal(convert(id))).toEqual({
      code: 'AMBIGUOUS',
      message: `${id} could be several customers.`,
      field: 'contact_id',
      candidates: [
        {
          reference: expect.stringMatching(/^C-/),
          label: 'Anna Twin',
          why: 'same phone, name «Anna Twin» is near «A. Twin»',
        },
        {
          reference: expect.stringMatching(/^C-/),
          label: 'Bella Twin',
          why: 'same phone, name «Bella Twin» is near «A. Twin»',
        },
      ],
      hint: 'Say which one with contact_id, or new_customer: true for somebody we do not know yet.',
    });
    expect((await convert(id, { contact_id: 'Bella Twin' })).data).toMatchObject({
      contact: { full_name: 'Bella Twin' },
    });
  });

  test('is not asked about when they only share the telephone: somebody new is made, and that is said', async () => {
    const { done, dana } = panes();
    for (const full_name of ['Carl House', 'Dora House'])
      await done(dana, 'contact.create', { full_name, phone: '256 555 0306' });
    const other = await convert(await inquiry({ full_name: 'Emil Garden', phone: '256 555 0306' }));
    expect(other).toMatchObject({
      data: { contact_created: true, contact: { full_name: 'Emil Garden' } },
      warnings: [
        expect.stringMatching(/^C-\d+ «Carl House» has the same phone; is it the same customer\?$/),
        expect.stringMatching(/^C-\d+ «Dora House» has the same phone/),
      ],
    });
    // Who has the same name is meant, whoever else is reached there.
    const same = await convert(await inquiry({ full_name: 'Dora House', phone: '256 555 0306' }));
    expect(same.data).toMatchObject({ contact_created: false, contact: { full_name: 'Dora House' } });
  });

  test('is a new one when the office says so', async () => {
    const id = await inquiry({ full_name: 'A. Twin', phone: '256 555 0305' });
    const { data } = await convert(id, { new_customer: true });
    expect(data).toMatchObject({ contact_created: true, contact: { full_name: 'A. Twin' } });
    const other = await inquiry({ full_name: 'A. Twin', phone: '256 555 0305' });
    expect(await refusal(convert(other, { new_customer: true, contact_id: 'Bella Twin' }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'new_customer',
    });
  });

  test('who was removed meanwhile is added anew', async () => {
    const { done, dana } = panes();
    const before = await done(dana, 'contact.create', { full_name: 'Rita Removed', phone: '256 555 0306' });
    const id = await inquiry({ full_name: 'Rita Removed', phone: '256 555 0306' });
    await done(dana, 'contact.delete', { contact_id: before.id });
    const { data } = await convert(id);
    expect(data.contact_created).toBe(true);
    expect(
      await refusal(convert(await inquiry({ full_name: 'X' }), { contact_id: String(before.id) })),
    ).toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('company and address', () => {
  test('are found however they are written, and not made twice', async () => {
    const { done, dana } = panes();
    const firm = await done(dana, 'company.create', { name: 'Café Léon' });
    const place = { line1: '1 Clinton Ave', city: 'Huntsville' };
    const first = await inquiry({
      full_name: 'Leo Léon',
      phone: '256 555 0311',
      company_name: 'CAFE  LEON',
      ...place,
    });
    expect((await convert(first)).data).toMatchObject({ company: { id: firm.id } });
    const second = await inquiry({ full_name: 'Leo Léon', phone: '256 555 0311', line1: '1 clinton ave.' });
    await convert(second);
    expect(await read('addresses', { contact_id: 'Leo Léon' })).toHaveLength(1);
    expect(await contact('Leo Léon')).toMatchObject({ company_id: firm.id });
  });

  test('another company than the customer’s stays on the lead, and that is said', async () => {
    const { done, dana } = panes();
    await done(dana, 'company.create', { name: 'First Firm' });
    await done(dana, 'contact.create', {
      full_name: 'Walt Works',
      phone: '256 555 0312',
      company_id: 'First Firm',
    });
    const id = await inquiry({ full_name: 'Walt Works', phone: '256 555 0312' });
    await done(dana, 'lead.update', { lead_id: id, company_name: 'Second Firm', clear: ['company_id'] });
    const { warnings } = await convert(id);
    expect(warnings).toEqual([expect.stringContaining('«Second Firm» stands on the lead only')]);
  });

  test('alone are a customer too: an organization', async () => {
    const id = await inquiry({ company_name: 'Window Lovers Club', email: 'club@example.com' });
    await convert(id);
    expect(await contact('Window Lovers Club')).toMatchObject({
      kind: 'organization',
      email: 'club@example.com',
    });
  });
});

test('somebody without a name cannot be a customer yet', async () => {
  const id = await inquiry({ phone: '256 555 0320' });
  expect(await refusal(convert(id))).toEqual({
    code: 'INVALID_STATE',
    message: `Nobody knows yet who ${id} is.`,
    field: 'full_name',
    hint: 'Give the name with lead.update and full_name, or an existing customer with contact_id.',
  });
  expect(await panes().read(panes().dana, 'leads', { id })).toMatchObject([{ status: 'new' }]);
});

test('a preview shows the customer and leaves none', async () => {
  const { act, agent } = panes();
  const id = await inquiry({ full_name: 'Preview Pete' });
  const { data } = await act(agent, 'lead.convert', { lead_id: id }, { preview: true });
  expect(JSON.stringify(data.would_change)).toContain('Preview Pete');
  expect(await refusal(panes().read(panes().dana, 'contacts', { id: 'Preview Pete' }))).toMatchObject({
    code: 'NOT_FOUND',
  });
});

describe('at once', () => {
  test('eight conversions of one lead make one customer', async () => {
    const id = await inquiry({
      full_name: 'Otto Once',
      phone: '256 555 0330',
      line1: '8 Race St',
      company_name: 'Once Ltd',
    });
    const { won, refused } = await race(Array.from({ length: 8 }, () => convert(id)));
    expect(won).toHaveLength(1);
    expect(refused).toEqual(Array(7).fill('INVALID_STATE'));
    const found = await panes().read(panes().dana, 'contacts', { search: 'Otto Once' });
    expect(found).toHaveLength(1);
    expect(await read('addresses', { contact_id: String(found[0]?.id) })).toHaveLength(1);
    expect(await panes().read(panes().dana, 'companies', { search: 'Once Ltd' })).toHaveLength(1);
  });

  test('two leads of the same person make one customer', async () => {
    const ids = await Promise.all(
      ['Two Timer', 'T. Timer'].map(full_name => inquiry({ full_name, email: 'timer@example.com' })),
    );
    const { won } = await race(ids.map(id => convert(id)));
    const customers = won.map(({ data }) => data.contact);
    expect(won).toHaveLength(2);
    expect(customers[0]).toEqual(customers[1]);
  });

  test('two leads of one company make one company', async () => {
    const ids = await Promise.all(
      ['Ann', 'Ben'].map(full_name =>
        inquiry({ full_name: `${full_name} Partner`, company_name: 'Partner LLC' }),
      ),
    );
    await race(ids.map(id => convert(id)));
    expect(await panes().read(panes().dana, 'companies', { search: 'Partner LLC' })).toHaveLength(1);
  });
});

test('a lead of another business is not there, nor its customer', async () => {
  const { clear, done, act } = panes();
  const theirs = await done(clear.owner, 'lead.create', { full_name: 'Their Lead' });
  const id = await inquiry({ full_name: 'Our Lead' });
  const customer = await done(clear.owner, 'contact.create', { full_name: 'Their Customer' });
  expect(await refusal(act(panes().agent, 'lead.convert', { lead_id: theirs.id }))).toMatchObject({
    code: 'NOT_FOUND',
  });
  expect(await refusal(convert(id, { contact_id: String(customer.id) }))).toMatchObject({
    code: 'NOT_FOUND',
  });
});

describe('a visit that is booked along', () => {
  const booked = async (name: string, appointment: Record<string, unknown>) =>
    convert(await inquiry({ full_name: name }), { appointment: { duration_minutes: 60, ...appointment } });

  test('is refused with everything else where its technician is on another one, and booked where they are free', async () => {
    const { book } = panes();
    const busy = await book('2026-11-23T09:00', { technician_ids: ['Theo'], duration_minutes: 240 });
    const then = { scheduled_at: '2026-11-23T10:00' };
    const refused = await refusal(booked('Ida Infirst', { ...then, technician_ids: ['Theo'] }));
    expect(refused).toMatchObject({
      code: 'CONFLICT',
      message: `Theo is on ${busy.reference} from Mon 2026-11-23 09:00 -06:00 until 13:00.`,
      next_free: [{ technician: 'Theo' }, {}, {}],
    });
    expect(await panes().read(panes().dana, 'contacts', { search: 'Ida Infirst' })).toEqual([]);
    const { data } = await booked('Jo Justafter', { ...then, technician_ids: ['Tess'] });
    expect(data).toMatchObject({ contact_created: true, who_goes: 'Tess' });
  });

  test('says that nobody goes yet, and how the customer was told, as booking does', async () => {
    const { data } = await booked('Nan Nobody', { scheduled_at: '2026-11-24T10:00' });
    expect(data).toMatchObject({
      ticket: { technicians: [] },
      who_goes: 'nobody yet',
      customer_told: 'not told: only notify_customer: true writes to them',
    });
    const { data: alone } = await convert(await inquiry({ full_name: 'Olaf Only' }));
    expect(Object.keys(alone as object)).not.toContain('who_goes');
  });
});
