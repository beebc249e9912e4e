import { beforeAll, describe, expect, test } from 'vitest';
import { useBrowser } from '../support/browser.ts';
import {
  allow,
  authorizeAddress,
  connect,
  formOf,
  pkce,
  register,
  Surfer,
  signInTab,
  useConnections,
} from '../support/oauth.ts';

const front = useConnections();
const tab = useBrowser();
const redirect_uri = 'http://127.0.0.1:49152/callback';
let client_id = '';
beforeAll(async () => {
  client_id = await register(front(), redirect_uri, { client_name: '<b>Sly</b> Program' });
});
const address = (more: object = {}) =>
  authorizeAddress(front(), { client_id, redirect_uri, challenge: pkce().challenge, ...more });

/** The page somebody is shown whom a program asks, and how they answer it. */
async function asked(name: string, business = front().office.bright) {
  const surfer = new Surfer(front());
  await surfer.signIn(business, name);
  const way = (await surfer.go(address())).headers.get('location') ?? '';
  const page = await surfer.go(way);
  const text = await page.text();
  return {
    surfer,
    way,
    status: page.status,
    text,
    press: (form: object) => surfer.go(way, { ...formOf(text), ...form }),
  };
}
const connections = () => front().office.read(front().office.bright.owner, 'connections');

describe('who is asked, and what they are told', () => {
  test('the owner reads which business it is, what the program calls itself, and what it may', async () => {
    const { status, text } = await asked('Olivia');
    expect(status).toBe(200);
    expect(text).toContain('wants to work as an assistant for <b><bdi>Bright Panes');
    expect(text).toContain('&lt;b&gt;Sly&lt;/b&gt; Program');
    expect(text).toContain('Nobody has checked its name');
    expect(text).toContain('a program on this computer');
    expect(text).toContain('It cannot allow what it asked for itself');
  });

  test('the owner of another business is asked for theirs', async () => {
    const { text } = await asked('Carla', front().office.clear);
    expect(text).toContain('for <b><bdi>Clear View Co');
    expect(text).not.toContain('Bright Panes');
  });

  test.each(['Dana', 'Theo'])(
    '%s is told whom to ask, and connects nothing, whatever is sent',
    async name => {
      const before = await connections();
      const { status, text, press } = await asked(name);
      expect(status).toBe(403);
      expect(text).toContain('Ask the owner to connect it');
      const sent = await press({ answer: 'allow', agent: 'new', name: 'Mine', scope: 'office' });
      expect(sent.status).toBe(403);
      expect(await connections()).toEqual(before);
    },
  );

  test('a member connects when the owner lets members; a technician does not even then', async () => {
    const { office } = front();
    await office.done(office.bright.owner, 'organization.update_settings', {
      settings: { members_may_connect_agents: true },
    });
    expect((await asked('Dana')).status).toBe(200);
    expect((await asked('Theo')).status).toBe(403);
    await office.done(office.bright.owner, 'organization.update_settings', {
      settings: { members_may_connect_agents: false },
    });
  });

  test('whoever is not signed in signs in first, and is then asked', async () => {
    const surfer = new Surfer(front());
    const way = (await surfer.go(address())).headers.get('location') ?? '';
    const first = await surfer.go(way);
    expect(first.headers.get('location')).toBe(`/sign-in?${new URLSearchParams({ next: way })}`);
    await surfer.signIn(front().office.bright, 'Olivia');
    expect(await (await surfer.go(way)).text()).toContain('wants to work as an assistant');
  });

  test('what was asked in one browser is not answered in another', async () => {
    const { way } = await asked('Olivia');
    const other = new Surfer(front());
    await other.signIn(front().office.bright, 'Olivia');
    expect((await other.go(way)).status).toBe(410);
  });
});

describe('the answer', () => {
  test('No goes back to the program with that answer, and is written down', async () => {
    const { surfer, press } = await asked('Olivia');
    const page = await (await press({ answer: 'no' })).text();
    const on = /content="0;url=([^"]+)"/.exec(page)?.[1] ?? '';
    const back = new URL((await surfer.go(on)).headers.get('location') ?? '');
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: 'access_denied',
      state: 'xyz',
      iss: front().url,
    });
    const [entry] = await front().office.read(front().office.bright.owner, 'audit_log', { limit: 1 });
    expect(entry).toMatchObject({ action: 'connection_refused' });
  });

  test('Allow pressed twice connects once', async () => {
    const before = (await connections()).length;
    const { press } = await asked('Olivia');
    const form = { answer: 'allow', agent: 'new', name: 'Pressed twice', scope: 'office' };
    const both = await Promise.all([press(form), press(form)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect((await connections()).length).toBe(before + 1);
  });

  test('a name that is taken is refused beside its field, and nothing typed is lost', async () => {
    const { press } = await asked('Olivia');
    const name = 'Taken Already';
    await front().office.done(front().office.bright.owner, 'agent.create', { name });
    const again = await press({ answer: 'allow', agent: 'new', name, scope: 'read' });
    expect(again.status).toBe(409);
    const text = await again.text();
    expect(text).toContain('There is an agent with this name already.');
    expect(text).toMatch(/value="read" checked/);
  });

  test('nobody allows more than the program asked for', async () => {
    const surfer = new Surfer(front());
    await surfer.signIn(front().office.bright, 'Olivia');
    const before = await connections();
    await expect(allow(surfer, address({ scope: 'read' }), { scope: 'office' })).rejects.toThrow();
    expect(await connections()).toEqual(before);
    expect(
      (await allow(surfer, address({ scope: 'read' }), { scope: 'read' })).searchParams.has('code'),
    ).toBe(true);
  });

  test('the form of another web site does nothing', async () => {
    const before = await connections();
    const { way, text } = await asked('Olivia');
    const sent = await fetch(new URL(way, front().url), {
      method: 'POST',
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
      body: new URLSearchParams({
        ...formOf(text),
        answer: 'allow',
        agent: 'new',
        name: 'Evil',
        scope: 'office',
      }),
    });
    expect(sent.status).toBeGreaterThanOrEqual(400);
    expect(await connections()).toEqual(before);
  });
});

describe('what cannot go back to the program', () => {
  test.each([
    ['an unknown program', { client_id: 'nobody' }],
    ['another way back', { redirect_uri: 'https://evil.example/callback' }],
  ])('%s gets a page of ours, and the browser stays', async (_what, more) => {
    const response = await new Surfer(front()).go(address(more));
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    expect(await response.text()).toContain('This could not be connected');
  });

  test.each([
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['tokens without a code', { response_type: 'token' }, 'unsupported_response_type'],
    ['another resource', { resource: 'https://other.example/mcp' }, 'invalid_target'],
    ['no question at all', { prompt: 'none' }, 'login_required'],
  ])('%s goes back with what is wrong', async (_what, extra, error) => {
    const response = await new Surfer(front()).go(address({ extra }));
    const back = new URL(response.headers.get('location') ?? '');
    expect(`${back.origin}${back.pathname}`).toBe(redirect_uri);
    // What asks for tokens in the address gets its error there, too.
    const said = new URLSearchParams(back.search || back.hash.slice(1));
    expect(said.get('error')).toBe(error);
    expect(said.get('iss')).toBe(front().url);
  });
});

describe('what is connected, on the page of its assistant', () => {
  test('stands with its last use, and is ended with one press that binds the next call', async () => {
    const { tokens } = await connect(front());
    const [connection] = await connections();
    const { page, complaints } = await tab();
    await signInTab(front(), page, front().office.bright, 'Olivia');
    await page.goto(`${front().url}/assistants/${String(connection?.agent_id)}`);
    const section = page.getByRole('region', { name: 'Connected' });
    expect(await section.innerText()).toContain('Testing Desk');
    await section.locator('summary').click();
    await section.getByRole('button', { name: 'Disconnect it' }).click();
    await page.getByText('Testing Desk is disconnected.').waitFor();
    const refused = await fetch(`${front().url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tokens.access_token}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(refused.status).toBe(401);
    expect(complaints).toEqual([]);
  });
});
