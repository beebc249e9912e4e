import { request } from 'node:http';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { redact } from '../../core/kernel/words/redaction.ts';
import { createSignInToken } from '../../core/sign-in/sign-in.ts';
import { vectors } from '../kernel/redaction-examples.ts';
import { as } from '../support/office.ts';
import { tellStory, usePages } from '../support/pages.ts';

const pages = usePages();
const people = {
  olivia: 'olivia@brightpanes.example',
  dana: 'dana@brightpanes.example',
  theo: 'theo@brightpanes.example',
  tess: 'tess@brightpanes.example',
};
const session: Record<string, string> = {};

beforeAll(async () => {
  const { done, bright } = pages();
  await done(as(bright, 'Dana'), 'lead.create', {
    source: 'phone_call',
    raw_notes:
      'Mary Collins, 256-555-0177, mary@example.com, 14 Oak Lane, Huntsville AL 35801: 20+ screens, dog named Rex.',
  });
  await tellStory(pages());
  await done(bright.agent, 'attribute.set', { contact_id: 'C-1001', key: 'pet', value: 'dog' });
  for (const [name, email] of Object.entries(people)) session[name] = await pages().signIn(email);
});

async function see(name: keyof typeof people, path: string): Promise<{ status: number; text: string }> {
  const response = await pages().send(path, { session: session[name] ?? '' });
  return { status: response.status, text: plain(await response.text()) };
}

/** The words of a page, as somebody reads them. */
const plain = (markup: string): string =>
  markup
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#39;/g, '’')
    .replace(/\s+/g, ' ');

describe('the start page', () => {
  test('the owner sees the day in local time, what waits, and what happened last and why', async () => {
    const { text } = await see('olivia', '/');
    expect(text).toContain('Wednesday, November 18, 2026');
    expect(text).toMatch(
      /9:30 AM 90 min .*Mrs Hart.* 8 Cove Road, Owens Cross Roads, AL 35763 .*\$180\.00 Tess/,
    );
    expect(text).toMatch(/2:00 PM 2 h .*Jane Smith.* Exterior windows, Screens · \$288\.00 Theo/);
    expect(text).toMatch(/1 approval waits .*Asks you Delete the customer C-1003 .* Office Manager asked/);
    expect(text).toMatch(/Office Manager asked .*: “ Mrs Hart is in the list twice/);
    expect(text).toContain('Office Manager (agent) asked to delete customer');
    expect(text).toContain('cancelled visit T-2003');
    expect(text).toContain('Why: “Mrs Hart is away until Thanksgiving and will call us.”');
  });

  test('other days are one tap away, a day that does not exist is today', async () => {
    const home = await pages().send('/', { session: session.olivia ?? '' });
    expect(await home.text()).toContain('href="/calendar?view=day&amp;date=2026-11-19"');
    expect((await see('olivia', '/?date=2026-11-19')).text).toContain('No visits on this day.');
    expect((await see('olivia', '/?date=2026-02-30')).text).toContain('Wednesday, November 18, 2026');
  });

  test('a technician sees their own visits and nothing else', async () => {
    const { status, text } = await see('theo', '/');
    expect(status).toBe(200);
    expect(text).toContain('Jane Smith');
    expect(text).not.toContain('Mrs Hart');
    for (const heading of ['Asks you', 'Latest changes', 'Customers', 'Money', 'Inbox', 'Settings']) {
      expect(text).not.toContain(heading);
    }
    expect((await see('tess', '/')).text).toContain('Mrs Hart');
  });
});

describe('contacts', () => {
  test('the list shows everybody with town, next visit and phone, and finds with typing errors', async () => {
    expect((await see('dana', '/contacts')).text).toMatch(
      /Mrs Hart .* Jane Smith Madison next Wed, Nov 18 \(256\) 555-0142/,
    );
    const { text } = await see('dana', '/contacts?search=jnae+smith');
    expect(text).toContain('1 found for “ jnae smith ”');
    expect(text).toContain('Jane Smith');
    expect(text).not.toContain('Mrs Hart');
    expect((await see('dana', '/contacts?search=zzzzzz')).text).toContain('Nobody found');
  });

  test('a long list goes on with the next page', async () => {
    const { done, bright, send } = pages();
    const owner = bright.owner;
    for (let n = 10; n < 60; n += 1) await done(owner, 'contact.create', { full_name: `Abe Zed ${n}` });
    const first = await (await send('/contacts', { session: session.dana ?? '' })).text();
    const more = /href="(\/contacts\?cursor=[^"]+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const second = await see('dana', more);
    expect(plain(first)).toContain('Abe Zed 10');
    expect(second.text).not.toContain('Abe Zed 10');
    expect(second.text).toContain('Jane Smith');
    expect((await see('dana', '/contacts?cursor=nonsense')).status).toBe(400);
  });

  test('one contact has phone, address, visits, notes and history on one page', async () => {
    const { text } = await see('dana', '/contacts/C-1001');
    expect(text).toContain('123 Main Street, Madison, AL 35758');
    expect(text).toContain('Prefers a call before we come.');
    expect(text).toMatch(/Wed, Nov 18, 2026, 2:00 PM T-2001 scheduled/);
    expect(text).toContain('Two dogs in the yard. Ring twice.');
    expect(text).toContain('Office Manager (agent) created customer');
    expect((await see('dana', '/contacts/c-1001')).status).toBe(200);
  });
});

describe('a visit', () => {
  test('shows lines, people, and who changed what from what to what and why', async () => {
    const { text } = await see('dana', '/tickets/T-2001');
    expect(text).toContain('Exterior windows $200.00 $200.00');
    expect(text).toContain('Screens 22 × $4.00 $88.00');
    expect(text).toContain('Total $288.00');
    expect(text).toMatch(
      /Office Manager \(agent\) rescheduled visit .* Why: “Jane phoned and asked for two o’clock/,
    );
    expect(text).toContain('scheduled Wed, Nov 18, 2026, 1:00 PM → Wed, Nov 18, 2026, 2:00 PM');
    expect(text).toMatch(/Dana updated line of visit .* line unit price \$180\.00 → \$200\.00/);
  });

  test('a cancelled one says so, when and why', async () => {
    const { text } = await see('dana', '/tickets/T-2003');
    expect(text).toMatch(/Cancelled Wed, Nov 18, 2026, 8:00 AM Mrs Hart is away until Thanksgiving/);
    expect(text).toContain('Customer Mrs Hart');
  });

  test('its technician knows whom it is for; to another technician it is not there', async () => {
    const own = await see('theo', '/tickets/T-2001');
    expect(own.text).toContain('Jane Smith · (256) 555-0142');
    expect((await see('tess', '/tickets/T-2001')).status).toBe(404);
  });
});

describe('what agents may do, and what went out', () => {
  test('every registered action, view and workflow is on the page with its level', async () => {
    const { app, send } = pages();
    const open = async (path: string) => (await send(path, { session: session.olivia ?? '' })).text();
    const links = [...(await open('/capabilities')).matchAll(/href="(\/capabilities\/\w+)"/g)];
    const all = await Promise.all(links.map(([, path = '']) => open(path)));
    const [markup, text] = [all.join('\n'), all.map(plain).join('\n')];
    for (const { id, spec } of app.registry.actions.values()) {
      const badge = spec.human_only ? 'people only' : spec.permission.level.replace(/_/g, ' ');
      expect(text).toContain(`${id} ${badge}`);
    }
    for (const name of [...app.registry.views.keys(), ...app.registry.workflows.keys()]) {
      expect(markup).toContain(`<code>${name}</code>`);
    }
  });

  test('the outbox shows mails and their state', async () => {
    const { text } = await see('olivia', '/outbox');
    expect(text).toMatch(
      /Your appointment on Wednesday, November 18 at 1:00 PM waiting email to jane\.smith@example\.com/,
    );
    expect(text).toContain('Accept this appointment: (a link that the customer alone gets)');
    expect(text).not.toContain('{{');
    expect((await see('olivia', '/outbox?state=dead')).text).toContain('Nothing has failed.');
  });

  test('the outbox is not crowded by work inside the house, and shows it when it failed', async () => {
    const { done, database, read } = pages();
    const dana = as(pages().bright, 'Dana');
    await done(dana, 'note.create', { contact_id: 'C-1001', content: 'Has a heron by the pond' });
    const kept = await read(dana, 'outbox', { params: { kind: 'note_extraction' } });
    expect(kept.length).toBeGreaterThan(0);
    const found = /Finds the facts of a note/;
    expect((await see('olivia', '/outbox')).text).not.toMatch(found);
    await database.owner.query('update jobs set dead_at = now() where id = $1', [kept[0]?.id]);
    expect((await see('olivia', '/outbox')).text).toMatch(found);
    expect((await see('olivia', '/outbox?state=failed')).text).toMatch(found);
    await database.owner.query('update jobs set dead_at = null where id = $1', [kept[0]?.id]);
  });

  test('nobody can sign in as somebody else with a link read in the outbox', async () => {
    const { send, newestMail } = pages();
    await send('/sign-in', { form: { email: people.dana } });
    const token = /\/sign-in\/([\w-]{43})/.exec((await newestMail(people.dana)) ?? '')?.[1] ?? 'no token';
    const response = await send('/outbox', { session: session.olivia ?? '' });
    const markup = await response.text();
    expect(markup).toContain('Sign in to Bright Panes');
    expect(markup).not.toContain(token);
  });
});

describe('refusals are pages', () => {
  test.each(['/contacts', '/contacts/C-1001', '/outbox'])(
    'a technician is told that %s is not for them',
    async path => {
      const { status, text } = await see('theo', path);
      expect(status).toBe(403);
      expect(text).toMatch(/Your role \(technician\) may not read (contacts|customer_list|outbox)\./);
      expect(text).not.toMatch(/\bat \w+.*\.ts:\d+/);
      expect((await see('dana', path.replace('/outbox', '/contacts'))).status).toBe(200);
    },
  );

  test.each([
    '/nope',
    '/contacts/C-9999',
    '/contacts/01890000-0000-7000-8000-000000000000',
    '/contacts/Jane%20Smith',
    '/tickets/T-1',
    '/tickets/C-1001',
    '/static/router.ts',
    '/static/..%2frouter.ts',
    '/static/%2e%2e%2frouter.ts',
  ])('%s is a friendly 404', async path => {
    const { status, text } = await see('dana', path);
    expect(status).toBe(404);
    expect(text).toContain('Not found');
    expect(text).toContain('To the start page');
  });

  test('an address that cannot be read is refused with a sentence', async () => {
    const { status, text } = await see('dana', '/contacts/%E0%A4%A');
    expect(status).toBe(400);
    expect(text).toContain('cannot be read');
    expect(pages().defects).toEqual([]);
  });
});

describe('a page costs little', () => {
  test.each([
    '/',
    '/contacts',
    '/contacts/C-1001',
    '/tickets/T-2001',
    '/leads',
    '/leads/new',
    '/leads/L-1001',
    '/follow-ups',
    '/facts',
    '/search?q=jane',
    '/capabilities',
    '/capabilities/ticket',
    '/outbox',
    '/sign-in',
  ])(
    '%s is at most 8 KB on the wire, its style as much, and with its scripts 16 KB the first time',
    async path => {
      const cookie = path === '/sign-in' ? '' : `deskhand_session=${session.olivia}`;
      for (const encoding of ['gzip, deflate, br', 'gzip']) {
        const page = await fetchRaw(path, encoding, cookie);
        const files = await filesOf(path, cookie);
        const sizes = await Promise.all(files.map(file => fetchRaw(file, encoding, '')));
        const total = [page, ...sizes].reduce((sum, { bytes }) => sum + bytes, 0);
        for (const { bytes } of [page, ...sizes]) expect(bytes).toBeLessThanOrEqual(8 * 1024);
        expect(total).toBeLessThanOrEqual(16 * 1024);
      }
    },
  );

  test('files are named by their content and kept for a year; without the name they are asked for again', async () => {
    const { send } = pages();
    const [style = ''] = await filesOf('/sign-in', '');
    expect(style).toMatch(/^\/static\/[\w.]+\?v=[0-9a-f]{12}$/);
    const kept = await send(style);
    expect(kept.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const bare = await send(style.replace(/\?.*/, ''));
    expect(bare.headers.get('cache-control')).toBe('no-cache');
    const etag = bare.headers.get('etag') ?? '';
    const again = await send(style.replace(/\?.*/, ''), { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
    // What was kept keeps what it came with, and the browser asks for its worker with every page.
    expect(kept.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(
      [...again.headers.keys()].filter(name => !/^(connection|date|keep-alive|x-request-id)$/.test(name)),
    ).toEqual(['cache-control', 'etag', 'vary']);
  });

  test('the page script loads the very rule the server uses, by its content', async () => {
    const { send } = pages();
    const files = await filesOf('/contacts/C-1001', `deskhand_session=${session.olivia}`);
    const script = await (await send(files.find(file => file.includes('redact.js')) ?? '')).text();
    const address = /import\("(\/static\/redaction\.js\?v=\w+)"\)/.exec(script)?.[1] ?? '';
    const text = await (await send(address)).text();
    expect(text).not.toContain('sourceMappingURL');
    const rule: unknown = await import(`data:text/javascript,${encodeURIComponent(text)}`);
    const isRule = z.custom<typeof redact>(value => typeof value === 'function');
    const { redact: inPage } = z.object({ redact: isRule }).parse(rule);
    for (const { input } of vectors) expect(inPage(input), input).toEqual(redact(input));
  });

  test('pages are kept by nobody', async () => {
    for (const path of [
      '/',
      '/sign-in',
      '/nope',
      `/sign-in/${await createSignInToken(pages().db, people.dana)}`,
    ]) {
      const response = await pages().send(path, { session: session.olivia ?? '' });
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });
});

/** The files a page loads, and what they load in turn. */
async function filesOf(path: string, cookie: string): Promise<string[]> {
  const markup = await (await pages().send(path, { cookie })).text();
  const files = [...markup.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map(match => match[1] ?? '');
  const scripts = files.filter(file => file.includes('.js'));
  const texts = await Promise.all(scripts.map(async file => (await pages().send(file)).text()));
  const inner = texts.flatMap(text =>
    [...text.matchAll(/from ?["'](\/static\/[^"']+)["']/g)].map(match => match[1] ?? ''),
  );
  return [...files, ...inner];
}

/** A response as it goes over the wire: compressed, with its headers. */
function fetchRaw(path: string, encoding: string, cookie: string): Promise<{ bytes: number }> {
  return new Promise((resolve, reject) => {
    const call = request(
      pages().url + path,
      { headers: { 'accept-encoding': encoding, cookie } },
      response => {
        expect(response.statusCode).toBe(200);
        expect(response.headers['content-encoding']).toBe(encoding.includes('br') ? 'br' : 'gzip');
        let bytes = response.rawHeaders.join(': ').length + 4;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        response.on('end', () => resolve({ bytes }));
      },
    );
    call.on('error', reject);
    call.end();
  });
}
