import { beforeAll, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const rename = (contact_id: string) =>
  panes().act(panes().dana, 'contact.update', { contact_id, job_title: 'Teacher' });
let hart = '';

beforeAll(async () => {
  const [row] = await panes().read(panes().dana, 'contacts', { id: 'C-1002' });
  hart = String(row?.id);
});

describe('a record is meant', () => {
  test('by its id, its reference in any case, or its name', async () => {
    for (const key of [
      hart,
      hart.toUpperCase(),
      'C-1002',
      'c-1002',
      ' C-1002 ',
      'Mrs Hart',
      'mrs hart',
      'Hart',
    ]) {
      expect(await rename(key), key).toMatchObject({ data: { id: hart } });
    }
  });

  test('by its reference in the answer of the list, when somebody asks for references', async () => {
    const { agent, app, book } = panes();
    await book('2026-11-23T09:00', { technician_ids: ['Theo'] });
    const facts = { request_id: 'r' };
    const { rows } = await app.read(agent, 'tickets', { references: true }, facts);
    expect(rows).toMatchObject([{ reference: 'T-2001', contact_id: 'C-1001', address_id: 'A-1001' }]);
    const call = { action: 'ticket.confirm', data: { ticket_id: 'T-2001' }, references: true };
    expect((await app.execute(agent, call, facts)).data).toMatchObject({ contact_id: 'C-1001' });
  });
});

describe('what cannot be told', () => {
  const missing = { code: 'NOT_FOUND', field: 'contact_id' };

  test.each([
    ['an id nobody has', '018f0000-0000-7000-8000-000000000000', {}],
    ['a number nobody has', 'C-9999', { got: 'C-9999' }],
    ['a reference to something else', 'T-2001', { hint: 'A reference to a contact looks like C-1001.' }],
    ['a reference of no kind at all', 'XY-77', { hint: 'A reference to a contact looks like C-1001.' }],
    ['a name nobody has', 'Zacharias Zander', { got: 'Zacharias Zander' }],
  ])('%s is not found', async (_what, key, more) => {
    const refused = await refusal(rename(key));
    expect(refused).toMatchObject(key.length === 36 ? { code: 'NOT_FOUND' } : { ...missing, ...more });
  });

  test('a name that several have is answered with their references, at most five', async () => {
    const { dana, done } = panes();
    for (let index = 1; index <= 7; index += 1) {
      await done(dana, 'contact.create', { full_name: `Miller ${index}` });
    }
    const refused = await refusal(rename('Miller'));
    expect(refused).toMatchObject({
      code: 'AMBIGUOUS',
      message: '«Miller» could be several contacts.',
      field: 'contact_id',
      hint: 'Use one of the references.',
    });
    expect(refused.candidates).toHaveLength(5);
    for (const candidate of Array.isArray(refused.candidates) ? refused.candidates : []) {
      expect(candidate).toEqual({
        reference: expect.stringMatching(/^C-100[3-9]$/),
        label: expect.stringMatching(/^Miller \d$/),
      });
    }
    expect(await rename('Miller 3')).toMatchObject({ data: { full_name: 'Miller 3' } });
  });

  test('says at which of several lines it is', async () => {
    const book = panes().book('2026-11-24T09:00', { lines: ['Gutter Cleaning', 'S-99'] });
    expect(await refusal(book)).toMatchObject({
      code: 'NOT_FOUND',
      field: 'lines.1.service_id',
      got: 'S-99',
    });
    const send = panes().book('2026-11-24T09:00', { technician_ids: ['Theo', 'Nobody'] });
    expect(await refusal(send)).toMatchObject({
      code: 'NOT_FOUND',
      field: 'technician_ids.1',
      got: 'Nobody',
    });
  });

  test('of another business is what it would be if it did not exist', async () => {
    const { clear, act, done } = panes();
    await done(clear.owner, 'contact.create', { full_name: 'Clear Customer' });
    const asTheirs = (contact_id: string) =>
      refusal(act(clear.owner, 'contact.update', { contact_id, job_title: 'x' }));
    const strangers = '018f0000-0000-7000-8000-000000000000';
    const told = await asTheirs(hart);
    expect(JSON.stringify(told).replaceAll(hart, strangers)).toBe(JSON.stringify(await asTheirs(strangers)));
    expect(await asTheirs('C-1002')).toMatchObject({ code: 'NOT_FOUND', got: 'C-1002' });
    expect(await asTheirs('Mrs Hart')).toMatchObject({ code: 'NOT_FOUND', got: 'Mrs Hart' });
  });
});

test('numbers have no gap and no double when many are made at once, in each business its own', async () => {
  const { dana, clear, done } = panes();
  const add = (who: typeof dana) => done(who, 'company.create', { name: 'Firm' });
  const ours = await Promise.all(Array.from({ length: 15 }, () => add(dana)));
  const theirs = await Promise.all(Array.from({ length: 5 }, () => add(clear.owner)));
  const numbers = (rows: Record<string, unknown>[]) =>
    rows.map(row => Number(String(row.reference).slice(3))).sort((a, b) => a - b);
  expect(numbers(ours)).toEqual(Array.from({ length: 15 }, (_, index) => 101 + index));
  expect(numbers(theirs)).toEqual([101, 102, 103, 104, 105]);
});
