import { describe, expect, test } from 'vitest';
import { knownOf } from '../attributes/known-of.ts';
import { askFor } from '../authorization-queue/asking.ts';
import { useCloseOuts } from '../closeout/desk.ts';
import { fingerprint } from '../contracts/fingerprint.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { whileWorking } from '../support/letters.ts';
import { soon } from '../support/patience.ts';
import { refusal } from '../support/refusal.ts';

// What a visit that is closed in one call leaves for later: facts, the next visit, a message; and what agents may.

const panes = useBrightPanes();
const desk = useCloseOuts(panes);
const nothing = { duration_minutes: 60, notes: '', next_service: 'no' };
const reasoning = 'Theo told me on the phone that it is done';
const notes = 'Elderly woman, very nice. Dog named Biscuit.';
const dog = { key: 'pet', value: 'dog', details: { name: 'Biscuit' } };

const close = (ticket_id: string, data: Record<string, unknown> = {}) =>
  panes().act(panes().dana, 'ticket.close', { ticket_id, ...nothing, ...data });
const closeAsAgent = (ticket_id: string, data: Record<string, unknown> = {}) =>
  panes().act(panes().agent, 'ticket.close', { ticket_id, ...nothing, ...data }, { reasoning });

describe('the facts in the notes', () => {
  test('are found later when nobody hands them in, and wait for somebody to confirm them (CFL-30, CFL-31)', async () => {
    const contact = await desk.customer();
    const { data } = await close(await desk.visit({ contact_id: contact }), { notes });
    expect(data.attributes).toEqual([]);
    expect(await knownOf(panes(), contact)).toEqual([]);
    await whileWorking(panes(), async () => {
      await expect
        .poll(() => knownOf(panes(), contact), soon)
        .toEqual(['customer_demographic: elderly?', 'pet: dog (name: Biscuit)?']);
    });
  });

  test('are confirmed when a person hands them in, and the notes are not read again', async () => {
    const contact = await desk.customer();
    const ticket = await desk.visit({ contact_id: contact });
    const { data } = await close(ticket, { notes, attributes: [dog] });
    expect(data.attributes).toMatchObject([{ shown: 'pet: dog (name: Biscuit)', is_confirmed: true }]);
    expect(await knownOf(panes(), contact)).toEqual(['pet: dog (name: Biscuit)']);
    const [note] = await panes().read(panes().dana, 'notes', { params: { ticket_id: ticket } });
    expect(note).toMatchObject({ extraction_status: 'done', extracted_by: null });
  });

  test('wait for somebody when an agent hands them in', async () => {
    const contact = await desk.customer();
    const ticket = await desk.visit({ contact_id: contact });
    const { data } = await closeAsAgent(ticket, { notes, attributes: [dog] });
    expect(data.attributes).toMatchObject([{ shown: 'pet: dog (name: Biscuit)', is_confirmed: false }]);
    expect(await knownOf(panes(), contact)).toEqual(['pet: dog (name: Biscuit)?']);
    const [note] = await panes().read(panes().dana, 'notes', { params: { ticket_id: ticket } });
    expect(note).toMatchObject({ extraction_status: 'done', extracted_by: 'agent' });
  });

  test('that nobody sees are said to be none by an empty list', async () => {
    const contact = await desk.customer();
    const ticket = await desk.visit({ contact_id: contact });
    await close(ticket, { notes, attributes: [] });
    const [note] = await panes().read(panes().dana, 'notes', { params: { ticket_id: ticket } });
    expect(note).toMatchObject({ extraction_status: 'done' });
    expect(await knownOf(panes(), contact)).toEqual([]);
  });

  test('that were called wrong before do not come by an agent; a person may say them again', async () => {
    const contact = await desk.customer();
    const { done, dana, read } = panes();
    await done(dana, 'attribute.set', { contact_id: contact, ...dog });
    const [fact] = await read(dana, 'attributes', { params: { contact_id: contact } });
    await done(dana, 'attribute.delete', { attribute_id: fact?.id });
    const agents = await desk.visit({ contact_id: contact });
    expect(await closeAsAgent(agents, { attributes: [dog] })).toMatchObject({
      warnings: ['Left out: «pet: dog (name: Biscuit)» was deleted as wrong before.'],
    });
    expect(await knownOf(panes(), contact)).toEqual([]);
    await close(await desk.visit({ contact_id: contact }), { attributes: [dog] });
    expect(await knownOf(panes(), contact)).toEqual(['pet: dog (name: Biscuit)']);
  });
});

describe('the next visit', () => {
  test('is booked with it: the same work at the final prices, by the same people, as long as it took', async () => {
    const ticket = await desk.visit({ lines: ['S-1', { service_id: 'S-3', quantity: 4 }] });
    const { data, warnings } = await close(ticket, {
      duration_minutes: 95,
      lines: [{ line_id: '1', unit_price_cents: 16_000 }],
      next_service: 'yes',
      appointment: '2027-02-01T09:00',
    });
    expect(warnings).toEqual([]);
    const [next] = await panes().read(panes().dana, 'tickets', {
      id: String(data.next_ticket_id),
      include: ['line_items', 'technicians'],
    });
    expect(next).toMatchObject({
      status: 'scheduled',
      scheduled_at: '2027-02-01T15:00:00.000Z',
      duration_minutes: 95,
      total_cents: 18_000,
      technicians: [{ name: 'Theo' }],
      line_items: [{ unit_price_cents: 16_000 }, { quantity: 4 }],
    });
  });

  test('is refused with the next free times when somebody is busy, and then nothing is closed', async () => {
    const { reference } = await panes().book('2027-02-02T09:00', { technician_ids: ['Theo'] });
    const ticket = await desk.visit();
    const wanted = { next_service: 'yes', appointment: { scheduled_at: '2027-02-02T09:30' } };
    const busy = () => refusal(close(ticket, { notes, ...wanted }));
    expect(await desk.leavesNothing(busy)).toMatchObject({
      code: 'CONFLICT',
      field: 'scheduled_at',
      conflicting_ticket: reference,
      next_free: [{ local: 'Tue 2027-02-02 10:00 -06:00' }, {}, {}],
    });
    const elsewhere = { ...wanted, appointment: { ...wanted.appointment, technician_ids: ['Tess'] } };
    expect(await close(ticket, { notes, ...elsewhere })).toMatchObject({ data: { status: 'closed' } });
  });

  test('of somebody who takes no visits is refused', async () => {
    const ticket = await desk.visit();
    const appointment = { scheduled_at: '2027-02-03T09:00', technician_ids: ['Dana'] };
    expect(await refusal(close(ticket, { next_service: 'yes', appointment }))).toMatchObject({
      code: 'INVALID_STATE',
      field: 'technician_id',
    });
    expect((await desk.effects(ticket)).status).toBe('scheduled');
  });
});

describe('a message in some months', () => {
  test('waits for its time, and says what was done (CLO-17)', async () => {
    const ticket = await desk.visit({ lines: ['S-1', { service_id: 'S-3', quantity: 4 }] });
    const { data } = await close(ticket, { next_service: 'reach_out', reach_out_months: 6 });
    const [message] = await panes().read(panes().dana, 'scheduled_messages', {
      id: String(data.message_id),
      fields: ['kind', 'status', 'send_at', 'body'],
    });
    expect(message).toMatchObject({
      kind: 'outreach',
      status: 'pending',
      send_at: '2027-05-18T14:00:00.000Z',
    });
    expect(message?.body).toContain('it has been 6 months since we did Gutter Cleaning and Screen Cleaning');
  });

  test('to somebody without an address is a call instead, and that is said', async () => {
    const ticket = await desk.visit({ contact_id: await desk.customer({ email: undefined }) });
    const { data, warnings } = await close(ticket, { next_service: 'reach_out', reach_out_months: 3 });
    expect(warnings).toEqual([
      expect.stringMatching(/has no e-mail address: a call is planned for Thu 2027-02-18 09:00 instead\.$/),
    ]);
    expect(data).toMatchObject({
      status: 'closed',
      message_id: null,
      reach_out: 'call on Thu 2027-02-18 09:00',
    });
  });
});

describe('an agent', () => {
  test('says why, for it cannot be undone (GAP-06)', async () => {
    const { act, agent, read, olivia } = panes();
    const ticket_id = await desk.visit();
    const call = (extra = {}) => act(agent, 'ticket.close', { ticket_id, ...nothing }, extra);
    expect(await desk.leavesNothing(() => refusal(call()))).toMatchObject({ code: 'REASONING_REQUIRED' });
    expect(await call({ reasoning })).toMatchObject({
      status: 'done',
      data: { status: 'closed', closed_by: 'Office Manager' },
    });
    const [entry] = await read(olivia, 'audit_log', {
      params: { entity_type: 'ticket', domain_action: 'ticket.close' },
      limit: 1,
    });
    expect(entry).toMatchObject({ actor_kind: 'agent', actor_name: 'Office Manager', reasoning });
  });

  test('is told in a preview all that would change and go out, and nothing of it stays', async () => {
    const { act, agent, database } = panes();
    const contact_id = await desk.customer({ lifecycle_stage: 'prospect' });
    const ticket_id = await desk.visit({ contact_id });
    const data = {
      ...nothing,
      ticket_id,
      notes,
      attributes: [dog],
      lines: [{ line_id: '1', unit_price_cents: 16_000 }],
      next_service: 'yes',
      appointment: { scheduled_at: '2027-02-08T09:00', notify_customer: true },
    };
    const before = await fingerprint(database.owner);
    const { data: told, status } = await act(agent, 'ticket.close', data, { preview: true, reasoning });
    expect(await fingerprint(database.owner)).toEqual(before);
    expect(status).toBe('preview');
    expect(told).toMatchObject({
      needs_authorization: null,
      would_send: [{ kind: 'email', payload: { subject: expect.stringContaining('Mon 2027-02-08 09:00') } }],
      result: { status: 'closed', total_cents: 16_000, next_ticket_id: expect.any(String) },
    });
    const changes = Array.isArray(told.would_change) ? told.would_change : [];
    expect(changes.map(change => `${change.action} ${change.entity_type}`)).toEqual(
      expect.arrayContaining([
        'update ticket_line',
        'update ticket',
        'create note',
        'create attribute',
        'update contact',
        'create ticket',
        'create ticket_line',
        'assign_technician ticket',
      ]),
    );
  });

  test('waits when the owner wants to see each one, and what is allowed happens once, with all of it', async () => {
    const { done, act, olivia, bright, read } = panes();
    const level = { action: 'ticket.close', level: 'requires_authorization' };
    const { id: grant } = await done(olivia, 'authorization.set_level', level);
    const contact = await desk.customer({ lifecycle_stage: 'prospect' });
    const ticket_id = await desk.visit({ contact_id: contact });
    const said = { notes, attributes: [dog], next_service: 'reach_out', reach_out_months: 6 };
    const asked = await askFor(panes(), bright, 'ticket.close', { ticket_id, ...nothing, ...said });
    expect(await desk.effects(ticket_id)).toMatchObject({ status: 'scheduled', notes: 0, messages: 0 });

    const allow = () => act(olivia, 'authorization.allow_once', { ...asked });
    expect(await allow()).toMatchObject({ data: { status: 'succeeded', error: null } });
    expect(await refusal(allow())).toMatchObject({ code: 'INVALID_STATE' });
    expect(await desk.effects(ticket_id)).toEqual({
      status: 'closed',
      notes: 1,
      facts: 1,
      messages: 1,
      visits: 1,
    });
    expect(await knownOf(panes(), contact)).toEqual(['pet: dog (name: Biscuit)?']);
    expect(await read(olivia, 'tickets', { id: ticket_id, fields: ['closed_by'] })).toMatchObject([
      { closed_by: 'Office Manager' },
    ]);
    await done(olivia, 'authorization.revoke_grant', { id: grant });
  });

  test('whose request waited while the visit was closed or changed is told so, and nothing happens', async () => {
    const { done, olivia, dana, bright } = panes();
    const level = { action: 'ticket.close', level: 'requires_authorization' };
    const { id: grant } = await done(olivia, 'authorization.set_level', level);
    for (const [action, data] of [
      ['ticket.close', { ...nothing, notes: 'By hand.' }],
      ['ticket.update_line', { line_id: '1', unit_price_cents: 1 }],
    ] as const) {
      const ticket_id = await desk.visit();
      const asked = await askFor(panes(), bright, 'ticket.close', { ticket_id, ...nothing, notes });
      await done(dana, action, { ticket_id, ...data });
      const before = await desk.effects(ticket_id);
      expect(await done(olivia, 'authorization.allow_once', { ...asked })).toMatchObject({ status: 'stale' });
      expect(await desk.effects(ticket_id)).toEqual(before);
    }
    await done(olivia, 'authorization.revoke_grant', { id: grant });
  });
});
