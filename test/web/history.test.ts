import { describe, expect, test } from 'vitest';
import { eventLine, eventsOf, type HistoryEntry, historyList } from '../../web-review/history.ts';
import { html } from '../../web-review/html.ts';
import { registry } from '../contracts/registered.ts';

const entry = (facts: Partial<HistoryEntry>): HistoryEntry => ({
  entity_type: 'ticket',
  action: 'update',
  domain_action: 'ticket.update_line',
  changes: {},
  actor_kind: 'user',
  actor_name: 'Dana',
  reasoning: null,
  created_at: '2026-11-18T14:00:00.000Z',
  ...facts,
});

const reader = {
  registry,
  time_zone: 'America/Chicago',
  currency: 'USD',
  country: 'US',
  names: new Map([['t-1', 'Theo']]),
};

const words = (entries: readonly HistoryEntry[]): string =>
  historyList(entries, 'ticket', reader)
    .text.replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('the history in words', () => {
  test.each([
    ['ticket.reschedule', 'Dana rescheduled visit'],
    ['ticket.update_line', 'Dana updated line of visit'],
    ['contact.set_preferences', 'Dana set preferences of customer'],
    ['import.square', 'Dana imported customers from Square'],
    ['message.send_now', 'Dana sent message now'],
    ['ticket.clock_in', 'Dana clocked in'],
    ['schedule_appointment', 'Dana booked a visit'],
    ['process_lead', 'Dana took down an inquiry'],
    ['kite.polish', 'Dana polished kite'],
  ])('%s reads “%s”', (domain_action, sentence) => {
    expect(words([entry({ domain_action })])).toBe(`${sentence} Wed, Nov 18, 2026, 8:00 AM`);
  });

  test('who is no person is called what it is', () => {
    expect(words([entry({ actor_kind: 'agent', actor_name: 'Office Manager' })])).toContain(
      'Office Manager (agent) updated',
    );
  });

  test('an action that was only asked for is not told as done', () => {
    const asked = { entity_type: 'authorization_request', action: 'create', domain_action: 'contact.delete' };
    expect(words([entry(asked)])).toContain('Dana asked to delete customer');
    expect(words([entry({ domain_action: 'contact.delete' })])).toContain('Dana deleted customer');
  });

  test.each([
    ['ticket.create', 'ticket', 'T-2001', 'Dana booked T-2001'],
    ['contact.create', 'contact', 'C-1042', 'Dana created customer C-1042'],
    [
      'invoice.create_from_ticket',
      'invoice',
      'INV-2026-014',
      'Dana created invoice INV-2026-014 from a visit',
    ],
    // It made another kind of thing, by the way.
    ['ticket.cancel', 'note', 'N-1', 'Dana cancelled visit'],
  ])('%s names the %s it made: %s', (domain_action, entity_type, reference, sentence) => {
    const made = { action: 'create', entity_type, changes: { reference: { old: null, new: reference } } };
    const beside = { action: 'create', entity_type: 'ticket_line', domain_action };
    expect(words([entry(beside), entry({ ...made, domain_action })])).toMatch(
      new RegExp(`^${sentence} Wed,`),
    );
  });

  test.each([
    ['its number', 'INV-2026-014', 'i-1', 'Dana created invoice INV-2026-014 from a visit'],
    ['whom it is for', 'Jane Smith', 'c-1', 'Dana created invoice INV-2026-014 from a visit for Jane Smith'],
  ])('what was made is opened by %s', (_name, label, id, sentence) => {
    const made = entry({
      action: 'create',
      entity_type: 'invoice',
      entity_id: 'i-1',
      domain_action: 'invoice.create_from_ticket',
      changes: { reference: { old: null, new: 'INV-2026-014' } },
    });
    const { text } = html`${eventLine([made], reader, { id, label, href: '/there' })}`;
    expect(text).toContain(`<a href="/there"><bdi>${label}</bdi></a>`);
    const said = text
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    expect(said.startsWith(`${sentence} Wed,`), said).toBe(true);
  });

  test.each([
    ['T-2001', 'Dana booked a visit T-2001'],
    ['The Pines HOA', 'Dana booked a visit for The Pines HOA'],
  ])('what a workflow did is opened by %s', (label, sentence) => {
    const made = entry({ domain_action: 'schedule_appointment' });
    const { text } = html`${eventLine([made], reader, { id: 'c-1', label, href: '/there' })}`;
    expect(text.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).toContain(sentence);
  });

  test('money, times, lengths, yes and no, and nothing are written out', () => {
    const text = words([
      entry({
        changes: {
          total_cents: { old: 18_000, new: 20_050 },
          scheduled_at: { old: '2026-11-18T19:00:00+00:00', new: '2026-11-18T20:00:00+00:00' },
          duration_minutes: { old: 90, new: 202 },
          is_price_estimated: { old: true, new: false },
          notes: { old: 'ring twice', new: null },
          technician_id: { old: null, new: 't-1' },
          contact_id: { old: 'unknown', new: 'also unknown' },
          preferences: { old: {}, new: { days: ['mon', 'tue'], note: 'call first', number: 5 } },
          phones: { old: [], new: [{ number: '+12565550142', type: 'home', primary: true }] },
        },
      }),
    ]);
    expect(text).toContain('total $180.00 → $200.50');
    expect(text).toContain('scheduled Wed, Nov 18, 2026, 1:00 PM → Wed, Nov 18, 2026, 2:00 PM');
    expect(text).toContain('duration 90 min → 3 h 22 min');
    expect(text).toContain('is price estimated yes → no');
    expect(text).toContain('notes ring twice → nothing');
    expect(text).toContain('technician Theo');
    expect(text).not.toContain('unknown');
    expect(text).toContain('preferences nothing → days: mon, tue; note: call first; number: 5');
    expect(text).toContain('phones nothing → (256) 555-0142 (home, primary)');
  });

  test('what one call did is one event; the next call is another', () => {
    const booked = { domain_action: 'ticket.create', action: 'create' };
    const entries = [
      entry({ created_at: '2026-11-18T14:00:09.000Z' }),
      entry({ ...booked, created_at: '2026-11-18T14:00:00.060Z' }),
      entry({ ...booked, created_at: '2026-11-18T14:00:00.010Z' }),
    ];
    expect(eventsOf(entries).map(event => event.length)).toEqual([1, 2]);
    const told = entries.map((one, index) => ({ ...one, request_id: index < 2 ? 'a' : 'b' }));
    expect(eventsOf(told).map(event => event.length)).toEqual([2, 1]);
  });

  test('a long text says how much of it is left out', () => {
    const text = words([entry({ changes: { notes: { old: 'short', new: 'x'.repeat(20_000) } } })]);
    expect(text).toContain(`${'x'.repeat(300)}… (19,700 more characters)`);
  });

  test('an entry of another shape is shown without its changes instead of failing', () => {
    expect(words([entry({ changes: { strange: 'not a pair' } })])).toContain('Dana updated line of visit');
  });
});
