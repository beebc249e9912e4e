import { beforeEach, describe, expect, test } from 'vitest';
import { ModelFailure } from '../../core/kernel/outside/language-model.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

/** What happens while the model thinks. */
let meanwhile: () => Promise<unknown> = () => Promise.resolve();
const panes = useBrightPanes({
  model: {
    async ask() {
      await meanwhile();
      throw new ModelFailure('unavailable', 'The language model cannot be reached.');
    },
  },
});
beforeEach(() => {
  meanwhile = () => Promise.resolve();
});

const notes =
  'Robert Miles called, 256-555-0181, 44 Whitesburg Dr, Huntsville AL 35801. Wants inside windows.';
const reasoning = 'The customer spelt his number on the phone';
const inquiry = async (more: Record<string, unknown> = {}) =>
  panes().done(panes().dana, 'lead.create', { raw_notes: notes, ...more });
const confirm = (data: Record<string, unknown>) =>
  panes().done(panes().dana, 'lead.confirm_extraction', data);

describe('reading the notes again', () => {
  const extract = (lead: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    panes().act(panes().agent, 'lead.extract', { lead_id: lead.reference, method: 'rules', ...more });

  test('fills what is empty and leaves what somebody has written', async () => {
    const lead = await inquiry({ extract: 'no', full_name: 'Bob Miles' });
    const { data } = await extract(lead);
    expect(data).toMatchObject({
      full_name: 'Bob Miles',
      phone: '+12565550181',
      line1: '44 Whitesburg Dr',
      extraction_status: 'unconfirmed',
      extracted_by: 'rules',
    });
    expect(data.filled).toEqual(expect.arrayContaining(['title', 'phone', 'line1', 'city', 'postal_code']));
    expect(data.filled).not.toContain('full_name');
  });

  test('writes over what was read before, when the notes were corrected', async () => {
    const { done, dana } = panes();
    const lead = await inquiry();
    expect(lead.phone).toBe('+12565550181');
    const raw_notes = notes.replace('0181', '0187');
    await done(dana, 'lead.update', { lead_id: lead.id, raw_notes });
    expect((await extract(lead)).data).toMatchObject({ phone: '+12565550187' });
  });

  test('fills in nobody twice: a number somebody corrected stays', async () => {
    const { done, dana } = panes();
    const lead = await inquiry();
    await done(dana, 'lead.update', { lead_id: lead.id, phone: '256 555 0188' });
    expect((await extract(lead)).data).toMatchObject({ phone: '+12565550188', full_name: 'Robert Miles' });
  });

  test('finds the customer whose number it is', async () => {
    const lead = await inquiry({ raw_notes: 'Jane on 256-555-0142 again', extract: 'no' });
    const [jane] = await panes().read(panes().dana, 'contacts', { id: 'C-1001' });
    expect((await extract(lead)).data.contact_id).toBe(jane?.id);
  });

  test('is refused when nobody answers who was asked outright, and nothing changes', async () => {
    const lead = await inquiry();
    expect(await refusal(extract(lead, { method: 'llm' }))).toMatchObject({ code: 'UPSTREAM_ERROR' });
  });

  test('is done again when the notes were changed meanwhile', async () => {
    const { done, dana, read } = panes();
    const lead = await inquiry();
    meanwhile = () => done(dana, 'lead.update', { lead_id: lead.id, raw_notes: 'Somebody else altogether' });
    expect(await refusal(extract(lead, { method: undefined }))).toMatchObject({
      code: 'CONFLICT',
      hint: 'Do it again.',
    });
    expect(await read(dana, 'leads', { id: String(lead.id) })).toMatchObject([
      { raw_notes: 'Somebody else altogether', full_name: 'Robert Miles' },
    ]);
  });

  test('needs notes, and a lead of this business', async () => {
    const { done, dana, act, clear } = panes();
    const empty = await done(dana, 'lead.create', { full_name: 'Nora Noteless' });
    expect(await refusal(extract(empty))).toMatchObject({
      code: 'INVALID_STATE',
      message: `${String(empty.reference)} has no notes that could be read.`,
    });
    const theirs = await done(clear.agent, 'lead.create', { raw_notes: notes });
    expect(await refusal(act(panes().agent, 'lead.extract', { lead_id: theirs.id }))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('what was understood', () => {
  test('is confirmed by a person, who is written down', async () => {
    const { bright } = panes();
    const lead = await inquiry();
    expect(await confirm({ lead_id: lead.reference })).toMatchObject({
      extraction_status: 'confirmed',
      confirmed_by: bright.people.Dana?.id,
      confirmed_at: '2026-11-18T14:00:00.000Z',
      full_name: 'Robert Miles',
    });
  });

  test('is corrected on the way: other values, and some taken away', async () => {
    const lead = await inquiry();
    const corrections = { phone: '256 555 0183', urgency: 'high', property_details: [] };
    expect(
      await confirm({ lead_id: lead.id, corrections, clear: ['line1', 'service_interest'] }),
    ).toMatchObject({
      phone: '+12565550183',
      urgency: 'high',
      line1: null,
      service_interest: null,
      city: 'Huntsville',
      extraction_status: 'confirmed',
    });
  });

  test('is confirmed by an agent only with a reason', async () => {
    const { agent, act, read, dana } = panes();
    const lead = await inquiry();
    const call = { lead_id: lead.id };
    expect(await refusal(act(agent, 'lead.confirm_extraction', call))).toMatchObject({
      code: 'REASONING_REQUIRED',
    });
    const { data } = await act(agent, 'lead.confirm_extraction', call, { reasoning });
    expect(data).toMatchObject({ extraction_status: 'confirmed', confirmed_by: null });
    const [entry] = await read(dana, 'audit_log', { params: { entity_id: String(lead.id) } });
    expect(entry).toMatchObject({ actor_name: 'Office Manager', reasoning });
  });

  test('is confirmed once, and then no longer read out of the notes', async () => {
    const lead = await inquiry();
    await confirm({ lead_id: lead.id });
    expect(await refusal(confirm({ lead_id: lead.id }))).toEqual({
      code: 'INVALID_STATE',
      message: `${String(lead.reference)} was confirmed already.`,
      state: 'confirmed',
      hint: 'Change facts with lead.update.',
    });
    const again = panes().act(panes().dana, 'lead.extract', { lead_id: lead.id });
    expect(await refusal(again)).toMatchObject({ code: 'INVALID_STATE' });
  });

  test('is not confirmed with a correction that cannot be read', async () => {
    const lead = await inquiry();
    const wrong = confirm({ lead_id: lead.id, corrections: { phone: '12 34' } });
    expect(await refusal(wrong)).toMatchObject({ code: 'VALIDATION_ERROR', field: 'corrections.phone' });
    const unknown = confirm({ lead_id: lead.id, corrections: { telephone: '256 555 0183' } });
    expect(await refusal(unknown)).toMatchObject({ field: 'corrections.telephone' });
    expect(await panes().read(panes().dana, 'leads', { id: String(lead.id) })).toMatchObject([
      { extraction_status: 'unconfirmed' },
    ]);
  });

  test('cannot be confirmed where nothing was understood', async () => {
    const lead = await panes().done(panes().dana, 'lead.create', { full_name: 'Typed by Hand' });
    expect(await refusal(confirm({ lead_id: lead.id }))).toMatchObject({
      code: 'INVALID_STATE',
      state: 'none',
    });
  });

  test('of another business is out of reach', async () => {
    const { clear, act } = panes();
    const lead = await inquiry();
    const call = act(clear.owner, 'lead.confirm_extraction', { lead_id: lead.id });
    expect(await refusal(call)).toMatchObject({ code: 'NOT_FOUND' });
  });
});
