import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';
import { sums } from '../support/sums.ts';

const panes = useBrightPanes();

let made = 0;
/** Two entries of one customer: the first as the office knows her, the second as she came in by telephone. */
async function twice(more: Record<string, unknown> = {}): Promise<[winner: string, other: string]> {
  made += 1;
  const { dana, done } = panes();
  const phone = `(256) 555-0${200 + made}`;
  const first = await done(dana, 'contact.create', {
    full_name: `Nora Field${made}`,
    phone,
    tags: ['weekly'],
    notes: 'Likes mornings',
  });
  const second = await done(dana, 'contact.create', {
    full_name: `Nora Field${made}`,
    phone,
    email: `nora${made}@example.com`,
    tags: ['weekly', 'screens'],
    notes: 'Has a ladder',
    custom_fields: { gate: 'blue' },
    ...more,
  });
  return [String(first.reference), String(second.reference)];
}

const merge = (winner: string, other: string, caller = panes().dana) =>
  panes().done(caller, 'contact.merge', { contact_id: winner, merged_contact_id: other });

describe('two entries that are one customer', () => {
  test('become one: the first keeps its reference and its word, and has everything of the second', async () => {
    const { dana, done, read, book } = panes();
    const [winner, other] = await twice();
    await done(dana, 'address.create', { contact_id: other, line1: `${made} Orchard Lane`, city: 'Madison' });
    const visit = await book('2026-12-01T09:00', { contact_id: other, address_id: `${made} Orchard Lane` });
    await done(dana, 'note.create', { contact_id: other, content: 'Key under the pot' });
    await done(dana, 'attribute.set', { contact_id: other, key: 'pet', value: 'cat' });
    const answer = await merge(winner, other);
    expect(answer).toMatchObject({
      merge: expect.stringMatching(/^CM-\d+$/),
      contact: { reference: winner, email: `nora${made}@example.com` },
      merged: other,
      already: false,
      taken_over: expect.arrayContaining(['emails', 'email', 'tags', 'notes', 'custom_fields']),
    });
    expect(answer.moved).toEqual(expect.arrayContaining(['1 visit', '1 address', '1 note', '1 known fact']));
    const [row] = await read(dana, 'contacts', {
      id: winner,
      include: ['tickets', 'addresses'],
      fields: ['tags', 'notes', 'custom_fields', 'phones'],
    });
    expect(row).toMatchObject({
      tags: ['weekly', 'screens'],
      notes: 'Likes mornings\nHas a ladder',
      custom_fields: { gate: 'blue' },
      phones: [{ primary: true }],
      tickets: [{ reference: visit.reference }],
      addresses: [{ line1: `${made} Orchard Lane` }],
    });
    expect(await refusal(read(dana, 'contacts', { id: other }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await read(dana, 'search', { search: `nora${made}@example.com` })).toMatchObject([
      { reference: winner },
    ]);
  });

  test('bring closed visits and bills along, which nothing else can change', async () => {
    const { dana, done, act, read, book, database } = panes();
    const [winner, other] = await twice();
    await done(dana, 'address.create', { contact_id: other, line1: `${made} Closed Road` });
    const visit = await book('2026-11-18T07:00', { contact_id: other, address_id: `${made} Closed Road` });
    await done(dana, 'ticket.close', {
      ticket_id: visit.reference,
      duration_minutes: 60,
      notes: '',
      next_service: 'no',
      price_confirmed: true,
    });
    await merge(winner, other);
    const [moved] = await read(dana, 'tickets', {
      id: String(visit.reference),
      fields: ['contact_id', 'status'],
    });
    const [row] = await read(dana, 'contacts', { id: winner });
    expect(moved).toMatchObject({ contact_id: row?.id, status: 'closed' });
    expect(
      await refusal(act(dana, 'ticket.update', { ticket_id: visit.reference, notes: 'Changed later' })),
    ).toMatchObject({ code: 'TICKET_CLOSED' });
    await expect(
      database.owner.query('update tickets set contact_id = contact_id, notes = $2 where reference = $1', [
        visit.reference,
        'by hand',
      ]),
    ).rejects.toThrow('the ticket is final');
  });

  test('stay one when it is said twice, or by two people at once', async () => {
    const { dana, olivia, act, read } = panes();
    const [winner, other] = await twice();
    const both = await race([
      act(dana, 'contact.merge', { contact_id: winner, merged_contact_id: other }),
      act(olivia, 'contact.merge', { contact_id: winner, merged_contact_id: other }),
    ]);
    expect(both.refused).toEqual([]);
    expect(await merge(winner, other)).toMatchObject({ already: true, merged: other });
    const merges = await read(dana, 'contact_merges', { params: { contact_id: winner } });
    expect(merges).toHaveLength(1);
  });

  test('crosswise at once become one, whichever is first', async () => {
    const { dana, olivia, act, read } = panes();
    const [one, two] = await twice();
    await race([
      act(dana, 'contact.merge', { contact_id: one, merged_contact_id: two }),
      act(olivia, 'contact.merge', { contact_id: two, merged_contact_id: one }),
    ]);
    const left = await read(dana, 'contacts', { search: `Field${made}` });
    expect(left).toHaveLength(1);
  });

  test('who wants no mail under one name gets none under the other', async () => {
    const { dana, done, read } = panes();
    const [winner, other] = await twice();
    await done(dana, 'contact.update', { contact_id: other, status: 'unsubscribed', email_opt_in: false });
    await merge(winner, other);
    expect(await read(dana, 'contacts', { id: winner })).toMatchObject([
      { status: 'unsubscribed', email_opt_in: false },
    ]);
  });

  test('are not merged with themselves, with somebody who is gone, or with another business’s customer', async () => {
    const { dana, act, done, clear } = panes();
    const [winner, other] = await twice();
    expect(
      await refusal(act(dana, 'contact.merge', { contact_id: winner, merged_contact_id: winner })),
    ).toMatchObject({ code: 'VALIDATION_ERROR' });
    await done(dana, 'contact.delete', { contact_id: other });
    expect(
      await refusal(act(dana, 'contact.merge', { contact_id: winner, merged_contact_id: other })),
    ).toMatchObject({ code: 'NOT_FOUND' });
    const theirs = await done(clear.owner, 'contact.create', { full_name: 'Nora Field1' });
    expect(
      await refusal(act(dana, 'contact.merge', { contact_id: winner, merged_contact_id: String(theirs.id) })),
    ).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('are merged by the agent alone when name and telephone agree; anything else waits for a person', async () => {
    const { agent, act } = panes();
    const [winner, other] = await twice();
    const data = { contact_id: winner, merged_contact_id: other };
    const reasoning = 'The same person called twice';
    expect(await act(agent, 'contact.merge', data, { reasoning })).toMatchObject({ status: 'done' });
    const [husband, wife] = await twice({ full_name: 'Vera Field' });
    expect(
      await act(agent, 'contact.merge', { contact_id: husband, merged_contact_id: wife }, { reasoning }),
    ).toMatchObject({ status: 'pending_authorization' });
  });
});

describe('a merge that was wrong', () => {
  test('is taken back exactly; what was written since stays with the one it was written on', async () => {
    const { dana, done, read } = panes();
    const [winner, other] = await twice();
    await done(dana, 'note.create', { contact_id: other, content: 'Key under the pot' });
    const { merge: reference } = await merge(winner, other);
    await done(dana, 'note.create', { contact_id: winner, content: 'Written after' });
    await done(dana, 'contact.update', { contact_id: winner, notes: 'New words' });
    expect(await done(dana, 'contact.unmerge', { contact_merge_id: reference })).toMatchObject({
      contact: winner,
      restored: other,
      returned: ['1 note'],
      stays: ['notes'],
    });
    expect(await read(dana, 'contacts', { id: winner, include: ['notes'] })).toMatchObject([
      { email: null, tags: ['weekly'], notes: [{ content: 'Written after' }] },
    ]);
    expect(await read(dana, 'contacts', { id: other, include: ['notes'] })).toMatchObject([
      { email: `nora${made}@example.com`, notes: [{ content: 'Key under the pot' }] },
    ]);
  });

  test('is not taken back twice, and its customer is not restored without what went along', async () => {
    const { dana, act, done } = panes();
    const [winner, other] = await twice();
    const { merge: reference } = await merge(winner, other);
    expect(await refusal(act(dana, 'contact.restore', { contact_id: other }))).toMatchObject({
      code: 'INVALID_STATE',
      hint: expect.stringContaining(String(reference)),
    });
    await done(dana, 'contact.unmerge', { contact_merge_id: reference });
    expect(await refusal(act(dana, 'contact.unmerge', { contact_merge_id: reference }))).toMatchObject({
      code: 'INVALID_STATE',
    });
  });

  test('is taken back within thirty days, not later', async () => {
    const { dana, act, setClock } = panes();
    const [winner, other] = await twice();
    const { merge: reference } = await merge(winner, other);
    setClock('2027-01-30T08:00:00-06:00');
    expect(await refusal(act(dana, 'contact.unmerge', { contact_merge_id: reference }))).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('30 days'),
    });
    setClock('2026-11-18T08:00:00-06:00');
  });
});

test('whatever two customers have, a merge that is taken back leaves the database as it was', async () => {
  const { dana, done, book, database } = panes();
  const steps = {
    note: (who: string, n: number) => done(dana, 'note.create', { contact_id: who, content: `Note ${n}` }),
    fact: (who: string, n: number) =>
      done(dana, 'attribute.set', { contact_id: who, key: n % 2 ? 'pet' : 'gate_code', value: `v${n % 3}` }),
    address: (who: string, n: number) =>
      done(dana, 'address.create', { contact_id: who, line1: `${n} Maple Walk` }),
    call: (who: string, n: number) =>
      done(dana, 'interaction.create', {
        contact_id: who,
        type: 'phone_call',
        direction: 'inbound',
        subject: `Call ${n}`,
      }),
    tag: (who: string, n: number) => done(dana, 'contact.update', { contact_id: who, tags: [`t${n % 4}`] }),
    mail: (who: string, n: number) =>
      done(dana, 'contact.update', { contact_id: who, email: `m${n % 3}@example.com` }),
    visit: async (who: string, n: number) => {
      const { id } = await done(dana, 'address.create', { contact_id: who, line1: `${n} Visit Way` });
      const day = String(1 + ((made * 7 + n) % 28)).padStart(2, '0');
      await book(`2027-0${1 + (made % 9)}-${day}T0${1 + (n % 8)}:00`, { contact_id: who, address_id: id });
    },
  };
  const names = ['note', 'fact', 'address', 'call', 'tag', 'mail', 'visit'] as const;
  const step = fc.record({
    what: fc.constantFrom(...names),
    whose: fc.boolean(),
    n: fc.integer({ min: 1, max: 60 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 6 }), async history => {
      const [winner, other] = await twice();
      for (const { what, whose, n } of history) await steps[what](whose ? winner : other, n);
      const before = await sums(database.owner);
      const { merge: reference } = await merge(winner, other);
      expect(await sums(database.owner)).not.toEqual(before);
      await done(dana, 'contact.unmerge', { contact_merge_id: reference });
      expect(await sums(database.owner)).toEqual(before);
    }),
    { numRuns: 15 },
  );
});
