import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const reasoning = 'The customer says that this was a mistake of ours';

/** Does something and answers the word that takes it back. */
async function did(caller: Caller, action: string, data: Record<string, unknown>, extra = {}) {
  const outcome = await panes().act(caller, action, data, { reasoning, ...extra });
  return { ...outcome, undo: String(outcome.undo) };
}

const undo = (caller: Caller, of: string, more: Record<string, unknown> = {}) =>
  panes().act(caller, 'undo', { of, ...more }, { reasoning });

const refused = (caller: Caller, of: string) => refusal(undo(caller, of));

let made = 0;
const customer = async (more: Record<string, unknown> = {}): Promise<string> => {
  made += 1;
  return String(
    (await panes().done(panes().dana, 'contact.create', { full_name: `Nora Field${made}`, ...more }))
      .reference,
  );
};

const contactOf = async (reference: string, fields = ['full_name', 'phone', 'email', 'notes', 'tags']) =>
  (await panes().read(panes().dana, 'contacts', { id: reference, fields }))[0];

const message = z.object({ kind: z.string(), status: z.string() });
/** What was written to the customer of a visit, or is still to be, and what became of it. */
async function messagesOf(visit: unknown) {
  const { rows } = await asTableOwner(
    panes(),
    'select kind, status from scheduled_messages where ticket_id = $1 order by kind, id',
    [visit],
  );
  return z.array(message).parse(rows);
}

describe('every write says how it is taken back', () => {
  test('a word that two calls of one moment share takes back neither, and says which there are', async () => {
    const { app, dana } = panes();
    const first = newId();
    const second = `${first.slice(0, -8)}${first.slice(-8, -4) === '0000' ? '0001' : '0000'}${first.slice(-4)}`;
    const words = [];
    for (const [request_id, full_name] of [
      [first, 'One Of Twins'],
      [second, 'Other Of Twins'],
    ] as const)
      words.push(
        (await app.execute(dana, { action: 'contact.create', data: { full_name } }, { request_id })).undo,
      );
    expect(words[0]).toBe(words[1]);
    const { code, candidates } = Object(await refused(dana, String(words[0])));
    expect(code).toBe('AMBIGUOUS');
    expect(candidates.map(({ reference }: { reference: string }) => reference).sort()).toEqual(
      [first, second].sort(),
    );
    await undo(dana, second);
    const left = (await panes().read(dana, 'contacts', { search: 'Of Twins' })).map(row => row.full_name);
    expect(left).toEqual(['One Of Twins']);
  });

  test('a change is taken back exactly, with one short word', async () => {
    const { dana } = panes();
    const nora = await customer({ phone: '(256) 555-0190', notes: 'Has a dog' });
    const before = await contactOf(nora);
    const changed = await did(dana, 'contact.update', {
      contact_id: nora,
      phone: '(256) 555-0191',
      notes: 'Has two dogs',
    });
    expect(changed.undo).toMatch(/^u-[0-9a-z]{11}$/);
    expect(await contactOf(nora)).not.toEqual(before);
    expect((await undo(dana, changed.undo)).data).toEqual({
      undone: expect.stringMatching(/^updated contact, by «Dana» on /),
      took_back: [expect.stringMatching(new RegExp(`^${nora}: .*notes.* as before$`))],
    });
    expect(await contactOf(nora)).toEqual(before);
    expect(await panes().read(dana, 'contacts', { search: '256-555-0191' })).toEqual([]);
  });

  test('what was made goes, and what was deleted is there again', async () => {
    const { dana, read } = panes();
    const added = await did(dana, 'contact.create', { full_name: 'Quentin Once' });
    expect((await undo(dana, added.undo)).data.took_back).toEqual([`${added.data.reference} is deleted`]);
    expect(await read(dana, 'contacts', { search: 'Quentin Once' })).toEqual([]);
    const nora = await customer();
    await did(dana, 'address.create', { contact_id: nora, line1: '7 Elm Court' });
    const gone = await did(dana, 'contact.delete', { contact_id: nora });
    await undo(dana, gone.undo);
    expect(await read(dana, 'contacts', { id: nora, include: ['addresses'] })).toMatchObject([
      { addresses: [{ line1: '7 Elm Court' }] },
    ]);
  });

  test('a visit that was booked is cancelled, and its mail is not sent', async () => {
    const { dana, read } = panes();
    const booked = await did(dana, 'ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: '2026-12-03T09:00',
      notify_customer: true,
    });
    expect((await undo(dana, booked.undo)).data).toMatchObject({
      took_back: [`${booked.data.reference} is cancelled`],
      not_sent: [expect.stringContaining('«jane.smith@example.com»')],
    });
    expect(await read(dana, 'tickets', { id: String(booked.data.reference) })).toMatchObject([
      { status: 'cancelled' },
    ]);
    expect(await messagesOf(booked.data.id)).toEqual([
      { kind: 'confirmation', status: 'skipped' },
      { kind: 'confirmation_follow_up', status: 'skipped' },
      { kind: 'confirmation_follow_up', status: 'skipped' },
      { kind: 'reminder', status: 'skipped' },
    ]);
  });

  test('with a move its mails are taken back, and what was planned for the old time is planned again', async () => {
    const { dana, book } = panes();
    const { id, reference } = await book('2026-12-28T09:00', { notify_customer: true });
    const before = await messagesOf(id);
    const moved = await did(dana, 'ticket.reschedule', {
      ticket_id: reference,
      scheduled_at: '2026-12-29T09:00',
      notify_customer: true,
    });
    expect(await messagesOf(id)).toContainEqual({ kind: 'moved', status: 'sending' });
    const back = await undo(dana, moved.undo);
    const left = (await messagesOf(id)).filter(({ status }) => status !== 'skipped');
    expect(left).toEqual(before);
    await undo(dana, String(back.undo));
    const again = await messagesOf(id);
    expect(again).toContainEqual({ kind: 'moved', status: 'skipped' });
    expect(again.filter(message => message.kind === 'reminder' && message.status === 'pending')).toHaveLength(
      1,
    );
  });

  test('a mail that has gone out is named as what stays', async () => {
    const { dana } = panes();
    const booked = await did(dana, 'ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: '2026-12-09T09:00',
      notify_customer: true,
    });
    await asTableOwner(panes(), 'update jobs set done_at = now() where done_at is null');
    expect((await undo(dana, booked.undo)).data).toMatchObject({
      took_back: [`${booked.data.reference} is cancelled`],
      stays: [expect.stringMatching(/«jane\.smith@example\.com» has gone out$/)],
    });
  });

  test('a customer who was told that we come is told that we do not, or whom to call is said', async () => {
    const { agent, dana, done } = panes();
    const booking = (who: Caller, contact_id: string, scheduled_at: string) =>
      did(who, 'schedule_appointment', {
        contact_id,
        lines: [{ service_id: 'Gutter Cleaning' }],
        scheduled_at,
      });
    const booked = await booking(agent, 'C-1001', '2026-12-14T09:00');
    await asTableOwner(panes(), 'update jobs set done_at = now() where done_at is null');
    const back = await undo(agent, booked.undo);
    expect(back).toMatchObject({
      warnings: [],
      data: { customer_told: 'mailed to «jane.smith@example.com»' },
    });
    const mails = await asTableOwner(
      panes(),
      "select payload ->> 'subject' as subject from jobs where done_at is null and kind = 'email'",
    );
    expect(JSON.stringify(mails.rows)).toMatch(/Your appointment on .* is cancelled/);
    const nora = await customer({ email: 'nora.told@example.com', phone: '(256) 555-0177' });
    const other = await booking(dana, nora, '2026-12-15T09:00');
    await asTableOwner(panes(), 'update jobs set done_at = now() where done_at is null');
    await done(dana, 'contact.update', { contact_id: nora, emails: [] });
    expect((await undo(dana, other.undo)).data).toMatchObject({
      customer_told: expect.stringMatching(
        /^not told: has no e-mail, call \(256\) 555-0177 \(TASK-\d+ has the words\)$/,
      ),
    });
  });

  test('where nothing of it writes to a customer who was written to, whom to call is said', async () => {
    const { dana, book } = panes();
    const { reference } = await book('2026-12-21T09:00');
    const move = async (scheduled_at: string) =>
      did(dana, 'ticket.reschedule', { ticket_id: reference, scheduled_at, notify_customer: true });
    const unsent = await move('2026-12-22T09:00');
    expect((await undo(dana, unsent.undo)).warnings).toEqual([]);
    const moved = await move('2026-12-23T09:00');
    await asTableOwner(panes(), 'update jobs set done_at = now() where done_at is null');
    expect((await undo(dana, moved.undo)).warnings).toEqual([
      '«Jane Smith» was written to and was not told of this: call (256) 555-0142.',
    ]);
  });

  test('what waits or writes nothing gives no word to take it back, and what writes does', async () => {
    const { agent, dana, act } = panes();
    const asked = { contact_id: 'C-1001', lines: [{ service_id: 'Gutter Cleaning' }] };
    for (const who of [agent, dana]) {
      const offered = await act(who, 'schedule_appointment', asked, { reasoning });
      expect(offered).toMatchObject({ status: 'done', data: { booked: false } });
      expect(offered).not.toHaveProperty('undo');
    }
    const task = { title: 'Wash the van', due_at: '2026-11-20', assignee_id: 'Dana' };
    const visit = await did(dana, 'ticket.create', {
      contact_id: 'C-1001',
      scheduled_at: '2026-12-17T09:00',
    });
    const sent = { ticket_id: visit.data.reference, technician_id: 'Theo' };
    const { reference } = (await did(dana, 'task.create', task)).data;
    await did(dana, 'ticket.assign_technician', sent);
    for (const [action, data, again] of [
      ['task.create', task, task],
      ['task.reopen', { task_id: reference }, { task_id: reference }],
      ['ticket.assign_technician', sent, { technician_id: 'Theo', tickets: [sent.ticket_id] }],
    ] as const) {
      for (const who of [agent, dana])
        for (const repeated of [data, again])
          expect(await act(who, action, repeated, { reasoning }), action).not.toHaveProperty('undo');
    }
    expect((await did(dana, 'task.complete', { task_id: reference })).undo).toMatch(/^u-/);
    expect(await act(dana, 'task.complete', { task_id: reference })).not.toHaveProperty('undo');
    const [one, two] = [await customer(), await customer()];
    const pair = { contact_id: one, merged_contact_id: two };
    const waits = await act(agent, 'contact.merge', pair, { reasoning });
    expect(waits.status).toBe('pending_authorization');
    expect(waits).not.toHaveProperty('undo');
    expect((await did(dana, 'contact.merge', pair)).undo).toMatch(/^u-/);
    const again = await act(dana, 'contact.merge', pair);
    expect(again).toMatchObject({ status: 'done', data: { already: true } });
    expect(again).not.toHaveProperty('undo');
  });

  test('an import is taken back as far as nobody has done anything since, and whom it leaves is named', async () => {
    const { dana, read } = panes();
    const rows = ['Iris,Importa,iris@example.com,,SQ-1', 'Ivo,Importa,ivo@example.com,,SQ-2'];
    const brought = await did(dana, 'import.square', {
      content: `First Name,Last Name,Email Address,Phone Number,Square Customer ID\n${rows.join('\n')}\n`,
      file_name: 'square.csv',
    });
    const [ivo] = await read(dana, 'contacts', { search: 'Ivo Importa' });
    await did(dana, 'ticket.create', { contact_id: ivo?.reference, scheduled_at: '2026-12-10T09:00' });
    expect(await refused(dana, brought.undo)).toMatchObject({
      code: 'INVALID_STATE',
      contacts: [`${ivo?.reference} Ivo Importa`],
    });
    const part = await undo(dana, brought.undo, { as_far_as_possible: true });
    expect(part.data).toMatchObject({ stays: [`${ivo?.reference} «Ivo Importa»`] });
    expect(await read(dana, 'contacts', { search: 'Iris Importa' })).toEqual([]);
    expect(await read(dana, 'contacts', { search: 'Ivo Importa' })).toHaveLength(1);
  });

  test('a technician who was sent is at home again, and one who was taken off is back on the visit', async () => {
    const { dana, bright, book, read } = panes();
    const theo = String(bright.people.Theo?.id);
    const visit = String((await book('2026-12-04T09:00')).reference);
    const crew = async () =>
      (await read(dana, 'tickets', { id: visit, include: ['technicians'] }))[0]?.technicians;
    const sent = await did(dana, 'ticket.assign_technician', { ticket_id: visit, technician_id: theo });
    const off = await did(dana, 'ticket.unassign_technician', { ticket_id: visit, technician_id: theo });
    await undo(dana, off.undo);
    expect(await crew()).toMatchObject([{ name: 'Theo' }]);
    const again = await refused(dana, off.undo);
    expect(again).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('already undone by «Dana»'),
    });
    await undo(dana, sent.undo);
    expect(await crew()).toEqual([]);
  });

  test('what is final says so, and why', async () => {
    const { dana, book } = panes();
    const visit = await book('2026-12-07T09:00');
    const cancelled = await did(dana, 'ticket.cancel', { ticket_id: visit.reference });
    expect(cancelled.undo).toBe('none: a cancelled visit is final, ticket.rebook books it anew');
    expect(await refused(dana, String(visit.reference))).toMatchObject({
      code: 'INVALID_STATE',
      message: expect.stringContaining('a cancelled visit is final'),
    });
  });
});

describe('what somebody has done since', () => {
  test('is not overwritten: nothing is taken back, and the reason is named', async () => {
    const { dana, olivia } = panes();
    const nora = await customer({ notes: 'Old', tags: ['weekly'] });
    const changed = await did(dana, 'contact.update', { contact_id: nora, notes: 'New', tags: ['monthly'] });
    await did(olivia, 'contact.update', { contact_id: nora, notes: 'Newest' });
    expect(await refused(dana, changed.undo)).toMatchObject({
      code: 'INVALID_STATE',
      stays: [`notes of ${nora} was changed since`],
    });
    expect(await contactOf(nora)).toMatchObject({ notes: 'Newest', tags: ['monthly'] });
    const part = await undo(dana, changed.undo, { as_far_as_possible: true });
    expect(part.data).toMatchObject({ stays: [`notes of ${nora} was changed since`] });
    expect(await contactOf(nora)).toMatchObject({ notes: 'Newest', tags: ['weekly'] });
  });

  test('a customer who has a visit by now is not taken back, until the visit is', async () => {
    const { dana, book } = panes();
    const added = await did(dana, 'contact.create', { full_name: 'Vera Later' });
    const house = await did(dana, 'address.create', { contact_id: added.data.reference, line1: '9 Oak' });
    expect(await refused(dana, added.undo)).toMatchObject({
      stays: [expect.stringContaining(`(address) belongs to ${added.data.reference} by now`)],
    });
    await undo(dana, house.undo);
    expect((await undo(dana, added.undo)).status).toBe('done');
    expect(await book('2026-12-08T13:00')).toBeDefined();
  });

  test('taking back is taken back in turn, and then it can be taken back once more', async () => {
    const { dana } = panes();
    const nora = await customer({ notes: 'Old' });
    const changed = await did(dana, 'contact.update', { contact_id: nora, notes: 'New' });
    const back = await undo(dana, changed.undo);
    await undo(dana, String(back.undo));
    expect(await contactOf(nora)).toMatchObject({ notes: 'New' });
    await undo(dana, changed.undo);
    expect(await contactOf(nora)).toMatchObject({ notes: 'Old' });
  });
});

describe('by a reference', () => {
  test('the last call about it is taken back, and with the next word the one before', async () => {
    const { dana } = panes();
    const nora = await customer({ notes: 'First' });
    await did(dana, 'contact.update', { contact_id: nora, notes: 'Second' });
    await did(dana, 'contact.update', { contact_id: nora, notes: 'Third' });
    await undo(dana, nora);
    expect(await contactOf(nora)).toMatchObject({ notes: 'Second' });
    await undo(dana, nora);
    expect(await contactOf(nora)).toMatchObject({ notes: 'First' });
  });

  test('the history says it in one line', async () => {
    const { dana, read } = panes();
    const nora = await customer({ notes: 'First' });
    await did(dana, 'contact.update', { contact_id: nora, notes: 'Second' });
    await undo(dana, nora);
    const [row] = await read(dana, 'contacts', { id: nora, include: ['history'] });
    expect(row?.history).toMatchObject([
      {
        actor_name: 'Dana',
        domain_action: 'audit.undo',
        changed: expect.arrayContaining([expect.stringMatching(/^undone: updated contact, by «Dana» on /)]),
      },
      { domain_action: 'contact.update' },
      { domain_action: 'contact.create' },
    ]);
  });
});

describe('who may', () => {
  test('an agent takes back what it did, by the levels of the reverse', async () => {
    const { agent, act } = panes();
    const added = await did(agent, 'contact.create', { full_name: 'Agnes Agentmade' });
    // Deleting wants a reason; that it is taken back is one, and a reason that says nothing is still none.
    expect(await refusal(act(agent, 'undo', { of: added.undo }, { reasoning: 'ok' }))).toMatchObject({
      code: 'REASONING_REQUIRED',
    });
    expect((await act(agent, 'undo', { of: added.undo })).status).toBe('done');
    const [gone] = await panes().read(panes().dana, 'audit_log', {
      params: { domain_action: 'audit.undo', actor_kind: 'agent' },
    });
    expect(gone).toMatchObject({ reasoning: 'An earlier call is taken back.' });
  });

  test('what a person did is taken back by an agent with the owner’s word alone, and the owner sees what it is', async () => {
    const { agent, dana, olivia, done, read } = panes();
    const nora = await customer({ notes: 'Old' });
    const changed = await did(dana, 'contact.update', { contact_id: nora, notes: 'New' });
    const asked = await undo(agent, changed.undo);
    expect(asked).toMatchObject({ status: 'pending_authorization', data: { rule: 'of_others' } });
    const [waiting] = await read(olivia, 'authorization_requests', { id: String(asked.data.request) });
    expect(waiting?.preview).toMatchObject({
      changes: [{ changes: { notes: { old: 'New', new: 'Old' } } }],
    });
    await done(olivia, 'authorization.allow_once', { request: asked.data.request, digest: waiting?.digest });
    expect(await contactOf(nora)).toMatchObject({ notes: 'Old' });
  });

  test('neither a technician nor another business takes anything back', async () => {
    const { dana, theo, clear } = panes();
    const nora = await customer();
    const changed = await did(dana, 'contact.update', { contact_id: nora, notes: 'New' });
    expect(await refused(theo, changed.undo)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refused(clear.owner, changed.undo)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await undo(dana, changed.undo)).status).toBe('done');
  });

  test('an agent signs nobody up again by taking back that they unsubscribed', async () => {
    const { agent, dana } = panes();
    const nora = await customer();
    const left = await did(agent, 'contact.update', { contact_id: nora, status: 'unsubscribed' });
    expect(await refused(agent, left.undo)).toMatchObject({ code: 'VALIDATION_ERROR', field: 'status' });
    const opted = await did(agent, 'contact.update', { contact_id: nora, email_opt_in: false });
    expect(await refused(agent, opted.undo)).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect((await undo(dana, opted.undo)).status).toBe('done');
    expect((await undo(dana, left.undo)).status).toBe('done');
  });

  test('a preview tells what would be taken back and what stays, and takes nothing back', async () => {
    const { dana, act } = panes();
    const nora = await customer({ notes: 'Old' });
    const changed = await did(dana, 'contact.update', { contact_id: nora, notes: 'New' });
    const seen = await act(dana, 'undo', { of: changed.undo }, { preview: true });
    expect(seen.data).toMatchObject({
      affected_rows: 1,
      would_change: [{ changes: { notes: { old: 'New', new: 'Old' } } }],
      result: { took_back: [`${nora}: notes as before`] },
    });
    expect(await contactOf(nora)).toMatchObject({ notes: 'New' });
  });

  test('an address an agent wrote down comes back as unconfirmed as it was, whatever is noted in its name', async () => {
    const { agent, dana, act, read } = panes();
    const nora = await customer();
    const evil = { email: 'evil@x.test', type: 'other' };
    const unconfirmed = async () =>
      (await read(dana, 'contacts', { id: nora, include: ['unconfirmed_emails'] }))[0]?.unconfirmed_emails;
    await did(agent, 'contact.update', { contact_id: nora, emails: [evil] });
    const before = await unconfirmed();
    const note = { contact_id: nora, action: 'email_confirmed', data: { email: evil.email } };
    expect(await refusal(act(agent, 'audit.log', note))).toMatchObject({ code: 'VALIDATION_ERROR' });
    // A person who adds another address has said nothing about this one.
    await did(dana, 'contact.update', {
      contact_id: nora,
      emails: [evil, { email: 'nora@example.com', type: 'other', primary: true }],
    });
    const dropped = await did(agent, 'contact.update', {
      contact_id: nora,
      emails: [{ email: 'nora@example.com', type: 'other', primary: true }],
    });
    await undo(agent, dropped.undo);
    expect(await unconfirmed()).toEqual(before);
    // Said by a person, it comes back confirmed.
    await did(dana, 'contact.confirm_email', { contact_id: nora, email: evil.email });
    const again = await did(agent, 'contact.update', {
      contact_id: nora,
      emails: [{ email: 'nora@example.com', type: 'other', primary: true }],
    });
    await undo(agent, again.undo);
    expect(await unconfirmed()).not.toEqual(before);
  });
});
