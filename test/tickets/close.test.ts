import { describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useCloseOuts } from '../closeout/desk.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { as } from '../support/office.ts';
import { race, refusal } from '../support/refusal.ts';

const panes = useBrightPanes();
const desk = useCloseOuts(panes);
const nothing = { duration_minutes: 60, notes: '', next_service: 'no' };

const close = (ticket_id: string, data: Record<string, unknown> = {}, who: Caller = panes().dana) =>
  panes().done(who, 'ticket.close', { ticket_id, ...nothing, ...data });
const refused = (ticket_id: string, data: Record<string, unknown> = {}, who: Caller = panes().dana) =>
  desk.leavesNothing(() => refusal(panes().act(who, 'ticket.close', { ticket_id, ...nothing, ...data })));

describe('a visit that is closed in one call (CLO-13)', () => {
  test('answers what was frozen', async () => {
    const ticket = await desk.visit();
    expect(await close(ticket, { notes: 'All clean.' })).toMatchObject({
      reference: ticket,
      status: 'closed',
      actual_minutes: 60,
      duration_minutes: 60,
      total_cents: 15_000,
      is_price_estimated: false,
      closed_at: '2026-11-18T14:00:00.000Z',
      closed_by: 'Dana',
      lines: [{ description: 'Gutter Cleaning', total_cents: 15_000 }],
      technicians: [{ name: 'Theo' }],
      note_id: expect.any(String),
      next_ticket_id: null,
      message_id: null,
      attributes: [],
    });
    const shown = await panes().read(panes().dana, 'tickets', {
      id: ticket,
      fields: ['actual_minutes', 'closed_by'],
    });
    expect(shown).toMatchObject([{ actual_minutes: 60, closed_by: 'Dana' }]);
  });

  test('frees the technicians’ time that is left of it', async () => {
    const ticket = await desk.visit({ duration_minutes: 240 });
    const rest = () => panes().book(`${desk.day}T11:00`, { technician_ids: ['Theo'] });
    expect(await refusal(rest())).toMatchObject({ code: 'CONFLICT', conflicting_ticket: ticket });
    await close(ticket);
    expect(await rest()).toMatchObject({ status: 'scheduled' });
  });

  test('stops the clocks that run on it, and those alone', async () => {
    const { done, theo, tess, dana, read, setClock } = panes();
    const ticket_id = await desk.visit();
    const elsewhere = await desk.visit({ technician_ids: ['Tess'] });
    await done(theo, 'ticket.clock_in', { ticket_id });
    await done(tess, 'ticket.clock_in', { ticket_id: elsewhere });
    setClock('2026-11-18T08:50:00-06:00');
    await close(ticket_id);
    const entriesOf = async (id: string) =>
      (await read(dana, 'tickets', { id, include: ['time_entries'] }))[0]?.time_entries;
    expect(await entriesOf(ticket_id)).toMatchObject([{ clocked_out_at: '2026-11-18T14:50:00.000Z' }]);
    expect(await entriesOf(elsewhere)).toMatchObject([{ clocked_out_at: null }]);
    await done(tess, 'ticket.clock_out', { ticket_id: elsewhere });
  });

  test('needs what it needs, and says which', async () => {
    const ticket = await desk.visit();
    const missing = await refusal(panes().act(panes().dana, 'ticket.close', {}));
    expect(missing.problems?.map(({ field }) => field)).toEqual([
      'ticket_id',
      'duration_minutes',
      'notes',
      'next_service',
    ]);
    // Empty notes are notes; none are not (CFL-31).
    const { notes: _, ...withoutNotes } = nothing;
    const call = { ticket_id: ticket, ...withoutNotes };
    expect(await refusal(panes().act(panes().dana, 'ticket.close', call))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'notes',
      message: '"notes" is missing.',
    });
    expect(await close(ticket)).toMatchObject({ note_id: null });
  });

  test.each([
    [{ duration_minutes: 0 }, 'duration_minutes'],
    [{ duration_minutes: 1441 }, 'duration_minutes'],
    [{ notes: 'x'.repeat(20_001) }, 'notes'],
    [{ next_service: 'perhaps' }, 'next_service'],
    [{ next_service: 'reach_out' }, 'reach_out_months'],
    [{ next_service: 'yes' }, 'appointment'],
    [{ reach_out_months: 3 }, 'reach_out_months'],
    [{ lines: [{ line_id: '1', service_id: 'S-3' }] }, 'lines.0'],
    [{ lines: [{ service_id: 'S-3', is_done: false }] }, 'lines.0.is_done'],
    [{ lines: [{ line_id: '1', quantity: 3 }] }, 'lines.0.quantity'],
    [{ attributes: [{ key: 'pet' }] }, 'attributes.0.value'],
  ])('is not closed with %j', async (data, field) => {
    const ticket = await desk.visit();
    expect(await refused(ticket, data)).toMatchObject({ code: 'VALIDATION_ERROR', field });
    expect(await close(ticket)).toMatchObject({ status: 'closed' });
  });
});

describe('who closes a visit', () => {
  test('the owner, the office, and the technicians who are on it', async () => {
    const { olivia, theo, tess } = panes();
    const ticket = await desk.visit();
    expect(await refused(ticket, {}, tess)).toMatchObject({ code: 'NOT_FOUND', field: 'ticket_id' });
    expect(await close(ticket, {}, theo)).toMatchObject({ closed_by: 'Theo' });
    expect(await close(await desk.visit(), {}, olivia)).toMatchObject({ closed_by: 'Olivia Bright' });
  });

  test('nobody of another business, by its reference or its id', async () => {
    const { clear, read, dana } = panes();
    const ticket = await desk.visit();
    const [row] = await read(dana, 'tickets', { id: ticket });
    for (const id of [ticket, String(row?.id)]) {
      expect(await refused(id, {}, clear.owner)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await refused(id, {}, as(clear, 'Cody'))).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await close(ticket)).toMatchObject({ status: 'closed' });
  });
});

describe('a visit that is over', () => {
  test('is not closed again: TICKET_CLOSED, or INVALID_STATE once it is cancelled', async () => {
    const { done, dana } = panes();
    const closed = await desk.visit();
    await close(closed);
    expect(await refused(closed)).toMatchObject({ code: 'TICKET_CLOSED' });
    const cancelled = await desk.visit();
    await done(dana, 'ticket.cancel', { ticket_id: cancelled });
    expect(await refused(cancelled)).toMatchObject({
      code: 'INVALID_STATE',
      message: `${cancelled} is cancelled, which is final.`,
    });
  });

  test('is closed once by many at once: one does it, the others hear that it is done', async () => {
    const { act, dana, theo, olivia } = panes();
    const ticket_id = await desk.visit({ contact_id: await desk.customer() });
    const data = { ticket_id, ...nothing, notes: 'x', next_service: 'reach_out', reach_out_months: 3 };
    const { won, refused: lost } = await race(
      [dana, theo, olivia, dana, theo, olivia].map(who => act(who, 'ticket.close', data)),
    );
    expect(won).toHaveLength(1);
    expect(lost).toEqual(Array(5).fill('TICKET_CLOSED'));
    expect(await desk.effects(ticket_id)).toMatchObject({ notes: 1, messages: 1 });
  });

  test('and is closed by the same call again once, with the same answer', async () => {
    const { act, dana } = panes();
    const ticket_id = await desk.visit();
    const key = { idempotency_key: `close ${ticket_id}` };
    const call = () => act(dana, 'ticket.close', { ticket_id, ...nothing, notes: 'Once.' }, key);
    const [first, second] = await Promise.all([call(), call()]);
    expect(second?.data).toEqual(first?.data);
    expect(await call()).toMatchObject({ replayed: true, data: first?.data });
    expect(await desk.effects(ticket_id)).toMatchObject({ notes: 1 });
  });
});

describe('the price', () => {
  const estimate = () => desk.visit({ lines: [{ service_id: 'S-2' }, { service_id: 'S-3', quantity: 20 }] });

  test('of an estimate must be said and confirmed; then it is final (TKT-09, FIX-01)', async () => {
    const ticket = await estimate();
    const lines = [{ line_id: 'window', unit_price_cents: 56_200 }];
    for (const data of [{}, { price_confirmed: true }, { lines }, { lines, price_confirmed: false }]) {
      expect(await refused(ticket, data)).toMatchObject({
        code: 'VALIDATION_ERROR',
        message: `The price of ${ticket} is an estimate: it must be confirmed before the visit is closed.`,
      });
    }
    expect(await close(ticket, { lines, price_confirmed: true, duration_minutes: 202 })).toMatchObject({
      is_price_estimated: false,
      total_cents: 66_200,
      actual_minutes: 202,
    });
  });

  test('of what was agreed on is not asked for, and may differ all the same', async () => {
    const ticket = await desk.visit({ lines: ['S-1', { service_id: 'S-3', quantity: 20 }, 'S-1'] });
    const lines = [
      { line_id: '1', unit_price_cents: 14_000, description: 'Gutters, front' },
      { line_id: 'screen', quantity: 25 },
      { line_id: '3', is_done: false },
      { service_id: 'S-3', quantity: 2, unit_price_cents: 250 },
    ];
    expect(await close(ticket, { lines })).toMatchObject({
      total_cents: 27_000,
      lines: [
        { description: 'Gutters, front', total_cents: 14_000 },
        { description: 'Screen Cleaning', quantity: 25, total_cents: 12_500 },
        { description: 'Screen Cleaning', quantity: 2, total_cents: 500 },
      ],
    });
  });

  test('of nothing done is nothing', async () => {
    const ticket = await desk.visit();
    const lines = [{ line_id: '1', is_done: false }];
    expect(await close(ticket, { lines, notes: 'Nobody at home.' })).toMatchObject({
      total_cents: 0,
      lines: [],
    });
  });
});

describe('the history of a visit', () => {
  test('tells who added services, who changed prices, and who closed it (TKT-13)', async () => {
    const { done, dana, theo, olivia, read } = panes();
    const ticket_id = await desk.visit();
    await done(dana, 'ticket.add_line', { ticket_id, service_id: 'S-3', quantity: 4 });
    await done(theo, 'ticket.update_line', { ticket_id, line_id: '2', quantity: 6 });
    const lines = [
      { line_id: '1', unit_price_cents: 17_500 },
      { service_id: 'S-2', unit_price_cents: 9000 },
    ];
    await close(ticket_id, { lines }, olivia);
    const [row] = await read(dana, 'tickets', { id: ticket_id, include: ['audit_trail'] });
    const trail = Array.isArray(row?.audit_trail) ? row.audit_trail : [];
    const told = trail
      .filter(({ entity_type }) => entity_type === 'ticket_line')
      .map(({ actor_name, domain_action, action, changes }) => [
        actor_name,
        domain_action,
        action,
        changes.unit_price_cents ?? changes.quantity,
      ]);
    expect(told.reverse()).toEqual([
      ['Dana', 'ticket.create', 'create', { old: null, new: 15_000 }],
      ['Dana', 'ticket.add_line', 'create', { old: null, new: 500 }],
      ['Theo', 'ticket.update_line', 'update', { old: 4, new: 6 }],
      ['Olivia Bright', 'ticket.close', 'update', { old: 15_000, new: 17_500 }],
      ['Olivia Bright', 'ticket.close', 'create', { old: null, new: 9000 }],
    ]);
    const closing = trail.find(({ changes }) => changes.status !== undefined);
    expect(closing).toMatchObject({
      actor_name: 'Olivia Bright',
      domain_action: 'ticket.close',
      changes: {
        status: { old: 'scheduled', new: 'closed' },
        actual_minutes: { old: null, new: 60 },
        closed_by: { old: null, new: 'Olivia Bright' },
      },
    });
  });
});

describe('who had a visit is a customer (CFL-08)', () => {
  const stageOf = async (contact: string) =>
    (await panes().read(panes().dana, 'contacts', { id: contact }))[0]?.lifecycle_stage;

  test.each(['lead', 'prospect', 'past_customer', 'customer'])(
    'whatever they were before: %s',
    async before => {
      const contact = await desk.customer({ lifecycle_stage: before });
      const ticket = await desk.visit({ contact_id: contact });
      expect(await stageOf(contact)).toBe(before);
      await close(ticket);
      expect(await stageOf(contact)).toBe('customer');
    },
  );

  test('but not by a visit that is cancelled', async () => {
    const contact = await desk.customer({ lifecycle_stage: 'prospect' });
    const ticket_id = await desk.visit({ contact_id: contact });
    await panes().done(panes().dana, 'ticket.cancel', { ticket_id });
    expect(await stageOf(contact)).toBe('prospect');
  });
});
