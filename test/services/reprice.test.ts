import { beforeEach, describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';
import { race, refusal } from '../support/refusal.ts';

// A new catalog price reaches open visits on request, in one call; what was agreed on stays.

const panes = useBrightPanes();
const gutters = 'Gutter Cleaning';
const windows = 'Interior and Exterior Window Cleaning';
let day = 0;

/** Books a visit on a day of its own. */
const book = (lines: unknown[], more: Record<string, unknown> = {}) =>
  panes().book(`2027-01-${String(4 + (day++ % 25)).padStart(2, '0')}T09:00`, { lines, ...more });
const change = (data: Record<string, unknown>) =>
  panes().act(panes().dana, 'service.update', { service_id: gutters, ...data });
const total = async (visit: Record<string, unknown>) =>
  (await panes().read(panes().dana, 'tickets', { id: String(visit.id) }))[0]?.total_cents;

/** Every test begins with the price of the list, and no visit to come. */
beforeEach(async () => {
  const { dana, done, read } = panes();
  for (const { id } of await read(dana, 'tickets', { filter: 'open', limit: 100 }))
    await done(dana, 'ticket.cancel', { ticket_id: id });
  await done(dana, 'service.update', { service_id: gutters, price_cents: 15_000 });
});

describe('a new catalog price', () => {
  test('reaches all open visits in the same call, and leaves what was agreed on, closed or cancelled', async () => {
    const { dana, done } = panes();
    const first = await book([gutters]);
    const both = await book([gutters, { service_id: 'Screen Cleaning', quantity: 10 }]);
    const agreed = await book([{ service_id: gutters, unit_price_cents: 12_000 }]);
    const later = await book([gutters]);
    await done(dana, 'ticket.update_line', { ticket_id: later.id, line_id: '1', unit_price_cents: 14_000 });
    const closed = await book([gutters]);
    await done(dana, 'ticket.close', {
      ticket_id: closed.id,
      duration_minutes: 60,
      notes: '',
      next_service: 'no',
    });
    const gone = await book([gutters]);
    await done(dana, 'ticket.cancel', { ticket_id: gone.id });
    const raised = await change({ price_cents: 17_500, reprice_open_visits: true });
    expect(raised.data).toMatchObject({
      price_cents: 17_500,
      repriced: [
        { reference: first.reference, was_total_cents: 15_000, total_cents: 17_500 },
        { reference: both.reference, was_total_cents: 20_000, total_cents: 22_500 },
      ],
    });
    expect(raised.warnings).toEqual([]);
    expect(await Promise.all([first, both, agreed, later, closed, gone].map(total))).toEqual([
      17_500, 22_500, 12_000, 14_000, 15_000, 15_000,
    ]);
  });

  test('reaches them in a later call as well, or some of them', async () => {
    const first = await book([gutters]);
    const second = await book([gutters]);
    const raised = await change({ price_cents: 16_500 });
    expect(raised.warnings).toEqual([
      expect.stringMatching(
        `^2 open visits keep \\$150.00: ${first.reference}, ${second.reference}. service.update with reprice_open_visits`,
      ),
    ]);
    const some = await change({ reprice_visits: [second.reference] });
    expect(some.data.repriced).toMatchObject([{ reference: second.reference }]);
    expect([await total(first), await total(second)]).toEqual([15_000, 16_500]);
    const rest = await change({ reprice_open_visits: true });
    expect(rest.data.repriced).toMatchObject([{ reference: first.reference }]);
    expect((await change({ reprice_open_visits: true })).data.repriced).toEqual([]);
  });

  test('is taken back by the call with the price that was, and what was agreed on at the new one stays', async () => {
    const visit = await book([gutters]);
    const agreed = await book([{ service_id: gutters, unit_price_cents: 17_500 }]);
    await change({ price_cents: 17_500, reprice_open_visits: true });
    const back = await change({ price_cents: 15_000, reprice_open_visits: true });
    expect(back.data.repriced).toMatchObject([{ reference: visit.reference, total_cents: 15_000 }]);
    expect([await total(visit), await total(agreed)]).toEqual([15_000, 17_500]);
  });

  test('reaches a visit that was moved since, at the price it brought along', async () => {
    const { agent, act, dana, done, read } = panes();
    const visit = await book([gutters]);
    await change({ price_cents: 17_500 });
    await act(
      agent,
      'handle_reschedule_request',
      { ticket_id: visit.reference, scheduled_at: '2027-02-08T09:00' },
      { reasoning: 'She is away that week' },
    );
    const [moved] = await read(dana, 'tickets', { sort: '-created_at', limit: 1 });
    expect(moved).toMatchObject({ total_cents: 15_000 });
    const { repriced } = await done(dana, 'service.update', {
      service_id: gutters,
      reprice_open_visits: true,
    });
    expect(repriced).toMatchObject([{ reference: moved?.reference, total_cents: 17_500 }]);
  });

  test('of a flexible service reaches estimates alone', async () => {
    const { act, dana, done } = panes();
    await done(dana, 'service.update', { service_id: windows, price_cents: 40_000 });
    const estimate = await book([windows], { is_price_estimated: true });
    const agreed = await book([windows], { is_price_estimated: false });
    const raised = await act(dana, 'service.update', {
      service_id: windows,
      price_cents: 45_000,
      reprice_open_visits: true,
    });
    expect(raised.data.repriced).toMatchObject([{ reference: estimate.reference }]);
    expect(raised.warnings).toEqual([`Agreed prices stay: ${agreed.reference}.`]);
    expect([await total(estimate), await total(agreed)]).toEqual([45_000, 40_000]);
  });

  test('is refused for visits that have nothing to be repriced, and then nothing has changed', async () => {
    const visit = await book([gutters]);
    const agreed = await book([{ service_id: gutters, unit_price_cents: 12_000 }]);
    const refused = await refusal(
      change({ price_cents: 17_500, reprice_visits: [visit.reference, agreed.reference] }),
    );
    expect(refused).toMatchObject({
      code: 'INVALID_STATE',
      field: 'reprice_visits.1',
      open_at_an_earlier_price: [visit.reference],
    });
    const [service] = await panes().read(panes().dana, 'services', { id: 'S-1' });
    expect([service?.price_cents, await total(visit)]).toEqual([15_000, 15_000]);
    expect(await refusal(change({ reprice_visits: ['T-99999'] }))).toMatchObject({
      code: 'INVALID_STATE',
      field: 'reprice_visits.0',
    });
    expect(await refusal(change({ reprice_visits: [] }))).toMatchObject({ field: 'reprice_visits' });
    expect(await refusal(change({}))).toMatchObject({ message: 'Nothing to change was given.' });
    const { act, clear } = panes();
    expect(
      await refusal(act(clear.owner, 'service.update', { service_id: 'S-1', reprice_open_visits: true })),
    ).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('asked for twice at once reaches each visit once', async () => {
    const visit = await book([gutters]);
    await change({ price_cents: 17_500 });
    const both = await race([change({ reprice_open_visits: true }), change({ reprice_open_visits: true })]);
    expect(both.refused).toEqual([]);
    const repriced = both.won.flatMap(({ data }) => data.repriced);
    expect(repriced).toEqual([{ reference: visit.reference, was_total_cents: 15_000, total_cents: 17_500 }]);
  });

  test('is shown beforehand, and told in the history of each visit', async () => {
    const { act, agent, dana, read } = panes();
    const visit = await book([gutters]);
    const wish = { service_id: gutters, price_cents: 17_500, reprice_open_visits: true };
    const preview = await act(agent, 'service.update', wish, { preview: true });
    expect(preview.data).toMatchObject({
      needs_authorization: null,
      result: { repriced: [{ reference: visit.reference }] },
    });
    expect(JSON.stringify(preview.data.would_change)).toContain('"unit_price_cents"');
    expect(await total(visit)).toBe(15_000);
    await act(agent, 'service.update', wish);
    const history = await read(dana, 'audit_log', {
      params: { subject_type: 'ticket', subject_id: String(visit.id) },
    });
    expect(history).toContainEqual(
      expect.objectContaining({
        entity_type: 'ticket_line',
        domain_action: 'service.update',
        changes: {
          unit_price_cents: { old: 15_000, new: 17_500 },
          total_cents: { old: 15_000, new: 17_500 },
        },
      }),
    );
  });

  test('for many visits is a bulk: an agent asks the owner, and the owner sees all of it', async () => {
    const { act, agent, done, olivia, read } = panes();
    const visits = [];
    for (let n = 0; n < 6; n++) visits.push(await book([gutters]));
    const waiting = await act(
      agent,
      'service.update',
      { service_id: gutters, price_cents: 17_500, reprice_open_visits: true },
      { reasoning: 'Olivia raises the price for everybody' },
    );
    expect(waiting).toMatchObject({
      status: 'pending_authorization',
      data: { reason: expect.stringContaining('one call would touch 7 records') },
    });
    expect(await Promise.all(visits.map(total))).toEqual(Array(6).fill(15_000));
    const request = String(waiting.data.request);
    const [asked] = await read(olivia, 'authorization_requests', { id: request });
    await done(olivia, 'authorization.allow_once', { request, digest: asked?.digest, seen: asked?.digest });
    expect(await Promise.all(visits.map(total))).toEqual(Array(6).fill(17_500));
  });
});
