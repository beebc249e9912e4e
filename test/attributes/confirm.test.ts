import { beforeEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';
import { knownOf, newCustomer } from './known-of.ts';

const panes = useBrightPanes();
let customer: string;
let customers = 0;
const known = () => knownOf(panes(), customer);

/** What the agent says of the customer, unconfirmed; answers its reference. */
async function said(key: string, value: unknown, details?: Record<string, unknown>): Promise<string> {
  const { agent, done } = panes();
  const fact = { contact_id: customer, key, value, ...(details ? { details } : {}) };
  return String((await done(agent, 'attribute.set', fact)).reference);
}

const confirm = (data: Record<string, unknown>) => panes().done(panes().dana, 'attribute.confirm', data);

beforeEach(async () => {
  customer = await newCustomer(panes(), `Customer ${++customers}`);
});

describe('confirming', () => {
  test('some facts leaves the others as they are, and notes who it was', async () => {
    const { dana, read, bright } = panes();
    const dog = await said('pet', 'dog');
    await said('pet', 'cat');
    expect(await confirm({ attribute_ids: [dog] })).toEqual({
      confirmed: [{ reference: dog, shown: 'pet: dog', is_confirmed: true }],
      already_confirmed: [],
      replaced: [],
    });
    expect(await known()).toEqual(['pet: cat?', 'pet: dog']);
    const [row] = await read(dana, 'attributes', { id: dog, fields: ['confirmed_by', 'extracted_by'] });
    expect(row).toMatchObject({ confirmed_by: bright.people.Dana?.id, extracted_by: 'agent' });
    expect(await confirm({ attribute_ids: dog })).toEqual({
      confirmed: [],
      already_confirmed: [dog],
      replaced: [],
    });
  });

  test('all of a customer', async () => {
    await said('pet', 'dog');
    await said('gate_code', '4711');
    expect((await confirm({ contact_id: customer })).confirmed).toHaveLength(2);
    expect(await known()).toEqual(['gate_code: 4711', 'pet: dog']);
    expect(await confirm({ contact_id: customer })).toEqual({
      confirmed: [],
      already_confirmed: [],
      replaced: [],
    });
  });

  test('with a correction writes down what is right', async () => {
    const dog = await said('pet', 'dog', { name: 'Bisquit' });
    const code = await said('door_code', '4711');
    const answer = await confirm({
      contact_id: customer,
      corrections: [
        { attribute_id: dog, details: { name: 'Biscuit' } },
        { attribute_id: code, key: 'gate_code', value: '4712' },
      ],
    });
    expect(answer.confirmed).toEqual([
      { reference: dog, shown: 'pet: dog (name: Biscuit)', is_confirmed: true },
      { reference: code, shown: 'gate_code: 4712', is_confirmed: true },
    ]);
    expect(await known()).toEqual(['gate_code: 4712', 'pet: dog (name: Biscuit)']);
  });

  test('with a correction to what is known already keeps one of the two', async () => {
    const right = await said('pet', 'dog', { name: 'Biscuit' });
    const wrong = await said('pet', 'dog', { name: 'Bisquit' });
    expect(await confirm({ corrections: [{ attribute_id: wrong, details: { name: 'Biscuit' } }] })).toEqual({
      confirmed: [{ reference: right, shown: 'pet: dog (name: Biscuit)', is_confirmed: true }],
      already_confirmed: [],
      replaced: [wrong],
    });
    expect(await known()).toEqual(['pet: dog (name: Biscuit)']);
  });

  test('another value of a key with one value takes the place of what was confirmed before', async () => {
    const { dana, done } = panes();
    const before = await done(dana, 'attribute.set', {
      contact_id: customer,
      key: 'gate_code',
      value: '1111',
    });
    const after = await said('gate_code', '2222');
    expect(await known()).toEqual(['gate_code: 1111', 'gate_code: 2222?']);
    expect(await confirm({ attribute_ids: [after] })).toMatchObject({ replaced: [before.reference] });
    expect(await known()).toEqual(['gate_code: 2222']);
  });

  test('is possible for the agent with a reason, in nobody’s name', async () => {
    const { agent, act, done, read, dana } = panes();
    const dog = await said('pet', 'dog');
    expect(await refusal(act(agent, 'attribute.confirm', { attribute_ids: [dog] }))).toMatchObject({
      code: 'REASONING_REQUIRED',
    });
    const reasoning = 'She told me on the phone that the dog is hers';
    await done(agent, 'attribute.confirm', { attribute_ids: [dog] }, { reasoning });
    const [row] = await read(dana, 'attributes', { id: dog, fields: ['is_confirmed', 'confirmed_by'] });
    expect(row).toMatchObject({ is_confirmed: true, confirmed_by: null });
  });

  test('of more than five customers at once by the agent waits for a person', async () => {
    const { agent, act } = panes();
    const facts: string[] = [];
    for (let n = 0; n < 6; n++) {
      customer = await newCustomer(panes(), `One of many ${n}`);
      facts.push(await said('pet', 'dog'));
    }
    const reasoning = 'They all told me about their dogs';
    const ask = (attribute_ids: string[]) =>
      act(agent, 'attribute.confirm', { attribute_ids }, { reasoning });
    expect(await ask(facts)).toMatchObject({ status: 'pending_authorization' });
    expect(await ask(facts.slice(0, 5))).toMatchObject({ status: 'done' });
  });

  test('the same by two people at once is confirmed once', async () => {
    const { olivia, dana, done } = panes();
    const dog = await said('pet', 'dog');
    const { won } = await race(
      [olivia, dana, olivia, dana].map(who => done(who, 'attribute.confirm', { attribute_ids: [dog] })),
    );
    expect(won.filter(({ confirmed }) => Array.isArray(confirmed) && confirmed.length === 1)).toHaveLength(1);
    expect(won).toHaveLength(4);
  });
});

describe('confirming is refused', () => {
  const refused = (data: Record<string, unknown>) =>
    refusal(panes().act(panes().dana, 'attribute.confirm', data));

  test('without anything to confirm', async () => {
    expect(await refused({})).toEqual({
      code: 'VALIDATION_ERROR',
      message: 'Say which facts to confirm.',
      field: 'attribute_ids',
      hint: 'Give attribute_ids, corrections, or contact_id for all of a customer.',
    });
  });

  test('for facts that are not here, were deleted, or are about somebody else', async () => {
    const { dana, clear, done } = panes();
    const theirs = await done(clear.owner, 'contact.create', { full_name: 'Clear Customer' });
    const stranger = await done(clear.owner, 'attribute.set', {
      contact_id: theirs.id,
      key: 'pet',
      value: 'dog',
    });
    expect(await refused({ attribute_ids: [stranger.id] })).toMatchObject({ code: 'NOT_FOUND' });
    const dog = await said('pet', 'dog');
    expect(await refused({ contact_id: 'C-1001', attribute_ids: [dog] })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'attribute_ids',
    });
    await done(dana, 'attribute.delete', { attribute_id: dog });
    expect(await refused({ attribute_ids: [dog] })).toMatchObject({
      code: 'NOT_FOUND',
      field: 'attribute_ids',
    });
    await done(dana, 'attribute.restore', { attribute_id: dog });
    expect((await confirm({ attribute_ids: [dog] })).confirmed).toHaveLength(1);
  });

  test('for technicians', async () => {
    const dog = await said('pet', 'dog');
    const { theo, act } = panes();
    expect(await refusal(act(theo, 'attribute.confirm', { attribute_ids: [dog] }))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await known()).toEqual(['pet: dog?']);
  });

  test('with a correction that the key does not take, and nothing of the call happens', async () => {
    const { olivia, done } = panes();
    const dog = await said('pet', 'dog');
    const age = await said('age_of_house', '30');
    await done(olivia, 'attribute.update_key', { key: 'age_of_house', value_type: 'number' });
    const corrections = [{ attribute_id: age, value: 'very old' }];
    expect(await refused({ attribute_ids: [dog], corrections })).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'corrections',
      got: 'very old',
    });
    expect(await known()).toEqual(['age_of_house: 30?', 'pet: dog?']);
  });
});

test('a preview of confirming leaves nothing', async () => {
  const { dana, act } = panes();
  const dog = await said('pet', 'dog');
  const preview = await act(dana, 'attribute.confirm', { attribute_ids: [dog] }, { preview: true });
  expect(preview).toMatchObject({ status: 'preview', data: { affected_rows: 1 } });
  expect(await known()).toEqual(['pet: dog?']);
});
