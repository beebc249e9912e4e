import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

const idOf = (name: string): string => {
  const id = panes().bright.people[name]?.id;
  if (id === undefined) throw new Error(`nobody is called ${name}`);
  return id;
};
const visitNow = async (id: unknown) => {
  const [visit] = await panes().read(panes().dana, 'tickets', { id: String(id), include: ['technicians'] });
  return { at: visit?.scheduled_at, who: visit?.technicians };
};
const named = (name: string) => [{ id: idOf(name), name }];

describe('a visit that is moved on the calendar', () => {
  test('goes to another time and another technician in one step, and one undo takes back both', async () => {
    const { book, act, dana, done } = panes();
    const { id } = await book('2026-11-24T10:00', { technician_ids: ['Tess'] });
    // Tess is busy at the new time and Theo at the old one: half of the move, and half of the undo, could not be done.
    await book('2026-11-25T09:00', { technician_ids: ['Tess'] });
    await book('2026-11-24T10:00', { technician_ids: ['Theo'] });
    const { data, undo } = await act(dana, 'ticket.move_visit', {
      ticket_id: id,
      scheduled_at: '2026-11-25T09:00',
      technician_ids: ['Theo'],
    });
    expect(data).toMatchObject({
      scheduled_local: 'Wed 2026-11-25 09:00 -06:00',
      technicians: named('Theo'),
    });
    await done(dana, 'audit.undo', { of: undo });
    expect(await visitNow(id)).toEqual({ at: '2026-11-24T16:00:00.000Z', who: named('Tess') });
  });

  test('can be put where nobody goes yet, and be given to two', async () => {
    const { book, done, dana } = panes();
    const { id } = await book('2026-11-26T10:00', { technician_ids: ['Theo'] });
    await done(dana, 'ticket.move_visit', { ticket_id: id, technician_ids: [] });
    expect(await visitNow(id)).toEqual({ at: '2026-11-26T16:00:00.000Z', who: [] });
    await done(dana, 'ticket.move_visit', { ticket_id: id, technician_ids: ['Theo', 'Tess'] });
    expect((await visitNow(id)).who).toEqual([...named('Tess'), ...named('Theo')]);
  });

  test('is refused where the technician is busy, with who and until when, and nothing has changed', async () => {
    const { book, act, dana } = panes();
    const { id } = await book('2026-11-27T10:00', { technician_ids: ['Tess'] });
    const other = await book('2026-11-27T13:00', { technician_ids: ['Theo'] });
    const move = { ticket_id: id, scheduled_at: '2026-11-27T13:30', technician_ids: ['Theo'] };
    const refused = await refusal(act(dana, 'ticket.move_visit', move));
    expect(refused.code).toBe('CONFLICT');
    expect(refused.message).toBe(
      `Theo is on ${other.reference} from Fri 2026-11-27 13:00 -06:00 until 14:00.`,
    );
    expect(refused.next_free).toHaveLength(3);
    expect(await visitNow(id)).toEqual({ at: '2026-11-27T16:00:00.000Z', who: named('Tess') });
  });

  test('of two people who move it at once the second is refused and told where it is now', async () => {
    const { book, act, dana, olivia } = panes();
    const { id, reference } = await book('2026-11-30T10:00', { technician_ids: ['Tess'] });
    const seen = { scheduled_at: '2026-11-30T10:00', crew: [idOf('Tess')] };
    const moves = await Promise.allSettled([
      act(dana, 'ticket.move_visit', { ticket_id: id, scheduled_at: '2026-11-30T14:00', seen }),
      act(olivia, 'ticket.move_visit', { ticket_id: id, technician_ids: ['Theo'], seen }),
    ]);
    expect(moves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [lost] = moves.filter(each => each.status === 'rejected');
    expect(String(lost?.reason)).toMatch(
      new RegExp(
        `${reference} was moved meanwhile: it is Mon 2026-11-30 (14:00 with Tess|10:00 with Theo) now`,
      ),
    );
  });

  test('tells the customer by mail when that is wished, from when to when', async () => {
    const { book, done, dana, database } = panes();
    const { id } = await book('2026-12-01T10:00', { technician_ids: ['Tess'] });
    const move = { ticket_id: id, scheduled_at: '2026-12-02T11:00', notify_customer: true };
    expect((await done(dana, 'ticket.move_visit', move)).customer_told).toContain('jane.smith@example.com');
    const { rows } = await database.owner.query(
      "select payload ->> 'text' as text from jobs where kind = 'email' order by id desc limit 1",
    );
    expect(rows[0].text).toContain(
      'Your appointment on Tuesday, December 1 at 10:00 AM is moved: we have you down for Wednesday, December 2 at 11:00 AM',
    );
  });

  test('is not moved once it is closed or cancelled', async () => {
    const { book, act, done, dana } = panes();
    const { id } = await book('2026-12-03T10:00');
    await done(dana, 'ticket.cancel', { ticket_id: id }, { reasoning: 'They moved away.' });
    const refused = await refusal(
      act(dana, 'ticket.move_visit', { ticket_id: id, scheduled_at: '2026-12-04T10:00' }),
    );
    expect(refused.code).toBe('INVALID_STATE');
  });
});
