import { expect, test } from 'vitest';
import { useOffice } from '../support/office.ts';
import { services } from './customer.ts';
import { known } from './known.ts';
import { loadCustomers } from './load.ts';

const office = useOffice();

test('a customer who is loaded is found by the same words as one who is made by the ordinary actions', async () => {
  const hart = known.find(({ key }) => key === 'hart');
  if (!hart) throw new Error('Mrs Hart is known');
  const { bright, done, setClock, database } = office();
  const loaded = await loadCustomers(office(), known);
  const make = async (action: string, data: Record<string, unknown>) =>
    String((await done(bright.owner, action, data)).id);

  // Before all of the visits: nothing is booked into the past.
  setClock('2025-10-01T08:00:00-05:00');
  const { first_name, last_name, line1, city, postal_code } = hart;
  const contact_id = await make('contact.create', {
    first_name,
    last_name,
    phone: hart.phone,
    email: hart.email,
    tags: [...hart.tags],
  });
  await make('address.create', { contact_id, line1, city, state: 'AL', postal_code, type: 'home' });
  for (const content of hart.notes) await make('note.create', { contact_id, content });
  for (const { key, value, details } of hart.facts) {
    await done(bright.owner, 'attribute.set', { contact_id, key, value, ...(details ? { details } : {}) });
  }
  for (const { on, hour, services: booked } of hart.visits) {
    await make('ticket.create', {
      contact_id,
      scheduled_at: `${on}T${String(hour).padStart(2, '0')}:00`,
      lines: booked.map(service => ({ service_id: services[service], unit_price_cents: 10_000 })),
    });
  }

  // Their own references are the one thing they may differ in.
  const wordsOf = async (id: string | undefined) => {
    const { rows } = await database.owner.query(
      `select d.title, d.detail, d.names, array(
        select lexeme
        from unnest(d.lexemes)
        where lexeme not like '%' || split_part(d.reference, '-', 2)
      ) as words
      from search_documents as d
      where d.kind = 'contact' and d.record_id = $1`,
      [id],
    );
    return rows;
  };
  const made = await wordsOf(contact_id);
  expect(made).toMatchObject([{ title: 'Evelyn Hart', words: expect.arrayContaining([expect.any(String)]) }]);
  expect(await wordsOf(loaded.get('hart'))).toEqual(made);
});
