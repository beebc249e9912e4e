import { beforeEach, describe, expect, test } from 'vitest';
import { twinsOf } from '../contacts/twins.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

// Who makes one customer of two decides where mails go and who has agreed to them. Nobody does so by mistake, or by stealth.

const panes = useBrightPanes();
const { count, merge, takeBack, twice } = twinsOf(panes);
const reasoning = 'The same person called twice';

const asAgent = (contact_id: string, merged_contact_id: string) =>
  panes().act(panes().agent, 'contact.merge', { contact_id, merged_contact_id }, { reasoning });
const change = (contact_id: string, more: Record<string, unknown>, who = panes().dana) =>
  panes().act(who, 'contact.update', { contact_id, ...more }, { reasoning });

// As if the last ten minutes had been quiet, and nothing waited.
beforeEach(async () => {
  await asTableOwner(panes(), 'delete from authorization_requests');
});

describe('an agent merges by itself', () => {
  test('when the names and a telephone number agree, also somebody with a long history', async () => {
    const { dana, done, book } = panes();
    const [winner, other] = await twice();
    const { reference } = await done(dana, 'address.create', { contact_id: other, line1: '8 Visit Way' });
    for (let n = 1; n < 9; n++)
      await book(`2027-02-0${n}T09:00`, { contact_id: other, address_id: reference });
    expect(await asAgent(winner, other)).toMatchObject({ status: 'done', data: { moved: { tickets: 8 } } });
  });

  test.each([
    ['the names differ', { full_name: 'Vera Field' }, 'their names differ'],
    ['nothing to reach them by is the same', { phone: '(256) 555-0999' }, 'they share no telephone number'],
    ['neither name has a letter', { full_name: '???' }, 'their names differ'],
  ])('but asks when %s', async (_what, more, reason) => {
    const [winner, other] = await twice(more);
    expect(await asAgent(winner, other)).toMatchObject({
      status: 'pending_authorization',
      data: { reason: expect.stringContaining(reason) },
    });
    expect(await panes().read(panes().dana, 'contacts', { id: other })).toMatchObject([{ reference: other }]);
  });

  test('but asks when it has made them alike itself, and mails would go to somebody else’s address', async () => {
    const { agent } = panes();
    const [jane, stranger] = await twice({ full_name: 'Rob Other', phone: '(256) 555-0998' });
    await change(
      stranger,
      { full_name: `Nora Field${count()}`, phone: `(256) 555-0${200 + count()}` },
      agent,
    );
    for (const [winner, other] of [
      [jane, stranger],
      [stranger, jane],
    ] as const) {
      expect(await asAgent(winner, other)).toMatchObject({
        status: 'pending_authorization',
        data: { reason: expect.stringContaining('an agent has changed the name') },
      });
    }
  });

  test('five times, and the sixth within ten minutes waits as a bulk', async () => {
    await asTableOwner(
      panes(),
      `alter table audit_log disable trigger immutable;
      delete from audit_log where actor_kind = 'agent';
      alter table audit_log enable trigger immutable`,
    );
    const ends: unknown[] = [];
    for (let n = 0; n < 6; n++) ends.push((await asAgent(...(await twice()))).status);
    expect(ends).toEqual(['done', 'done', 'done', 'done', 'done', 'pending_authorization']);
  });
});

describe('nobody merges', () => {
  test('as a technician, nor takes a merge back or sees who is twice', async () => {
    const { theo, act, read } = panes();
    const [winner, other] = await twice();
    const call = { contact_id: winner, merged_contact_id: other };
    expect(await refusal(act(theo, 'contact.merge', call))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(read(theo, 'duplicates'))).toMatchObject({ code: 'FORBIDDEN' });
    const { merge: reference } = await merge(winner, other);
    expect(await refusal(takeBack(reference, theo))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await takeBack(reference)).toMatchObject({ restored: { reference: other } });
  });

  test('customers of another business, nor reads where those went', async () => {
    const { clear, act, done, dana, read } = panes();
    const [winner, other] = await twice();
    const theirs = await done(clear.owner, 'contact.create', { full_name: 'Nora Field1' });
    const gone = await done(clear.owner, 'contact.create', { full_name: 'Nora Field2' });
    const { merge: reference } = await done(clear.owner, 'contact.merge', {
      contact_id: theirs.id,
      merged_contact_id: gone.id,
    });
    for (const [contact_id, merged_contact_id] of [
      [winner, theirs.id],
      [theirs.id, winner],
    ]) {
      expect(await refusal(act(dana, 'contact.merge', { contact_id, merged_contact_id }))).toMatchObject({
        code: 'NOT_FOUND',
      });
    }
    const told = await refusal(read(dana, 'contacts', { id: String(gone.id) }));
    expect(told).toMatchObject({ code: 'NOT_FOUND', hint: expect.not.stringContaining('merged') });
    // Theirs has the number that ours has not reached yet.
    expect(await read(clear.owner, 'contact_merges', { id: String(reference) })).toHaveLength(1);
    expect(await merge(winner, other)).toMatchObject({ already: false });
  });
});

describe('what the two customers said about mails', () => {
  test('counts for both: who wants none under one name gets none under the other', async () => {
    const { dana, read } = panes();
    for (const wish of [{ status: 'unsubscribed' }, { email_opt_in: false }]) {
      for (const index of [0, 1] as const) {
        const pair = await twice();
        await change(pair[index], wish);
        await merge(...pair);
        expect(await read(dana, 'contacts', { id: pair[0] })).toMatchObject([wish]);
      }
    }
  });

  test('counts for both when it was said while they were one, and the merge is taken back', async () => {
    const { dana, read } = panes();
    const [winner, other] = await twice();
    const { merge: reference } = await merge(winner, other);
    await change(winner, { status: 'unsubscribed' });
    await takeBack(reference);
    for (const id of [winner, other]) {
      expect(await read(dana, 'contacts', { id })).toMatchObject([{ status: 'unsubscribed' }]);
    }
  });

  test('goes back to each of them when the merge is taken back and nobody said more', async () => {
    const { dana, read } = panes();
    const [winner, other] = await twice();
    await change(other, { status: 'unsubscribed' });
    const { merge: reference } = await merge(winner, other);
    await takeBack(reference);
    expect(await read(dana, 'contacts', { id: winner })).toMatchObject([{ status: 'active' }]);
    expect(await read(dana, 'contacts', { id: other })).toMatchObject([{ status: 'unsubscribed' }]);
  });
});

describe('an address of mail', () => {
  const unconfirmed = async (id: string) => {
    const [row] = await panes().read(panes().dana, 'contacts', { id, include: ['unconfirmed_emails'] });
    return row?.unconfirmed_emails;
  };

  test('that a person confirmed stays confirmed, one that an agent typed stays unconfirmed', async () => {
    const { agent } = panes();
    const [winner, other] = await twice();
    await change(winner, { email: 'typed@example.com' }, agent);
    const { merge: reference } = await merge(winner, other);
    expect(await unconfirmed(winner)).toEqual(['typed@example.com']);
    await takeBack(reference);
    expect(await unconfirmed(winner)).toEqual(['typed@example.com']);
    expect(await unconfirmed(other)).toEqual([]);
  });

  test('that both have is confirmed when it is for one of them, and only there once they are two again', async () => {
    const { agent } = panes();
    const [winner, other] = await twice();
    await change(winner, { email: `nora${count()}@example.com` }, agent);
    const { merge: reference } = await merge(winner, other);
    expect(await unconfirmed(winner)).toEqual([]);
    await takeBack(reference);
    expect(await unconfirmed(winner)).toEqual([`nora${count()}@example.com`]);
  });
});

test('what waits for the owner about a customer who went into another one is not done, and says into whom', async () => {
  const { agent, act, dana, olivia, done, read } = panes();
  const [winner, other] = await twice();
  await done(dana, 'note.create', { contact_id: other, content: 'Key under the pot' });
  const lines = [{ description: 'Ladder', unit_price_cents: 100 }];
  await done(dana, 'invoice.create', { contact_id: other, lines });
  const { data } = await act(agent, 'contact.delete', { contact_id: other }, { reasoning });
  await merge(winner, other);
  const [asked] = await read(olivia, 'authorization_requests', { id: String(data.request) });
  const ended = await done(olivia, 'authorization.allow_once', {
    request: asked?.reference,
    digest: asked?.digest,
  });
  expect(ended).toMatchObject({
    status: 'stale',
    error: { message: expect.stringContaining(`It was merged into ${winner}`) },
    replaced_by: null,
  });
  expect(await read(dana, 'contacts', { id: winner })).toHaveLength(1);
});
