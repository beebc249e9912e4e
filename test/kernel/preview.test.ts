import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import type { Call } from '../../core/kernel/pipeline/invocation.ts';
import { fingerprint } from '../contracts/fingerprint.ts';
import { useBrightPanes } from '../support/bright-panes.ts';

const panes = useBrightPanes();
const reasoning = 'The customer asked for it on the phone';

const told = z.object({
  would_change: z.array(z.record(z.string(), z.unknown())),
  would_send: z.array(z.record(z.string(), z.unknown())),
  affected_rows: z.number(),
  needs_authorization: z.object({ rule: z.string(), reason: z.string() }).nullable(),
  result: z.record(z.string(), z.unknown()),
});

const entries = `
  select entity_type, entity_id, subject_type, subject_id, action, changes
  from audit_log
  where request_id = $1
  order by id`;
const jobs = 'select kind, payload from jobs where request_id = $1 order by id';

/** What a preview says, and what the same call then really leaves; new ids are numbered, so that they compare. */
async function foretellAndDo(who: Caller, call: Call) {
  const { app, database } = panes();
  const { owner } = database;
  const before = await fingerprint(owner);
  const preview = await app.execute(who, { ...call, preview: true }, { request_id: newId() });
  expect(await fingerprint(owner)).toEqual(before);
  const request_id = newId();
  const outcome = await app.execute(who, call, { request_id });
  const foretold = told.parse(preview.data);
  return {
    foretold: comparable({
      would_change: foretold.would_change,
      would_send: foretold.would_send,
      result: foretold.result,
    }),
    happened: comparable({
      would_change: (await owner.query(entries, [request_id])).rows,
      // What works inside the business alone goes out to nobody.
      would_send: (await owner.query(jobs, [request_id])).rows.filter(
        ({ kind }) => !app.registry.jobs.get(kind)?.is_internal,
      ),
      result: outcome.data,
    }),
    affected: foretold.affected_rows,
    verdict: foretold.needs_authorization,
    warnings: [preview.warnings, outcome.warnings],
  };
}

/** The same text for things that differ in nothing but new ids and the time of day. */
function comparable(value: unknown): string {
  const seen = new Map<string, string>();
  return JSON.stringify(value, null, 1)
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, id => {
      const name = seen.get(id) ?? `id ${seen.size + 1}`;
      seen.set(id, name);
      return name;
    })
    .replace(/"((created|updated|deleted)_at)": "[^"]+"/g, '"$1": "now"')
    .replace(/("deleted_at": \{\s+"(?:old|new)": (?:null,\s+"new": )?)"[^"]+"/g, '$1"now"');
}

describe('a preview says exactly what the call then does, and leaves nothing', () => {
  const calls: [string, () => Call][] = [
    [
      'a booking with services, technician and mail',
      () => ({
        action: 'ticket.create',
        data: {
          contact_id: 'C-1001',
          scheduled_at: '2026-11-23T09:00',
          lines: ['S-1', { service_id: 'S-3', quantity: 20 }],
          technician_ids: ['Theo'],
          notify_customer: true,
        },
      }),
    ],
    [
      'the booking by a workflow',
      () => ({
        action: 'schedule_appointment',
        data: { contact_id: 'C-1001', scheduled_at: '2026-11-24T09:00', lines: ['Gutter Cleaning'] },
      }),
    ],
    [
      'another price',
      () => ({
        action: 'ticket.update_line',
        data: { ticket_id: 'T-2001', line_id: '1', unit_price_cents: 20_000 },
      }),
    ],
    [
      'another time',
      () => ({
        action: 'ticket.reschedule',
        data: { ticket_id: 'T-2001', scheduled_at: '2026-11-25T09:00' },
      }),
    ],
    ['a cancellation', () => ({ action: 'ticket.cancel', data: { ticket_id: 'T-2001' }, reasoning })],
    [
      'a note with a card number',
      () => ({
        action: 'note.create',
        data: { contact_id: 'C-1002', content: 'pays with 4242 4242 4242 4242' },
      }),
    ],
    [
      'new preferences',
      () => ({
        action: 'contact.set_preferences',
        data: { contact_id: 'C-1002', time_of_day: 'morning' },
      }),
    ],
  ];

  test.each(calls)('%s', async (_what, call) => {
    const { foretold, happened, affected, verdict, warnings } = await foretellAndDo(panes().agent, call());
    expect(foretold).toBe(happened);
    expect(affected).toBeGreaterThan(0);
    expect(verdict).toBeNull();
    expect(warnings[0]).toEqual(warnings[1]);
  });

  test('a delete with everything that goes along', async () => {
    const { dana, done } = panes();
    const { reference } = await done(dana, 'contact.create', { full_name: 'Short Stay' });
    for (const line1 of ['1 First Street', '2 Second Street']) {
      await done(dana, 'address.create', { contact_id: reference, line1 });
    }
    const call = { action: 'contact.delete', data: { contact_id: reference } };
    const { foretold, happened, affected } = await foretellAndDo(dana, call);
    expect(foretold).toBe(happened);
    expect(affected).toBe(3);
  });
});

describe('a preview', () => {
  test('says which rule would ask the owner, and asks nobody', async () => {
    const { agent, act, read } = panes();
    const remove = { contact_id: 'C-1001' };
    const outcome = await act(agent, 'contact.delete', remove, { preview: true, reasoning }).catch(
      error => error,
    );
    // T-2002 is still open; the preview meets the same refusal as the call.
    expect(outcome).toMatchObject({ code: 'INVALID_STATE' });
    await panes().done(panes().dana, 'ticket.cancel', { ticket_id: 'T-2002' });
    expect(await act(agent, 'contact.delete', remove, { preview: true, reasoning })).toMatchObject({
      status: 'preview',
      data: {
        needs_authorization: {
          rule: 'delete_with_history',
          reason: 'this customer has 2 visits',
        },
        would_change: [
          { entity_type: 'contact', action: 'delete' },
          { entity_type: 'address', action: 'delete' },
        ],
        affected_rows: 2,
      },
    });
    expect(await read(agent, 'authorization_requests')).toEqual([]);
    expect(await read(agent, 'contacts', { id: 'C-1001' })).toHaveLength(1);
  });

  test('uses no number: the next booking gets the one that was shown', async () => {
    const { dana, act, book } = panes();
    const data = { contact_id: 'C-1001', scheduled_at: '2026-12-01T09:00' };
    const shown = await act(dana, 'ticket.create', data, { preview: true });
    const { result } = told.parse(shown.data);
    expect(await book('2026-12-01T09:00')).toMatchObject({ reference: result.reference });
  });

  test('does not hold a time: two people may look at once, and both see it free', async () => {
    const { dana, olivia, act } = panes();
    const data = { contact_id: 'C-1001', scheduled_at: '2026-12-02T09:00', technician_ids: ['Theo'] };
    const looks = await Promise.all(
      [dana, olivia].map(who => act(who, 'ticket.create', data, { preview: true })),
    );
    expect(looks.map(look => look.status)).toEqual(['preview', 'preview']);
  });
});
