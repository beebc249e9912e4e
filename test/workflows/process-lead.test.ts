import { beforeEach, describe, expect, test } from 'vitest';
import { scriptedModel, unavailable } from '../extraction/model.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const model = scriptedModel();
const panes = useBrightPanes({ model });

beforeEach(() => {
  model.asked = [];
  model.says = () => {
    throw new Error('the model is not expected to be asked');
  };
});

const raw_notes = 'Peter Falk, 256-555-0171, 9 Rock Cliff Pl in Madison, wants gutters cleaned, rather soon.';

/** What the agent hands in of a call. */
const take = (data: Record<string, unknown>, extra: Record<string, unknown> = {}) =>
  panes().act(panes().agent, 'process_lead', { raw_notes, source: 'phone_call', ...data }, extra);

const countLeads = async () => (await panes().read(panes().olivia, 'leads', { limit: 100 })).length;

describe('somebody calls', () => {
  test('what they said becomes a lead that says who understood it and what is unconfirmed, with a call back', async () => {
    model.says = () => ({
      full_name: 'Peter Falk',
      phone: '256-555-0171',
      service_interest: 'gutter cleaning',
    });
    const outcome = await take({});
    expect(outcome).toMatchObject({
      status: 'done',
      data: {
        lead: {
          full_name: 'Peter Falk',
          phone: '+12565550171',
          service_interest: 'gutter cleaning',
          source: 'phone_call',
          status: 'new',
          extraction_status: 'unconfirmed',
          extracted_by: 'llm',
        },
        extracted_by: 'llm:test-model',
        unconfirmed: ['full_name', 'phone', 'service_interest'],
        customers: [],
        call_back: 'Wed 2026-11-18 09:00 -06:00',
        hint: expect.stringContaining('lead.confirm_extraction'),
      },
    });
    const [lead] = await panes().read(panes().olivia, 'leads', { sort: '-created_at', limit: 1 });
    const [whole] = await panes().read(panes().olivia, 'leads', { id: String(lead?.id) });
    expect(whole?.raw_notes).toBe(raw_notes);
    const due = await panes().read(panes().olivia, 'follow_ups', { params: { lead_id: String(lead?.id) } });
    expect(due).toMatchObject([{ kind: 'follow_up', due_at: '2026-11-18T15:00:00.000Z' }]);
  });

  test('simple rules read it when the model does not answer, and say so', async () => {
    model.says = unavailable;
    const { data, warnings } = await take({});
    expect(data).toMatchObject({ extracted_by: 'rules', lead: { full_name: 'Peter Falk' } });
    expect(data.unconfirmed).toEqual(expect.arrayContaining(['full_name', 'phone', 'line1']));
    expect(warnings).toContainEqual(expect.stringContaining('simple rules'));
  });

  test('what the agent has understood itself is taken, and nobody else is asked', async () => {
    const { data } = await take({ fields: { full_name: 'Peter Falk', urgency: 'high' } });
    expect(data).toMatchObject({
      extracted_by: 'agent',
      unconfirmed: ['full_name', 'urgency'],
      lead: { full_name: 'Peter Falk', urgency: 'high', phone: null, extraction_status: 'unconfirmed' },
    });
    expect(model.asked).toEqual([]);
  });

  test('is told to be a customer already when the number is known', async () => {
    const { data } = await take({ fields: { full_name: 'J. Smith', phone: '256 555 0142' } });
    expect(data.customers).toEqual([{ reference: 'C-1001', full_name: 'Jane Smith' }]);
    const [jane] = await panes().read(panes().olivia, 'contacts', { id: 'C-1001' });
    expect(data.lead).toMatchObject({ contact_id: jane?.id });
  });

  test('a call back that was agreed on is planned for then, and not in the past', async () => {
    const later = { fields: { full_name: 'Ada' }, follow_up_at: '2026-11-20T16:30' };
    expect((await take(later)).data.call_back).toBe('Fri 2026-11-20 16:30 -06:00');
    const before = await countLeads();
    expect(await refusal(take({ ...later, follow_up_at: '2026-11-01T09:00' }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'follow_up_at',
    });
    expect(await countLeads()).toBe(before);
  });

  test('a call back at a time that only the notes tell is no call back of then, and that is said', async () => {
    const fields = { full_name: 'Ada' };
    const said = { raw_notes: 'Ada wants her windows done. Call her back tomorrow after three.', fields };
    expect((await take(said)).warnings).toContainEqual(
      expect.stringMatching(
        /^They said «Call her back tomorrow after three», and the call back is planned for .+: interaction\.set_follow_up/,
      ),
    );
    for (const told of [
      { ...said, follow_up_at: '2026-11-20T15:00' },
      { fields, raw_notes: 'Ada wants a call back.' },
    ])
      expect((await take(told)).warnings.join(' ')).not.toContain('They said');
    const card = { fields, raw_notes: 'Call her back at noon about 4242 4242 4242 4242' };
    expect(JSON.stringify((await take(card)).warnings)).not.toContain('4242 4242');
  });

  test('card numbers are gone before anybody reads them, the model included', async () => {
    model.says = () => ({ full_name: 'Ann Card' });
    const { data, warnings } = await take({ raw_notes: 'Ann Card, pays with 4242 4242 4242 4242' });
    expect(JSON.stringify(model.asked)).not.toContain('4242 4242');
    expect(data.lead).toMatchObject({ full_name: 'Ann Card' });
    expect(warnings).toContainEqual(expect.stringContaining('card number was removed'));
  });
});

describe('what is refused', () => {
  test('no notes, an unknown field and a technician', async () => {
    const { act, theo, agent } = panes();
    expect(await refusal(act(agent, 'process_lead', {}))).toMatchObject({ field: 'raw_notes' });
    expect(await refusal(take({ fields: { ful_name: 'Ada' } }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'fields.ful_name',
      did_you_mean: ['full_name'],
    });
    expect(await refusal(act(theo, 'process_lead', { raw_notes }))).toMatchObject({ code: 'FORBIDDEN' });
    expect((await take({ fields: { full_name: 'Ada' } })).status).toBe('done');
  });
});

describe('an agent that repeats itself', () => {
  test('makes one lead, and the model is asked once', async () => {
    model.says = () => ({ full_name: 'Peter Falk' });
    const before = await countLeads();
    const first = await take({}, { idempotency_key: 'call-1' });
    const again = await take({}, { idempotency_key: 'call-1' });
    expect(again).toMatchObject({ replayed: true, data: first.data });
    expect(await countLeads()).toBe(before + 1);
    expect(model.asked).toHaveLength(1);
  });

  test('previews by simple rules, without asking the model and without leaving a lead or a call back', async () => {
    model.says = () => ({ full_name: 'Somebody Else' });
    const before = await countLeads();
    const { data, warnings } = await take({}, { preview: true });
    expect(data.result).toMatchObject({ extracted_by: 'rules', lead: { full_name: 'Peter Falk' } });
    expect(warnings).toContainEqual(expect.stringContaining('No language model is asked for a preview'));
    expect(model.asked).toEqual([]);
    expect(await countLeads()).toBe(before);
    // The same call, when it is meant, does ask it.
    expect((await take({})).data).toMatchObject({ extracted_by: 'llm:test-model' });
    expect(model.asked).toHaveLength(1);
  });
});

test('when the owner wants to decide about new leads, what simple rules understood waits with it, and no model is asked then or later', async () => {
  const { done, read, olivia } = panes();
  const level = await done(olivia, 'authorization.set_level', {
    action: 'lead.create',
    level: 'requires_authorization',
  });
  model.says = () => ({ full_name: 'Somebody Else' });
  const waiting = await take({});
  expect(waiting.status).toBe('pending_authorization');
  const request = String(waiting.data.request);
  const [asked] = await read(olivia, 'authorization_requests', { id: request });
  expect(JSON.stringify(asked?.preview)).toContain('Peter Falk');
  expect(await done(olivia, 'authorization.allow_once', { request, digest: asked?.digest })).toMatchObject({
    status: 'succeeded',
    result: { lead: { full_name: 'Peter Falk' }, extracted_by: 'rules' },
  });
  expect(model.asked).toEqual([]);
  await done(olivia, 'authorization.revoke_grant', { id: level.id });
});
