import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { examples, fc } from '../support/properties.ts';
import { refusal } from '../support/refusal.ts';
import { sums } from '../support/sums.ts';
import { twinsOf } from './twins.ts';

const panes = useBrightPanes();
const { count, merge, takeBack, twice } = twinsOf(panes);

describe('a merge that was wrong', () => {
  test('is taken back exactly; what was written since stays with the one it was written on', async () => {
    const { dana, done, read } = panes();
    const [winner, other] = await twice();
    await done(dana, 'note.create', { contact_id: other, content: 'Key under the pot' });
    const { merge: reference } = await merge(winner, other);
    await done(dana, 'note.create', { contact_id: winner, content: 'Written after' });
    await done(dana, 'contact.update', { contact_id: winner, notes: 'New words' });
    expect(await takeBack(reference)).toMatchObject({
      contact: { reference: winner },
      restored: { reference: other },
      returned: { notes: 1 },
      stays: ['notes'],
      stays_elsewhere: {},
    });
    expect(await read(dana, 'contacts', { id: winner, include: ['notes'] })).toMatchObject([
      { email: null, tags: ['weekly'], notes: [{ content: 'Written after' }] },
    ]);
    expect(await read(dana, 'contacts', { id: other, include: ['notes'] })).toMatchObject([
      { email: `nora${count()}@example.com`, notes: [{ content: 'Key under the pot' }] },
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

  test('is taken back although another one went into the same customer since, who keeps what that one brought', async () => {
    const { dana, read } = panes();
    const [winner, other] = await twice();
    const [, third] = await twice({ tags: ['gate'], email: 'third@example.com' });
    const { merge: first } = await merge(winner, other);
    await merge(winner, third);
    await takeBack(first);
    expect(await read(dana, 'contacts', { id: winner, fields: ['emails', 'tags', 'email'] })).toMatchObject([
      { tags: ['weekly', 'gate'], emails: [{ email: 'third@example.com', primary: true }] },
    ]);
  });

  test('is taken back within thirty days, not later', async () => {
    const { dana, act, setClock } = panes();
    const [winner, other] = await twice();
    const { merge: reference } = await merge(winner, other);
    // A row is as old as the database says.
    setClock('2099-01-30T08:00:00-06:00');
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
    lead: (who: string, n: number) =>
      done(dana, 'lead.create', { contact_id: who, full_name: `Lead ${n}`, follow_up: false }),
    bill: (who: string, n: number) =>
      done(dana, 'invoice.create', {
        contact_id: who,
        lines: [{ description: `Ladder ${n}`, unit_price_cents: 100 * n }],
      }),
    letter: async (who: string, n: number) => {
      await done(dana, 'contact.update', {
        contact_id: who,
        email: `m${n % 3}@example.com`,
        email_opt_in: true,
        status: 'active',
      });
      const { reference: message_id } = await done(dana, 'message.schedule', {
        contact_id: who,
        subject: `Hello ${n}`,
        body: 'Shall we come again?',
        send_at: '2026-12-20T09:00',
      });
      await done(dana, 'message.send_now', { message_id });
    },
    wish: (who: string, n: number) =>
      done(dana, 'contact.update', { contact_id: who, email_opt_in: n % 2 === 0 }),
    prefers: (who: string, n: number) =>
      done(dana, 'contact.set_preferences', {
        contact_id: who,
        time_of_day: n % 2 ? 'morning' : 'afternoon',
      }),
    tag: (who: string, n: number) => done(dana, 'contact.update', { contact_id: who, tags: [`t${n % 4}`] }),
    mail: (who: string, n: number) =>
      done(dana, 'contact.update', { contact_id: who, email: `m${n % 3}@example.com` }),
    visit: async (who: string, n: number) => {
      const { id } = await done(dana, 'address.create', { contact_id: who, line1: `${n} Visit Way` });
      const day = String(1 + ((count() * 7 + n) % 28)).padStart(2, '0');
      await book(`2027-0${1 + (count() % 9)}-${day}T0${1 + (n % 8)}:00`, { contact_id: who, address_id: id });
    },
  };
  const names = [
    ...(['note', 'fact', 'address', 'call', 'tag', 'mail', 'visit'] as const),
    ...(['lead', 'bill', 'letter', 'wish', 'prefers'] as const),
  ];
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
      await takeBack(reference);
      expect(await sums(database.owner)).toEqual(before);
    }),
    { numRuns: examples(15) },
  );
});
