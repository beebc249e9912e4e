import { beforeAll, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

beforeAll(async () => {
  const { dana, done, clear } = panes();
  await done(dana, 'note.create', {
    contact_id: 'C-1001',
    content: 'Extension ladder needed, dog named Biscuit',
  });
  const { id } = await done(dana, 'company.create', { name: 'Hart Realty' });
  await done(dana, 'contact.create', {
    full_name: 'Beatrice Ostrander',
    nickname: 'Bee',
    company_id: id,
    emails: [{ email: 'bea@hart-realty.example' }],
    phone: '938-555-2001',
    tags: ['rentals'],
  });
  await done(dana, 'contact.create', { full_name: 'Tomás Núñez', phone: '256-555-0177' });
  await done(clear.owner, 'contact.create', { full_name: 'Jane Smith', phone: '(256) 555-0142' });
});

const find = async (search: string) =>
  (await panes().read(panes().dana, 'contacts', { search, limit: 5 })).map(row => row.reference);

describe('a customer is found', () => {
  test.each([
    ['name', 'jane smith'],
    ['part of a name', 'smit'],
    ['name with a typing error', 'Jane Smiht'],
    ['telephone number as it was written down', '(256) 555-0142'],
    ['telephone number in another spelling', '+1 256.555.0142'],
    ['last digits of the number', '0142'],
    ['number without the area code', '555-0142'],
    ['e-mail address', 'jane.smith@example.com'],
    ['street', '123 main street'],
    ['town with a typing error', 'Madisson'],
    ['word of a note', 'biscuit'],
    ['reference', 'c-1001'],
    ['several of them together', 'smith madison ladder'],
  ])('by %s', async (_what, words) => {
    expect((await find(words))[0]).toBe('C-1001');
  });

  test('by nickname, company, tag, and a name without its accents', async () => {
    expect(await find('Bee')).toEqual(['C-1003']);
    expect(await find('hart realty')).toEqual(['C-1003']);
    expect(await find('rentals')).toEqual(['C-1003']);
    expect(await find('tomas nunez')).toEqual(['C-1004']);
  });

  test('by the newest words only: what was changed or deleted finds nobody', async () => {
    const { dana, done } = panes();
    const note = await done(dana, 'note.create', { contact_id: 'C-1002', content: 'Has a parrot' });
    expect(await find('parrot')).toEqual(['C-1002']);
    await done(dana, 'note.update', { note_id: note.id, content: 'Has a canary' });
    expect([await find('parrot'), await find('canary')]).toEqual([[], ['C-1002']]);
    await done(dana, 'note.delete', { note_id: note.id });
    expect(await find('canary')).toEqual([]);
    await done(dana, 'note.restore', { note_id: note.id });
    expect(await find('canary')).toEqual(['C-1002']);
    await done(dana, 'note.update', { note_id: note.id, contact_id: 'C-1001' });
    expect(await find('canary')).toEqual(['C-1001']);
  });

  test('not by words nobody carries, nor in the other business', async () => {
    expect(await find('zanzibar')).toEqual([]);
    const { clear, read } = panes();
    expect(await read(clear.owner, 'contacts', { search: 'Ostrander' })).toEqual([]);
    expect(await read(clear.owner, 'contacts', { search: 'Jane' })).toHaveLength(1);
  });
});

describe('naming a customer in a call', () => {
  const describeFor = (contact_id: string) =>
    panes().read(panes().dana, 'booking_context', { params: { contact_id } });

  test('takes the id, the reference in any case, and a name that fits one of them', async () => {
    const [jane] = await panes().read(panes().dana, 'contacts', { id: 'C-1001' });
    for (const name of [String(jane?.id), 'C-1001', 'c-1001', ' C-1001 ', 'Jane Smith', 'Mrs Jane Smith']) {
      expect(await describeFor(name)).toMatchObject([{ id: jane?.id }]);
    }
  });

  test('asks back with references when the name fits several', async () => {
    const { dana, done } = panes();
    await done(dana, 'contact.create', { full_name: 'Jane Smithers' });
    expect(await refusal(describeFor('Jane'))).toEqual({
      code: 'AMBIGUOUS',
      message: '«Jane» could be several contacts.',
      field: 'contact_id',
      got: 'Jane',
      candidates: expect.arrayContaining([
        {
          reference: 'C-1001',
          label: 'Jane Smith',
          known_by: '123 Main Street, Madison, AL 35758; (256) 555-0142',
        },
        { reference: 'C-1005', label: 'Jane Smithers' },
      ]),
      hint: 'Use one of the references.',
    });
    // The whole name of one of them is no question.
    expect(await describeFor('jane smith')).toMatchObject([{ reference: 'C-1001' }]);
  });

  test('does not take a reference to something else for a telephone number', async () => {
    expect(await find('2001')).toEqual(['C-1003']);
    expect(await refusal(describeFor('T-2001'))).toEqual({
      code: 'NOT_FOUND',
      message: 'There is no contact «T-2001» here.',
      field: 'contact_id',
      got: 'T-2001',
      hint: 'A reference to a contact looks like C-1001.',
    });
    expect(await refusal(panes().read(panes().dana, 'contacts', { id: 'T-2001' }))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
