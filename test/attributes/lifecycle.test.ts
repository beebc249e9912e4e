import { beforeEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';
import { knownOf, newCustomer } from './known-of.ts';

const panes = useBrightPanes();
let customer: string;
let customers = 0;
const known = () => knownOf(panes(), customer);

async function set(key: string, value: unknown, details?: Record<string, unknown>): Promise<string> {
  const { dana, done } = panes();
  const fact = { contact_id: customer, key, value, ...(details ? { details } : {}) };
  return String((await done(dana, 'attribute.set', fact)).reference);
}

beforeEach(async () => {
  customer = await newCustomer(panes(), `Customer ${++customers}`);
});

describe('a fact that is wrong', () => {
  test('is deleted and brought back; the agent says why', async () => {
    const { agent, dana, act, done, read } = panes();
    const dog = await set('pet', 'dog');
    expect(await refusal(act(agent, 'attribute.delete', { attribute_id: dog }))).toMatchObject({
      code: 'REASONING_REQUIRED',
    });
    await done(agent, 'attribute.delete', { attribute_id: dog }, { reasoning: 'She has never had a dog' });
    expect(await known()).toEqual([]);
    expect(await refusal(read(dana, 'attributes', { id: dog }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusal(act(dana, 'attribute.delete', { attribute_id: dog }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    await done(dana, 'attribute.restore', { attribute_id: dog });
    expect(await known()).toEqual(['pet: dog']);
  });

  test('is not brought back beside the same fact', async () => {
    const { dana, act, done } = panes();
    const dog = await set('pet', 'dog');
    await done(dana, 'attribute.delete', { attribute_id: dog });
    const again = await set('pet', 'dog');
    expect(again).not.toBe(dog);
    expect(await refusal(act(dana, 'attribute.restore', { attribute_id: dog }))).toMatchObject({
      code: 'CONFLICT',
      message: 'This fact is known already.',
    });
    await done(dana, 'attribute.delete', { attribute_id: again });
    expect(await act(dana, 'attribute.restore', { attribute_id: dog })).toMatchObject({ status: 'done' });
  });

  test('that is brought back is the one value its key has', async () => {
    const { dana, done } = panes();
    const before = await set('gate_code', '1111');
    await set('gate_code', '2222');
    expect(await known()).toEqual(['gate_code: 2222']);
    await done(dana, 'attribute.restore', { attribute_id: before });
    expect(await known()).toEqual(['gate_code: 1111']);
  });

  test('is not found, deleted or brought back from another business', async () => {
    const { clear, act, read } = panes();
    const dog = await set('pet', 'dog');
    expect(await read(clear.owner, 'attributes')).toEqual([]);
    expect(await refusal(act(clear.owner, 'attribute.delete', { attribute_id: dog }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(await known()).toEqual(['pet: dog']);
  });
});

describe('what is known of a customer', () => {
  test('is found by itself, with the customer’s words, and no more once it is deleted', async () => {
    const { dana, done, read } = panes();
    const dog = await set('pet', 'iguana', { name: 'Zebulon' });
    const find = (search: string, type = 'attributes') => read(dana, type, { search });
    for (const words of ['iguana', 'zebulon', 'pets zebulon', 'Zebulom', 'animal iguana', dog]) {
      expect(await find(words)).toMatchObject([{ reference: dog }]);
    }
    expect(await find('iguana', 'contacts')).toMatchObject([{ reference: customer }]);
    await done(dana, 'attribute.delete', { attribute_id: dog });
    expect(await find('iguana')).toEqual([]);
    expect(await find('iguana', 'contacts')).toEqual([]);
  });

  test('goes out of sight with the customer and comes back with them', async () => {
    const { dana, done, read } = panes();
    const pet = await set('pet', 'axolotl');
    await done(dana, 'contact.delete', { contact_id: customer });
    expect(await read(dana, 'attributes', { search: 'axolotl' })).toEqual([]);
    await done(dana, 'contact.restore', { contact_id: customer });
    expect(await read(dana, 'attributes', { search: 'axolotl' })).toMatchObject([{ reference: pet }]);
  });

  test('goes out of sight with a whole import that is taken back', async () => {
    const { dana, done, read } = panes();
    const content =
      'First Name,Last Name,Email Address,Phone Number,Square Customer ID\nIda,Imported,,,SQ-1\n';
    const batch = await done(dana, 'import.square', { content });
    customer = String((await read(dana, 'contacts', { search: 'Ida Imported' }))[0]?.reference);
    const pet = await set('pet', 'quokka');
    expect(await read(dana, 'attributes', { search: 'quokka' })).toMatchObject([{ reference: pet }]);
    await done(dana, 'import.undo', { import_id: batch.import });
    expect(await read(dana, 'attributes', { search: 'quokka' })).toEqual([]);
  });

  test('is history: the agent does not delete a customer of whom something was written down by hand', async () => {
    const { agent, act } = panes();
    const reasoning = 'She was added twice by mistake';
    await set('pet', 'dog');
    const outcome = await act(agent, 'contact.delete', { contact_id: customer }, { reasoning });
    expect(outcome).toMatchObject({ status: 'pending_authorization' });
    expect(JSON.stringify(outcome.data)).toContain('"reason":"this customer has 1 known fact"');
    const other = await newCustomer(panes(), 'Unknown Una');
    expect(await act(agent, 'contact.delete', { contact_id: other }, { reasoning })).toMatchObject({
      status: 'done',
    });
  });

  test('finds customers by key, by value, and by the names in it', async () => {
    const { dana, read } = panes();
    await set('pet', 'dog', { name: 'Quibble' });
    await set('service_duration_note', 'longer_than_usual');
    await set('wants_receipt', true);
    await set('property_story_count', 7);
    const find = async (attribute: string) =>
      (await read(dana, 'contacts', { params: { attribute }, limit: 100 })).map(row => row.reference);
    for (const attribute of [
      'pet=dog',
      'Pets: DOG',
      'pet:quibble',
      'service duration note = longer than usual',
      'wants_receipt=yes',
      'stories: 7',
      'wants_receipt',
    ]) {
      expect({ [attribute]: await find(attribute) }).toEqual({
        [attribute]: expect.arrayContaining([customer]),
      });
    }
    for (const attribute of [
      'pet=cat',
      'cat',
      'wants_receipt=no',
      'property_story_count: 8',
      'nothing',
      '=',
      "pet='",
    ]) {
      expect({ [attribute]: await find(attribute) }).toEqual({ [attribute]: [] });
    }
  });

  test('is listed by customer, key, value and whether it is confirmed', async () => {
    const { dana, agent, read, done } = panes();
    const dog = await set('pet', 'dog', { name: 'Rex' });
    const code = await set('gate_code', '4711');
    const cat = await done(agent, 'attribute.set', { contact_id: customer, key: 'pet', value: 'cat' });
    const list = async (params: Record<string, unknown>, filter?: string) =>
      (
        await read(dana, 'attributes', {
          params: { contact_id: customer, ...params },
          sort: 'created_at',
          ...(filter ? { filter } : {}),
        })
      ).map(row => row.reference);
    expect(await list({})).toEqual([dog, code, cat.reference]);
    expect(await list({ key: 'pets' })).toEqual([dog, cat.reference]);
    expect(await list({ key: 'pet', value: 'DOG' })).toEqual([dog]);
    expect(await list({ is_confirmed: false })).toEqual([cat.reference]);
    expect(await list({ is_confirmed: true })).toEqual([dog, code]);
    expect(await list({}, 'unconfirmed')).toEqual([cat.reference]);
  });

  test('is told before booking, with what nobody has confirmed marked', async () => {
    const { agent, dana, done, read } = panes();
    const dog = await set('pet', 'dog', { name: 'Biscuit' });
    const code = await done(agent, 'attribute.set', {
      contact_id: customer,
      key: 'gate_code',
      value: '4711',
    });
    const [row] = await read(dana, 'booking_context', { params: { contact_id: customer } });
    expect(row?.attributes).toEqual([
      `${dog} pet: dog (name: Biscuit)`,
      `${code.reference} gate_code: 4711 (unconfirmed)`,
    ]);
  });
});

test('what the owner said to an agent is confirmed, and the trail says who said and who wrote it', async () => {
  const { agent, dana, done, read } = panes();
  const said = { contact_id: 'C-1002', key: 'gate_code', value: '4711' };
  const guess = await done(agent, 'attribute.set', { ...said, key: 'elderly', value: 'yes' });
  expect(guess).toMatchObject({ is_confirmed: false });
  const fact = await done(agent, 'attribute.set', { ...said, said_by: 'owner' });
  expect(fact).toMatchObject({ is_confirmed: true });
  const [entry] = await read(dana, 'audit_log', { params: { entity_id: String(fact.id) } });
  expect(entry).toMatchObject({
    actor_kind: 'agent',
    changes: { said_by: { old: null, new: 'owner' }, extracted_by: { old: null, new: 'agent' } },
  });
  // What it had written as its own guess becomes the owner's word, too.
  await done(agent, 'attribute.set', { ...said, key: 'elderly', value: 'yes', said_by: 'owner' });
  const [row] = await read(dana, 'attributes', { id: String(guess.id) });
  expect(row).toMatchObject({ is_confirmed: true, said_by: 'owner' });
});
