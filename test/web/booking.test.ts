import { expect, test } from 'vitest';
import { factsOf, type Seen, useRecordPages } from './record-pages.ts';

// Booking without JavaScript: every button shows the form again with what stands in it, the last one books.

const { pages, see, send, follow } = useRecordPages();
const form = /^\/book$/;

const visitsOf = async (contact_id: string): Promise<string[]> => {
  const { rows } = await pages().app.read(
    pages().bright.owner,
    'tickets',
    { params: { contact_id }, sort: 'scheduled_at', limit: 100, fields: ['reference', 'status'] },
    { request_id: 'test' },
  );
  return rows.map(row => `${String(row.reference)} ${String(row.status)}`);
};

/** The value of a button of a page by its words. */
const pressOf = (page: Seen, name: string, words: RegExp): string => {
  for (const [, value = '', inside = ''] of page.markup.matchAll(
    new RegExp(`<button name="${name}" value="([^"]*)"[^>]*>([\\s\\S]*?)</button>`, 'g'),
  ))
    if (words.test(inside.replace(/<[^>]+>/g, ''))) return value;
  throw new Error(`${page.path} has no button ${name} that says ${String(words)}`);
};

test('a visit is booked from an empty slot: customer found, service chosen, time free, one press', async () => {
  const slot = await see('/book?date=2026-11-24&time=09:00');
  const found = await send(slot, form, { customer: 'jane', step: 'find' });
  expect(found.text).toContain('123 Main Street');
  const chosen = await send(found, form, { choose: pressOf(found, 'choose', /Jane Smith/) });
  expect(chosen.text).toContain('Already booked');
  expect(chosen.markup).toContain('name="date" type="date" value="2026-11-24"');
  const priced = await send(chosen, form, { 'service-1': 'S-1', step: 'look' });
  expect(priced.text).toContain('$180.00 · 90 min');
  const booked = await send(priced, form, { step: 'book' });
  expect(booked.text).toMatch(
    /Booked for Tue, Nov 24, 2026, 9:00 AM\. T\w+ goes\. The customer is told by e-mail\./,
  );
  expect(factsOf(booked.markup).Where).toContain('123 Main Street');
  const undone = await send(booked, /^\/undo$/);
  expect(undone.text).toContain('Taken back.');
  expect(undone.text).toContain('cancelled');
});

test('a new customer with an address is booked on the same form, and two presses of one form are one visit', async () => {
  const typed = {
    new_name: 'Newt Newman',
    new_phone: '256 555 0188',
    line1: '9 New Street',
    city: 'Athens',
    date: '2026-11-25',
    time: '13:00',
    'service-1': 'S-2',
    'quantity-1': '12',
    step: 'book',
  };
  const empty = await see('/book');
  const [first, second] = await Promise.all([send(empty, form, typed), send(empty, form, typed)]);
  expect(first?.text).toContain('Newt Newman');
  expect(second?.text).toContain('Booked for Wed, Nov 25, 2026, 1:00 PM.');
  const customers = await see('/contacts?search=Newman');
  const reference = /C-\d+/.exec(customers.markup)?.[0] ?? '';
  expect(customers.markup.match(/Newt Newman/g)).toHaveLength(1);
  expect(await visitsOf(reference)).toHaveLength(1);
  expect((await see(`/contacts/${reference}`)).text).toContain('9 New Street, Athens');
});

test('who is busy is said with the next free times and with who could go, and nothing typed is lost', async () => {
  const { people } = pages().bright;
  const theo = String(people.Theo?.id);
  const taken = await see(`/book?contact=C-1002&date=2026-11-18&time=14:00&technician=${theo}`);
  const refused = await send(taken, form, { notes: 'Ring twice', 'service-1': 'S-1', step: 'book' });
  expect(refused.status).toBe(409);
  expect(refused.text).toContain('Theo is on T-2001 (Jane Smith) from 2:00 PM to 4:00 PM.');
  expect(refused.markup).toContain('Ring twice');
  const instead = await send(refused, form, { send: pressOf(refused, 'send', /Tess/) });
  expect(instead.markup).toContain(`value="${String(people.Tess?.id)}" selected`);
  const later = await send(refused, form, { at: pressOf(refused, 'at', /PM|AM/) });
  const booked = await send(later, form, { step: 'book' });
  expect(booked.text).toContain('Theo goes.');
  expect(booked.text).toContain('Ring twice');
});

test('what is missing is said beside its field, and what is hostile stays a text', async () => {
  const script = '<script>alert(1)</script>';
  const nobody = await send(await see('/book?date=2026-11-26&time=09:00'), form, { step: 'book' });
  expect(nobody.status).toBe(400);
  expect(nobody.text).toContain('Say who is visited.');
  const noTime = await send(await see('/book?contact=C-1001'), form, { notes: script, step: 'book' });
  expect(noTime.text).toContain('Say the day and the time.');
  expect(noTime.markup).not.toContain(script);
  expect(noTime.markup).toContain('&lt;script&gt;');
  const price = { 'service-1': 'S-1', 'price-1': 'much', step: 'book' };
  const wrong = await send(await see('/book?contact=C-1001&date=2026-11-26&time=09:00'), form, price);
  expect(wrong.text).toContain('This is not an amount.');
  expect(wrong.markup).toContain('value="much"');
  const past = await send(await see('/book?contact=C-1001&date=2026-10-01&time=09:00'), form, {
    step: 'book',
  });
  expect(past.text).toContain('This time is past.');
});

test('nobody need go yet, and a visit without services is as long as the last one was', async () => {
  const empty = await see('/book?contact=C-1002&date=2026-11-27&time=10:00');
  const booked = await send(empty, form, { technician: '', step: 'book' });
  expect(factsOf(booked.markup)['Who goes']).toBe('nobody yet');
});

test('a technician books nothing, and customers of another business are not found', async () => {
  expect((await see('/book', 'theo')).status).toBe(404);
  expect((await see('/book', 'dana')).status).toBe(200);
  const strange = await see('/book?contact=C-9999');
  expect(strange.status).toBe(200);
  expect(strange.text).toContain('Name, phone, street or town');
});

test('a cancelled visit says so to its customer, and is booked again as it was', async () => {
  const visit = await see('/tickets/T-2002');
  const asked = await follow(visit, 'Cancel');
  expect(asked.text).toContain('Mrs Hart');
  const cancelled = await send(asked, /cancel$/, { reason: 'Away' });
  expect(cancelled.text).toContain('The visit is cancelled.');
  expect(factsOf(cancelled.markup).Cancelled).toContain('Away');
  const again = await send(cancelled, /rebook$/);
  expect(again.text).toContain('The visit is booked again.');
  expect(factsOf(again.markup).When).toContain('Wed, Nov 18, 2026, 9:30 AM');
  expect((await see('/tickets/T-2002')).text).toContain('Booked again:');
});

test('people are sent and taken off, each press taken back with one more', async () => {
  const who = await follow(await see('/tickets/T-2001'), 'Who goes');
  const tess = String(pages().bright.people.Tess?.id);
  const sent = await send(who, /assign$/, { technician: tess, how: 'add' });
  expect(sent.text).toContain('Tess goes.');
  const undone = await send(sent, /^\/undo$/);
  expect(undone.text).toContain('Taken back.');
  expect(factsOf((await see('/tickets/T-2001')).markup)['Who goes']).toBe('Theo');
  expect((await see('/tickets/T-2001/assign', 'theo')).status).toBe(404);
});

test('services are added, agreed on and taken off', async () => {
  const services = await follow(await see('/tickets/T-2001'), 'Services');
  const wrong = await send(services, /services$/, { step: 'change', 'price-1': 'x' });
  expect(wrong.text).toContain('This is not an amount.');
  expect(wrong.markup).toContain('value="x"');
  const agreed = await send(wrong, /services$/, { step: 'change', 'price-1': '190' });
  expect(agreed.text).toContain('Exterior windows · $190.00');
  const added = await send(agreed, /services#add$/, {
    service: 'S-2',
    quantity: '3',
    price: '5',
    step: 'add',
  });
  expect(added.text).toContain('Screens · 3 × $5.00 = $15.00');
  const off = await send(added, /services$/, { step: 'remove' });
  expect(off.text).not.toContain('Exterior windows · $190.00');
  expect((await send(off, /^\/undo$/)).text).toContain('Exterior windows · $190.00');
});

test('a refusal says who is in the way, in the words of people, with when they are free next', async () => {
  const { done, bright } = pages();
  const theo = String(bright.people.Theo?.id);
  const data = { contact_id: 'C-1002', scheduled_at: '2026-11-18T14:30', technician_ids: [] };
  const { reference } = await done(bright.owner, 'ticket.create', data);
  const who = await see(`/tickets/${String(reference)}/assign`);
  const busy = await send({ ...who, markup: formFor(who.markup, theo) }, /assign$/, { how: 'add' });
  expect(busy.status).toBe(409);
  expect(busy.text).toContain('Theo is on T-2001 from Wed, Nov 18, 2026, 2:00 PM');
  expect(busy.text).toContain('Free next:');
  const services = await see(`/tickets/${String(reference)}/services`);
  const many = { service: 'S-1', quantity: '3', step: 'add' };
  const refused = await send(services, /services#add$/, many);
  expect(refused.text).toContain('Exterior windows is not priced per unit.');
  expect(refused.text).not.toMatch(/unit_price_cents|next_free/);
});

/** The form of a page that is about one person. */
function formFor(markup: string, id: string): string {
  const found = [...markup.matchAll(/<form [\s\S]*?<\/form>/g)].find(([form]) => form.includes(id));
  if (!found) throw new Error('no form is about this person');
  return found[0];
}
