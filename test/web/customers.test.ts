import { beforeAll, expect, test } from 'vitest';
import { rowsOf, useRecordPages } from './record-pages.ts';

// The list of customers as the office looks through it, and how it stands with one of them.

const { pages, see, send, follow } = useRecordPages();

beforeAll(async () => {
  const { done, bright } = pages();
  const people = [
    { first_name: 'Zoe', last_name: 'Adams' },
    { full_name: 'Bob van Zandt' },
    { full_name: 'Rocket City Dental', kind: 'organization' },
    { full_name: '3M Lofts', kind: 'organization' },
  ];
  for (const data of people) await done(bright.owner, 'contact.create', data);
});

test('customers stand by last name, businesses by their whole name, each with town and next visit', async () => {
  const page = await see('/contacts');
  expect(rowsOf(page.markup)).toEqual([
    '3M Lofts',
    'Zoe Adams',
    'Mrs Hart',
    'Hart, Mrs',
    'Rocket City Dental',
    'Jane Smith',
    'Bob van Zandt',
  ]);
  expect(page.text).toContain('Customers 7');
  expect(page.text).toMatch(/Jane Smith Madison next Wed, Nov 18/);
  expect(page.text).toMatch(/# A H R S Z/);
});

test('a letter leads to where its names begin, and what goes before is one press away', async () => {
  const from = await follow(await see('/contacts'), 'R');
  expect(rowsOf(from.markup)[0]).toBe('Rocket City Dental');
  expect(from.text).toContain('5 to 7 of 7');
  expect(rowsOf((await follow(from, 'Back')).markup)[0]).toBe('3M Lofts');
});

test('the list by next visit begins with whom we visit next', async () => {
  const page = await follow(await see('/contacts'), 'Next visit');
  expect(rowsOf(page.markup).slice(0, 2)).toEqual(['Mrs Hart', 'Jane Smith']);
  expect((await see('/contacts?sort=shoe_size')).text).toContain('There is no list “ shoe_size ”');
});

test('a customer of another business is in no list', async () => {
  const { done, clear } = pages();
  await done(clear.owner, 'contact.create', { full_name: 'Stranger Danger' });
  expect((await see('/contacts')).text).not.toContain('Stranger');
});

test('a new customer is written down with the address, pressed twice or not, and booked from there', async () => {
  const form = await follow(await see('/contacts'), 'New customer');
  const nameless = await send(form, /^\/contacts\/new$/, { phone: '256 555 0123', line1: '1 Elm' });
  expect(nameless.status).toBe(400);
  expect(nameless.text).toContain('A customer needs a name.');
  expect(nameless.markup).toContain('value="1 Elm"');
  const typed = { full_name: 'Nora New', next: 'book' };
  const [book] = await Promise.all([1, 2].map(() => send(nameless, /^\/contacts\/new$/, typed)));
  expect(book?.text).toContain('Nora New is added.');
  expect(book?.text).toContain('1 Elm');
  expect(rowsOf((await see('/contacts?search=Nora')).markup)).toEqual(['Nora New']);
});

test('what one does with a customer stands on top: book, call, edit, and how it stands', async () => {
  const page = await see('/contacts/C-1001');
  expect(page.text).toMatch(
    /Book Call Edit .* Next visit Wed, Nov 18, 2:00 PM · Exterior windows, Screens · Theo/,
  );
  expect(page.text).toContain('Owes nothing');
  const { done, bright } = pages();
  const lines = [{ description: 'Gutters', unit_price_cents: 12_000 }];
  const bill = await done(bright.owner, 'invoice.create', { contact_id: 'C-1001', lines });
  await done(bright.owner, 'invoice.send', { invoice_id: bill.reference });
  const owing = await see('/contacts/C-1001');
  expect(owing.text).toContain('Owes $120.00 on one bill');
  const edited = await send(await follow(owing, 'Edit'), /edit$/, { nickname: 'Janie' });
  expect(edited.text).toContain('Saved.');
  expect(edited.text).toContain('called Janie');
  expect((await follow(edited, '$120.00')).text).toContain('$120.00');
});
