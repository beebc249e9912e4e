import { beforeEach, expect, test } from 'vitest';
import { planning } from '../messages/planning.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const { plan } = planning(panes);
const first = '2026-12-01T15:00:00.000Z';
const second = '2026-12-10T15:00:00.000Z';

beforeEach(() => panes().setClock('2026-11-18T08:00:00-06:00'));

const undo = (of: string, more: Record<string, unknown> = {}) =>
  panes().act(panes().dana, 'undo', { of, ...more });

async function change(message_id: unknown, data: Record<string, unknown>): Promise<string> {
  return String((await panes().act(panes().dana, 'message.update', { message_id, ...data })).undo);
}

const messageOf = async (id: unknown) =>
  (await panes().read(panes().dana, 'scheduled_messages', { id: String(id) }))[0];

/** When the timers of a message ring that have not rung. */
async function ringing(id: unknown): Promise<string[]> {
  const { rows } = await panes().database.owner.query<{ run_at: Date }>(
    `select run_at from jobs
    where kind = 'scheduled_message' and done_at is null and payload ->> 'message_id' = $1 order by run_at`,
    [id],
  );
  return rows.map(({ run_at }) => run_at.toISOString());
}

/** What the timer does that was set to a moment, and is done with. */
async function ring(id: unknown, send_at: string): Promise<void> {
  const { act, bright, database } = panes();
  const worker = { via: 'system', organization_id: bright.id, name: 'worker' } as const;
  await act(worker, 'message.send_due', { message_id: id, send_at });
  await database.owner.query(
    `update jobs set done_at = now() where kind = 'scheduled_message' and payload ->> 'message_id' = $1 and run_at = $2`,
    [id, send_at],
  );
}

test('a mail that was moved keeps the time it was moved to, when the one before is past', async () => {
  const { id } = await plan();
  const word = await change(id, { send_at: '2026-12-10T09:00' });
  panes().setClock('2026-12-05T08:00:00-06:00');
  await ring(id, first);
  expect(await refusal(undo(word))).toMatchObject({
    code: 'INVALID_STATE',
    message: expect.stringMatching(/was to go out on .*2026-12-01.*, which is past/),
  });
  expect(await ringing(id)).toEqual([second]);
});

test('nor does it lose its timer when as much as possible of a move is taken back', async () => {
  const { id } = await plan();
  const word = await change(id, { send_at: '2026-12-10T09:00' });
  panes().setClock('2026-12-05T08:00:00-06:00');
  await ring(id, first);
  expect(await refusal(undo(word, { as_far_as_possible: true }))).toMatchObject({
    code: 'INVALID_STATE',
    message: expect.stringContaining('nothing left of it to take back'),
  });
  expect(await messageOf(id)).toMatchObject({ status: 'pending', send_at: second });
  expect(await ringing(id)).toEqual([second]);
});

test('what is moved on in time is taken back', async () => {
  const { id } = await plan({ send_at: '2026-12-10T09:00' });
  await undo(await change(id, { send_at: '2026-12-12T09:00' }));
  expect(await messageOf(id)).toMatchObject({ status: 'pending', send_at: second });
  expect(await ringing(id)).toEqual([second]);
});

test('a move is taken back, and made again, and each time the mail rings at its time', async () => {
  const { id } = await plan();
  const word = await change(id, { send_at: '2026-12-10T09:00' });
  const back = await undo(word);
  expect(await messageOf(id)).toMatchObject({ send_at: first });
  expect(await ringing(id)).toEqual([first]);
  const again = await undo(String(back.undo));
  expect(await messageOf(id)).toMatchObject({ send_at: second });
  expect(await ringing(id)).toContain(second);
  await undo(String(again.undo));
  expect(await ringing(id)).toEqual([first]);
});

test('what went out is not told otherwise by taking back how it was reworded', async () => {
  const { id } = await plan();
  const word = await change(id, { subject: 'Your gutters, Jane' });
  await panes().done(panes().dana, 'message.send_now', { message_id: id });
  for (const more of [{}, { as_far_as_possible: true }]) {
    expect(await refusal(undo(word, more))).toMatchObject({ code: 'INVALID_STATE' });
    expect(await messageOf(id)).toMatchObject({ subject: 'Your gutters, Jane' });
  }
  const other = await plan();
  await undo(await change(other.id, { subject: 'Your roof' }));
  expect(await messageOf(other.id)).toMatchObject({ subject: 'Your gutters', status: 'pending' });
});

test('a text that is there again and was not read is read', async () => {
  const { act, dana, database } = panes();
  const queued = async (kind: string, member: string, id: unknown) =>
    (
      await database.owner.query(
        'select 1 from jobs where kind = $1 and payload ->> $2 = $3 and done_at is null',
        [kind, member, id],
      )
    ).rowCount;
  const note = await act(dana, 'note.create', { contact_id: 'C-1001', content: 'Has a dog called Rex' });
  const lead = await act(dana, 'lead.create', {
    full_name: 'Lena Later',
    raw_notes: 'Wants her windows cleaned',
    extract: 'later',
  });
  for (const [kind, member, made] of [
    ['note_extraction', 'note_id', note],
    ['lead_extraction', 'lead_id', lead],
  ] as const) {
    expect(await queued(kind, member, made.data.id)).toBe(1);
    const gone = await undo(String(made.undo));
    expect(await queued(kind, member, made.data.id)).toBe(0);
    await undo(String(gone.undo));
    expect(await queued(kind, member, made.data.id)).toBe(1);
  }
});
