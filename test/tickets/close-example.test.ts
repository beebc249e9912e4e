import { expect, test } from 'vitest';
import { useHttp } from '../support/http.ts';

// The example of ADR 004, part 5, word for word (PLT-09, FIX-02, CLO-14).

const front = useHttp();
const notes = 'Great customer, house has 20+ screens';

/** A visit of Jane's whose price is no estimate; answers the body that closes it. */
async function exampleBody() {
  const { office, post } = front();
  const service = { name: 'Gutter Cleaning', pricing: 'fixed', price_cents: 15_000 };
  const known = await office.read(office.bright.owner, 'services', { limit: 1 });
  if (known.length === 0) await office.done(office.bright.owner, 'service.create', service);
  const contact = await post('/api/actions', {
    domain: 'contact',
    action: 'create',
    data: { full_name: 'Jane Smith', email: 'jane.smith@example.com', phone: '(256) 555-0142' },
  });
  const ticket = await post('/api/actions', {
    domain: 'ticket',
    action: 'create',
    data: { contact_id: contact.data.id, scheduled_at: '2026-11-18T09:00', lines: ['Gutter Cleaning'] },
  });
  return {
    domain: 'ticket',
    action: 'close',
    data: {
      ticket_id: ticket.data.id,
      duration_minutes: 262,
      notes,
      next_service: 'reach_out',
      reach_out_months: 3,
    },
  };
}

async function expectClosed({ data }: Awaited<ReturnType<typeof exampleBody>>, answered: unknown) {
  const { office } = front();
  expect(answered).toMatchObject({
    status: 200,
    success: true,
    data: { id: data.ticket_id, status: 'closed', actual_minutes: 262, total_cents: 15_000 },
  });
  const params = { ticket_id: String(data.ticket_id) };
  expect(await office.read(office.bright.owner, 'notes', { params })).toMatchObject([
    { content: notes, source: 'close_out', extraction_status: 'pending' },
  ]);
  expect(await office.read(office.bright.owner, 'scheduled_messages', { params })).toMatchObject([
    // Three months on at nine in the morning.
    { kind: 'outreach', status: 'pending', send_at: '2027-02-18T15:00:00.000Z' },
  ]);
}

test('a person’s program sends it as it stands', async () => {
  const { office, post, signIn } = front();
  const body = await exampleBody();
  const headers = await signIn(office.bright, 'Olivia');
  await expectClosed(body, await post('/api/actions', body, { key: null, headers }));
});

test('an agent sends it as it stands, and says why beside it, for closing is final (GAP-06)', async () => {
  const { post } = front();
  const body = await exampleBody();
  expect(await post('/api/actions', body)).toMatchObject({
    status: 422,
    error: { code: 'REASONING_REQUIRED' },
  });
  const headers = { 'x-reasoning': 'Theo told me on the phone that it is done' };
  await expectClosed(body, await post('/api/actions', body, { headers }));
});

test('with its address instead of its name it is the same action', async () => {
  const { post } = front();
  const { data } = await exampleBody();
  const { ticket_id, ...rest } = data;
  const headers = { 'x-reasoning': 'Theo told me on the phone that it is done' };
  const answer = await post(`/api/tickets/${ticket_id}/close`, rest, { headers });
  expect(answer).toMatchObject({ status: 200, data: { id: ticket_id, status: 'closed' } });
});

test('of an estimated price it is refused with what is missing', async () => {
  const { office, post } = front();
  const body = await exampleBody();
  const { ticket_id } = body.data;
  await office.done(office.bright.owner, 'ticket.update', { ticket_id, is_price_estimated: true });
  const headers = { 'x-reasoning': 'Theo told me on the phone that it is done' };
  expect(await post('/api/actions', body, { headers })).toMatchObject({
    status: 400,
    error: { code: 'VALIDATION_ERROR', field: 'price_confirmed' },
  });
  const confirmed = { ...body, data: { ...body.data, price_confirmed: true } };
  await expectClosed(body, await post('/api/actions', confirmed, { headers }));
});
