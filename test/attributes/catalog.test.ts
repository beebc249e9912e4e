import { describe, expect, test } from 'vitest';
import type { ReadQuery } from '../../core/kernel/registry/define.ts';
import { askFor } from '../authorization-queue/asking.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';
import { knownOf, newCustomer } from './known-of.ts';

const panes = useBrightPanes();

const set = (contact_id: string, key: string, value: unknown, caller = panes().dana) =>
  panes().done(caller, 'attribute.set', { contact_id, key, value });
const update = (data: Record<string, unknown>) => panes().done(panes().olivia, 'attribute.update_key', data);
const catalog = (query: ReadQuery = {}) => panes().read(panes().dana, 'attribute_catalog', query);
const keyOf = async (key: string) => (await catalog({ params: { key } }))[0];

describe('the catalog', () => {
  test('counts the keys in use, and knows the usual ones by all their names', async () => {
    const { agent } = panes();
    await set('C-1001', 'screens', '20+');
    await set('C-1002', 'number_of_screens', 12, agent);
    await set('C-1002', 'likes_tea', true);
    expect(
      await catalog({ fields: ['key', 'uses', 'customers', 'unconfirmed', 'examples', 'is_known'] }),
    ).toEqual([
      {
        id: expect.any(String),
        key: 'likes_tea',
        uses: 1,
        customers: 1,
        unconfirmed: 0,
        examples: ['true'],
        is_known: false,
      },
      {
        id: expect.any(String),
        key: 'property_screen_count',
        uses: 2,
        customers: 2,
        unconfirmed: 1,
        examples: ['12', '20+'],
        is_known: false,
      },
    ]);
    expect(await keyOf('window_screens')).toMatchObject({
      key: 'property_screen_count',
      aliases: ['screens', 'screen_count', 'number_of_screens', 'window_screens'],
      description: 'how many screens',
      is_single: true,
      value_type: null,
    });
  });

  test('is read page by page', async () => {
    const first = await panes().app.read(
      panes().dana,
      'attribute_catalog',
      { limit: 1 },
      { request_id: 'page' },
    );
    expect(first.rows).toMatchObject([{ key: 'likes_tea' }]);
    expect(await catalog({ limit: 1, cursor: first.next_cursor ?? '' })).toMatchObject([
      { key: 'property_screen_count' },
    ]);
    expect(await refusal(catalog({ cursor: 'Not A Key' }))).toMatchObject({ field: 'cursor' });
  });

  test('shows nothing of another business', async () => {
    const { clear, read } = panes();
    expect(await read(clear.owner, 'attribute_catalog')).toEqual([]);
  });
});

describe('a key', () => {
  test('is described, marked as known and typed; what is given from then on is read as that type', async () => {
    const customer = await newCustomer(panes(), 'Typed Tina');
    await set(customer, 'house_age', '30');
    const { warnings, data } = await panes().act(panes().olivia, 'attribute.update_key', {
      key: 'house_age',
      description: 'in years',
      value_type: 'number',
      is_known: true,
      is_single: true,
    });
    expect(data).toMatchObject({
      description: 'in years',
      value_type: 'number',
      is_known: true,
      is_single: true,
    });
    expect(warnings).toEqual(['1 fact of house_age is no number; what is there stays as it is.']);
    expect(await set(customer, 'house_age', ' 31 ')).toMatchObject({ value: 31 });
    expect(
      await refusal(
        panes().act(panes().dana, 'attribute.set', { contact_id: customer, key: 'house_age', value: 'old' }),
      ),
    ).toMatchObject({ code: 'VALIDATION_ERROR', field: 'value', message: 'house_age is a number here.' });
    expect(await knownOf(panes(), customer)).toEqual(['house_age: 31']);
    await update({ key: 'house_age', value_type: 'boolean' });
    expect(await set(customer, 'house_age', 'yes')).toMatchObject({ value: true });
    await update({ key: 'house_age', clear: ['value_type', 'description'] });
    expect(await keyOf('house_age')).toMatchObject({ value_type: null, description: null });
    expect(await set(customer, 'house_age', 'old')).toMatchObject({ value: 'old' });
  });

  test('that becomes an alias gives its facts to the other one, and the same fact is kept once', async () => {
    const [ann, bob] = [await newCustomer(panes(), 'Alias Ann'), await newCustomer(panes(), 'Alias Bob')];
    const { agent } = panes();
    await set(ann, 'pet', 'dog', agent);
    await set(ann, 'critter', 'dog');
    await set(ann, 'critter', 'snake');
    await set(bob, 'critter', 'lizard', agent);
    expect(await update({ key: 'pet', add_aliases: ['critter'] })).toMatchObject({
      key: 'pet',
      aliases: ['pets', 'animal', 'animals', 'critter'],
      moved: 2,
      merged: 1,
      uses: 3,
    });
    // What a person had confirmed under the alias stays confirmed.
    expect(await knownOf(panes(), ann)).toEqual(['pet: dog', 'pet: snake']);
    expect(await knownOf(panes(), bob)).toEqual(['pet: lizard?']);
    expect(await set(bob, 'critter', 'newt')).toMatchObject({ key: 'pet' });
    expect(await catalog({ params: { key: 'critter' } })).toMatchObject([{ key: 'pet' }]);
    const found = await panes().read(panes().dana, 'attributes', { search: 'critter snake' });
    expect(found).toMatchObject([{ key: 'pet', value: 'snake' }]);
  });

  test('gives away an alias, which is then a key of its own again', async () => {
    const customer = await newCustomer(panes(), 'Own Olga');
    await set(customer, 'pet', 'dog');
    await update({ key: 'pet', remove_aliases: ['animals'] });
    expect((await keyOf('pet'))?.aliases).not.toContain('animals');
    await update({ key: 'pet', add_aliases: ['animals'] });
    expect((await keyOf('pet'))?.aliases).toContain('animals');
  });

  test('cannot have an alias that belongs to another key', async () => {
    const customer = await newCustomer(panes(), 'Taken Tom');
    await set(customer, 'pet', 'dog');
    await set(customer, 'vehicle', 'truck');
    const call = (data: Record<string, unknown>) => panes().act(panes().olivia, 'attribute.update_key', data);
    expect(await refusal(call({ key: 'vehicle', add_aliases: ['pets'] }))).toEqual({
      code: 'CONFLICT',
      message: '"pets" is an alias of pet already.',
      field: 'add_aliases',
      got: 'pets',
      hint: 'Take it from pet first (remove_aliases), or make pet itself an alias.',
    });
    expect(await refusal(call({ key: 'vehicle', add_aliases: ['vehicle'] }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'add_aliases',
    });
    expect(await refusal(call({ key: 'vehicel', is_known: true }))).toMatchObject({
      code: 'NOT_FOUND',
      field: 'key',
      did_you_mean: ['vehicle'],
    });
    expect(await refusal(call({ key: 'vehicle' }))).toMatchObject({ code: 'VALIDATION_ERROR', field: 'key' });
    expect(await call({ key: 'vehicle', add_aliases: ['car'] })).toMatchObject({ status: 'done' });
  });

  test('and another one cannot take the same alias at the same moment', async () => {
    const customer = await newCustomer(panes(), 'Racing Rita');
    const keys = ['one_key', 'two_key', 'three_key', 'four_key'];
    for (const key of keys) await set(customer, key, 'x');
    const { won, refused } = await race(keys.map(key => update({ key, add_aliases: ['wanted_by_all'] })));
    expect(won).toHaveLength(1);
    expect(refused).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT']);
  });

  test('can be merged while facts of it come in: none is lost', async () => {
    const customer = await newCustomer(panes(), 'Busy Bea');
    await set(customer, 'old_name', 'start');
    await set(customer, 'new_name', 'start');
    const values = Array.from({ length: 8 }, (_, n) => `value ${n}`);
    const { won } = await race([
      ...values.map(value => set(customer, 'old_name', value)),
      update({ key: 'new_name', add_aliases: ['old_name'] }),
    ]);
    expect(won).toHaveLength(9);
    expect(await knownOf(panes(), customer)).toEqual([
      'new_name: start',
      ...values.map(value => `new_name: ${value}`),
    ]);
  });
});

describe('who may shape the catalog', () => {
  test('the owner, nobody in the office, and the agent with the owner’s permission', async () => {
    const { dana, bright, olivia, act, done } = panes();
    const customer = await newCustomer(panes(), 'Shaped Sue');
    await set(customer, 'shape', 'round');
    const call = { key: 'shape', description: 'of the house' };
    expect(await refusal(act(dana, 'attribute.update_key', call))).toMatchObject({ code: 'FORBIDDEN' });
    const request = await askFor(panes(), bright, 'attribute.update_key', call);
    expect(await keyOf('shape')).toMatchObject({ description: null });
    await done(olivia, 'authorization.allow_once', { ...request });
    expect(await keyOf('shape')).toMatchObject({ description: 'of the house' });
  });

  test('nobody of another business', async () => {
    const { clear, act, done } = panes();
    expect(
      await refusal(act(clear.owner, 'attribute.update_key', { key: 'shape', is_known: true })),
    ).toMatchObject({ code: 'NOT_FOUND' });
    const theirs = await done(clear.owner, 'contact.create', { full_name: 'Clear Customer' });
    await set(String(theirs.id), 'shape', 'square', clear.owner);
    await done(clear.owner, 'attribute.update_key', { key: 'shape', add_aliases: ['pets'] });
    expect(await keyOf('pets')).toMatchObject({ key: 'pet' });
    expect(await keyOf('shape')).toMatchObject({ uses: 1, examples: ['round'] });
  });
});
