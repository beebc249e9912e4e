import { describe, expect, test } from 'vitest';
import { readProxies } from '../../api/http/client-address.ts';
import { createPuzzles, puzzleFields } from '../../core/kernel/outside/puzzles.ts';
import { createPages } from '../../web-review/router.ts';
import { type Front, useHttp } from '../support/http.ts';
import { fieldOf, usePages } from '../support/pages.ts';
import { puzzleIn, solve, sumIn } from '../support/puzzle.ts';

// A stranger who sends much is slowed down; the owner, the customers and the agents behind the same address, or named by
// the stranger, are not.

const madeUp = () => `dh_${Math.random().toString(36).repeat(5)}`.slice(0, 46);
const from = (address: string) => ({ 'x-forwarded-for': address });

function trusting(list: string) {
  const read = readProxies(list);
  if ('wrong' in read) throw new Error(read.wrong);
  return read.proxies;
}

describe('wrong keys', () => {
  const front = useHttp({ limits: { badCallsPerMinute: 5 } });
  const guess = () => front().get('/api/contacts', { key: madeUp() });

  test('that a stranger tries end in waiting, and a key that was never seen before, from the same address, works at once', async () => {
    const { bright, done } = front().office;
    for (let n = 0; n < 5; n += 1) expect((await guess()).status).toBe(401);
    const refused = await guess();
    expect(refused).toMatchObject({ status: 429, error: { code: 'RATE_LIMITED' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    // As after a restart: nobody knows yet that this key is good.
    const { key } = await done(bright.owner, 'agent.create_key', { agent_id: bright.agentId });
    expect((await front().get('/api/contacts', { key: String(key) })).status).toBe(200);
    const session = await front().signIn(bright, 'Olivia');
    expect((await front().get('/api/contacts', { key: null, headers: session })).status).toBe(200);
    expect((await guess()).status).toBe(429);
  });

  test('in a hundred calls at once do not keep the good key of a neighbour waiting', async () => {
    const { bright, done } = front().office;
    const { key } = await done(bright.owner, 'agent.create_key', { agent_id: bright.agentId });
    const [good, ...bad] = await Promise.all([
      front().get('/api/contacts', { key: String(key) }),
      ...Array.from({ length: 100 }, guess),
    ]);
    expect(good.status).toBe(200);
    expect(new Set(bad.map(({ status }) => status))).toEqual(new Set([429]));
  });
});

describe('behind a proxy that is trusted', () => {
  const front = useHttp({ limits: { badCallsPerMinute: 3 }, proxies: trusting('127.0.0.0/8, ::1') });
  const guess = (address: string) => front().get('/api/contacts', { key: madeUp(), headers: from(address) });
  const until429 = async (address: string) => {
    for (let n = 0; n < 4; n += 1) await guess(address);
    return (await guess(address)).status;
  };

  test('everybody has an address of their own', async () => {
    expect(await until429('203.0.113.7')).toBe(429);
    expect((await guess('203.0.113.8')).status).toBe(401);
  });

  test('only what the proxy itself wrote counts, not what the sender wrote before it', async () => {
    for (let n = 0; n < 4; n += 1) await guess(`198.51.100.${n}, 203.0.113.9`);
    expect((await guess('198.51.100.77, 203.0.113.9')).status).toBe(429);
    expect((await guess('198.51.100.77')).status).toBe(401);
  });

  test('a household with IPv6 is one address, whichever of its many it takes', async () => {
    for (let n = 1; n < 5; n += 1) await guess(`2001:db8:1:2::${n}`);
    expect((await guess('2001:db8:1:2:ffff::9')).status).toBe(429);
    expect((await guess('2001:db8:1:3::9')).status).toBe(401);
  });

  test('the history names the customer’s address and not the proxy’s; what is no address is not believed', async () => {
    const { database } = front().office;
    for (const [name, said, address] of [
      ['Proxy Paula', '203.0.113.44', '203.0.113.44'],
      ['Proxy Pete', '<script>', '127.0.0.1'],
    ] as const) {
      const data = { full_name: name };
      const made = await front().post('/api/contacts', data, { headers: from(said) });
      expect(made.status).toBe(200);
      const { rows } = await database.owner.query<{ ip_address: string }>(
        'select host(ip_address) as ip_address from audit_log where entity_id = $1',
        [made.data.id],
      );
      expect([name, rows[0]?.ip_address]).toEqual([name, address]);
    }
  });
});

test('from an address that is no trusted proxy, X-Forwarded-For says nothing', async () => {
  const proxies = trusting('10.0.0.0/8');
  expect(proxies.has('10.1.2.3')).toBe(true);
  expect(proxies.has('127.0.0.1')).toBe(false);
  const guess = (n: number) =>
    plain().get('/api/contacts', { key: madeUp(), headers: from(`203.0.113.${n}`) });
  for (let n = 0; n < 3; n += 1) expect((await guess(n)).status).toBe(401);
  expect((await guess(99)).status).toBe(429);
});
const plain = useHttp({ limits: { badCallsPerMinute: 3 }, proxies: trusting('10.0.0.0/8') });

describe('a flood of inquiries', () => {
  const front = useHttp({ limits: { inquiriesPerAddress: 2, inquiriesPerForm: 3 } });
  let visitors = 0;
  const visitor = (form_key: string) => ({
    form_key,
    name: `Visitor ${++visitors}`,
    description: 'Windows, please',
  });
  const openForm = async ({ office }: Front) =>
    String((await office.done(office.bright.owner, 'lead_form.create', { name: 'Site' })).public_key);
  const sendPage = (fields: Record<string, string>) =>
    fetch(`${front().url}/public/leads`, {
      method: 'POST',
      headers: { accept: 'text/html' },
      body: new URLSearchParams(fields),
    });

  test('from one address asks the next visitor for a puzzle their browser solves, and takes the inquiry then', async () => {
    const key = await openForm(front());
    const send = (more = {}) => front().post('/public/leads', { ...visitor(key), ...more }, { key: null });
    expect([(await send()).status, (await send()).status]).toEqual([202, 202]);
    const asked = await send();
    expect(asked).toMatchObject({
      status: 429,
      error: { code: 'RATE_LIMITED', hint: expect.stringContaining('SHA-256') },
    });
    const { stamp, bits } = puzzleIn(asked.error);
    const solved = { puzzle_stamp: stamp, puzzle_proof: await solve(stamp, bits) };
    expect((await send({ puzzle_stamp: stamp, puzzle_proof: '1' })).status).toBe(429);
    // One try each: the wrong one has used this stamp up.
    expect((await send(solved)).status).toBe(429);
    const again = puzzleIn((await send()).error);
    const right = { puzzle_stamp: again.stamp, puzzle_proof: await solve(again.stamp, again.bits) };
    expect((await send(right)).status).toBe(202);
    expect((await send(right)).status).toBe(429);
  });

  test('still lets a visitor in whose browser runs no scripts, by a question, with everything that was typed', async () => {
    const key = await openForm(front());
    const typed = visitor(key);
    const page = await sendPage(typed);
    expect(page.status).toBe(429);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    const text = await page.text();
    expect(text).toContain(`value="${typed.name}"`);
    const stamp = fieldOf(text, puzzleFields.stamp);
    const answer = sumIn(text);
    const sent = await sendPage({ ...typed, [puzzleFields.stamp]: stamp, [puzzleFields.answer]: answer });
    expect(sent.status).toBe(202);
    const wrong = fieldOf(await (await sendPage(typed)).text(), puzzleFields.stamp);
    const guessed = { ...typed, [puzzleFields.stamp]: wrong, [puzzleFields.answer]: '99' };
    expect((await sendPage(guessed)).status).toBe(429);
  });
});

test('a puzzle is worth nothing for another form, when it is old, or when nobody of ours made it', async () => {
  const puzzles = createPuzzles(text => `signed ${text.length} ${text}`.replaceAll('.', '-'));
  const { stamp, bits } = puzzles.issue('form A', 1);
  const proof = await solve(stamp, bits);
  const forged = stamp.replace(/^\d+/, digits => String(Number(digits) + 1));
  expect(puzzles.check('form B', { stamp, proof, answer: '' })).toBeUndefined();
  expect(puzzles.check('form A', { stamp: forged, proof, answer: '' })).toBeUndefined();
  expect(puzzles.check('form A', { stamp, proof, answer: '' })).toBe('proof');
  expect(puzzles.check('form A', { stamp, proof, answer: '' })).toBeUndefined();
  expect(puzzles.issue('form A', 4).bits).toBeGreaterThan(bits);
});

describe('a flood of sign-in requests', () => {
  const pages = usePages({ linkLimits: { per_ip: 6, per_address: 2 } });
  const ask = (email: string, more: Record<string, string> = {}) =>
    pages().send('/sign-in', { form: { email, ...more } });

  test('for the owner’s address, from the owner’s own network, leaves the owner a way in', async () => {
    const email = 'olivia@brightpanes.example';
    for (let n = 0; n < 8; n += 1) await ask(email);
    const page = await ask(email);
    expect(page.status).toBe(429);
    const text = await page.text();
    expect(text).toContain('You need not wait');
    const stamp = fieldOf(text, puzzleFields.stamp);
    const bits = Number(/data-bits="(\d+)"/.exec(text)?.[1]);
    const solved = { [puzzleFields.stamp]: stamp, [puzzleFields.proof]: await solve(stamp, bits) };
    expect((await ask(email, { ...solved })).status).toBe(200);
    expect(await pages().newestMail(email)).toContain('/sign-in/');
    // A puzzle that was solved for one is no puzzle for another.
    expect((await ask('dana@brightpanes.example', solved)).status).toBe(429);
  });

  test('and of links that are no links does not stop a good one', async () => {
    const { send, linkFor } = pages();
    const dead = () => send(`/sign-in/${'x'.repeat(43)}`, { method: 'POST' });
    for (let n = 0; n < 6; n += 1) expect((await dead()).status).toBe(410);
    expect((await dead()).status).toBe(429);
    const entered = await send(await linkFor('olivia@brightpanes.example'), { method: 'POST' });
    expect(entered.status).toBe(303);
  });
});

describe('a flood of sign-in requests from elsewhere', () => {
  const front = useHttp({
    proxies: trusting('127.0.0.1'),
    pagesOf: ({ app, db }, baseUrl) =>
      createPages({
        app,
        db,
        baseUrl,
        dataDir: '/srv/deskhand',
        demo: false,
        linkLimits: { per_ip: 6, per_address: 2 },
      }),
  });

  test('for the owner’s e-mail address only makes the owner’s own request slower', async () => {
    const ask = async (address: string) =>
      (
        await fetch(`${front().url}/sign-in`, {
          method: 'POST',
          redirect: 'manual',
          headers: from(address),
          body: new URLSearchParams({ email: 'olivia@brightpanes.example' }),
        })
      ).status;
    const flood = await Promise.all(Array.from({ length: 8 }, (_, n) => ask(`203.0.113.${n % 2}`)));
    expect(flood.filter(status => status === 429)).toHaveLength(4);
    const started = performance.now();
    expect(await ask('198.51.100.20')).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(1_000);
  });
});
