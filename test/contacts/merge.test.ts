import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';
import { twinsOf } from './twins.ts';

const panes = useBrightPanes();
const { count, merge, takeBack, twice } = twinsOf(panes);

describe('two entries that are one customer', () => {
  test('become one: the first keeps its reference and its word, and has everything of the second', async () => {
    const { dana, done, read, book } = panes();
    const [winner, other] = await twice();
    await done(dana, 'address.create', {
      contact_id: other,
      line1: `${count()} Orchard Lane`,
      city: 'Madison',
    });
    const visit = await book('2026-12-01T09:00', {
      contact_id: other,
      address_id: `${count()} Orchard Lane`,
    });
    await done(dana, 'note.create', { contact_id: other, content: 'Key under the pot' });
    await done(dana, 'attribute.set', { contact_id: other, key: 'pet', value: 'cat' });
    const answer = await merge(winner, other);
    expect(answer).toMatchObject({
      merge: expect.stringMatching(/^CM-\d+$/),
      contact: { reference: winner, email: `nora${count()}@example.com` },
      merged: { reference: other },
      already: false,
      taken_over: expect.arrayContaining(['emails', 'email', 'tags', 'notes', 'custom_fields']),
    });
    expect(answer.moved).toMatchObject({ tickets: 1, addresses: 1, notes: 1, attributes: 1 });
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
      addresses: [{ line1: `${count()} Orchard Lane` }],
    });
    expect(await read(dana, 'search', { search: `nora${count()}@example.com` })).toMatchObject([
      { reference: winner },
    ]);
  });

  test('are booked without asking which of two addresses, where both of them had the same one', async () => {
    const { dana, act, done, read } = panes();
    const [winner, other] = await twice();
    const place = { city: 'Madison', state: 'AL', postal_code: '35758' };
    const own = await done(dana, 'address.create', {
      contact_id: winner,
      line1: `${count()} Twin Rd.`,
      ...place,
    });
    await done(dana, 'address.create', { contact_id: other, line1: `${count()} Twin Rd`, ...place });
    await merge(winner, other);
    const visit = { contact_id: winner, scheduled_at: '2026-12-02T09:00' };
    expect((await act(dana, 'ticket.create', visit)).data).toMatchObject({ address_id: own.id });
    const [context] = await read(dana, 'booking_context', { params: { contact_id: winner } });
    expect(context?.addresses).toMatchObject([{ reference: own.reference }]);
    // Another place is still asked for.
    await done(dana, 'address.create', { contact_id: winner, line1: `${count()} Lake Rd`, ...place });
    expect(await refusal(act(dana, 'ticket.create', visit))).toMatchObject({ code: 'AMBIGUOUS' });
  });

  test('bring closed visits and bills along, which nothing else can change', async () => {
    const { dana, done, act, read, book, database } = panes();
    const [winner, other] = await twice();
    await done(dana, 'address.create', { contact_id: other, line1: `${count()} Closed Road` });
    const visit = await book('2026-11-18T07:00', { contact_id: other, address_id: `${count()} Closed Road` });
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

  test('bring along what was written to them, and what they may still answer', async () => {
    const { dana, done, read, database } = panes();
    const [winner, other] = await twice();
    const { reference: message_id } = await done(dana, 'message.schedule', {
      contact_id: other,
      kind: 'outreach',
      subject: 'Shall we come again?',
      body: 'Hello Nora',
      send_at: '2026-12-20T09:00',
    });
    await done(dana, 'message.send_now', { message_id });
    await merge(winner, other);
    const [row] = await read(dana, 'contacts', { id: winner });
    const told = await read(dana, 'timeline', { params: { contact_id: winner } });
    expect(told).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ what: 'email waiting', text: 'Shall we come again?' }),
      ]),
    );
    const { rows } = await database.owner.query(
      'select purpose from customer_links where contact_id = $1 and used_at is null',
      [row?.id],
    );
    expect(rows).toEqual([{ purpose: 'unsubscribe' }]);
  });

  test('stay one when it is said twice, or by two people at once', async () => {
    const { dana, olivia, act, read } = panes();
    const [winner, other] = await twice();
    const both = await race([
      act(dana, 'contact.merge', { contact_id: winner, merged_contact_id: other }),
      act(olivia, 'contact.merge', { contact_id: winner, merged_contact_id: other }),
    ]);
    expect(both.refused).toEqual([]);
    expect(await merge(winner, other)).toMatchObject({ already: true, merged: { reference: other } });
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
    const left = await read(dana, 'contacts', { search: `Field${count()}` });
    expect(left).toHaveLength(1);
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
});

describe('whoever still has the old reference', () => {
  test('reads the customer who stayed, and is told so', async () => {
    const { dana, app, read, done } = panes();
    const [winner, other] = await twice();
    await done(dana, 'note.create', { contact_id: other, content: 'Key under the pot' });
    await merge(winner, other);
    const answer = await app.read(dana, 'contacts', { id: other }, { request_id: crypto.randomUUID() });
    expect(answer.rows).toMatchObject([{ reference: winner }]);
    expect(answer.warnings).toEqual([
      `${other} was merged into ${winner} «Nora Field${count()}»: this is ${winner}.`,
    ]);
    expect(await read(dana, 'search', { search: other })).toMatchObject([{ reference: winner }]);
    expect(await read(dana, 'notes', { params: { contact_id: other } })).toMatchObject([
      { content: 'Key under the pot' },
    ]);
    expect(await read(dana, 'booking_context', { params: { contact_id: other } })).toMatchObject([
      { reference: winner },
    ]);
  });

  test('changes nobody by mistake, and is told whom to change', async () => {
    const { dana, act } = panes();
    const [winner, other] = await twice();
    await merge(winner, other);
    for (const [action, data] of [
      ['contact.update', { contact_id: other, nickname: 'No' }],
      ['contact.delete', { contact_id: other }],
      ['note.create', { contact_id: other, content: 'Late' }],
    ] as const) {
      expect(await refusal(act(dana, action, data))).toMatchObject({
        code: 'NOT_FOUND',
        hint: `It was merged into ${winner} «Nora Field${count()}»: use that one.`,
      });
    }
    expect(await act(dana, 'note.create', { contact_id: winner, content: 'Late' })).toMatchObject({
      status: 'done',
    });
  });

  test('is led through a chain of merges to the last one, which is taken apart from its end', async () => {
    const { dana, act, read } = panes();
    const [one, two] = await twice();
    const [three] = await twice();
    const { merge: first } = await merge(one, two);
    const { merge: second } = await merge(three, one);
    expect(await read(dana, 'contacts', { id: two })).toMatchObject([{ reference: three }]);
    expect(await refusal(act(dana, 'contact.unmerge', { contact_merge_id: first }))).toMatchObject({
      code: 'INVALID_STATE',
      hint: 'It was deleted or merged in turn: take that back first.',
    });
    await takeBack(second);
    await takeBack(first);
    expect(await read(dana, 'contacts', { id: two })).toMatchObject([{ reference: two }]);
  });
});

describe('a merge', () => {
  test('is previewed: what goes over, whose words are kept and which are not, and nothing is done', async () => {
    const { dana, act, done, read } = panes();
    const [winner, other] = await twice({ nickname: 'Norrie' });
    await done(dana, 'contact.update', { contact_id: winner, nickname: 'Nono', job_title: 'Teacher' });
    await done(dana, 'note.create', { contact_id: other, content: 'Key under the pot' });
    const call = { contact_id: winner, merged_contact_id: other };
    const { data } = await act(dana, 'contact.merge', call, { preview: true });
    expect(data).toMatchObject({
      result: {
        contact: { reference: winner, full_name: `Nora Field${count()}` },
        merged: { reference: other, full_name: `Nora Field${count()}` },
        moved: { notes: 1 },
        taken_over: expect.arrayContaining(['email', 'emails', 'tags']),
        not_taken_over: { nickname: 'Norrie' },
      },
    });
    expect(await read(dana, 'contacts', { id: other })).toMatchObject([{ reference: other }]);
  });

  test('leaves nothing behind that is written for the other one at the same time', async () => {
    const { dana, olivia, act, read } = panes();
    const [winner, other] = await twice();
    const write = (n: number) => act(dana, 'note.create', { contact_id: other, content: `Note ${n}` });
    const { won } = await race<unknown>([
      ...[1, 2, 3, 4].map(write),
      act(olivia, 'contact.merge', { contact_id: winner, merged_contact_id: other }),
      ...[5, 6, 7, 8].map(write),
    ]);
    const notes = await read(dana, 'notes', { params: { contact_id: winner } });
    expect(notes).toHaveLength(won.length - 1);
  });

  test('of somebody who came with an import is known when the same file comes again', async () => {
    const { olivia, dana, done, read } = panes();
    const [winner] = await twice();
    const content =
      'First Name,Last Name,Email Address,Phone Number,Square Customer ID\nLena,Vale,lena@example.com,,SQ-7\n';
    await done(olivia, 'import.square', { content });
    const [lena] = await read(dana, 'contacts', { search: 'Lena Vale' });
    await merge(winner, String(lena?.reference));
    expect(await done(olivia, 'import.square', { content })).toMatchObject({
      created: 0,
      known: [{ contact: winner }],
    });
  });

  test('is offered when an import brings somebody with a name and street we know, and another number', async () => {
    const { olivia, dana, done } = panes();
    const { reference } = await done(dana, 'contact.create', {
      full_name: 'Opal Winters',
      phone: '(256) 555-0410',
    });
    await done(dana, 'address.create', {
      contact_id: reference,
      line1: '31 Willow Bend Rd',
      city: 'Madison',
    });
    const header =
      'First Name,Last Name,Email Address,Phone Number,Square Customer ID,Street Address 1,City\n';
    const rows =
      'Opal,Winters,,,SQ-31,31 Willow Bend Road,Madison\nOpal,Summers,,,SQ-32,9 Other Street,Athens\n';
    const told = await done(olivia, 'import.square', { content: header + rows, dry_run: true });
    expect(told.notices).toEqual([
      {
        row: 2,
        message: expect.stringContaining(
          `Looks like ${reference} «Opal Winters», who is here already: the same name, the same address.`,
        ),
      },
    ]);
  });
});
