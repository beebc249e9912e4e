import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const timeline = (params: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  panes().read(panes().dana, 'timeline', { params, ...more });

describe('what has happened with a customer', () => {
  test('stands on one line of time: calls, notes, visits, e-mails and changes, newest first', async () => {
    const { done, dana, book } = panes();
    const { reference } = await done(dana, 'contact.create', {
      full_name: 'Tina Timeline',
      email: 'tina@example.com',
    });
    const contact_id = String(reference);
    await done(dana, 'interaction.create', {
      contact_id,
      type: 'phone_call',
      direction: 'inbound',
      occurred_at: '2026-11-16T10:00',
      outcome: 'spoke',
      subject: 'First call',
      body: 'Heard of us from Jane.',
    });
    await done(dana, 'note.create', { contact_id, content: 'Has a greenhouse', extract: 'no' });
    const visit = await book('2096-12-03T09:00', {
      contact_id,
      lines: ['Gutter Cleaning'],
      technician_ids: ['Theo'],
      notify_customer: true,
    });
    await done(dana, 'contact.update', { contact_id, phone: '256 555 0801' });
    const rows = await timeline({ contact_id });
    // The visit lies ahead; the database stamps what it writes now; the call was on Monday.
    expect(rows.map(({ kind, what, text, actor }) => [kind, what, text, actor])).toEqual([
      ['visit', 'visit scheduled', 'Gutter Cleaning', 'Theo'],
      ['change', 'contact update: phone, phones', null, 'Dana'],
      ['email', 'email waiting', expect.stringContaining('Your appointment on'), null],
      ['note', 'note', 'Has a greenhouse', null],
      ['change', 'contact create', null, 'Dana'],
      ['interaction', 'phone_call inbound spoke', 'First call: Heard of us from Jane.', 'Dana'],
    ]);
    expect(rows[0]).toMatchObject({ reference: visit.reference, happened_at: '2096-12-03T15:00:00.000Z' });
    expect(await timeline({ contact_id, kind: 'note' })).toMatchObject([{ text: 'Has a greenhouse' }]);
    await done(dana, 'note.delete', { note_id: String(rows[3]?.reference) });
    expect(await timeline({ contact_id, kind: 'note' })).toEqual([]);
  });

  test('goes on page by page to the beginning', async () => {
    const { done, dana, app } = panes();
    const contact_id = 'Mrs Hart';
    for (let n = 0; n < 7; n++)
      await done(dana, 'interaction.create', { contact_id, type: 'email_inbound', body: `Mail ${n}` });
    const all = (await timeline({ contact_id }, { limit: 100 })).map(row => row.id);
    const seen: unknown[] = [];
    let cursor: string | undefined;
    do {
      const query = { params: { contact_id }, limit: 3, ...(cursor === undefined ? {} : { cursor }) };
      const page = await app.read(dana, 'timeline', query, { request_id: 'paging' });
      seen.push(...page.rows.map(row => row.id));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(all);
    expect(seen.length).toBeGreaterThan(8);
  });

  test('has what was said while they were a lead', async () => {
    const { done, dana } = panes();
    const { reference } = await done(dana, 'lead.create', {
      full_name: 'Lea Lead',
      raw_notes: 'Wants gutters',
      extract: 'no',
    });
    const lead_id = String(reference);
    await done(dana, 'note.create', { lead_id, content: 'Nice on the phone' });
    expect((await timeline({ lead_id })).map(row => [row.kind, row.what])).toEqual([
      ['note', 'note'],
      ['change', 'lead create'],
      ['interaction', 'note internal'],
    ]);
    // Nobody visits somebody who is no customer yet.
    expect(await timeline({ lead_id, kind: 'visit' })).toEqual([]);
    await done(dana, 'lead.convert', { lead_id });
    const texts = (await timeline({ contact_id: 'Lea Lead' })).map(row => row.text);
    expect(texts).toEqual(expect.arrayContaining(['Nice on the phone', 'Wants gutters: Wants gutters']));
    const both = await timeline({ contact_id: 'Lea Lead', lead_id }, { limit: 100 });
    expect(both.filter(row => row.kind === 'note')).toHaveLength(1);
    expect(both.map(row => row.what)).toContain('lead create');
  });
});

test('a visit that was cancelled stands where that happened, by who did it; nobody is said to have gone', async () => {
  const { done, dana, olivia, book, setClock } = panes();
  const { id } = await done(dana, 'contact.create', { full_name: 'Carla Cancelled' });
  const contact_id = String(id);
  const visit = await book('2096-12-05T09:00', {
    contact_id,
    lines: ['Gutter Cleaning'],
    technician_ids: ['Theo'],
  });
  const [open] = await timeline({ contact_id, kind: 'visit' });
  expect(open).toMatchObject({ what: 'visit scheduled', actor: 'Theo' });
  setClock('2026-11-19T10:00:00-06:00');
  await done(olivia, 'ticket.cancel', { ticket_id: visit.id, cancel_reason: 'Away' });
  setClock('2026-11-18T08:00:00-06:00');
  const owner = await panes().read(dana, 'members', { params: { role: 'owner' }, fields: ['name'] });
  expect(await timeline({ contact_id, kind: 'visit' })).toMatchObject([
    {
      reference: visit.reference,
      what: 'visit cancelled, that was for Wed 2096-12-05 09:00',
      happened_at: '2026-11-19T16:00:00.000Z',
      actor: owner[0]?.name,
    },
  ]);
});

test('a merge that was taken back, and a mail that was never delivered, stand where that happened', async () => {
  const { done, olivia } = panes();
  const [keep, gone] = [
    await done(olivia, 'contact.create', { full_name: 'Mara Merged', email: 'mara@example.com' }),
    await done(olivia, 'contact.create', { full_name: 'Mara Merged', email: 'mara.m@example.com' }),
  ];
  const contact_id = String(keep.id);
  const merged = await done(olivia, 'contact.merge', { contact_id, merged_contact_id: gone.id });
  const [before] = await timeline({ contact_id, kind: 'merge' });
  expect(before).toMatchObject({ what: 'merged with another customer' });
  await asTableOwner(
    panes(),
    "update contact_merges set undone_at = '2096-12-05T15:00:00Z' where contact_id = $1",
    [contact_id],
  );
  expect(Object.keys(merged)).not.toEqual([]);
  expect(await timeline({ contact_id, kind: 'merge' })).toMatchObject([
    { what: 'merge taken back', happened_at: '2096-12-05T15:00:00.000Z' },
  ]);
});

test('a timeline is of somebody, of this business, and for the office', async () => {
  const { read, theo, clear, done } = panes();
  expect(await refusal(timeline({}))).toMatchObject({ message: 'A timeline is somebody’s.' });
  expect(await refusal(timeline({ contact_id: 'C-9999' }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await refusal(timeline({ contact_id: 'C-1001', kind: 'visits' }))).toMatchObject({
    code: 'VALIDATION_ERROR',
    field: 'kind',
    did_you_mean: ['visit'],
  });
  const theirs = await done(clear.owner, 'contact.create', { full_name: 'Their Customer' });
  expect(await refusal(timeline({ contact_id: theirs.id }))).toMatchObject({ code: 'NOT_FOUND' });
  expect(await refusal(timeline({ contact_id: 'C-1001' }, { cursor: 'x_y' }))).toMatchObject({
    field: 'cursor',
  });
  expect(await refusal(read(theo, 'timeline', { params: { contact_id: 'C-1001' } }))).toMatchObject({
    code: 'FORBIDDEN',
  });
});
