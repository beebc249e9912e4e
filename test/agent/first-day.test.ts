import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../core/kernel/database/package-root.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { clientKinds, connectClient, type Target, type TestClient } from '../support/mcp-clients.ts';
import { fastProgram } from '../support/one-file.ts';
import {
  type Program,
  type RunningServer,
  runCommand,
  startServer,
  temporaryFolder,
} from '../support/process.ts';

// The main job of the product, as its users do it: the owner imports the Square export on the command line, connects an
// MCP client, and the agent finds a customer and books, prices and cancels a job.

const file = path.join(packageRoot, 'test/fixtures/square-customers.csv');

let database: TestDatabase;
let server: RunningServer;
let folder: { path: string; remove(): Promise<void> };
let env: Record<string, string>;
let key: string;
let program: Program;

beforeAll(async () => {
  database = await testDatabase();
  folder = await temporaryFolder();
  const { host, port } = inject('cluster');
  const url = (user: string) =>
    `postgres://${user}@localhost:${port}/${database.address.database}?host=${encodeURIComponent(host)}`;
  env = {
    DATABASE_URL: url('deskhand_app'),
    DATABASE_OWNER_URL: url('postgres'),
    DESKHAND_DATA: folder.path,
  };
  program = await fastProgram();
  server = await startServer(env, { command: program });
  key = (await runCommand(['key', 'create', '--agent', 'Office Manager'], env, program)).stdout.trim();
});

afterAll(async () => {
  await server?.stop();
  await folder?.remove();
  await database?.close();
});

test('an import by the agent is a bulk action and waits for the owner, who imports on the command line', async () => {
  const client = await connectClient('v2 on the newest revision', { url: `${server.baseUrl}/mcp`, key });
  const content = await readFile(file, 'utf8');
  const { data, status } = await act(client, 'import.square', { content });
  expect(status).toBe('pending_authorization');
  expect(data).toMatchObject({ request: 'R-1', rule: 'bulk', review_url: `${server.baseUrl}/review/R-1` });
  await client.close();

  const dry = await runCommand(['import', 'square', file, '--dry-run'], env, program);
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Dry run: 478 customers would be added/),
  });
  const first = await runCommand(['import', 'square', file], env, program);
  expect(first).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^I-1: 478 customers added from 483 rows/),
  });
  const second = await runCommand(['import', 'square', file], env, program);
  expect(second.stdout).toMatch(
    /^I-2: 0 customers added from 483 rows\n {2}0 addresses, 0 notes, 478 customers known already/,
  );
});

describe.each(clientKinds)('with the client %s', kind => {
  // A business for each client: cancelling six visits of one business within ten minutes would be a bulk.
  let key: string;
  beforeAll(async () => {
    const org = `office-${clientKinds.indexOf(kind)}`;
    const zone = ['--time-zone', 'America/Chicago'];
    await command(['business', 'create', org, '--slug', org, '--owner', `${org}@example.com`, ...zone]);
    key = await command(['key', 'create', '--agent', 'Office Manager', '--org', org]);
    await command(['import', 'square', file, '--org', org]);
    const owner = await connectClient(kind, { url: `${server.baseUrl}/mcp`, key });
    await act(owner, 'service.create', { name: 'Screen Cleaning', pricing: 'per_unit', price_cents: 500 });
    const windows = {
      name: 'Interior and Exterior Window Cleaning',
      pricing: 'flexible',
      price_cents: 56_200,
    };
    await act(owner, 'service.create', windows);
    await owner.close();
  });

  const transports: Record<string, () => Target> = {
    HTTP: () => ({ url: `${server.baseUrl}/mcp`, key }),
    stdio: () => {
      const [command, ...before] = program;
      return {
        command,
        args: [...before, 'mcp', '--key', key],
        stderr: 'ignore',
        env: { PATH: process.env.PATH ?? '', ...env },
      };
    },
  };

  test.each(Object.keys(transports))(
    'the agent finds a customer, books, prices and cancels a visit over %s, and the history tells why',
    async transport => {
      const target = transports[transport];
      if (!target) throw new Error('no such transport');
      const client = await connectClient(kind, target());

      const found = await query(client, 'find_customer', { query: 'vernon smiht hampton cove' });
      const { booking_context } = z
        .object({ booking_context: z.looseObject({ reference: z.string() }) })
        .parse(found);
      expect(booking_context).toMatchObject({
        full_name: '«Vernon Smith»',
        addresses: [{ address: '«4587 Gooch Ln, Hampton Cove, AL 35763»' }],
        notes: [{ content: '«screens: 14, storm windows: 6»' }],
      });
      const contact_id = booking_context.reference;

      const wish = await workflow(client, {
        contact_id,
        lines: ['Screen Cleaning'],
        from: '2027-01-11',
        to: '2027-01-15',
        preference: 'afternoon',
      });
      const offered = z.object({ slots: z.array(z.object({ starts_at: z.string() })) }).parse(wish);
      const scheduled_at = offered.slots[0]?.starts_at;

      const booked = await workflow(client, {
        contact_id,
        lines: [{ service_id: 'Screen Cleaning', quantity: 20 }, 'Interior and Exterior Window Cleaning'],
        scheduled_at,
      });
      const { ticket } = z
        .object({ booked: z.literal(true), ticket: z.looseObject({ reference: z.string() }) })
        .parse(booked);
      expect(ticket).toMatchObject({ scheduled_at, status: 'scheduled', total_cents: 66_200 });

      const repriced = await act(client, 'ticket.update_line', {
        ticket_id: ticket.reference,
        line_id: 'windows',
        unit_price_cents: 60_000,
      }).catch(error => error);
      expect(repriced).toMatchObject({
        error: {
          code: 'NOT_FOUND',
          valid_options: ['1: «Screen Cleaning»', '2: «Interior and Exterior Window Cleaning»'],
        },
      });
      const corrected = await act(client, 'ticket.update_line', {
        ticket_id: ticket.reference,
        line_id: '2',
        unit_price_cents: 60_000,
      });
      expect(corrected.data).toMatchObject({ total_cents: 70_000 });

      const silent = await act(client, 'ticket.cancel', { ticket_id: ticket.reference });
      expect(silent).toMatchObject({ error: { code: 'REASONING_REQUIRED', field: 'reasoning' } });
      const reasoning = `The customer moves away, told us by phone (${kind}, ${transport}).`;
      const cancelled = await act(client, 'ticket.cancel', { ticket_id: ticket.reference }, { reasoning });
      expect(cancelled).toMatchObject({ status: 'done', data: { status: 'cancelled' } });

      const history = await query(client, 'crm_query', {
        type: 'tickets',
        id: ticket.reference,
        include: ['audit_trail'],
      });
      const [row] = z
        .object({ rows: z.array(z.object({ audit_trail: z.array(z.looseObject({})) })) })
        .parse(history).rows;
      expect(row?.audit_trail).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            domain_action: 'ticket.cancel',
            actor_name: 'Office Manager',
            reasoning: `«${reasoning}»`,
          }),
          expect.objectContaining({
            domain_action: 'ticket.update_line',
            entity_type: 'ticket_line',
            changes: {
              unit_price_cents: { old: 56_200, new: 60_000 },
              total_cents: { old: 56_200, new: 60_000 },
            },
          }),
        ]),
      );
      await client.close();
    },
  );
});

async function command(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(args, env, program);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout.trim();
}

async function query(client: TestClient, name: string, args: Record<string, unknown>): Promise<unknown> {
  const { structuredContent, content } = await client.call(name, args);
  // Clients show the model one or the other: both say the same.
  expect(content).toEqual([{ type: 'text', text: JSON.stringify(structuredContent) }]);
  return structuredContent;
}

const outcome = z.looseObject({ status: z.string().optional(), data: z.looseObject({}).optional() });

async function act(
  client: TestClient,
  action: string,
  data: Record<string, unknown>,
  facts: Record<string, unknown> = {},
) {
  return outcome.parse(await query(client, 'crm_action', { action, data, ...facts }));
}

async function workflow(client: TestClient, args: Record<string, unknown>) {
  return outcome.parse(await query(client, 'schedule_appointment', args)).data;
}
