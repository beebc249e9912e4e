import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { as } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';
import { useCloseOuts } from './desk.ts';

const panes = useBrightPanes();
const desk = useCloseOuts(panes);

/** Every step with an input that would do. */
const everyStep: readonly [string, Record<string, unknown>][] = [
  ['start', {}],
  ['confirm_work', { duration_minutes: 75 }],
  ['set_notes', { notes: 'Has a cat.' }],
  ['set_next_service', { next_service: 'no' }],
  ['review', { attributes: [] }],
  ['look_again', {}],
  ['complete', { review: 'x' }],
  ['payment_choice', { payment_choice: 'skip' }],
];

describe.each(everyStep)('%s', (step, data) => {
  test('is not for a technician who does not go there, and says no more than of a visit there is not', async () => {
    const ticket = await desk.visit();
    const { id } = await panes().book('2026-12-30T09:00', { technician_ids: ['Theo'] });
    await panes().done(panes().dana, 'ticket.cancel', { ticket_id: id });
    expect(await desk.leavesNothing(() => desk.refused(step, ticket, data, panes().tess))).toMatchObject({
      code: 'NOT_FOUND',
      field: 'ticket_id',
    });
    expect(await desk.refused(step, 'T-9999', data)).toMatchObject({ code: 'NOT_FOUND', field: 'ticket_id' });
  });

  test('is not for an agent, whatever it says, and not for another business', async () => {
    const { act, agent, clear } = panes();
    const ticket_id = await desk.visit();
    await desk.toReview(ticket_id, { notes: 'Has a cat.' });
    for (const extra of [{}, { reasoning: 'Theo told me on the phone' }, { preview: true }]) {
      const asked = () => refusal(act(agent, `closeout.${step}`, { ticket_id, ...data }, extra));
      expect(await desk.leavesOnlyTheAttempt(asked)).toMatchObject({ code: 'HUMAN_ONLY' });
    }
    const attempts = await panes().read(panes().olivia, 'security_events', { params: { kind: 'attempt' } });
    expect(attempts.filter(({ action }) => action === `closeout.${step}`)).toMatchObject([
      { actor_name: 'Office Manager' },
    ]);
    const [row] = await panes().read(panes().dana, 'tickets', { id: ticket_id });
    for (const ticket of [ticket_id, String(row?.id)]) {
      for (const stranger of [clear.owner, as(clear, 'Cody')]) {
        expect(await desk.leavesNothing(() => desk.refused(step, ticket, data, stranger))).toMatchObject({
          code: 'NOT_FOUND',
        });
      }
    }
  });
});

describe('everybody who may close a visit has a close-out of their own', () => {
  test('the office closes out what nobody goes to, or what a technician left open', async () => {
    const nobodys = await desk.visit({ technician_ids: [] });
    const { review } = await desk.toReview(nobodys, { who: panes().dana, notes: 'Locked up.' });
    await desk.step('complete', nobodys, { review }, panes().dana);
    const [row] = await panes().read(panes().dana, 'tickets', { id: nobodys, fields: ['closed_by'] });
    expect(row).toMatchObject({ closed_by: 'Dana' });
  });

  test('two at the same visit do not write into each other’s', async () => {
    const { tess, theo, dana, read } = panes();
    const ticket = await desk.visit({ technician_ids: ['Theo', 'Tess'] });
    await desk.toReview(ticket, { notes: 'Theo saw a cat.' });
    await desk.step('confirm_work', ticket, { duration_minutes: 30 }, tess);
    expect(await desk.shown(ticket, tess)).toMatchObject({
      step: 'notes',
      notes: null,
      work: { duration_minutes: 30 },
    });
    expect(await desk.shown(ticket, theo)).toMatchObject({
      step: 'review',
      notes: 'Theo saw a cat.',
      work: { duration_minutes: 75 },
    });
    // Technicians see their own, the office all of them.
    const params = { ticket_id: ticket };
    expect(await read(tess, 'closeout_sessions', { params })).toMatchObject([{ notes_at: null }]);
    expect(await read(dana, 'closeout_sessions', { params })).toHaveLength(2);
    const theirs = await read(dana, 'closeout_sessions', { params: { ...params, member_id: 'Theo' } });
    expect(await refusal(read(tess, 'closeout_sessions', { id: String(theirs[0]?.id) }))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('who is taken off the visit is out, and finds everything again when they are back', async () => {
    const { done, dana } = panes();
    const ticket_id = await desk.visit();
    const { review } = await desk.toReview(ticket_id, { notes: 'Has a cat.' });
    await done(dana, 'ticket.unassign_technician', { ticket_id, technician_id: 'Theo' });
    expect(await desk.refused('complete', ticket_id, { review })).toMatchObject({ code: 'NOT_FOUND' });
    await done(dana, 'ticket.assign_technician', { ticket_id, technician_id: 'Theo' });
    expect(await desk.step('complete', ticket_id, { review })).toMatchObject({ notes: 'Has a cat.' });
  });
});

describe('the view of a close-out', () => {
  test('shows the office and agents that they have begun none, and technicians their own visits only', async () => {
    const { read, tess, dana, agent, clear } = panes();
    const ticket_id = await desk.visit();
    await desk.toReview(ticket_id, { notes: 'Has a cat.' });
    const params = { ticket_id };
    for (const who of [dana, agent]) {
      expect(await read(who, 'closeout', { params })).toMatchObject([
        { step: 'work', started_at: null, notes: null, customer: 'Jane Smith', ticket_status: 'scheduled' },
      ]);
    }
    for (const who of [tess, clear.owner, clear.agent]) {
      expect(await refusal(read(who, 'closeout', { params }))).toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});

describe('what technicians may besides', () => {
  test('they write notes on their own visits, closed ones too, and on nothing else (GAP-02)', async () => {
    const { act, done, theo, tess, read, dana } = panes();
    const ticket_id = await desk.visit();
    const content = 'Left the ladder there.';
    expect(await done(theo, 'note.create', { ticket_id, content })).toMatchObject({ content });
    const { review } = await desk.toReview(ticket_id);
    await desk.step('complete', ticket_id, { review });
    const facts = { attributes: [{ key: 'pet', value: 'ferret' }] };
    const note = await done(theo, 'note.create', { ticket_id, content: 'A ferret.', ...facts });
    expect(note).toMatchObject({ attributes: [{ shown: 'pet: ferret', is_confirmed: true }] });
    expect(await read(dana, 'notes', { params: { ticket_id } })).toHaveLength(2);

    const write = (who: typeof theo, about: Record<string, unknown>) =>
      refusal(act(who, 'note.create', { content, ...about }));
    expect(await write(tess, { ticket_id })).toMatchObject({ code: 'NOT_FOUND', field: 'ticket_id' });
    const outside = { code: 'FORBIDDEN', message: 'A technician writes notes on their own visits.' };
    expect(await write(theo, { contact_id: 'C-1001' })).toMatchObject(outside);
    expect(await write(theo, { contact_id: 'C-1001', ticket_id })).toMatchObject(outside);
    expect(await write(theo, {})).toMatchObject(outside);
    expect(await refusal(act(theo, 'note.update', { note_id: note.id, content }))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await refusal(read(theo, 'notes'))).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('they see their own free times, whoever they ask for', async () => {
    const { read, theo, dana, bright } = panes();
    const day = '2026-12-28';
    await panes().book(`${day}T08:00`, { technician_ids: ['Theo'], duration_minutes: 480 });
    const free = async (who: typeof theo, more = {}) =>
      (await read(who, 'availability', { params: { from: day, to: day, ...more } })).map(slot => slot.local);
    const last = ['Mon 2026-12-28 16:00 -06:00'];
    expect(await free(theo)).toEqual(last);
    expect(await free(theo, { technician_id: bright.people.Tess?.id })).toEqual(last);
    expect(await free(dana, { technician_id: 'Tess' })).toHaveLength(17);
  });
});
