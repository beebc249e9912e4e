import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

describe('changing a visit', () => {
  test('takes notes, address and the estimate flag, and the history says what was there before', async () => {
    const { book, dana, done, read } = panes();
    const before = await book('2026-11-23T09:00', { notes: 'Ring twice' });
    const { id: cottage } = await done(dana, 'address.create', {
      contact_id: 'C-1001',
      line1: '9 Lake Road',
    });
    const { lines: _l, technicians: _t, scheduled_local: _s, ...row } = before;
    const change = {
      ticket_id: 'T-2001',
      notes: 'Ring once',
      address_id: '9 Lake Road',
      is_price_estimated: true,
    };
    expect(await done(dana, 'ticket.update', change)).toEqual({
      ...row,
      notes: 'Ring once',
      address_id: cottage,
      is_price_estimated: true,
      version: Number(before.version) + 1,
      updated_at: expect.any(String),
    });
    const [entry] = await read(dana, 'audit_log', { params: { domain_action: 'ticket.update' } });
    expect(entry?.changes).toEqual({
      notes: { old: 'Ring twice', new: 'Ring once' },
      address_id: { old: before.address_id, new: cottage },
      is_price_estimated: { old: false, new: true },
    });
    expect(await done(dana, 'ticket.update', { ticket_id: 'T-2001', clear: ['notes'] })).toMatchObject({
      notes: null,
    });
    await done(dana, 'address.delete', { address_id: cottage });
  });

  test('does not send the crew to another customer’s house', async () => {
    const { book, dana, act } = panes();
    const { id } = await book('2026-11-24T09:00');
    const move = (address_id: string) => act(dana, 'ticket.update', { ticket_id: id, address_id });
    expect(await refusal(move('A-1002'))).toMatchObject({ code: 'NOT_FOUND', field: 'address_id' });
    expect((await move('A-1001')).status).toBe('done');
  });

  test('has no say about what has a verb of its own: time, status, total, customer', async () => {
    const { book, dana, act } = panes();
    const { id } = await book('2026-11-24T11:00');
    for (const [member, value] of Object.entries({
      scheduled_at: '2026-11-25T09:00',
      status: 'closed',
      total_cents: 1,
      contact_id: 'C-1002',
      version: 1,
    })) {
      expect(await refusal(act(dana, 'ticket.update', { ticket_id: id, [member]: value }))).toMatchObject({
        code: 'VALIDATION_ERROR',
        field: member,
        message: `There is no "${member}" here.`,
      });
    }
    expect(await refusal(act(dana, 'ticket.update', { ticket_id: id }))).toMatchObject({
      message: 'Nothing to change was given.',
    });
  });

  test('by technicians reaches their own visits only', async () => {
    const { book, theo, tess, act } = panes();
    const { id } = await book('2026-11-25T09:00', { technician_ids: ['Theo'] });
    const change = (who: typeof theo) =>
      act(who, 'ticket.update', { ticket_id: id, notes: 'Gate code 4411' });
    expect(await refusal(change(tess))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await change(theo)).toMatchObject({ data: { notes: 'Gate code 4411' } });
  });
});

describe('the list of visits', () => {
  test('goes by customer, technician, status and local days, and technicians see their own', async () => {
    const { book, dana, theo, tess, done, read } = panes();
    const late = await book('2027-01-04T23:30', { technician_ids: ['Theo'], duration_minutes: 60 });
    const early = await book('2027-01-05T00:00', { technician_ids: ['Tess'] });
    const hart = await done(dana, 'ticket.create', {
      contact_id: 'C-1002',
      scheduled_at: '2027-01-05T10:00',
    });
    await done(dana, 'ticket.cancel', { ticket_id: hart.id });
    const list = async (who: typeof dana, params: Record<string, unknown>, filter?: string) => {
      const query = { params: { from: '2027-01-04', ...params }, sort: 'scheduled_at' };
      return (await read(who, 'tickets', { ...query, ...(filter ? { filter } : {}) })).map(row => row.id);
    };
    expect(await list(dana, {})).toEqual([late.id, early.id, hart.id]);
    expect(await list(dana, { to: '2027-01-04' })).toEqual([late.id]);
    expect(await list(dana, { from: '2027-01-05', to: '2027-01-05' })).toEqual([early.id, hart.id]);
    expect(await list(dana, { customer: 'Mrs Hart' })).toEqual([hart.id]);
    expect(await list(dana, { technician: 'Tess' })).toEqual([early.id]);
    expect(await list(dana, { status: 'cancelled' })).toEqual([hart.id]);
    expect(await list(dana, {}, 'open')).toEqual([late.id, early.id]);
    expect(await list(theo, {})).toEqual([late.id]);
    expect(await list(tess, { technician: 'Theo' })).toEqual([]);
  });

  test('is a summary, to which services, technicians, clocks and history are added on request', async () => {
    const { book, dana, read, bright } = panes();
    const { id, reference, contact_id, address_id } = await book('2027-02-01T09:00', {
      lines: ['Gutter Cleaning'],
      technician_ids: ['Theo'],
    });
    const summary = {
      id,
      reference,
      contact_id,
      address_id,
      status: 'scheduled',
      confirmation_status: 'not_sent',
      scheduled_at: '2027-02-01T15:00:00.000Z',
      duration_minutes: 60,
      total_cents: 15_000,
      is_price_estimated: false,
    };
    const query = { params: { from: '2027-02-01' } };
    expect(await read(dana, 'tickets', query)).toEqual([summary]);
    const include = ['line_items', 'technicians', 'time_entries', 'audit_trail'];
    expect(await read(dana, 'tickets', { ...query, include })).toEqual([
      {
        ...summary,
        line_items: [expect.objectContaining({ description: 'Gutter Cleaning', total_cents: 15_000 })],
        technicians: [{ id: bright.people.Theo?.id, name: 'Theo' }],
        time_entries: [],
        audit_trail: expect.arrayContaining([expect.objectContaining({ domain_action: 'ticket.create' })]),
      },
    ]);
  });

  test('tells which visits nobody has been sent to', async () => {
    const { book, dana, read } = panes();
    const alone = await book('2027-03-01T09:00');
    await book('2027-03-01T09:00', { technician_ids: ['Theo'] });
    const rows = await read(dana, 'tickets', { filter: 'unassigned', params: { from: '2027-03-01' } });
    expect(rows.map(row => row.id)).toEqual([alone.id]);
  });
});
