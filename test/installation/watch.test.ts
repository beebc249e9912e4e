import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { lookAtReadiness } from '../../api/cli/running.ts';
import { createMetrics } from '../../api/watch/metrics.ts';
import { createTraces } from '../../api/watch/traces.ts';
import { type Office, openOfficeOfToday } from '../support/office.ts';
import { soon } from '../support/patience.ts';
import { type RunningServer, startServer, temporaryFolder } from '../support/process.ts';
import { databaseUrl } from '../support/two-servers.ts';

const token = 'a-token-of-whoever-watches';

/** What a collector is sent (OTLP over HTTP, as JSON). */
const sentTraces = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(z.object({ key: z.string(), value: z.unknown() })) }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              attributes: z.array(
                z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) }),
              ),
              status: z.object({ code: z.number() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

let office: Office;
let server: RunningServer;
let collector: Server;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const bodies: string[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  office = await openOfficeOfToday();
  collector = createServer((request, response) => {
    let body = '';
    request.on('data', chunk => {
      body += String(chunk);
    });
    request.on('end', () => {
      if (request.url === '/v1/traces') bodies.push(body);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>(resolve => collector.listen(0, '127.0.0.1', resolve));
  const address = collector.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  server = await startServer({
    DATABASE_URL: databaseUrl(office.database.address),
    DATABASE_OWNER_URL: databaseUrl(office.database.admin),
    DESKHAND_DATA: folder.path,
    DESKHAND_DEMO: '0',
    DESKHAND_WORKER: '0',
    METRICS_TOKEN: token,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_BSP_SCHEDULE_DELAY: '50',
    OTEL_SERVICE_NAME: 'deskhand-of-a-test',
  });
  const { key } = office.bright.agent;
  const call = (body: unknown) =>
    fetch(`${server.baseUrl}/api/actions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const contact = { first_name: 'Wilhelmina', last_name: 'Osterhagen', phone: '(256) 555-0177' };
  expect((await call({ domain: 'contact', action: 'create', data: contact })).status).toBe(200);
  expect((await call({ domain: 'contact', action: 'get_out_of_wilhelmina', data: {} })).status).toBe(404);
  expect((await call({ domain: 'contact', action: 'create', data: {} })).status).toBe(400);
});
afterAll(async () => {
  await server?.stop();
  collector?.close();
  await office?.db.close();
  await office?.database.close();
  await folder?.remove();
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const ask = async (path: string, shown?: string) => {
  const headers = shown === undefined ? {} : { authorization: `Bearer ${shown}` };
  const response = await fetch(server.baseUrl + path, { headers });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
};

test('what is measured is shown to whoever has the token, and to nobody else', async () => {
  expect((await ask('/metrics')).status).toBe(401);
  expect((await ask('/metrics', `${token}x`)).status).toBe(401);
  expect((await ask('/metrics', office.bright.agent.key)).status).toBe(401);
  const shown = await ask('/metrics', token);
  expect(shown.status).toBe(200);
  expect(shown.type).toContain('application/openmetrics-text; version=1.0.0');
  expect(shown.text.trimEnd().endsWith('# EOF')).toBe(true);
});

test('calls are counted by action and outcome, with how long they took', async () => {
  const { text } = await ask('/metrics', token);
  const lines = text.split('\n');
  const figure = (start: string, ...parts: string[]) =>
    Number(
      lines
        .find(line => line.startsWith(start) && parts.every(part => line.includes(part)))
        ?.split(' ')
        .at(-1),
    );
  expect(figure('deskhand_calls_total', 'name="contact.create"', 'via="key"', 'outcome="done"')).toBe(1);
  expect(figure('deskhand_calls_total', 'name="contact.create"', 'outcome="VALIDATION_ERROR"')).toBe(1);
  expect(figure('deskhand_calls_total', 'name="unknown"', 'outcome="UNKNOWN_ACTION"')).toBe(1);
  expect(figure('deskhand_call_seconds_count', 'name="contact.create"')).toBe(2);
  expect(figure('deskhand_transaction_seconds_count', 'mode="read write"')).toBeGreaterThan(0);
  expect(figure('deskhand_database_up')).toBe(1);
  expect(figure('deskhand_pool_connections', 'state="most"')).toBeGreaterThan(1);
  expect(figure('deskhand_pool_connections', 'state="waiting"')).toBe(0);
  expect(figure('process_resident_memory_bytes')).toBeGreaterThan(1e6);
  expect(figure('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
});

test('the queue is told by lane: how much waits, and how long the oldest has', async () => {
  // Its lease lies with a worker that is busy for an hour; the other waits for a worker that is told not to work.
  await office.database.owner.query(
    `insert into jobs (organization_id, id, kind, payload, run_at, locked_until)
     values ($1, gen_random_uuid(), 'of_a_test', '{}', now() - interval '100 seconds', now() + interval '1 hour'),
       ($1, gen_random_uuid(), 'email', '{}', now() - interval '100 seconds', null)`,
    [office.bright.id],
  );
  const { text } = await ask('/metrics', token);
  expect(text).toMatch(/^deskhand_queue_jobs\{lane="general",state="running"\} 1$/m);
  expect(text).toMatch(/^deskhand_queue_jobs\{lane="mail",state="waiting"\} 1$/m);
  expect(text).toMatch(/^deskhand_queue_oldest_seconds\{lane="mail"\} 1\d\d\./m);
});

test('nothing that is measured or traced names a business, a person, a key or a word of a caller', async () => {
  await vi.waitFor(() => expect(bodies.join('')).toContain('action unknown'), soon);
  const { text } = await ask('/metrics', token);
  for (const told of [text, bodies.join('\n')]) {
    expect(told).toContain('contact.create');
    for (const secret of [
      'Wilhelmina',
      'wilhelmina',
      'Osterhagen',
      '555-0177',
      '2565550177',
      office.bright.id,
      office.bright.agent.key,
      'bright',
    ])
      expect(told).not.toContain(secret);
  }
});

test('a collector gets a span for each call with its transactions inside', async () => {
  const read = () => bodies.flatMap(body => sentTraces.parse(JSON.parse(body)).resourceSpans);
  const spans = () => read().flatMap(({ scopeSpans }) => scopeSpans.flatMap(scope => scope.spans));
  await vi.waitFor(() => expect(spans().map(({ name }) => name)).toContain('action unknown'), soon);
  const done = spans().find(
    ({ name, attributes }) =>
      name === 'action contact.create' &&
      attributes.some(({ key, value }) => key === 'deskhand.outcome' && value.stringValue === 'done'),
  );
  const inside = spans().filter(span => span.parentSpanId === done?.spanId);
  expect(inside.map(({ name }) => name)).toContain('transaction read write');
  expect(inside.every(({ traceId }) => traceId === done?.traceId)).toBe(true);
  const refused = spans().filter(({ name, status }) => name === 'action contact.create' && status.code === 2);
  expect(refused).toHaveLength(1);
  expect(JSON.stringify(read()[0]?.resource)).toContain('deskhand-of-a-test');
});

test('the health checks say that database, schema and worker are well, and which of them is not', async () => {
  expect(JSON.parse((await ask('/readyz')).text).data).toEqual({
    status: 'ready',
    checks: { database: 'ok', schema: 'ok' },
  });
  // As for a process of the next version that is started before its migrations have run.
  const lookNow = lookAtReadiness(office, () => undefined);
  const lastRow = await office.database.owner.query(
    'delete from schema_migrations where name = (select max(name) from schema_migrations) returning name, hash',
  );
  expect(await lookNow()).toEqual({ database: 'ok', schema: 'behind' });
  const [last] = lastRow.rows;
  await office.database.owner.query('insert into schema_migrations (name, hash) values ($1, $2)', [
    last.name,
    last.hash,
  ]);
  expect(await lookNow()).toEqual({ database: 'ok', schema: 'ok' });
  const hangs = { isTurning: () => false, stop: async () => undefined };
  expect(await lookAtReadiness(office, () => hangs)()).toMatchObject({ worker: 'stuck' });
});

test('what is measured is told at once while the database is away, however long calls wait for it', async () => {
  const never = () => new Promise<never>(() => undefined);
  const gone = {
    ...office.db,
    pool: () => ({ most: 20, in_use: 0, waiting: 0 }),
    ping: () => Promise.reject(new Error('connection refused')),
    transaction: never,
  };
  const text = await createMetrics(gone).text();
  expect(text).toMatch(/^deskhand_database_up 0$/m);
  expect(text).not.toMatch(/^deskhand_queue_jobs\{/m);
});

test('a collector that does not take traces is told of once, and once when it does again', async () => {
  let status = 500;
  const strict = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(status).end('{}'));
  });
  await new Promise<void>(resolve => strict.listen(0, '127.0.0.1', resolve));
  const said: string[] = [];
  const traces = tracesTo(strict, message => said.push(message));
  const oneSpan = async () => {
    const before = asked;
    traces.begin({ kind: 'job', name: 'of_a_test' }).end({ outcome: 'done', failed: false, took_seconds: 0 });
    await vi.waitFor(() => expect(asked).toBeGreaterThan(before), soon);
  };
  let asked = 0;
  strict.on('request', () => {
    asked += 1;
  });
  for (let n = 0; n < 3; n++) await oneSpan();
  status = 200;
  for (let n = 0; n < 3; n++) await oneSpan();
  await traces.close();
  strict.close();
  expect(said).toEqual([
    'the collector of OTEL_EXPORTER_OTLP_ENDPOINT does not take traces; what it does not take is lost',
    'the collector takes traces again',
  ]);
});

test('a collector that says nothing does not keep a server from ending', async () => {
  let waiting = 0;
  let gaveUp = 0;
  const silent = createServer((request, response) => {
    waiting += 1;
    request.resume();
    response.on('close', () => {
      gaveUp += 1;
    });
  });
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', '3600000');
  const traces = tracesTo(silent, () => undefined);
  traces.begin({ kind: 'job', name: 'of_a_test' }).end({ outcome: 'done', failed: false, took_seconds: 0 });
  await vi.waitFor(() => expect(waiting).toBe(1), soon);
  await traces.close();
  expect(gaveUp).toBe(0);
  silent.closeAllConnections();
  silent.close();
});

/** Traces of this process to a collector, sent at once. */
function tracesTo(to: Server, onTrouble: (message: string) => void) {
  const address = to.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${port}`);
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '1');
  return createTraces({ version: '0', service: 'of a test', onTrouble });
}
