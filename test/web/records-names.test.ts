import { beforeAll, expect, test, vi } from 'vitest';
import { Turns } from '../../core/kernel/database/turns.ts';
import { useRecordPages } from './record-pages.ts';

// What rows point to is read in one go: a page with fifty pointers asks the database no more often than one with two.

const { pages, see } = useRecordPages();

/** The statements a page needs: the fewest of three looks, for what else this process asks meanwhile is counted, too. */
async function statementsOf(path: string): Promise<string[]> {
  const looks = [await statementsDuring(path), await statementsDuring(path), await statementsDuring(path)];
  return looks.reduce((fewest, look) => (look.length < fewest.length ? look : fewest));
}

async function statementsDuring(path: string): Promise<string[]> {
  const asked = vi.spyOn(Turns.prototype, 'ask');
  try {
    const page = await see(path);
    expect(page.status, path).toBe(200);
    return asked.mock.calls.map(([{ text }]) => text);
  } finally {
    asked.mockRestore();
  }
}

/** The table of which a statement reads rows by their ids, each of them or any. */
function namedIn(text: string): string | undefined {
  const table = /from "?(\w+)"? as r\b/.exec(text)?.[1];
  if (table !== undefined && /\bid = any \(\$\d+::uuid\[\]\)/.test(text)) return table;
  return /from "?(\w+)"?\s+where organization_id = \$\d+::uuid\s+and id = wanted_id/.exec(text)?.[1];
}

beforeAll(async () => {
  const { done, bright } = pages();
  const { owner } = bright;
  const company = await done(owner, 'company.create', { name: 'Riverbend' });
  await done(owner, 'company.create', { name: 'Quiet Ltd' });
  for (let number = 1; number <= 12; number++) {
    const { id: contact_id } = await done(owner, 'contact.create', {
      full_name: `Tenant ${number}`,
      company_id: company.id,
    });
    await done(owner, 'note.create', { contact_id, content: `Flat ${number}` });
    await done(owner, 'interaction.create', { contact_id, type: 'phone_call', direction: 'inbound' });
  }
});

test('a list of many customers’ notes costs as many statements as one of a single customer', async () => {
  // The first look of a session renews it; that is not what is counted.
  await see('/records/notes');
  const few = await statementsOf('/records/notes?by_contact_id=C-1001');
  const many = await statementsOf('/records/notes');
  const names = (statements: string[]) => statements.filter(text => namedIn(text) === 'contacts');
  const customers = (statements: string[]) =>
    statements.filter(text => /from contacts as r/.test(text) || namedIn(text) === 'contacts');
  expect((await see('/records/notes')).text).toMatch(/Tenant 1\b.*/);
  expect(names(many)).toHaveLength(1);
  expect(names(few)).toHaveLength(1);
  // The other list had to look up whose reference that is, among the customers its reader may see, and nothing else.
  expect(customers(many)).toHaveLength(1);
  expect(customers(few)).toHaveLength(2);
  expect(many.length).toBe(few.length - 1);
});

test('the page of a row names all it points to and all its children point to with one statement for each kind', async () => {
  const quiet = await statementsOf('/records/companies/CO-102');
  const busy = await statementsOf('/records/companies/CO-101');
  // Who belongs to it is read for both; the busy one has names to read besides, in one transaction.
  expect(busy.length - quiet.length).toBeLessThanOrEqual(4);
  const customer = await statementsOf('/records/contacts/C-1001');
  // Besides the history, which is read of the row itself.
  const tables = customer.flatMap(text => (text.includes('audit_log') ? [] : (namedIn(text) ?? [])));
  expect(tables.length).toBeGreaterThan(0);
  expect(tables).toEqual([...new Set(tables)]);
});
