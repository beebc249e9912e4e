import { beforeEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';
import { knownOf, newCustomer } from './known-of.ts';

const panes = useBrightPanes();
let customer: string;
let customers = 0;
const known = () => knownOf(panes(), customer);
const set = (caller: 'dana' | 'agent', key: string, value: unknown, more: Record<string, unknown> = {}) =>
  panes().done(panes()[caller], 'attribute.set', { contact_id: customer, key, value, ...more });

beforeEach(async () => {
  customer = await newCustomer(panes(), `Customer ${++customers}`);
});

describe('a fact that is set by hand', () => {
  test('by a person is confirmed at once, in the name of that person', async () => {
    const { dana, read, bright } = panes();
    const set_ = await set('dana', 'pet', 'dog', { details: { name: 'Biscuit' } });
    expect(set_).toEqual({
      id: expect.any(String),
      reference: expect.stringMatching(/^AT-\d+$/),
      contact_id: expect.any(String),
      key: 'pet',
      value: 'dog',
      details: { name: 'Biscuit' },
      shown: 'pet: dog (name: Biscuit)',
      is_confirmed: true,
      is_new: true,
      replaced: [],
    });
    const [row] = await read(dana, 'attributes', {
      id: String(set_.reference),
      fields: ['source', 'extracted_by', 'confirmed_by', 'confirmed_at', 'note_id'],
    });
    expect(row).toEqual({
      id: set_.id,
      source: 'manual',
      extracted_by: null,
      confirmed_by: bright.people.Dana?.id,
      confirmed_at: '2026-11-18T14:00:00.000Z',
      note_id: null,
    });
  });

  test('by the agent waits for somebody to confirm it, and the agent is told so', async () => {
    const { agent, act } = panes();
    const outcome = await act(agent, 'attribute.set', { contact_id: customer, key: 'pet', value: 'dog' });
    expect(outcome).toMatchObject({ status: 'done', data: { is_confirmed: false } });
    expect(outcome.warnings).toEqual([
      '«pet: dog» is unconfirmed until a person, or attribute.confirm, says that it is so.',
    ]);
    expect(await known()).toEqual(['pet: dog?']);
  });

  test('is told in the history of the customer', async () => {
    const { dana, read } = panes();
    await set('dana', 'pet', 'dog');
    const [row] = await read(dana, 'contacts', { id: customer, include: ['audit_trail'] });
    expect(JSON.stringify(row?.audit_trail)).toContain('attribute.set');
  });

  test('twice is one fact, whatever the spelling', async () => {
    const first = await set('dana', 'pet', 'dog', { details: { name: 'Biscuit' } });
    const again = await set('dana', 'Pets', 'Dog', { details: { name: 'biscuit' } });
    expect(again).toMatchObject({ reference: first.reference, is_new: false });
    await set('dana', 'property_screen_count', 20);
    expect(await set('dana', 'screens', '20')).toMatchObject({ is_new: false, replaced: [] });
    expect(await known()).toEqual(['pet: dog (name: Biscuit)', 'property_screen_count: 20']);
  });

  test('by the agent and then by a person is confirmed', async () => {
    await set('agent', 'pet', 'dog');
    expect(await set('dana', 'pet', 'dog')).toMatchObject({ is_confirmed: true, is_new: false });
    expect(await set('agent', 'pet', 'dog')).toMatchObject({ is_confirmed: true, is_new: false });
    expect(await known()).toEqual(['pet: dog']);
  });

  test('with another name or value stands beside the others', async () => {
    await set('dana', 'pet', 'dog', { details: { name: 'Biscuit' } });
    await set('dana', 'pet', 'dog', { details: { name: 'Rex' } });
    await set('dana', 'pet', 'cat');
    expect(await known()).toEqual(['pet: cat', 'pet: dog (name: Biscuit)', 'pet: dog (name: Rex)']);
  });

  test('of which there can be one only takes the place of the older one', async () => {
    const first = await set('dana', 'property_screen_count', '20+');
    expect(await set('dana', 'screens', 24)).toMatchObject({
      key: 'property_screen_count',
      value: 24,
      replaced: [first.reference],
    });
    expect(await known()).toEqual(['property_screen_count: 24']);
  });

  test('that nobody has confirmed never takes the place of one that somebody has', async () => {
    await set('dana', 'property_screen_count', 24);
    await set('agent', 'property_screen_count', 30);
    expect(await known()).toEqual(['property_screen_count: 24', 'property_screen_count: 30?']);
    await set('agent', 'property_screen_count', 31);
    expect(await known()).toEqual(['property_screen_count: 24', 'property_screen_count: 31?']);
    await set('dana', 'property_screen_count', 31);
    expect(await known()).toEqual(['property_screen_count: 31']);
  });

  test('may be true or false, a number, or of a kind nobody has thought of before', async () => {
    await set('dana', 'has_pool', true);
    await set('dana', 'ladder_feet', 32);
    await set('dana', 'favorite_tea', 'Earl Grey');
    expect(await known()).toEqual(['favorite_tea: Earl Grey', 'has_pool: yes', 'ladder_feet: 32']);
  });

  test('does not keep a card number, in whatever member it hides', async () => {
    const { dana, act, database } = panes();
    const { warnings } = await act(dana, 'attribute.set', {
      contact_id: customer,
      key: 'payment_note',
      value: '4242 4242 4242 4242',
      details: { old_card: '4012 8888 8888 1881' },
    });
    expect(warnings).toEqual(
      ['"value"', '"old_card" in the details'].map(
        field => `A card number was removed from ${field}: such numbers are not kept here.`,
      ),
    );
    await set('dana', 'card', 4242424242424242);
    expect(await known()).toEqual([
      'card: [REDACTED CARD ..4242]',
      'payment_note: [REDACTED CARD ..4242] (old_card: [REDACTED CARD ..1881])',
    ]);
    const { rows } = await database.owner.query(
      `select field from security_events where action = 'attribute.set' order by id`,
    );
    expect(rows.map(row => row.field)).toEqual(['value', 'details.old_card', 'value']);
  });
});

describe('a fact that cannot be set', () => {
  const refused = async (data: Record<string, unknown>) => {
    const call = { contact_id: customer, key: 'pet', value: 'dog', ...data };
    return refusal(panes().act(panes().dana, 'attribute.set', call));
  };

  test.each([
    [{ key: 'no spaces allowed' }, { field: 'key' }],
    [{ value: '' }, { field: 'value' }],
    [{ value: { name: 'Biscuit' } }, { field: 'value' }],
    [{ value: 'x'.repeat(301) }, { field: 'value' }],
    [{ details: { name: ['Biscuit'] } }, { field: 'details.name' }],
    [{ details: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 } }, { field: 'details' }],
    [{ shape: 'round' }, { field: 'shape' }],
  ])('%j', async (data, problem) => {
    expect(await refused(data)).toMatchObject({ code: 'VALIDATION_ERROR', ...problem });
    expect(await known()).toEqual([]);
  });

  test('because its customer is not here, or deleted', async () => {
    const { dana, clear, done, act } = panes();
    const stranger = await done(clear.owner, 'contact.create', { full_name: 'Clear Customer' });
    expect(await refused({ contact_id: stranger.id })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'contact_id',
    });
    await done(dana, 'contact.delete', { contact_id: customer });
    expect(await refused({})).toMatchObject({ code: 'NOT_FOUND', field: 'contact_id' });
    await done(dana, 'contact.restore', { contact_id: customer });
    expect(
      await act(dana, 'attribute.set', { contact_id: customer, key: 'pet', value: 'dog' }),
    ).toMatchObject({
      status: 'done',
    });
  });

  test('because technicians neither set nor read what is known', async () => {
    const { theo, act, read } = panes();
    await set('dana', 'pet', 'dog');
    const call = { contact_id: customer, key: 'pet', value: 'cat' };
    expect(await refusal(act(theo, 'attribute.set', call))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(read(theo, 'attributes'))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(read(theo, 'attribute_catalog'))).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('at the same moment', () => {
  const setAll = (values: readonly unknown[], key: string) =>
    race(
      values.map(value => panes().done(panes().dana, 'attribute.set', { contact_id: customer, key, value })),
    );

  test('the same fact from several people is one fact', async () => {
    const { won } = await setAll(Array(6).fill('dog'), 'pet');
    expect(won.filter(answer => answer.is_new)).toHaveLength(1);
    expect(new Set(won.map(answer => answer.reference)).size).toBe(1);
    expect(await known()).toEqual(['pet: dog']);
  });

  test('several values of a key with one value leave one', async () => {
    const { won } = await setAll([20, 21, 22, 23, 24, 25], 'property_window_count');
    expect(won).toHaveLength(6);
    expect(await known()).toHaveLength(1);
  });

  test('a key nobody has used before is one key', async () => {
    await setAll(['a', 'b', 'c', 'd', 'e'], 'brand_new_key');
    const { dana, read } = panes();
    expect(await read(dana, 'attribute_catalog', { params: { key: 'brand_new_key' } })).toMatchObject([
      { key: 'brand_new_key', uses: 5, customers: 1 },
    ]);
  });
});

test('a call that is repeated with its key is done once, and a preview leaves nothing', async () => {
  const { dana, act, read } = panes();
  const call = { contact_id: customer, key: 'first_seen_in_preview', value: 'dog' };
  const preview = await act(dana, 'attribute.set', call, { preview: true });
  expect(preview).toMatchObject({
    status: 'preview',
    data: { result: { shown: 'first_seen_in_preview: dog' } },
  });
  expect(await known()).toEqual([]);
  expect(await read(dana, 'attribute_catalog', { params: { key: 'first_seen_in_preview' } })).toEqual([]);
  const extra = { idempotency_key: `set-${customer}` };
  const first = await act(dana, 'attribute.set', call, extra);
  const second = await act(dana, 'attribute.set', call, extra);
  expect(second).toMatchObject({ replayed: true, data: first.data });
  expect(first.data).toMatchObject({ is_new: true });
});
