import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { storyTime, useOffice } from '../support/office.ts';
import { readyInput } from './ready-input.ts';
import { calls } from './registered.ts';
import { type Story, tellStory } from './story.ts';

// A request waits for minutes or days. Whatever an agent may ask for must still be what was shown when the owner has
// time: what stamps the moment or draws a number is the same thing twenty minutes later.

const later = '2026-11-18T08:20:00-06:00';
const office = useOffice();
let story: Story;
const forAgents = calls.filter(({ spec }) =>
  spec.kind === 'workflow' ? !spec.read_only : !spec.human_only && spec.name !== 'cancel_request',
);

beforeAll(async () => {
  const { bright, done } = office();
  story = await tellStory(office(), bright, 'Brightly');
  for (const { id, spec } of forAgents) {
    if (spec.kind === 'workflow') continue;
    await done(bright.owner, 'authorization.set_level', { action: id, level: 'requires_authorization' });
  }
});

beforeEach(() => office().setClock(storyTime));

/** Lets the agent ask, then the owner look at it and allow it twenty minutes later. */
async function askAndAllow(action: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
  const { act, done, read, bright, setClock } = office();
  const waiting = await act(bright.agent, action, input, { reasoning: 'The customer asked us to do so' });
  expect(waiting.status).toBe('pending_authorization');
  const request = String(waiting.data.request);
  const [asked] = await read(bright.owner, 'authorization_requests', { id: request });
  setClock(later);
  const digest = asked?.digest;
  return done(bright.owner, 'authorization.allow_once', { request, digest, seen: digest });
}

describe('what an agent asks for can be allowed later', () => {
  test.each(forAgents.map(call => ({ id: call.id, call })))('$id', async ({ id, call }) => {
    const ended = await askAndAllow(id, await readyInput(office(), story, call));
    expect(ended).toMatchObject({ status: 'succeeded', error: null });
  });

  test('a visit is cancelled although somebody is clocked in on it, whose clock stops when it is', async () => {
    const { done, read, bright } = office();
    const clockIn = office().app.registry.action('ticket.clock_in');
    const { ticket_id, technician_id } = await readyInput(office(), story, clockIn);
    await done(bright.owner, 'ticket.clock_in', { ticket_id, technician_id, at: '2026-11-18T07:00' });
    expect(await askAndAllow('ticket.cancel', { ticket_id })).toMatchObject({ status: 'succeeded' });
    const history = await read(bright.owner, 'audit_log', {
      params: { subject_type: 'ticket', subject_id: ticket_id },
      limit: 20,
    });
    const stopped = history.find(({ entity_type }) => entity_type === 'time_entry');
    expect(JSON.stringify(stopped?.changes)).toContain('2026-11-18T14:20:00');
  });

  test('an import of more customers than an agent may bring alone', async () => {
    const rows = Array.from(
      { length: 600 },
      (_, n) => `Ada,Byron${n},ada${n}@example.com,,SQ-${n},likes tea`,
    );
    const header = 'First Name,Last Name,Email Address,Phone Number,Square Customer ID,Memo';
    const ended = await askAndAllow('import.square', { content: [header, ...rows].join('\n') });
    expect(ended).toMatchObject({ status: 'succeeded', result: { created: 600 } });
  });
});
