import { beforeEach, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { mayReach } from '../../core/kernel/pipeline/effects.ts';
import { calls } from '../contracts/registered.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

// Bulk is about effect, not about deletes: an agent that does by itself, one by one, what nobody would let it do at once.

const panes = useBrightPanes();
const reasoning = 'The owner wants the books tidied up today';
const waiting = 'pending_authorization';
let made = 0;

// As if the last ten minutes had been quiet, and nothing waited.
beforeEach(async () => {
  const { database } = panes();
  await database.owner.query(`
    alter table audit_log disable trigger immutable;
    delete from audit_log where actor_kind = 'agent';
    alter table audit_log enable trigger immutable;
    select set_config('app.actor', '{"kind": "system", "name": "test"}', false);
    update authorization_requests set status = 'canceled' where status = 'pending'`);
});

const act = (action: string, data: Record<string, unknown>, who: Caller = panes().agent) =>
  panes().act(who, action, data, { reasoning });
const dana = async (action: string, data: Record<string, unknown>) =>
  String((await panes().done(panes().dana, action, data)).reference);

const invoice = () =>
  dana('invoice.create', {
    contact_id: 'C-1001',
    lines: [{ description: 'Ladder', unit_price_cents: 90_000 }],
  });
const sentInvoice = async () => {
  const reference = await invoice();
  await dana('invoice.send', { invoice_id: reference });
  return reference;
};
const message = () =>
  dana('message.schedule', {
    contact_id: 'C-1001',
    subject: 'Shall we come again?',
    body: 'Hello Jane',
    send_at: '2026-12-01T09:00',
  });
const lead = () => dana('lead.create', { full_name: `Lead ${++made}`, follow_up: false });
const customer = (more: Record<string, unknown> = {}) =>
  dana('contact.create', { full_name: `Customer ${++made}`, ...more });
const visit = (lines?: readonly unknown[]) => {
  made += 1;
  const day = String(1 + (made % 27)).padStart(2, '0');
  const scheduled_at = `2027-01-${day}T09:00`;
  return dana('ticket.create', { contact_id: 'C-1001', scheduled_at, ...(lines ? { lines } : {}) });
};
const pricedVisit = () => visit(['Gutter Cleaning']);

interface Attack {
  what: string;
  make(): Promise<string>;
  call(reference: string, index: number): [action: string, data: Record<string, unknown>];
}

const attacks: readonly Attack[] = [
  {
    what: 'voids twelve invoices',
    make: sentInvoice,
    call: invoice_id => ['invoice.void', { invoice_id, reason: 'Tidying' }],
  },
  {
    what: 'cancels twelve drafts',
    make: invoice,
    call: invoice_id => ['invoice.cancel', { invoice_id, reason: 'Tidying' }],
  },
  { what: 'cancels twelve messages', make: message, call: message_id => ['message.cancel', { message_id }] },
  { what: 'mails twelve invoices', make: invoice, call: invoice_id => ['invoice.send', { invoice_id }] },
  { what: 'archives twelve leads', make: lead, call: lead_id => ['lead.archive', { lead_id }] },
  {
    what: 'disqualifies twelve leads',
    make: lead,
    call: lead_id => ['lead.disqualify', { lead_id, reason: 'no_response' }],
  },
  {
    what: 'overwrites the notes of twelve customers with a dot',
    make: () => customer({ notes: 'Dog named Biscuit, keep the gate closed' }),
    call: contact_id => ['contact.update', { contact_id, notes: '.' }],
  },
  {
    what: 'overwrites twelve notes with a dot',
    make: () => dana('note.create', { contact_id: 'C-1001', content: 'Two cats' }),
    call: note_id => ['note.update', { note_id, content: '.' }],
  },
  {
    what: 'gives twelve customers another name and address of mail',
    make: () => customer({ email: `old${made}@example.com` }),
    call: (contact_id, index) => [
      'contact.update',
      { contact_id, full_name: 'X', email: `x${index}@evil.test` },
    ],
  },
  {
    what: 'moves twelve visits',
    make: () => visit(),
    call: (ticket_id, index) => [
      'ticket.reschedule',
      { ticket_id, scheduled_at: `2027-03-${String(index + 1).padStart(2, '0')}T13:00` },
    ],
  },
  {
    what: 'moves twelve visits with the tool for it',
    make: () => visit(),
    call: (ticket_id, index) => [
      'handle_reschedule_request',
      {
        ticket_id,
        scheduled_at: `2027-04-${String(index + 1).padStart(2, '0')}T13:00`,
        notify_customer: false,
      },
    ],
  },
  {
    what: 'books twelve visits with a mail each',
    make: async () => 'C-1001',
    call: (contact_id, index) => [
      'schedule_appointment',
      { contact_id, scheduled_at: `2027-05-${String(index + 1).padStart(2, '0')}T13:00` },
    ],
  },
  {
    what: 'changes twelve prices of the catalog',
    make: () => dana('service.create', { name: `Service ${++made}`, pricing: 'fixed', price_cents: 9000 }),
    call: service_id => ['service.update', { service_id, price_cents: 1 }],
  },
  {
    what: 'gives twelve visits the price of a dollar',
    make: pricedVisit,
    call: ticket_id => ['ticket.update_line', { ticket_id, line_id: '1', unit_price_cents: 100 }],
  },
  {
    what: 'bills a hundredth of the work of twelve visits',
    make: () => visit([{ service_id: 'Screen Cleaning', quantity: 20 }]),
    call: ticket_id => ['ticket.update_line', { ticket_id, line_id: '1', quantity: 0.2 }],
  },
  {
    what: 'gives the service of twelve visits another name',
    make: pricedVisit,
    call: ticket_id => ['ticket.update_line', { ticket_id, line_id: '1', description: '.' }],
  },
];

describe('an agent that, by itself,', () => {
  test.each(attacks)('$what is stopped, and the rest waits as one request', async ({ make, call }) => {
    const references: string[] = [];
    for (let index = 0; index < 12; index += 1) references.push(await make());
    const outcomes = [];
    for (const [index, reference] of references.entries()) {
      outcomes.push(await act(...call(reference, index)));
    }
    const stopped = outcomes.filter(({ status }) => status === waiting);
    expect(outcomes[0]?.status).toBe('done');
    expect(stopped.length).toBeGreaterThanOrEqual(4);
    expect(new Set(stopped.map(({ data }) => data.request)).size).toBe(1);
    expect(stopped.at(-1)?.data).toMatchObject({ rule: 'bulk', items: stopped.length });
    const [request] = await panes().read(panes().olivia, 'authorization_requests', {
      id: String(stopped[0]?.data.request),
    });
    expect(request?.items).toHaveLength(stopped.length);
  });

  test('brings in four files of four customers is stopped at the second', async () => {
    const head = 'First Name,Last Name,Email Address,Phone Number,Square Customer ID';
    const outcomes = [];
    for (let file = 0; file < 4; file += 1) {
      const rows = Array.from({ length: 4 }, (_, row) => `Ada,File${file}Row${row},,,SQ-${file}-${row}`);
      outcomes.push(await act('import.square', { content: [head, ...rows].join('\n') }));
    }
    expect(outcomes.map(({ status }) => status)).toEqual(['done', waiting, waiting, waiting]);
    expect(outcomes.at(-1)?.data.items).toBe(3);
  });

  test('gives twelve visits another price in lists of three is stopped at the second list', async () => {
    const visits: string[] = [];
    for (let index = 0; index < 12; index += 1) visits.push(await pricedVisit());
    const statuses = [];
    for (let from = 0; from < 12; from += 3) {
      const lines = visits
        .slice(from, from + 3)
        .map(ticket_id => ({ ticket_id, line_id: '1', unit_price_cents: 100 }));
      statuses.push((await act('ticket.update_line', { lines })).status);
    }
    expect(statuses).toEqual(['done', waiting, waiting, waiting]);
  });

  test('gives open visits the new price, three at a time, is stopped at the second time', async () => {
    const service_id = await dana('service.create', {
      name: `Service ${++made}`,
      pricing: 'fixed',
      price_cents: 9000,
    });
    const visits: string[] = [];
    for (let index = 0; index < 9; index += 1) visits.push(await visit([service_id]));
    await dana('service.update', { service_id, price_cents: 1 });
    const statuses = [];
    for (let from = 0; from < 9; from += 3) {
      const reprice_visits = visits.slice(from, from + 3);
      statuses.push((await act('service.update', { service_id, reprice_visits })).status);
    }
    expect(statuses).toEqual(['done', waiting, waiting]);
  });

  test('tries twelve dead deliveries again is stopped, although they were queued long ago', async () => {
    const { database, bright } = panes();
    const { rows } = await database.owner.query<{ id: string }>(
      `insert into jobs (organization_id, id, kind, payload, dead_at)
       select $1, uuid7(), 'email', '{"to": "jane.smith@example.com"}', now() from generate_series(1, 12)
       returning id`,
      [bright.id],
    );
    const outcomes = [];
    for (const { id } of rows) outcomes.push(await act('message.retry', { id }));
    expect(outcomes.filter(({ status }) => status === 'done')).toHaveLength(8);
  });

  test('does a little of everything is stopped too: kinds of effects count together', async () => {
    let count = 0;
    const done: string[] = [];
    while (count < 24) {
      for (const { make, call } of attacks.slice(0, 10)) {
        const [action, data] = call(await make(), count++);
        done.push((await act(action, data)).status);
      }
    }
    expect(done.filter(status => status === 'done').length).toBeLessThanOrEqual(15);
  });
});

describe('ordinary work is not stopped:', () => {
  test('filling in what was empty, adding to a text, and correcting the same customer often', async () => {
    const contact_id = await customer();
    for (let index = 0; index < 8; index += 1) {
      const other = await customer({ notes: 'Dog' });
      expect((await act('contact.update', { contact_id: other, email: `n${made}@example.com` })).status).toBe(
        'done',
      );
      expect((await act('contact.update', { contact_id: other, notes: 'Dog. And a cat.' })).status).toBe(
        'done',
      );
      expect((await act('contact.update', { contact_id, notes: `Version ${index}` })).status).toBe('done');
    }
  });

  test('correcting the lines of one visit often, and giving eight visits their first price', async () => {
    const priced = await visit(['Gutter Cleaning', 'Screen Cleaning']);
    for (let index = 1; index < 8; index += 1) {
      const data = { ticket_id: priced, line_id: String(1 + (index % 2)), unit_price_cents: 100 * index };
      expect((await act('ticket.update_line', data)).status).toBe('done');
      const ticket_id = await visit(['Interior and Exterior Window Cleaning']);
      const first = { ticket_id, line_id: '1', unit_price_cents: 30_000 };
      expect((await act('ticket.update_line', first)).status).toBe('done');
    }
  });

  test('twenty new customers and twenty bookings without a mail', async () => {
    for (let index = 0; index < 20; index += 1) {
      const created = await act('contact.create', { full_name: `New ${++made}` });
      expect(created.status).toBe('done');
      const day = String(index + 1).padStart(2, '0');
      const data = { contact_id: created.data.reference, scheduled_at: `2027-02-${day}T15:00` };
      expect((await act('ticket.create', data)).status).toBe('done');
    }
  });

  test('people do as much as they want', async () => {
    for (let index = 0; index < 12; index += 1) {
      const lead_id = await lead();
      const { status } = await panes().act(panes().dana, 'lead.archive', { lead_id });
      expect(status).toBe('done');
    }
  });
});

describe('two keys of one agent', () => {
  test('share what it may do, also when all calls come at once', async () => {
    const { bright, olivia, done } = panes();
    const { key } = await done(olivia, 'agent.create_key', { agent_id: bright.agentId });
    const keys: Caller[] = [bright.agent, { via: 'key', key: String(key) }];
    const leads: string[] = [];
    for (let index = 0; index < 12; index += 1) leads.push(await lead());
    const outcomes = await Promise.all(
      leads.map((lead_id, index) => act('lead.archive', { lead_id }, keys[index % 2])),
    );
    expect(outcomes.filter(({ status }) => status === 'done')).toHaveLength(5);
  });
});

/** Seven leads archived by the agent: five are, two wait as one request. */
async function twoTooMany() {
  const leads: string[] = [];
  for (let index = 0; index < 7; index += 1) leads.push(await lead());
  const outcomes = [];
  for (const lead_id of leads) outcomes.push(await act('lead.archive', { lead_id }));
  const request = String(outcomes.at(-1)?.data.request);
  return { request, leads, waits: leads.slice(5) };
}

const show = async (id: string) => (await panes().read(panes().olivia, 'authorization_requests', { id }))[0];
const statusOf = async (id: string) => (await panes().read(panes().olivia, 'leads', { id }))[0]?.status;
const decide = (verb: string, request: string, digest: unknown) =>
  panes().act(panes().olivia, `authorization.${verb}`, { request, digest });

describe('the request that grows', () => {
  test('is done as a whole when the owner allows it', async () => {
    const { request, waits } = await twoTooMany();
    const shown = await show(request);
    expect(JSON.stringify(shown?.preview)).toContain(String(waits[1]));
    const { data } = await decide('allow_once', request, shown?.digest);
    expect(data).toMatchObject({ status: 'succeeded', result: { done: 2, not_done: 0 } });
    expect(await Promise.all(waits.map(statusOf))).toEqual(['archived', 'archived']);
  });

  test('is not done at all when the owner denies it, and the agent reads so of each item', async () => {
    const { request, waits } = await twoTooMany();
    await decide('deny', request, (await show(request))?.digest);
    expect(await Promise.all(waits.map(statusOf))).toEqual(['new', 'new']);
    const [own] = await panes().read(panes().agent, 'authorization_requests', { id: request });
    expect(own?.items).toMatchObject([{ status: 'denied' }, { status: 'denied' }]);
  });

  test('is not what was shown any more when something joined while the owner looked', async () => {
    const { request } = await twoTooMany();
    const before = await show(request);
    const late = await lead();
    const joined = await act('lead.archive', { lead_id: late });
    expect(joined.data).toMatchObject({ request, items: 3 });
    expect(String(joined.data.hint)).toContain(`This joined ${request}`);
    expect(await refusal(decide('allow_once', request, before?.digest))).toMatchObject({
      code: 'CONFLICT',
      field: 'digest',
    });
    expect(await statusOf(late)).toBe('new');
    expect((await decide('allow_once', request, (await show(request))?.digest)).data).toMatchObject({
      result: { done: 3 },
    });
  });

  test('leaves out what was changed since, shows that before, and does the rest', async () => {
    const { request, waits } = await twoTooMany();
    await dana('lead.update', { lead_id: waits[0], title: 'Calls back tomorrow' });
    const shown = await show(request);
    expect(shown?.items).toMatchObject([{ is_stale: true }, { is_stale: false }]);
    const { data } = await decide('allow_once', request, shown?.digest);
    expect(data).toMatchObject({ status: 'succeeded', result: { done: 1, not_done: 1 } });
    expect(await Promise.all(waits.map(statusOf))).toEqual(['new', 'archived']);
    expect((await show(request))?.items).toMatchObject([{ status: 'stale' }, { status: 'succeeded' }]);
  });

  test('holds the same call once', async () => {
    const { request, waits } = await twoTooMany();
    for (const lead_id of waits) {
      expect((await act('lead.archive', { lead_id })).data).toMatchObject({ request, items: 2 });
    }
  });

  test('cannot be allowed for good', async () => {
    const { request } = await twoTooMany();
    expect(await refusal(decide('allow_always', request, (await show(request))?.digest))).toMatchObject({
      code: 'INVALID_STATE',
    });
  });

  test('is nothing that was tampered with in the database', async () => {
    const { request, waits } = await twoTooMany();
    const { digest } = (await show(request)) ?? {};
    await panes().database.owner.query(
      `with as_somebody as (select set_config('app.actor', '{"kind": "system", "name": "x"}', false))
       update authorization_request_items set action = 'lead.delete' from as_somebody`,
    );
    expect((await decide('allow_once', request, digest)).data).toMatchObject({ status: 'failed' });
    expect(await Promise.all(waits.map(statusOf))).toEqual(['new', 'new']);
  });
});

describe('every registered call', () => {
  const forAgents = calls.filter(({ spec }) => spec.kind === 'workflow' || !spec.human_only);

  test('that changes, ends, sends or makes many is looked at before it may stay, with nobody listing it', () => {
    const free = forAgents.filter(call => !mayReach(call)).map(({ id }) => id);
    for (const { id, spec } of forAgents) {
      if (spec.kind === 'workflow') expect(free.includes(id)).toBe(spec.read_only === true);
      else if (free.includes(id)) expect(spec.effect, id).toBe('create');
    }
    // The control: there are such calls, and the ones an attacker used are none of the free ones.
    expect(free).toContain('contact.create');
    for (const { call } of attacks) expect(free).not.toContain(call('X-1', 1)[0]);
  });

  test('whose record can end says by which words', () => {
    const ending = /void|cancel|archiv|disqualif|clos|inactive|lost|dead/;
    const silent = [...panes().app.registry.records.values()].flatMap(({ name, fields }) =>
      Object.entries(fields).flatMap(([field, { options = [], ends = [], kind }]) =>
        kind === 'choice' && field === 'status'
          ? options.filter(word => ending.test(word) && !ends.includes(word)).map(word => `${name}: ${word}`)
          : [],
      ),
    );
    expect(silent).toEqual([]);
  });
});
