import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { useHttp } from '../support/http.ts';
import { rawRequest } from '../support/raw-request.ts';

const front = useHttp({ limits: { inquiriesPerAddress: 100_000, inquiriesPerForm: 100_000 } });
const narrow = useHttp({ limits: { inquiriesPerAddress: 6, inquiriesPerForm: 4 } });
let key = '';

type Front = ReturnType<typeof front>;
const openForm = async ({ office }: Front, name: string) =>
  String((await office.done(office.bright.owner, 'lead_form.create', { name })).public_key);

beforeAll(async () => {
  key = await openForm(front(), 'Our website');
});

const elsewhere = 'https://www.brightpanes.example';
let visitors = 0;
const visitor = (more: Record<string, unknown> = {}) => ({
  form_key: key,
  name: `Visitor Number${++visitors}`,
  email: `visitor${visitors}@example.com`,
  description: 'Please clean my windows.',
  ...more,
});

/** Sends a form as a browser does by itself. */
const sendForm = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${front().url}/public/leads`, {
    method: 'POST',
    headers: { accept: 'text/html,application/xhtml+xml', ...headers },
    body: new URLSearchParams(fields),
  });
const sendJson = (body: unknown, headers: Record<string, string> = {}) =>
  front().post('/public/leads', body, { key: null, headers });
const leads = () =>
  front().office.read(front().office.bright.owner, 'leads', {
    fields: ['full_name', 'description', 'status'],
    limit: 100,
    sort: '-created_at',
  });

describe('a script on the website', () => {
  test('hands in an inquiry as JSON and hears that it arrived, and nothing else', async () => {
    const answer = await sendJson(visitor({ name: 'Json Jane' }), { origin: elsewhere });
    expect(answer).toMatchObject({ status: 202, success: true });
    expect(answer.data).toEqual({ received: true });
    expect(answer.meta).toEqual({
      timestamp: expect.any(String),
      request_id: expect.any(String),
    });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect((await leads())[0]).toMatchObject({ full_name: 'Json Jane' });
  });

  test('may say whose form it is in a header', async () => {
    const { form_key: _key, ...fields } = visitor({ name: 'Header Hanna' });
    expect(await sendJson(fields, { 'x-form-key': key })).toMatchObject({ status: 202 });
    expect((await leads())[0]).toMatchObject({ full_name: 'Header Hanna' });
  });

  test('is asked by the browser first, and any page may; no cookie is let in', async () => {
    const response = await fetch(`${front().url}/public/leads`, {
      method: 'OPTIONS',
      headers: {
        origin: elsewhere,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-form-key',
      },
    });
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, x-form-key',
    });
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('is told in a clear sentence what is missing', async () => {
    const noName = await sendJson(visitor({ name: ' ' }));
    expect(noName).toMatchObject({
      status: 422,
      error: { code: 'VALIDATION_ERROR', status: 422, field: 'name', message: 'Please tell us your name.' },
    });
    const { description: _left, ...nothing } = visitor();
    expect(await sendJson(nothing)).toMatchObject({ status: 422, error: { field: 'description' } });
    expect(noName.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('answers alike for customers, strangers, spam and what was sent twice', async () => {
    const { office } = front();
    await office.done(office.bright.owner, 'contact.create', {
      full_name: 'Kay Known',
      email: 'kay@example.com',
    });
    const same = visitor();
    const sent = [
      visitor({ email: 'kay@example.com' }),
      visitor(),
      visitor({ website: 'https://spam.example' }),
      same,
      same,
    ];
    const answers = [];
    for (const body of sent) {
      const { status, data, headers } = await sendJson(body);
      answers.push([status, data, headers.get('content-length')]);
    }
    expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1);
  });
});

describe('a plain form without JavaScript', () => {
  test('gets a page that thanks and leads back', async () => {
    const response = await sendForm(
      { form_key: key, name: 'Plain Paul', description: 'Gutters, please', send: 'Send' },
      { origin: elsewhere, referer: `${elsewhere}/contact` },
    );
    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const text = await response.text();
    expect(text).toContain('Thank you. Your message has arrived');
    expect(text).toContain(`<a href="${elsewhere}/contact">`);
    expect((await leads())[0]).toMatchObject({ full_name: 'Plain Paul' });
  });

  test('leads back to no address that is none', async () => {
    const text = await (
      await sendForm({ form_key: key, name: 'Ref', description: 'x' }, { referer: 'javascript:alert(1)' })
    ).text();
    expect(text).not.toContain('javascript:');
  });

  test('gets its form again with everything that was typed, and it can be sent from there', async () => {
    const typed = {
      form_key: key,
      name: '',
      phone: '256 555 0601',
      description: 'Two <b>panes</b> & "more"',
    };
    const response = await sendForm(typed);
    expect(response.status).toBe(422);
    const text = await response.text();
    expect(text).toContain('Please tell us your name.');
    expect(text).toContain('value="256 555 0601"');
    expect(text).toContain('Two &lt;b&gt;panes&lt;/b&gt; &amp; &quot;more&quot;</textarea>');
    expect(text).toContain(`name="form_key" value="${key}"`);
    expect(text).toContain('action="/public/leads"');
    // The browser says of this page's own form that it comes from nowhere.
    const again = await sendForm(
      { ...typed, name: 'Second Try' },
      { origin: 'null', 'sec-fetch-site': 'cross-site' },
    );
    expect(again.status).toBe(202);
    expect((await leads())[0]).toMatchObject({ full_name: 'Second Try', description: typed.description });
  });

  test('runs no script that somebody typed', async () => {
    const hostile = '"><script>alert(1)</script>';
    const text = await (
      await sendForm({ form_key: key, name: '', email: hostile, description: `</textarea>${hostile}` })
    ).text();
    expect(text).not.toContain('<script');
  });

  test('is told when its text is too long, with the text still there', async () => {
    const description = 'word '.repeat(1500).trim();
    const response = await sendForm({ form_key: key, name: 'Lisa Long', description });
    expect(response.status).toBe(422);
    const text = await response.text();
    expect(text).toContain('What can we do for you?: this is too long.');
    expect(text).toContain(description);
  });

  test('of a closed form gets a page that says so', async () => {
    const response = await sendForm({ form_key: `form_${'x'.repeat(43)}`, name: 'A', description: 'B' });
    expect(response.status).toBe(404);
    const text = await response.text();
    expect(text).toContain('This form takes no inquiries.');
    expect(text).not.toContain('<form');
  });
});

describe('a key', () => {
  test('that never was and one that was closed are told apart by nobody', async () => {
    const { office } = front();
    const closed = await office.done(office.bright.owner, 'lead_form.create', { name: 'Closed' });
    await office.done(office.bright.owner, 'lead_form.delete', { lead_form_id: closed.id });
    const answers = [];
    for (const form_key of [
      closed.public_key,
      `form_${'y'.repeat(43)}`,
      'nonsense',
      "'; drop table leads; --",
    ]) {
      // What is wrong with the fields is told to living forms only.
      for (const body of [
        visitor({ form_key }),
        { form_key },
        visitor({ form_key, name: 17, description: [] }),
      ]) {
        const { status, error, headers } = await sendJson(body);
        answers.push(JSON.stringify([status, error, headers.get('www-authenticate')]));
      }
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('This form takes no inquiries.');
  });

  test('that is missing is asked for', async () => {
    expect(await sendJson(visitor({ form_key: undefined }))).toMatchObject({
      status: 400,
      error: { field: 'form_key', hint: expect.stringContaining('X-Form-Key') },
    });
  });

  test('opens no other door', async () => {
    const headers = { authorization: `Bearer ${key}` };
    expect(await front().get('/api/leads', { key: null, headers })).toMatchObject({ status: 401 });
    const call = { action: 'lead.submit_form', data: { name: 'A', description: 'B' } };
    expect(await front().post('/api/actions', call, { key: null, headers })).toMatchObject({ status: 401 });
    expect(await front().post('/api/actions', call)).toMatchObject({
      status: 403,
      error: { code: 'HUMAN_ONLY' },
    });
  });

  test('does not come with the session of a person who happens to be signed in', async () => {
    const headers = await front().signIn(front().office.bright, 'Olivia');
    await sendJson(visitor({ name: 'Signed-in Sue' }), { ...headers, origin: elsewhere });
    const [lead] = await leads();
    const [entry] = await front().office.read(front().office.bright.owner, 'audit_log', {
      params: { entity_id: String(lead?.id) },
    });
    expect([lead?.full_name, entry?.actor_kind]).toEqual(['Signed-in Sue', 'webhook']);
  });
});

describe('what cannot be read', () => {
  const port = () => Number(new URL(front().url).port);
  const raw = (body: string, headers: Record<string, string>, chunked = false) =>
    rawRequest({
      port: port(),
      path: '/public/leads',
      method: 'POST',
      headers: { host: `127.0.0.1:${port()}`, 'content-type': 'application/json', ...headers },
      body,
      chunked,
    });

  test('because it is longer than 16 KB is refused, however it comes', async () => {
    const long = JSON.stringify(visitor({ description: 'x'.repeat(17_000) }));
    for (const chunked of [false, true]) {
      const { status, body } = await raw(long, {}, chunked);
      expect([status, body]).toMatchObject([413, { error: { code: 'PAYLOAD_TOO_LARGE' } }]);
    }
    const page = await raw(long, { accept: 'text/html' });
    expect([page.status, page.text]).toEqual([413, expect.stringContaining('This is too long.')]);
  });

  test.each([
    ['is no JSON', '{"name":', {}],
    ['is a list', '[]', {}],
    ['is of another type', 'name=A', { 'content-type': 'multipart/form-data; boundary=x' }],
    [
      'is compressed',
      'name=A',
      { 'content-type': 'application/x-www-form-urlencoded', 'content-encoding': 'gzip' },
    ],
    ['reaches into JavaScript', '{"__proto__": {"name": "A"}}', {}],
  ])('because it %s is refused as such', async (_why, body, headers) => {
    const answer = await raw(body, headers);
    expect([answer.status, answer.body]).toMatchObject([400, { error: { code: 'VALIDATION_ERROR' } }]);
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  });

  test('for a server of another name stays outside', async () => {
    expect(await raw(JSON.stringify(visitor()), { host: 'evil.example' })).toMatchObject({ status: 403 });
  });
});

test('fields of the website’s own are left alone', async () => {
  expect(
    await sendJson(visitor({ name: 'Extra Emma', utm_source: 'ad', status: 'converted' })),
  ).toMatchObject({
    status: 202,
  });
  expect((await leads())[0]).toMatchObject({ full_name: 'Extra Emma', status: 'new' });
});

test('other methods are refused with the ones there are, and other addresses stay closed to foreign pages', async () => {
  const got = await front().get('/public/leads', { key: null });
  expect(got).toMatchObject({ status: 404, error: { valid_options: ['POST'] } });
  expect(got.headers.get('allow')).toBe('POST, OPTIONS');
  for (const path of ['/api/contacts', '/public/leads/', '/public/leads/x']) {
    const answer = await front().get(path, { headers: { origin: elsewhere } });
    expect([path, answer.status]).toEqual([path, 403]);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  }
});

describe('too many inquiries at once', () => {
  test('by one form wait a minute, and another form does not wait for it', async () => {
    const [first, second] = [await openForm(narrow(), 'First'), await openForm(narrow(), 'Second')];
    const send = (form_key: string, accept = 'application/json') =>
      fetch(`${narrow().url}/public/leads`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify({ form_key, name: `N${++visitors}`, description: 'Windows' }),
      });
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await send(first)).status);
    expect(statuses).toEqual([202, 202, 202, 202]);
    const refused = await send(first);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await send(second)).status).toBe(202);
    // By now the address has sent six, whatever the form: the seventh waits, and its words are kept for the visitor.
    const page = await send(second, 'text/html');
    expect([page.status, Number(page.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(await page.text()).toContain(`value="N${visitors}"`);
    const { office } = narrow();
    expect(await office.read(office.bright.owner, 'leads')).toHaveLength(5);
  });
});

test('what was sent is in no log', async () => {
  await sendJson(visitor({ name: 'Secret Sally', email: 'sally@private.example' }));
  const logs = front().logs.join('\n');
  expect(logs).toContain('"/public/leads"');
  for (const secret of ['Secret Sally', 'sally@private.example', key]) expect(logs).not.toContain(secret);
});

test('the address is in the OpenAPI document, open to everybody', async () => {
  const document = z
    .looseObject({ paths: z.record(z.string(), z.record(z.string(), z.looseObject({}))) })
    .parse(await (await fetch(`${front().url}/openapi.json`)).json());
  const operation = document.paths['/public/leads']?.post;
  expect(operation).toMatchObject({ security: [], responses: { 202: expect.anything() } });
  expect(JSON.stringify(operation)).toContain('preferred_time');
});

describe('a form that may stand on some websites alone', () => {
  test('takes what its own pages send, and refuses other pages whatever they say of themselves', async () => {
    const { office, url } = front();
    const made = await office.done(office.bright.owner, 'lead_form.create', {
      name: 'Only here',
      allowed_from: 'brightpanes.example',
    });
    const form_key = String(made.public_key);
    const copycat = 'https://brightpanes.example.copycat.example';
    for (const [headers, status] of [
      [{ origin: elsewhere }, 202],
      [{ origin: 'null', referer: `${elsewhere}/contact` }, 202],
      [{ origin: url }, 202],
      [{}, 202],
      [{ origin: copycat }, 404],
      [{ origin: 'null', referer: `${copycat}/?${elsewhere}` }, 404],
      [{ origin: 'http://evil-brightpanes.example' }, 404],
    ] as const) {
      const body = visitor({ form_key, came_from: elsewhere });
      expect((await sendJson(body, headers)).status, JSON.stringify(headers)).toBe(status);
    }
    const fields = { form_key, name: 'Copied Carl', description: 'Windows' };
    const page = await sendForm(fields, { origin: copycat });
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('This form takes no inquiries from this website.');
    expect((await leads()).map(row => row.full_name)).not.toContain('Copied Carl');
    expect((await sendForm(fields, { origin: elsewhere })).status).toBe(202);
    expect((await leads())[0]).toMatchObject({ full_name: 'Copied Carl' });
  });
});
