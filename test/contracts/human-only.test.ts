import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { apiRoutes, type Route } from '../../api/http/rest.ts';
import { mountMcp } from '../../api/mcp.ts';
import { digestOf } from '../../authorization-queue/store.ts';
import { type Action, defineWorkflow } from '../../core/kernel/registry/define.ts';
import type { Registered } from '../../core/kernel/registry/registry.ts';
import { asCode } from '../../core/kernel/words/text-schemas.ts';
import type { McpHandler } from '../../mcp/http.ts';
import { type Message, useHttp } from '../support/http.ts';
import { connectClient, type TestClient } from '../support/mcp-clients.ts';
import { asTableOwner } from '../support/raw-sql.ts';
import { refusal } from '../support/refusal.ts';
import { fingerprint, fingerprintBesideAttempts } from './fingerprint.ts';
import { readyInput } from './ready-input.ts';
import { calls, isForNobody, registry, views } from './registered.ts';
import { pickFrom, type Story, tellStory } from './story.ts';

// What is for people only (MAQ-22) is tried with every credential but the right one, on every way in.

const humanOnly = [...registry.actions.values()].filter(({ spec }) => spec.human_only);
const aliases = apiRoutes(registry).filter(({ target }) => target.kind === 'run');
const reasoning = 'The owner told me on the phone that I may';

/**
 * Workflows that try it for an agent: one lets the refusal out, the other hides it. What they hand on is theirs to judge no
 * more than a secret is, so that nothing is taken out of it on the way.
 */
const attempt = z.strictObject({
  action: z.string(),
  data: z.record(z.string(), z.unknown().meta(asCode)),
});
const uses = humanOnly.map(({ id }) => id);
const openly = defineWorkflow({
  name: 'try_openly',
  title: 'Try',
  summary: 'Try something.',
  input: attempt,
  output: z.object({ tried: z.literal(true) }),
  uses,
  async run(context, { action, data }) {
    await context.call(action, data);
    return { tried: true as const };
  },
});
const secretly = defineWorkflow({
  name: 'try_secretly',
  title: 'Try',
  summary: 'Try something and say nothing of the refusal.',
  input: attempt,
  output: z.object({ code: z.string() }),
  uses,
  async run(context, { action, data }) {
    return { code: (await refusal(context.call(action, data))).code };
  },
});
const undeclared = defineWorkflow({ ...openly, name: 'try_undeclared', uses: ['note.create'] });

let mcp: McpHandler | undefined;
const front = useHttp({
  workflows: [openly, secretly, undeclared],
  mcp(request, response) {
    const { office, url } = front();
    mcp ??= mountMcp(office.app, { baseUrl: url, host: '127.0.0.1', logger: pino({ level: 'silent' }) });
    return mcp(request, response);
  },
});
let story: Story;
let client: TestClient;
/** The headers of signed-in browsers by role. */
const sessions = new Map<string, Record<string, string>>();
/** What the owner cannot do from here either: it needs a browser with a passkey (test/web), or a key of Stripe. */
const needsDevice = /^passkey\.|^deletion\.|^invoice\.open_checkout$/;

beforeAll(async () => {
  const { office, url, signIn } = front();
  story = await tellStory(office, office.bright, 'Brightly');
  const people = { owner: 'Olivia', member: 'Dana', technician: 'Theo' };
  for (const [role, name] of Object.entries(people)) sessions.set(role, await signIn(office.bright, name));
  client = await connectClient('v2 on the newest revision', {
    url: `${url}/mcp`,
    key: office.bright.agent.key,
  });
});
afterAll(() => client.close());

/**
 * Tries something and expects that no row of any table is another one afterwards, but for what says that it was tried: the
 * security event, its entry in the history and the mail to the owner (test/security/agent-attempts.test.ts).
 */
async function leavesNothing(attempts: () => Promise<void>): Promise<void> {
  const { owner } = front().office.database;
  // What the last attempts left is what these begin with; looking at every row again would be half of the work.
  const before = left ?? (await fingerprintBesideAttempts(owner));
  left = undefined;
  await attempts();
  const after = await fingerprintBesideAttempts(owner);
  expect(after).toEqual(before);
  left = after;
}

/** What is there; undefined when something was changed since, or may have been. */
let left: Awaited<ReturnType<typeof fingerprintBesideAttempts>> | undefined;

const extras = (n: number) => [
  {},
  { reasoning },
  { idempotency_key: `try ${n}` },
  { preview: true },
  { reasoning, idempotency_key: `try ${n} again`, preview: true },
];

const pathOf = ({ path, target }: Route, data: Record<string, unknown>) =>
  target.kind === 'run' && target.member !== undefined
    ? path.replace(':id', encodeURIComponent(String(data[target.member])))
    : path;

// The whole list: an action that is no longer for people only, or newly so, is somebody's decision and stands here.
test('what waits is run by nothing but the two ways of allowing it', () => {
  const deciding = calls.filter(({ spec }) => spec.kind === 'action' && spec.decides);
  expect(deciding.map(({ id }) => id)).toEqual(['authorization.allow_once', 'authorization.allow_always']);
});

test('what is for people only is known, and nothing else is', () => {
  expect(humanOnly.map(({ id }) => id).sort()).toEqual([
    'agent.create',
    'agent.create_key',
    'agent.delete',
    'agent.restore',
    'agent.revoke_key',
    'agent.update',
    'analytics.sum_days',
    'authorization.allow_always',
    'authorization.allow_once',
    'authorization.deny',
    'authorization.expire_requests',
    'authorization.pause_agent',
    'authorization.resume_agent',
    'authorization.revoke_grant',
    'authorization.set_level',
    'automation.run',
    'automation.start_on_timer',
    'calendar_feed.create',
    'calendar_feed.revoke',
    'closeout.check_payment',
    'closeout.complete',
    'closeout.confirm_work',
    'closeout.look_again',
    'closeout.payment_choice',
    'closeout.read_notes',
    'closeout.review',
    'closeout.set_next_service',
    'closeout.set_notes',
    'closeout.start',
    'connection.allow',
    'connection.end',
    'connection.lose',
    'connection.refuse',
    'contact.confirm_email',
    'contact.write_again',
    'deletion.ask',
    'deletion.cancel',
    'deletion.carry_out',
    'export.expire',
    'export.finish',
    'export.list',
    'export.note_written',
    'invoice.enable_stripe',
    'invoice.note_not_at_stripe',
    'invoice.open_checkout',
    'invoice.plan_reminders',
    'invoice.say_paid',
    'invoice.sync_setup',
    'lead.submit_form',
    'member.create',
    'member.delete',
    'member.restore',
    'member.send_sign_in_link',
    'member.update',
    'message.check_delivery',
    'message.record_delivery',
    'message.record_event',
    'message.send_due',
    'message.unsubscribe',
    'note.read_imported',
    'organization.set_logo',
    'passkey.begin_check',
    'passkey.begin_registration',
    'passkey.register',
    'passkey.remove',
    'payment.record_event',
    'payment.record_refund',
    'search.rebuild',
    'secret.remove',
    'secret.set',
    'series.make_visits',
    'series.plan_mails',
    'session.end',
    'session.end_others',
    'ticket.move_visit',
    'ticket.respond',
  ]);
});

test('what people alone read no agent reads, by any way in', async () => {
  const lists = views.filter(({ spec }) => spec.human_only).map(({ spec }) => spec.type);
  expect(lists).toEqual([
    'customer_list',
    'news',
    'calendar_feeds',
    'export_file',
    'export_rows',
    'export_beside',
    'customer_file',
    'connections',
    'secrets',
  ]);
  const { office, get } = front();
  for (const type of lists) {
    expect((await refusal(office.read(office.bright.agent, type))).code).toBe('HUMAN_ONLY');
    for (const path of [`/api/data?type=${type}`, `/api/${type}`]) {
      const answer = await get(path);
      expect([answer.status, answer.error.code], path).toEqual([403, 'HUMAN_ONLY']);
    }
    const answer = await client.call('crm_query', { type });
    expect(answer.structuredContent).toMatchObject({ error: { code: 'HUMAN_ONLY' } });
    const told = await client.call('crm_capabilities', {});
    expect(JSON.stringify(told)).not.toContain(`${type} `);
    // The owner reads it, on the same way.
    const owner = await get(`/api/data?type=${type}`, { key: null, headers: session('owner') });
    expect([owner.status, owner.success]).toEqual([200, true]);
  }
});

describe.each(humanOnly.map((call, n) => ({ id: call.id, call, n })))(
  '$id with the key of an agent',
  ({ id, call, n }) => {
    let data: Record<string, unknown>;

    beforeAll(async () => {
      data = await readyInput(front().office, story, call);
      left = undefined;
    });

    test('is refused when it is executed, whatever is said beside it', () =>
      leavesNothing(async () => {
        const { act, bright, clear } = front().office;
        for (const extra of extras(n)) {
          expect((await refusal(act(bright.agent, id, data, extra))).code).toBe('HUMAN_ONLY');
          expect((await refusal(act(clear.agent, id, data, extra))).code).toBe('HUMAN_ONLY');
        }
      }));

    test('is refused over HTTP, by its name and by its address, also beside the cookie of the owner', () =>
      leavesNothing(async () => {
        const { post, send } = front();
        for (const extra of extras(n)) {
          const answer = await post('/api/actions', { action: id, data, ...extra });
          expect([answer.status, answer.error.code]).toEqual([403, 'HUMAN_ONLY']);
        }
        const routes = aliases.filter(({ target }) => target.kind === 'run' && target.action === id);
        expect(routes).not.toEqual([]);
        for (const route of routes) {
          const { [memberOf(route)]: _inPath, ...body } = data;
          const headers = { 'idempotency-key': `alias ${n}`, 'x-reasoning': reasoning };
          for (const more of [{}, { headers }]) {
            const answer = await send(route.method, pathOf(route, data), { body, ...more });
            expect([answer.status, answer.error.code]).toEqual([403, 'HUMAN_ONLY']);
          }
        }
      }));

    test('is refused over MCP', () =>
      leavesNothing(async () => {
        for (const extra of extras(n)) {
          const answer = await client.call('crm_action', { action: id, data, ...extra });
          expect(answer.isError).toBe(true);
          expect(answer.structuredContent).toMatchObject({ error: { code: 'HUMAN_ONLY' } });
        }
        const asTool = await client.call(id, data).catch((error: unknown) => ({ isError: true, error }));
        expect(asTool.isError).toBe(true);
      }));

    test('is refused inside a workflow, and what the workflow hides has not happened', () =>
      leavesNothing(async () => {
        const { act, bright } = front().office;
        const input = { action: id, data };
        expect((await refusal(act(bright.agent, 'try_openly', input, { reasoning }))).code).toBe(
          'HUMAN_ONLY',
        );
        expect(await act(bright.agent, 'try_secretly', input, { reasoning })).toMatchObject({
          status: 'done',
          data: { code: 'HUMAN_ONLY' },
        });
        await expect(act(bright.agent, 'try_undeclared', input)).rejects.toThrow(
          'without declaring it in uses',
        );
      }));

    test('is refused to people whose role does not reach, and to pages that are not ours', () =>
      leavesNothing(async () => {
        const { office, post } = front();
        const attempt = async (message: Message, extra: { preview?: boolean } = {}) => {
          const body = { action: id, data, ...extra };
          const { status, error } = await post('/api/actions', body, { key: null, ...message });
          return [status, error.code];
        };
        const owner = session('owner');
        const { 'x-csrf-token': _token, ...withoutToken } = owner;
        expect(await attempt({})).toEqual([401, 'UNAUTHENTICATED']);
        expect(await attempt({ key: 'dh_nobodys_key' })).toEqual([401, 'UNAUTHENTICATED']);
        expect(await attempt({ headers: withoutToken })).toEqual([403, 'FORBIDDEN']);
        const elsewhere = { ...owner, origin: 'https://elsewhere.example' };
        expect(await attempt({ headers: elsewhere })).toEqual([403, 'FORBIDDEN']);
        // A key is what a program shows; the cookie beside it makes no person of it.
        const both = { headers: owner, key: office.bright.agent.key };
        expect(await attempt(both)).toEqual([403, 'HUMAN_ONLY']);
        for (const role of ['member', 'technician'] as const) {
          if (rolesOf(call).includes(role)) continue;
          expect(await attempt({ headers: session(role) })).toEqual([403, 'FORBIDDEN']);
        }
        // The same with the session of the owner, on our own page, goes through.
        if (needsDevice.test(id) || isForNobody(call)) return;
        expect(await attempt({ headers: owner }, { preview: true })).toEqual([200, undefined]);
      }));
  },
);

const rolesOf = ({ spec }: Registered<Action>): readonly string[] =>
  spec.roles ?? ['owner', 'admin', 'member'];

function session(role: string): Record<string, string> {
  const headers = sessions.get(role);
  if (!headers) throw new Error(`no ${role} is signed in`);
  return headers;
}

const memberOf = ({ target }: Route) => (target.kind === 'run' ? (target.member ?? '') : '');

test('a request that was turned into one in the table does nothing when the owner allows it', async () => {
  const { act, done, bright, database } = front().office;
  const agent_id = bright.agentId;
  for (const { id: action, schemaHash: schema_hash } of humanOnly) {
    const input = await readyInput(front().office, story, registry.action(action));
    const waiting = await act(bright.agent, 'organization.update_settings', { name: `Name for ${action}` });
    const request = String(waiting.data.request);
    const { rows } = await asTableOwner(
      front().office,
      'select id, key_id from authorization_requests where reference = $1',
      [request],
    );
    const asked = { ...rows[0], agent_id, action, input, schema_hash, target_versions: {} };
    const digest = digestOf(bright.id, asked);
    await asTableOwner(
      front().office,
      `update authorization_requests
      set action = $2, input = $3, schema_hash = $4, digest = $5, target_versions = '{}'
      where reference = $1`,
      [request, action, input, schema_hash, digest],
    );
    const before = await fingerprint(database.owner);
    expect(await done(bright.owner, 'authorization.allow_once', { request, digest })).toMatchObject({
      status: 'stale',
      error: { code: 'HUMAN_ONLY' },
    });
    // That it was decided is written down, and the request is found by it; nothing else.
    const { authorization_requests, audit_log, search_documents, search_words, ...others } = before;
    expect(authorization_requests && audit_log && search_documents && search_words).toBeDefined();
    expect(await fingerprint(database.owner)).toMatchObject(others);
  }
});

test('the owner with a session decides, in the browser’s way', async () => {
  const { office, post, get } = front();
  const owner = { key: null, headers: session('owner') };
  const request = pickFrom(story, 'waiting request');
  const digest = pickFrom(story, 'digest');
  const call = { action: 'authorization.allow_once', data: { request, digest } };
  const answer = await post('/api/actions', call, owner);
  expect(answer.data).toMatchObject({ request, status: 'succeeded' });
  const shown = await get(`/api/authorization-requests/${request}`);
  expect(shown.data).toMatchObject({ status: 'succeeded', decided_by: 'Olivia Bright' });
  const described = await office.read(office.bright.owner, 'attribute_catalog', { params: { key: 'pet' } });
  expect(described).toMatchObject([{ description: 'Brightly described' }]);
});
