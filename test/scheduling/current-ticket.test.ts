import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

async function current(who: Caller, params: Record<string, unknown> = {}) {
  const [row] = await panes().read(who, 'current_ticket', { params });
  return row && [row.reference, row.why];
}

const at = (local: string) => panes().setClock(local);

describe('the visit a technician is at', () => {
  // One day of Theo: three visits, the first of which nobody closes, and one of tomorrow.
  beforeAll(async () => {
    const { book } = panes();
    at('2026-11-17T08:00:00-06:00');
    await book('2026-11-17T23:00', { duration_minutes: 120, technician_ids: ['Theo'] });
    await book('2026-11-18T09:00', { technician_ids: ['Theo'] });
    await book('2026-11-18T11:00', { technician_ids: ['Theo', 'Tess'] });
    await book('2026-11-18T14:00', { contact_id: 'C-1002', technician_ids: ['Theo'] });
    await book('2026-11-19T09:00', { technician_ids: ['Theo'] });
    await book('2026-11-18T10:00');
  });

  test.each([
    ['late last evening it is the one of the night', '2026-11-17T23:30:00-06:00', 'T-2001', 'now'],
    ['before it, that one comes next', '2026-11-17T08:00:00-06:00', 'T-2001', 'next'],
    ['after midnight it still is', '2026-11-18T00:59:59-06:00', 'T-2001', 'now'],
    ['when its time is over it is the one to close', '2026-11-18T01:00:00-06:00', 'T-2001', 'ended'],
    ['from the planned minute on it is the morning’s', '2026-11-18T09:00:00-06:00', 'T-2002', 'now'],
    ['and up to the last minute', '2026-11-18T09:59:59-06:00', 'T-2002', 'now'],
    ['between two it is the latest that is over', '2026-11-18T10:00:00-06:00', 'T-2002', 'ended'],
    ['the crew’s at eleven', '2026-11-18T11:30:00-06:00', 'T-2003', 'now'],
    ['the afternoon’s at two', '2026-11-18T14:10:00-06:00', 'T-2004', 'now'],
    ['in the evening the last of the day', '2026-11-18T23:59:00-06:00', 'T-2004', 'ended'],
    ['on the next morning the one to come', '2026-11-19T00:00:00-06:00', 'T-2005', 'next'],
  ])('%s', async (_when, local, reference, why) => {
    at(local);
    expect(await current(panes().theo)).toEqual([reference, why]);
  });

  test('on a day without a visit there is none, and nobody gets another’s', async () => {
    const { theo, tess, olivia } = panes();
    at('2026-11-20T09:00:00-06:00');
    expect(await current(theo)).toBeUndefined();
    at('2026-11-18T09:30:00-06:00');
    expect(await current(tess)).toEqual(['T-2003', 'next']);
    expect(await current(olivia)).toBeUndefined();
  });

  test('says whom it is for, where, and what is to be done there', async () => {
    const { done, dana, theo, read } = panes();
    await done(dana, 'ticket.add_line', { ticket_id: 'T-2004', service_id: 'Gutter Cleaning' });
    at('2026-11-18T14:10:00-06:00');
    expect(await read(theo, 'current_ticket')).toEqual([
      {
        reference: 'T-2004',
        why: 'now',
        local: 'Wed 2026-11-18 14:00 -06:00',
        customer: 'Mrs Hart',
        phone: '+12565550119',
        address: '48 Old Big Cove Rd, Owens Cross Roads, AL',
        services: ['Gutter Cleaning'],
        status: 'scheduled',
        clocked_in_at: null,
      },
    ]);
  });

  test('is the one their own clock runs on, whatever the plan says and on whichever day', async () => {
    const { done, theo, tess, read } = panes();
    at('2026-11-18T11:10:00-06:00');
    await done(theo, 'ticket.clock_in', { ticket_id: 'T-2005', at: '2026-11-18T10:40' });
    const [row] = await read(theo, 'current_ticket');
    expect(row).toMatchObject({ reference: 'T-2005', why: 'clocked_in', status: 'in_progress' });
    expect(row?.clocked_in_at).toBe('2026-11-18T16:40:00.000Z');
    expect(await current(tess)).toEqual(['T-2003', 'now']);
    await done(theo, 'ticket.clock_out', { ticket_id: 'T-2005' });
    // Tomorrow’s was only looked at: today’s plan counts again.
    expect(await current(theo)).toEqual(['T-2003', 'now']);
  });

  test('is one in progress before one that is planned; of two, the one they worked on last', async () => {
    const { done, theo } = panes();
    const work = async (ticket_id: string, from: string, to: string) => {
      await done(theo, 'ticket.clock_in', { ticket_id, at: from });
      expect(await current(theo)).toEqual([ticket_id, 'clocked_in']);
      await done(theo, 'ticket.clock_out', { ticket_id, at: to });
    };
    at('2026-11-18T14:30:00-06:00');
    await work('T-2003', '2026-11-18T11:00', '2026-11-18T12:00');
    expect(await current(theo)).toEqual(['T-2003', 'in_progress']);
    await work('T-2002', '2026-11-18T12:30', '2026-11-18T13:00');
    expect(await current(theo)).toEqual(['T-2002', 'in_progress']);
  });

  test('is never a cancelled one, nor a closed one', async () => {
    const { done, dana, theo, book } = panes();
    at('2026-11-24T09:10:00-06:00');
    const { id } = await book('2026-11-24T09:00', { technician_ids: ['Theo'] });
    const { reference } = await book('2026-11-24T10:00', { technician_ids: ['Theo'] });
    const closed = await book('2026-11-24T08:00', { technician_ids: ['Theo'] });
    await done(theo, 'ticket.clock_in', { ticket_id: closed.id, at: '2026-11-24T08:00' });
    await done(theo, 'ticket.clock_out', { ticket_id: closed.id });
    expect(await current(theo)).toEqual([closed.reference, 'in_progress']);
    await done(theo, 'ticket.close', {
      ticket_id: closed.id,
      duration_minutes: 70,
      notes: '',
      next_service: 'no',
    });
    expect(await current(theo)).toEqual([expect.any(String), 'now']);
    await done(dana, 'ticket.cancel', { ticket_id: id });
    expect(await current(theo)).toEqual([reference, 'next']);
    await done(dana, 'ticket.cancel', { ticket_id: reference });
    expect(await current(theo)).toBeUndefined();
  });
});

describe('who may ask', () => {
  test('the office and agents for anybody they name; a technician for nobody else', async () => {
    const { dana, agent, theo, tess, olivia } = panes();
    at('2026-11-18T09:30:00-06:00');
    const theirs = ['T-2003', 'in_progress'];
    expect(await current(dana, { technician_id: 'Tess' })).toEqual(theirs);
    expect(await current(agent, { technician_id: 'Tess' })).toEqual(theirs);
    expect(await current(tess, { technician_id: 'Tess' })).toEqual(theirs);
    expect(await current(olivia, { technician_id: 'Olivia' })).toBeUndefined();
    expect(await refusal(current(theo, { technician_id: 'Tess' }))).toMatchObject({
      code: 'FORBIDDEN',
      field: 'technician_id',
    });
  });

  test('an agent goes to no visits, so it has to say whose is meant', async () => {
    expect(await refusal(current(panes().agent))).toEqual({
      code: 'VALIDATION_ERROR',
      message: 'Say whose visit is meant.',
      field: 'technician_id',
      hint: 'Give the technician; members with is_bookable lists them.',
    });
  });

  test('an owner who goes to visits has one too; another business’s people are nobody here', async () => {
    const { olivia, clear, bright, book, done } = panes();
    await done(olivia, 'member.update', { member_id: bright.people.Olivia?.id, is_bookable: true });
    at('2026-11-25T09:30:00-06:00');
    const { reference } = await book('2026-11-25T09:00', { technician_ids: ['Olivia'] });
    expect(await current(olivia)).toEqual([reference, 'now']);
    const strangers = { technician_id: String(bright.people.Olivia?.id) };
    expect(await current(olivia, strangers)).toEqual([reference, 'now']);
    expect(await current(clear.owner, strangers)).toBeUndefined();
  });
});

describe('today is a day where the business is', () => {
  test('on the nights the clocks change, too', async () => {
    const { book, theo } = panes();
    at('2026-10-31T12:00:00-05:00');
    const early = await book('2026-11-01T01:15', { technician_ids: ['Theo'], duration_minutes: 30 });
    const again = await book('2026-11-01T01:15-06:00', { technician_ids: ['Theo'], duration_minutes: 30 });
    const last = await book('2026-11-01T23:30', { technician_ids: ['Theo'], duration_minutes: 30 });
    const times = [
      ['2026-11-01T01:20:00-05:00', early.reference, 'now'],
      ['2026-11-01T01:20:00-06:00', again.reference, 'now'],
      // The last hour of a day of 25.
      ['2026-11-01T23:29:00-06:00', again.reference, 'ended'],
      ['2026-11-01T23:59:00-06:00', last.reference, 'now'],
    ];
    for (const [local, reference, why] of times) {
      at(String(local));
      expect(await current(theo), String(local)).toEqual([reference, why]);
    }
    at('2026-11-02T00:00:00-06:00');
    expect(await current(theo)).toBeUndefined();
  });
});
