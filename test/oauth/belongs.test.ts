import { beforeEach, describe, expect, test } from 'vitest';
import { askTokens, callAction, connect, postMcp, useConnections } from '../support/oauth.ts';
import { refusal } from '../support/refusal.ts';

// Whose a connection is: its agent's, the person's who allowed it, and what was asked by it is its own.

const front = useConnections();
const limited = useConnections({ limits: { callsPerMinute: 12 } });
const owner = () => front().office.bright.owner;
const newest = async () => Object((await front().office.read(owner(), 'connections'))[0]);
const list = { method: 'tools/list' };
const refreshOf = ({ client_id, tokens }: Awaited<ReturnType<typeof connect>>) => ({
  grant_type: 'refresh_token',
  client_id,
  refresh_token: tokens.refresh_token ?? '',
});

describe('what was asked by a connection', () => {
  beforeEach(() =>
    front().office.done(owner(), 'authorization.set_level', {
      action: 'contact.create',
      level: 'requires_authorization',
    }),
  );
  const ask = async (token: string, first_name: string) => {
    const answer = await callAction(front(), token, 'contact.create', { first_name, last_name: 'Marsh' });
    expect(await answer.text()).toContain('pending_authorization');
    const [waiting] = await front().office.read(owner(), 'authorization_requests', {
      filter: 'pending',
      fields: ['reference', 'digest'],
    });
    return { request: String(waiting?.reference), digest: String(waiting?.digest) };
  };

  test('is done when the owner allows it while the connection lives', async () => {
    const { tokens } = await connect(front());
    const asked = await ask(tokens.access_token, 'Ida');
    expect(await front().office.done(owner(), 'authorization.allow_once', asked)).toMatchObject({
      status: 'succeeded',
    });
  });

  test('is not done once the connection has ended, whoever allows it', async () => {
    const { tokens } = await connect(front());
    const asked = await ask(tokens.access_token, 'Ada');
    await front().office.done(owner(), 'connection.end', { id: (await newest()).id });
    await front()
      .office.act(owner(), 'authorization.allow_once', asked)
      .catch(() => undefined);
    const [request] = await front().office.read(owner(), 'authorization_requests', { id: asked.request });
    expect(request?.status).not.toBe('succeeded');
    expect(JSON.stringify(request)).toContain('The connection it was asked by has ended meanwhile.');
    const found = await front().office.read(owner(), 'contacts', { search: 'Ada Marsh' });
    expect(found).toEqual([]);
  });

  test('the agent of a connection neither decides nor connects', async () => {
    const { tokens } = await connect(front());
    const asked = await ask(tokens.access_token, 'Eva');
    const decided = await (
      await callAction(front(), tokens.access_token, 'authorization.allow_once', asked)
    ).text();
    expect(decided).toContain('HUMAN_ONLY');
    const ended = await (
      await callAction(front(), tokens.access_token, 'connection.end', { id: (await newest()).id })
    ).text();
    expect(ended).toContain('HUMAN_ONLY');
  });
});

describe('the person who allowed it', () => {
  const letMembers = (is: boolean) =>
    front().office.done(owner(), 'organization.update_settings', {
      settings: { members_may_connect_agents: is },
    });

  test('leaves, and with them what they connected, for good', async () => {
    await letMembers(true);
    const made = await connect(front(), { person: 'Dana' });
    expect((await postMcp(front(), made.tokens.access_token, list)).status).toBe(200);
    const member_id = front().office.bright.people.Dana?.id;
    await front().office.done(owner(), 'member.delete', { member_id });
    const call = () =>
      callAction(front(), made.tokens.access_token, 'contact.create', { first_name: 'Ida', last_name: 'M' });
    expect((await call()).status).toBe(401);
    expect((await askTokens(front(), refreshOf(made))).status).toBe(400);
    await front().office.done(owner(), 'member.restore', { member_id });
    expect((await call()).status).toBe(401);
    await letMembers(false);
  });

  test('sees less than an agent from now on: it is refused at its next call', async () => {
    await letMembers(true);
    const made = await connect(front(), { person: 'Dana' });
    const member_id = front().office.bright.people.Dana?.id;
    await front().office.done(owner(), 'member.update', { member_id, role: 'technician' });
    const refused = await callAction(front(), made.tokens.access_token, 'contact.create', {
      first_name: 'Ida',
      last_name: 'M',
    });
    expect(refused.status).toBe(401);
    expect((await askTokens(front(), refreshOf(made))).status).toBe(400);
    await letMembers(false);
  });
});

test('the setting is the owner’s: neither a member nor an agent changes it', async () => {
  const { office } = front();
  const change = { settings: { members_may_connect_agents: true } };
  expect(
    (await refusal(office.act(office.bright.agent, 'organization.update_settings', change))).code,
  ).toMatch(/FORBIDDEN|HUMAN_ONLY/);
});

test('a connection has one count of calls, whichever of its tokens they come with', async () => {
  const made = await connect(limited());
  const left = async (token: string) => {
    const response = await postMcp(limited(), token, list);
    await response.text();
    return Number(/r=(\d+)/.exec(response.headers.get('ratelimit') ?? '')?.[1]);
  };
  // The first call tells whose token it is.
  await left(made.tokens.access_token);
  const before = await left(made.tokens.access_token);
  const next = Object(await (await askTokens(limited(), refreshOf(made))).json());
  await left(next.access_token);
  expect(await left(next.access_token)).toBe(before - 1);
});
