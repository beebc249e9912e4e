import { expect, test } from 'vitest';
import { useHttp } from '../support/http.ts';

const front = useHttp();
let customers = 0;

/** A new customer of Bright Panes: reference and id. */
async function addCustomer(more: Record<string, unknown> = {}): Promise<{ id: string; reference: string }> {
  const name = `Customer ${++customers}`;
  const { data } = await front().post('/api/actions', {
    domain: 'contact',
    action: 'create',
    data: { full_name: name, ...more },
  });
  return { id: String(data.id), reference: String(data.reference) };
}

const auditCount = async () => {
  const { rows } = await front().office.database.owner.query('select count(*)::integer as n from audit_log');
  return rows[0].n;
};

test('an action is named by domain and action and answers what it made', async () => {
  const answer = await front().post('/api/actions', {
    domain: 'contact',
    action: 'create',
    data: { first_name: 'Jane', last_name: 'Smith', phone: '(256) 555-0142' },
  });
  expect(answer).toMatchObject({
    status: 200,
    success: true,
    data: { full_name: 'Jane Smith', phone: '+12565550142' },
  });
  expect(answer.headers.get('x-request-id')).toBe(answer.meta.request_id);
  const { data } = await front().get(`/api/contacts/${answer.data.reference}?include=audit_trail`);
  expect(data.audit_trail).toMatchObject([
    { action: 'create', domain_action: 'contact.create', actor_kind: 'agent' },
  ]);
});

test('an action may be written whole, in either spelling', async () => {
  const { reference } = await addCustomer();
  const whole = await front().post('/api/actions', {
    action: 'contact.set-preferences',
    data: { contact_id: reference, time_of_day: 'morning' },
  });
  expect(whole).toMatchObject({ status: 200, success: true });
  const doubled = await front().post('/api/actions', {
    domain: 'contact',
    action: 'contact.update',
    data: { contact_id: reference, nickname: 'Early bird' },
  });
  expect(doubled).toMatchObject({ status: 200, data: { nickname: 'Early bird' } });
});

test('an action of one domain is not taken under the name of another', async () => {
  const { reference } = await addCustomer();
  const answer = await front().post('/api/actions', {
    domain: 'company',
    action: 'contact.update',
    data: { contact_id: reference, nickname: 'Nobody' },
  });
  expect(answer).toMatchObject({ status: 400, error: { code: 'VALIDATION_ERROR', field: 'action' } });
});

test('a refused input names the field, and nothing is kept', async () => {
  const before = await auditCount();
  const answer = await front().post('/api/actions', {
    domain: 'contact',
    action: 'create',
    data: { full_name: 'Jane Smith', emial: 'jane@example.com' },
  });
  expect(answer).toMatchObject({
    status: 400,
    success: false,
    error: {
      code: 'VALIDATION_ERROR',
      field: 'emial',
      did_you_mean: expect.arrayContaining(['email']),
      status: 400,
      title: 'VALIDATION_ERROR',
      retryable: false,
    },
  });
  expect(await auditCount()).toBe(before);
});

test('a misspelt action answers the nearest ones', async () => {
  const answer = await front().post('/api/actions', { domain: 'ticket', action: 'reshedule', data: {} });
  expect(answer).toMatchObject({
    status: 404,
    error: { code: 'UNKNOWN_ACTION', did_you_mean: expect.arrayContaining(['ticket.reschedule']) },
  });
});

test('a misspelt member of the call itself is refused and corrected', async () => {
  const answer = await front().post('/api/actions', {
    domain: 'contact',
    action: 'create',
    data: { full_name: 'Jane Smith' },
    previw: true,
  });
  expect(answer).toMatchObject({
    status: 400,
    error: { code: 'VALIDATION_ERROR', field: 'previw', did_you_mean: ['preview'] },
  });
});

test('a call without a domain says what is missing', async () => {
  const answer = await front().post('/api/actions', { action: 'create', data: { full_name: 'Jane Smith' } });
  expect(answer).toMatchObject({ status: 400, error: { code: 'VALIDATION_ERROR', field: 'domain' } });
});

test('deleting a customer without history is done, with history it waits for the owner', async () => {
  const plain = await addCustomer();
  const known = await addCustomer();
  await front().post('/api/notes', { contact_id: known.reference, content: 'Has a friendly dog.' });
  const call = (contact_id: string) => ({
    domain: 'contact',
    action: 'delete',
    data: { contact_id },
    reasoning: 'The customer moved away and asked us to forget them.',
  });
  const done = await front().post('/api/actions', call(plain.reference));
  expect(done).toMatchObject({ status: 200, success: true, data: { deleted: true } });

  const waiting = await front().post('/api/actions', call(known.reference));
  expect(waiting).toMatchObject({
    status: 202,
    success: true,
    data: { status: 'pending_authorization', rule: 'delete_with_history' },
  });
  const still = await front().get(`/api/contacts/${known.reference}`);
  expect(still).toMatchObject({ status: 200, data: { reference: known.reference } });
  const request = await front().get(`/api/authorization-requests/${waiting.data.request}`);
  expect(request).toMatchObject({
    status: 200,
    data: { reference: waiting.data.request, status: 'pending' },
  });
});

test('an agent that gives no reason where one is needed is told so', async () => {
  const { reference } = await addCustomer();
  const answer = await front().post('/api/actions', {
    domain: 'contact',
    action: 'delete',
    data: { contact_id: reference },
  });
  expect(answer).toMatchObject({ status: 422, error: { code: 'REASONING_REQUIRED', field: 'reasoning' } });
});

test('the same call with the same key is done once and answered twice', async () => {
  const call = { domain: 'contact', action: 'create', data: { full_name: 'Once Only' } };
  const headers = { 'idempotency-key': '"once-1"' };
  const first = await front().post('/api/actions', call, { headers });
  const second = await front().post('/api/actions', { ...call, idempotency_key: 'once-1' });
  expect(first.meta.replayed).toBeUndefined();
  expect(second).toMatchObject({ status: 200, data: first.data, meta: { replayed: true } });
  expect(second.meta.request_id).not.toBe(first.meta.request_id);

  const other = await front().post(
    '/api/actions',
    { ...call, data: { full_name: 'Somebody Else' } },
    { headers },
  );
  expect(other).toMatchObject({ status: 409, error: { code: 'IDEMPOTENCY_CONFLICT' } });
});

test('two different idempotency keys on one call are a mistake', async () => {
  const answer = await front().post(
    '/api/actions',
    { domain: 'contact', action: 'create', data: { full_name: 'Two Keys' }, idempotency_key: 'a' },
    { headers: { 'idempotency-key': 'b' } },
  );
  expect(answer).toMatchObject({ status: 400, error: { field: 'idempotency_key' } });
});

test.each([
  { where: 'in the body', path: '/api/actions', preview: { preview: true } },
  { where: 'in the address', path: '/api/actions?preview=true', preview: {} },
])('a preview asked for $where tells what would change and changes nothing', async ({ path, preview }) => {
  const { reference } = await addCustomer();
  const before = await auditCount();
  const answer = await front().post(path, {
    domain: 'contact',
    action: 'update',
    data: { contact_id: reference, nickname: 'Preview' },
    ...preview,
  });
  expect(answer).toMatchObject({
    status: 200,
    data: {
      would_change: [{ entity_type: 'contact', changes: { nickname: { old: null, new: 'Preview' } } }],
      needs_authorization: null,
    },
  });
  expect(await auditCount()).toBe(before);
  expect((await front().get(`/api/contacts/${reference}`)).data.nickname).toBeNull();
});

test('a reason given in the header reaches the history', async () => {
  const { reference } = await addCustomer();
  const why = 'Jane’s neighbour told us – 100% sure';
  const answer = await front().post(
    '/api/actions',
    { domain: 'contact', action: 'update', data: { contact_id: reference, nickname: 'Told' } },
    { headers: { 'x-reasoning': encodeURIComponent(why) } },
  );
  expect(answer.status).toBe(200);
  const { data } = await front().get(`/api/contacts/${reference}?include=audit_trail`);
  expect(data.audit_trail).toEqual(
    expect.arrayContaining([expect.objectContaining({ action: 'update', reasoning: why })]),
  );
});

test('a reason in the header that is not percent-encoded is refused', async () => {
  const answer = await front().post(
    '/api/actions',
    { domain: 'contact', action: 'create', data: { full_name: 'Percent' } },
    { headers: { 'x-reasoning': '100% sure' } },
  );
  expect(answer).toMatchObject({ status: 400, error: { field: 'X-Reasoning' } });
});

test('what is for people only is refused to an agent', async () => {
  const answer = await front().post('/api/actions', {
    domain: 'agent',
    action: 'create',
    data: { name: 'Second Agent' },
  });
  expect(answer).toMatchObject({ status: 403, error: { code: 'HUMAN_ONLY' } });
});
