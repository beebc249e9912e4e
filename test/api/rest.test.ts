import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { apiRoutes, createMatcher } from '../../api/http/rest.ts';
import { ref } from '../../core/kernel/records/references.ts';
import { createRegistry } from '../../core/kernel/registry/create-registry.ts';
import { defineView, defineWorkflow } from '../../core/kernel/registry/define.ts';
import { defineDomain } from '../../core/kernel/registry/domain.ts';
import { useHttp } from '../support/http.ts';

const greet = defineWorkflow({
  name: 'greet_customer',
  title: 'Greet a customer',
  summary: 'Writes a note that greets.',
  input: z.strictObject({ contact_id: ref('contact') }),
  output: z.object({ note: z.string() }),
  uses: ['note.create'],
  async run(context, { contact_id }) {
    const note = await context.call('note.create', { contact_id, content: 'Hello!' });
    return { note: String(note.content) };
  },
});

const front = useHttp({ workflows: [greet] });
let theo = '';
let service = '';

beforeAll(async () => {
  const { bright, done } = front().office;
  theo = bright.people.Theo?.id ?? '';
  const made = await done(bright.agent, 'service.create', {
    name: 'Screens',
    pricing: 'fixed',
    price_cents: 4000,
    duration_minutes: 30,
  });
  service = String(made.id);
});

test('a customer is created, read, changed, deleted and brought back', async () => {
  const created = await front().post('/api/contacts', { full_name: 'Rest Hart', email: 'rest@example.com' });
  expect(created).toMatchObject({ status: 200, data: { full_name: 'Rest Hart' } });
  const path = `/api/contacts/${created.data.reference}`;

  const list = await front().get('/api/contacts?search=rest+hart&fields=reference');
  expect(list.data.rows).toEqual([{ id: created.data.id, reference: created.data.reference }]);
  expect(await front().get(path)).toMatchObject({ status: 200, data: { email: 'rest@example.com' } });

  const patched = await front().send('PATCH', path, { body: { nickname: 'Resty' } });
  expect(patched).toMatchObject({ status: 200, data: { nickname: 'Resty', full_name: 'Rest Hart' } });
  const put = await front().send('PUT', path, { body: { job_title: 'Baker' } });
  expect(put).toMatchObject({ status: 200, data: { nickname: 'Resty', job_title: 'Baker' } });

  const reasoning = { 'x-reasoning': encodeURIComponent('Jane asked us to remove her – twice.') };
  const deleted = await front().send('DELETE', path, { headers: reasoning });
  expect(deleted).toMatchObject({ status: 200, data: { deleted: true } });
  expect(await front().get(path)).toMatchObject({ status: 404, error: { code: 'NOT_FOUND' } });

  const restored = await front().post(`${path}/restore`);
  expect(restored).toMatchObject({ status: 200, data: { reference: created.data.reference } });
  expect(await front().get(path)).toMatchObject({ status: 200 });
});

test('the verbs of a visit are addresses below it, in either spelling, with or without a body', async () => {
  await front().post('/api/contacts', { full_name: 'Verb Smith' });
  const booked = await front().post('/api/tickets', {
    contact_id: 'Verb Smith',
    scheduled_at: '2026-11-24T09:00:00',
    lines: [{ service_id: service }],
  });
  const path = `/api/tickets/${booked.data.reference}`;
  const line = await front().post(`${path}/add-line`, { service_id: service, unit_price_cents: 5500 });
  expect(line).toMatchObject({ status: 200, data: { total_cents: 9500 } });
  expect(await front().post(`${path}/assign_technician`, { technician_id: theo })).toMatchObject({
    status: 200,
  });
  expect(await front().post(`${path}/clock-in`)).toMatchObject({ status: 200 });
  const moved = await front().post(`${path}/reschedule`, { scheduled_at: '2026-11-25T09:00:00' });
  expect(moved.success).toBe(true);
});

test('keys, reasons and previews travel in headers and address', async () => {
  const headers = { 'idempotency-key': 'rest-1' };
  const first = await front().post('/api/contacts', { full_name: 'Rest Once' }, { headers });
  const second = await front().post('/api/contacts', { full_name: 'Rest Once' }, { headers });
  expect(second).toMatchObject({ data: { id: first.data.id }, meta: { replayed: true } });

  const preview = await front().post('/api/contacts?preview=true', { full_name: 'Rest Never' });
  expect(preview).toMatchObject({ status: 200, data: { affected_rows: 1 } });
  expect((await front().get('/api/contacts?search=rest+never')).data.rows).toEqual([]);

  const misspelt = await front().post('/api/contacts?previw=true', { full_name: 'Rest Never' });
  expect(misspelt).toMatchObject({ status: 400, error: { field: 'previw', did_you_mean: ['preview'] } });
  expect((await front().get('/api/contacts?search=rest+never')).data.rows).toEqual([]);
});

test('the address of a record says which one is meant, and the body must not say another', async () => {
  const a = await front().post('/api/contacts', { full_name: 'Path One' });
  const b = await front().post('/api/contacts', { full_name: 'Path Two' });
  const path = `/api/contacts/${a.data.reference}`;
  const same = await front().send('PATCH', path, {
    body: { contact_id: a.data.reference, nickname: 'One' },
  });
  expect(same).toMatchObject({ status: 200, data: { id: a.data.id } });
  const other = await front().send('PATCH', path, {
    body: { contact_id: b.data.reference, nickname: 'Two' },
  });
  expect(other).toMatchObject({ status: 400, error: { field: 'contact_id' } });
  const hidden = await front().send('PATCH', path, {
    body: { contactId: b.data.reference, nickname: 'Two' },
  });
  expect(hidden.data.id).not.toBe(b.data.id);
  expect((await front().get(`/api/contacts/${b.data.reference}`)).data.nickname).toBeNull();
});

test('a record can be named in the address as people name it', async () => {
  await front().post('/api/contacts', { full_name: 'Zoë O’Hara' });
  const answer = await front().get(`/api/contacts/${encodeURIComponent('Zoë O’Hara')}`);
  expect(answer).toMatchObject({ status: 200, data: { full_name: 'Zoë O’Hara' } });
});

test('other data types have an address in either spelling', async () => {
  for (const path of [
    '/api/audit-log?limit=1',
    '/api/audit_log?limit=1',
    '/api/availability?from=2026-11-19',
  ]) {
    expect(await front().get(path)).toMatchObject({ status: 200, data: { rows: expect.any(Array) } });
  }
});

test('a workflow is posted to by its name, and is an action of the domain "workflow"', async () => {
  const { data } = await front().post('/api/contacts', { full_name: 'Greeted Gale' });
  const input = { contact_id: data.reference };
  for (const path of ['/api/workflows/greet-customer', '/api/workflows/greet_customer']) {
    expect(await front().post(path, input)).toMatchObject({ status: 200, data: { note: 'Hello!' } });
  }
  const call = { domain: 'workflow', action: 'greet_customer', data: input };
  expect(await front().post('/api/actions', call)).toMatchObject({ status: 200, data: { note: 'Hello!' } });
  const whole = { action: 'workflow.greet_customer', data: input };
  expect(await front().post('/api/actions', whole)).toMatchObject({ status: 200 });
});

test('every action, data type and workflow has exactly one kind of address', () => {
  const { registry } = front().office.app;
  const routes = apiRoutes(registry);
  const run = new Set(routes.flatMap(({ target }) => (target.kind === 'run' ? [target.action] : [])));
  const read = new Set(routes.flatMap(({ target }) => (target.kind === 'view' ? [target.type] : [])));
  expect([...run].sort()).toEqual([...registry.actions.keys(), ...registry.workflows.keys()].sort());
  expect([...read].sort()).toEqual([...registry.views.keys()].sort());
  const { find } = createMatcher(routes);
  for (const { method, path, target } of routes) {
    const segments = path.replace('/api/', '').replace(':id', 'C-1').split('/');
    expect(find(method, segments)?.route.target).toEqual(target);
  }
});

test('two registrations that would share an address stop the start', () => {
  const view = (type: string, params: z.ZodObject) =>
    defineView({
      type,
      domain: 'clash',
      summary: 'A clash.',
      row: z.object({ id: z.string() }),
      params,
      run: () => Promise.resolve({ rows: [] }),
    });
  const routesOf = (type: string, params = z.strictObject({})) =>
    apiRoutes(
      createRegistry([defineDomain({ name: 'clash', summary: 'Clash.', views: [view(type, params)] })], []),
    );
  expect(() => routesOf('data')).toThrow('two registrations share GET /api/data');
  expect(() => routesOf('clashes', z.strictObject({ limit: z.string() }))).toThrow('a filter called limit');
  expect(routesOf('clashes').map(route => route.path)).toContain('/api/clashes');
});
