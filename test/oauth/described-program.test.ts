import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isPublicAddress, publicFetch } from '../../api/oauth/fetch-public.ts';
import { authorizeAddress, pkce, Surfer, useConnections } from '../support/oauth.ts';

const read = (name: string) => readFileSync(new URL(`../fixtures/oauth/${name}`, import.meta.url), 'utf8');
const certificate = read('certificate.pem');

/** The web site of a program, and how names of the world are looked up. */
let site: Server;
let port = 0;
let asked: string[] = [];
let answer: { status: number; headers: Record<string, string>; body: string };
let addresses: Record<string, string[]> = {};
let isPublic: (address: string) => boolean;

beforeAll(async () => {
  site = createServer({ key: read('key.pem'), cert: certificate }, (request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body);
  });
  await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve));
  const bound = site.address();
  port = typeof bound === 'object' ? (bound?.port ?? 0) : 0;
});
afterAll(() => {
  site.closeAllConnections();
  site.close();
});

// The one address that stands for the public internet here is the one the site listens at, unless a test says otherwise.
const outside: typeof fetch = (address, init) =>
  publicFetch({
    resolve: async name => addresses[name] ?? [],
    isPublic,
    port,
    ca: certificate,
  })(address, init);

const front = useConnections({ fetchDocument: outside });

const client_id = 'https://program.example/client.json';
const redirect_uri = 'https://program.example/back';
const description = (more: object = {}) =>
  JSON.stringify({
    client_id,
    client_name: 'Fine Program',
    redirect_uris: [redirect_uri, 'http://localhost/callback'],
    token_endpoint_auth_method: 'none',
    ...more,
  });
beforeEach(async () => {
  // So many in a minute are fetched; each test has a minute of its own.
  await front().office.database.owner.query('delete from call_counts');
  asked = [];
  isPublic = found => found === '127.0.0.1';
  addresses = { 'program.example': ['127.0.0.1'], 'other.example': ['127.0.0.1'] };
  answer = { status: 200, headers: { 'content-type': 'application/json' }, body: description() };
});

/** Opens what a program asks for, as Olivia; the page she is shown, and its status. */
async function open(asking: { client_id?: string; redirect_uri?: string } = {}) {
  const surfer = new Surfer(front());
  await surfer.signIn(front().office.bright, 'Olivia');
  const { challenge } = pkce();
  const first = await surfer.go(authorizeAddress(front(), { client_id, redirect_uri, challenge, ...asking }));
  const way = first.headers.get('location');
  if (first.status !== 303 || way === null) return { status: first.status, text: await first.text() };
  const page = await surfer.go(way);
  return { status: page.status, text: await page.text() };
}

describe('a program whose description stands at an address of its own', () => {
  test('is shown with where it is described, and comes back to where it says', async () => {
    const { status, text } = await open();
    expect(status).toBe(200);
    expect(text).toContain('Fine Program');
    expect(text).toContain('It is described at <b><bdi>program.example</bdi></b>');
    expect(asked).toEqual(['program.example/client.json']);
  });

  test('on this computer it comes back to any port', async () => {
    const { status, text } = await open({ redirect_uri: 'http://localhost:51234/callback' });
    expect([status, text.includes('a program on this computer')]).toEqual([200, true]);
  });

  test.each([
    ['another path', 'https://program.example/elsewhere'],
    ['another host', 'https://other.example/back'],
    ['a longer path', 'https://program.example/back/more'],
    ['plain http', 'http://program.example/back'],
  ])('an address it has not named is refused, and nobody is sent there: %s', async (_what, uri) => {
    const { status, text } = await open({ redirect_uri: uri });
    expect(status).toBe(400);
    expect(text).toContain('This could not be connected');
  });
});

describe('what is not fetched, or not believed', () => {
  const strange = 'https://other.example';
  const cases: [string, { id?: string; before?: () => void }][] = [
    [
      'a name of this machine, with all that a description needs',
      {
        id: `${strange}/a1`,
        before: () => {
          says(`${strange}/a1`);
          isPublic = isPublicAddress;
        },
      },
    ],
    [
      'one public and one private address',
      {
        id: `${strange}/a2`,
        before: () => {
          says(`${strange}/a2`);
          addresses['other.example'] = ['127.0.0.1', '10.0.0.7'];
        },
      },
    ],
    [
      'a name nobody knows',
      {
        id: `${strange}/a3`,
        before: () => {
          addresses['other.example'] = [];
        },
      },
    ],
    ['an address by its number', { id: 'https://127.0.0.2/client.json' }],
    [
      'a port of its own',
      { id: `${strange}:8443/client.json`, before: () => says(`${strange}:8443/client.json`) },
    ],
    [
      'plain http',
      { id: 'http://other.example/client.json', before: () => says('http://other.example/client.json') },
    ],
    ['a way elsewhere', { id: `${strange}/a4`, before: () => answers(302, { location: client_id }) }],
    [
      'more than 5 KB',
      {
        id: `${strange}/a7`,
        before: () => says(`${strange}/a7`, { tos_uri: `https://x.example/${'a'.repeat(5200)}` }),
      },
    ],
    ['what says that it is another', { id: `${strange}/a8`, before: () => says(client_id) }],
    [
      'a program with a secret',
      { id: `${strange}/a9`, before: () => says(`${strange}/a9`, { client_secret: 'x' }) },
    ],
    [
      'a script for a way back',
      {
        id: `${strange}/b1`,
        before: () => says(`${strange}/b1`, { redirect_uris: ['javascript:alert(1)'] }),
      },
    ],
    [
      'plain http for a way back',
      {
        id: `${strange}/b2`,
        before: () => says(`${strange}/b2`, { redirect_uris: ['http://program.example/back'] }),
      },
    ],
    ['no JSON', { id: `${strange}/b3`, before: () => answers(200, {}, '<html>') }],
  ];
  const answers = (status: number, headers: Record<string, string>, body = '') => {
    answer = { status, headers, body };
  };
  const says = (id: string, more: object = {}) => {
    answer.body = description({ client_id: id, ...more });
  };

  test.each(cases)('%s', async (_what, { id = client_id, before }) => {
    before?.();
    const { status, text } = await open({ client_id: id });
    expect(status).toBe(400);
    expect(text).toContain('This could not be connected');
  });

  test('the same is taken where nothing of that is so', async () => {
    says(`${strange}/good`);
    expect((await open({ client_id: `${strange}/good` })).status).toBe(200);
  });

  test('one address asks for ten descriptions a minute, and those that are known are not fetched again', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 11; n++) {
      says(`${strange}/n${n}`);
      statuses.push((await open({ client_id: `${strange}/n${n}` })).status);
    }
    expect(statuses).toEqual([...Array(10).fill(200), 400]);
    expect(asked.length).toBe(10);
    expect((await open()).status).toBe(200);
  });
});

test.each([
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.168.1.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['8.8.8.8', true],
  ['::1', false],
  ['::', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:8.8.8.8', false],
  ['64:ff9b::7f00:1', false],
  ['fe80::1', false],
  ['fd00:ec2::254', false],
  ['2002:7f00:1::', false],
  ['2606:4700::1111', true],
  ['not an address', false],
])('%s is of the public internet: %s', (address, is) => {
  expect(isPublicAddress(address)).toBe(is);
});
