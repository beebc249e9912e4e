import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { mountMcp } from '../../api/mcp.ts';
import type { McpHandler } from '../../mcp/http.ts';
import { exampleInput } from '../contracts/example-input.ts';
import { calls } from '../contracts/registered.ts';
import { pickFrom, type Story, tellStory } from '../contracts/story.ts';
import { useHttp } from '../support/http.ts';
import { connectClient, type TestClient } from '../support/mcp-clients.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { race, refusal } from '../support/refusal.ts';

// A closed visit refuses every kind of change on every way in (TKT-05, GAP-02). Whatever takes a visit is tried: an action
// that is registered tomorrow is tried tomorrow, and must refuse, or stand in the list below with its reason.

type State = 'closed' | 'cancelled';

/** What may still happen to a visit that is over, in which of the two states, and why. */
const allowed: Readonly<Record<string, { on: readonly State[]; why: string }>> = {
  'note.create': { on: ['closed', 'cancelled'], why: 'a note is a row of its own' },
  'note.update': { on: ['closed', 'cancelled'], why: 'so is a note that is put to the visit it is about' },
  'interaction.create': { on: ['closed', 'cancelled'], why: 'a call about it is a row of its own' },
  'interaction.update': { on: ['closed', 'cancelled'], why: 'and is put to the visit it is about' },
  'task.create': { on: ['closed', 'cancelled'], why: 'what is to be done about it is a row of its own' },
  'task.update': { on: ['closed', 'cancelled'], why: 'and is put to the visit it is about' },
  'message.schedule': { on: ['closed', 'cancelled'], why: 'a mail about it is a row of its own' },
  'invoice.create_from_ticket': { on: ['closed'], why: 'it is referred to by its invoice' },
  send_invoice: { on: ['closed'], why: 'the same, sent at once' },
  'closeout.payment_choice': { on: ['closed'], why: 'the same, by who completed it' },
  'closeout.check_payment': { on: ['closed'], why: 'the office counts the money when it has come' },
  'ticket.rebook': { on: ['cancelled'], why: 'it makes another visit' },
};

/** Nobody but the customer does it, with the link of a mail: `test/tickets/reply-page.test.ts` has its visits that are over. */
const byLinkAlone = new Set(['ticket.respond']);
const taking = calls.filter(
  ({ id, refs }) => refs.some(({ record }) => record === 'ticket') && !byLinkAlone.has(id),
);
const reasoning = 'The customer asked us to do so';
let mcp: McpHandler | undefined;
const front = useHttp({
  mcp(request, response) {
    const { office, url } = front();
    mcp ??= mountMcp(office.app, { baseUrl: url, host: '127.0.0.1', logger: pino({ level: 'silent' }) });
    return mcp(request, response);
  },
});
let story: Story;
let client: TestClient;
let ownersHeaders: Record<string, string>;
let made = 0;

beforeAll(async () => {
  const { office, url, signIn } = front();
  story = await tellStory(office, office.bright, 'Brightly');
  ownersHeaders = await signIn(office.bright, 'Olivia');
  const { key } = office.bright.agent;
  client = await connectClient('v2 on the newest revision', { url: `${url}/mcp`, key });
});
afterAll(() => client.close());

const done = (action: string, data: Record<string, unknown>) =>
  front().office.done(front().office.bright.owner, action, data);

interface Visit {
  id: string;
  reference: string;
  customer: string;
  technician: string;
  /** Of the owner's close-out of it. */
  review: unknown;
}

/** An open visit of the story's customer: two services, a technician of its own, a close-out of the owner at its review. */
async function openVisit(action: string): Promise<Visit> {
  const email = `finalist-${++made}@brightpanes.example`;
  const hired = await done('member.create', { name: `Finalist ${made}`, email, role: 'technician' });
  const service_id = pickFrom(story, 'service');
  const at = action === 'waitlist.create' ? await somebodyElse() : ownPlace();
  const { id, reference } = await done('ticket.create', {
    ...at,
    scheduled_at: '2026-11-20T09:00',
    lines: [{ service_id }, { service_id, quantity: 2 }],
    technician_ids: [hired.id],
  });
  const ticket_id = id;
  const hasNotBegun =
    /^(ticket\.(clock_in|reschedule|move_visit|accept_change)|waitlist\.\w+|handle_reschedule_request)$/.test(
      action,
    );
  if (action === 'ticket.accept_change') {
    const wish = { confirmation_status: 'modify_requested', asked_for_at: '2026-12-03T09:00' };
    await done('ticket.confirm', { ticket_id, ...wish });
  }
  if (!hasNotBegun) await done('ticket.clock_in', { ticket_id });
  if (action === 'ticket.unassign_technician') await done('ticket.clock_out', { ticket_id });
  await done('closeout.confirm_work', { ticket_id, duration_minutes: 45 });
  await done('closeout.set_notes', { ticket_id, notes: 'Has a cat' });
  const { review } = await done('closeout.set_next_service', { ticket_id, next_service: 'no' });
  const customer = String(at.contact_id);
  return { id: String(id), reference: String(reference), customer, technician: String(hired.id), review };
}

const ownPlace = () => ({ contact_id: pickFrom(story, 'contact'), address_id: pickFrom(story, 'address') });

/** A customer who is not on the waitlist yet. */
async function somebodyElse() {
  const { id: contact_id } = await done('contact.create', { full_name: `Finalist ${made}` });
  const { id: address_id } = await done('address.create', { contact_id, line1: `${made} Elm` });
  return { contact_id, address_id };
}

/** The same kind of visit, closed or cancelled. */
async function visitIn(state: State, action: string): Promise<Visit> {
  const visit = await openVisit(action);
  const ticket_id = visit.id;
  const nothing = { duration_minutes: 45, notes: '', next_service: 'no' };
  if (state === 'cancelled') await done('ticket.cancel', { ticket_id });
  else if (/^closeout\.(payment_choice|check_payment)$/.test(action)) {
    await done('closeout.complete', { ticket_id, review: visit.review });
    const door = { payment_choice: 'at_door', payment_method: 'cash', amount_cents: 5_000 };
    if (action === 'closeout.check_payment') await done('closeout.payment_choice', { ticket_id, ...door });
  } else await done('ticket.close', { ticket_id, ...nothing });
  return visit;
}

/** An input with which the call goes through on an open visit of this kind. */
function inputFor(call: (typeof calls)[number], visit: Visit): Record<string, unknown> {
  const { id } = call;
  const example = exampleInput(call, record => pickFrom(story, record));
  const byAction: Record<string, Record<string, unknown>> = {
    'ticket.assign_technician': { technician_id: pickFrom(story, 'member') },
    'ticket.unassign_technician': { technician_id: visit.technician },
    'ticket.clock_in': { technician_id: visit.technician },
    'ticket.clock_out': { technician_id: visit.technician },
    'closeout.complete': { review: visit.review },
    'waitlist.create': { contact_id: visit.customer },
    send_invoice: { contact_id: undefined, invoice_id: undefined },
    handle_reschedule_request: { scheduled_at: '2026-12-03T09:00' },
  };
  return { ...example, ...byAction[id], ticket_id: visit.id };
}

const whole = z.object({ visit: z.unknown() });

/** A visit with all its parts, as the tables have them. */
async function everythingOf(id: string): Promise<unknown> {
  const parts = ['ticket_lines', 'ticket_technicians', 'time_entries'].map(
    table => `(select json_agg(p order by p.id) from ${table} as p where p.ticket_id = t.id)`,
  );
  const { rows } = await front().office.database.owner.query(
    `select json_build_array(to_json(t), ${parts.join(', ')}) as visit from tickets as t where t.id = $1`,
    [id],
  );
  return whole.parse(rows[0]).visit;
}

const isForPeople = ({ spec }: (typeof calls)[number]) => spec.kind === 'action' && spec.human_only === true;

/** The codes with which a call is refused on each way in, by whoever may come there; `done` where it is not. */
async function answersOf(call: (typeof calls)[number], visit: Visit): Promise<string[]> {
  const { office, post } = front();
  const { owner, agent } = office.bright;
  const data = inputFor(call, visit);
  const callers = isForPeople(call) ? [owner] : [owner, agent];
  const codes: string[] = [];
  for (const caller of callers) {
    const { won, refused } = await race([office.act(caller, call.id, data, { reasoning })]);
    codes.push(...won.map(({ status }) => status), ...refused);
  }
  const body = { action: call.id, data: { ...data, ticket_id: visit.reference }, reasoning };
  const domain = call.spec.kind === 'workflow' ? { domain: 'workflow' } : {};
  const asOwner = { key: null, headers: ownersHeaders };
  for (const message of isForPeople(call) ? [asOwner] : [asOwner, {}]) {
    const { success, error } = await post('/api/actions', { ...domain, ...body }, message);
    codes.push(success ? 'done' : String(error.code));
  }
  if (isForPeople(call)) return codes;
  const { structuredContent, isError } =
    call.spec.kind === 'workflow'
      ? await client.call(call.id, body.data)
      : await client.call('crm_action', body);
  const told = z.object({ error: z.object({ code: z.string() }).optional() }).parse(structuredContent);
  return [...codes, isError ? String(told.error?.code) : 'done'];
}

const codeOf = { closed: 'TICKET_CLOSED', cancelled: 'INVALID_STATE' } as const;

test('whatever is allowed on a visit that is over takes a visit, and takes it by name', () => {
  expect(taking.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(allowed)));
  expect(taking.length).toBeGreaterThan(25);
});

describe.each(taking.map(call => ({ id: call.id, call })))('$id', ({ id, call }) => {
  test('goes through on an open visit', async () => {
    const { office } = front();
    const visit = await openVisit(id);
    if (id === 'closeout.look_again') await failReading(visit);
    const outcome = office.act(office.bright.owner, id, inputFor(call, visit), { preview: true });
    const only = allowed[id]?.on;
    // What is for visits that are over alone has its control there.
    if (id === 'ticket.rebook' || only?.length === 1) {
      expect(await refusal(outcome)).toMatchObject({ code: 'INVALID_STATE' });
    } else {
      expect((await outcome).status).toBe('preview');
    }
  });

  test.each(['closed', 'cancelled'] as const)(
    'on a %s visit is refused, or allowed for a reason',
    async state => {
      const visit = await visitIn(state, id);
      const before = await everythingOf(visit.id);
      const answers = await answersOf(call, visit);
      expect(await everythingOf(visit.id)).toEqual(before);
      if (allowed[id]?.on.includes(state)) {
        // What is done once is refused the second time, for its own reason.
        expect(answers[0]).toBe('done');
      } else if (allowed[id]) {
        expect(new Set(answers)).toEqual(new Set(['INVALID_STATE']));
      } else {
        expect(new Set(answers)).toEqual(new Set([codeOf[state]]));
      }
    },
  );
});

const failReading = ({ id }: Visit) =>
  asTableOwner(
    front().office,
    `update closeout_sessions set extraction_status = 'failed' where ticket_id = $1`,
    [id],
  );

test('what is known of its customer still grows, and a closed visit is read as ever', async () => {
  const { office } = front();
  const visit = await visitIn('closed', 'attribute.set');
  const before = await everythingOf(visit.id);
  const fact = { contact_id: pickFrom(story, 'contact'), key: 'favorite_tea', value: 'Earl Grey' };
  expect(await done('attribute.set', fact)).toMatchObject({ is_confirmed: true });
  const include = ['line_items', 'technicians', 'time_entries', 'audit_trail', 'rescheduled_to'];
  const [row] = await office.read(office.bright.agent, 'tickets', { id: visit.reference, include });
  expect(row).toMatchObject({ status: 'closed', line_items: [{}, {}], technicians: [{}] });
  expect(await everythingOf(visit.id)).toEqual(before);
});
