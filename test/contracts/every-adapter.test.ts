import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { newId } from '../../core/kernel/database/ids.ts';
import type { TestClient } from '../support/mcp-clients.ts';
import { usePages } from '../support/pages.ts';
import { openAdapters } from './adapters.ts';
import { permits, permitTable } from './permit.ts';
import { findSchemaProblems } from './schema-rules.ts';

// A record that is registered, and written nowhere else, is pulled through every adapter there is. Whatever lacks it here
// is a list that somebody kept by hand.

const pages = usePages({}, { domains: [permits] });
const facts = () => ({ request_id: newId() });
let server: Server;
let url = '';
let client: TestClient;
let permit: Record<string, unknown> = {};

beforeAll(async () => {
  const { app, bright, database, done } = pages();
  await database.owner.query(permitTable);
  ({ server, url, client } = await openAdapters(app, bright.agent.key));
  await done(bright.agent, 'contact.create', { full_name: 'Jane Smith' });
  permit = await done(bright.agent, 'permit.create', {
    contact_id: 'Jane Smith',
    street: 'Zwetschgenweg',
    fee_cents: 4550,
    valid_until: '2026-12-31',
    remarks: 'Ask for the van with the long ladder',
    custom_fields: { zone: 'B7' },
  });
});
afterAll(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

const http = async (path: string, init: RequestInit = {}) => {
  const { key } = pages().bright.agent;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(url + path, { headers, ...init });
  return z.looseObject({}).parse(await response.json());
};

describe('a record that is registered and written nowhere else', () => {
  test('is numbered by the year, in the currency of the business', () => {
    expect(permit).toMatchObject({ reference: 'PK-2026-001', currency: 'USD', status: 'wanted' });
  });

  test('breaks no rule of the tables', async () => {
    expect(await findSchemaProblems(pages().database.owner)).toEqual([]);
  });

  test('is among the capabilities, with its filters, sorts and the rule about its parent', async () => {
    const { app, bright } = pages();
    const { domains } = await app.capabilities(bright.agent, facts(), 'permit');
    expect(domains[0]?.actions.map(({ name, level }) => `${name} ${level}`)).toEqual([
      'create unrestricted',
      'update unrestricted',
      'delete soft_limit',
      'restore unrestricted',
      'grant unrestricted',
    ]);
    const [type] = domains[0]?.data_types ?? [];
    expect(Object.keys(type?.params.properties ?? {}).sort()).toEqual([
      'contact_id',
      'custom_fields',
      'date',
      'from',
      'range',
      'status',
      'to',
    ]);
    expect(type?.keywords).toContain('parking');
    expect(type?.sorts).toEqual(['street', 'created_at', 'updated_at']);
    const [create] = domains[0]?.actions ?? [];
    expect(create).toMatchObject({
      example: { contact_id: 'Jane Smith', street: 'Maple Street' },
    });
  });

  test('is in the list of permissions', async () => {
    const { bright, read } = pages();
    const rows = await read(bright.owner, 'permissions', { params: { action: 'permit.grant' } });
    expect(rows).toMatchObject([{ action: 'permit.grant', level: 'unrestricted' }]);
  });

  test('is answered over REST, filtered by each of its fields', async () => {
    for (const query of [
      '',
      '&contact_id=Jane%20Smith',
      '&status=wanted',
      '&from=2026-12-01&to=2026-12-31',
      '&custom_fields=zone%3Db7',
    ]) {
      const { data } = await http(`/api/data?type=permits${query}`);
      expect({ [query]: data }).toMatchObject({ [query]: { rows: [{ street: 'Zwetschgenweg' }] } });
    }
    for (const query of ['&status=granted', '&from=2027-01-01', '&custom_fields=zone%3DB8']) {
      const { data } = await http(`/api/data?type=permits${query}`);
      expect({ [query]: data }).toMatchObject({ [query]: { rows: [] } });
    }
    expect(await http('/api/permits/PK-2026-001')).toMatchObject({ data: { reference: 'PK-2026-001' } });
  });

  test('stands in OpenAPI', async () => {
    const text = JSON.stringify(await http('/openapi.json'));
    for (const word of ['/api/permits', 'valid_until', 'fee_cents']) expect(text).toContain(word);
  });

  test('is used by an agent over MCP, who sees whose words are whose', async () => {
    const answered = await client.call('crm_query', { type: 'permits', id: 'PK-2026-001' });
    const text = JSON.stringify(answered);
    expect(text).toContain('"PK-2026-001"');
    expect(text).not.toContain('«PK-2026-001»');
    expect(text).toContain('«Zwetschgenweg»');
    expect(text).toContain('«Ask for the van with the long ladder»');
    expect(text).not.toContain('«wanted»');
    const granted = await client.call('crm_action', {
      action: 'permit.grant',
      data: { permit_id: 'PK-2026-001' },
    });
    expect(JSON.stringify(granted)).toContain('granted');
  });

  test('is meant by its name, and what is called alike is offered', async () => {
    const named = await client.call('crm_query', { type: 'permits', id: 'zwetschgenweg' });
    expect(named.structuredContent).toMatchObject({ rows: [{ reference: 'PK-2026-001' }] });
    const misspelt = await client.call('crm_action', {
      action: 'permit.grant',
      data: { permit_id: 'Zwetschkenweg' },
      preview: true,
    });
    expect(misspelt.structuredContent).toMatchObject({
      error: { code: 'NOT_FOUND', candidates: [{ reference: 'PK-2026-001', label: '«Zwetschgenweg»' }] },
    });
  });

  test('is a resource by its number', async () => {
    const { contents } = z
      .looseObject({ contents: z.array(z.looseObject({ text: z.string() })) })
      .parse(await client.resource('deskhand://PK-2026-001'));
    expect(contents[0]?.text).toContain('Zwetschgenweg');
  });

  test('is found by its words, its number and what the business added', async () => {
    const { bright, read } = pages();
    for (const words of ['Zwetschgenweg', 'PK-2026-001', 'zone B7', 'long ladder']) {
      const found = await read(bright.agent, 'search', { search: words });
      expect({ [words]: found.map(({ reference }) => reference) }).toEqual({
        [words]: expect.arrayContaining(['PK-2026-001']),
      });
    }
    expect(await read(bright.agent, 'permits', { search: 'zwetschgenweg' })).toHaveLength(1);
  });

  test('belongs to its customer: shown there, told on the timeline, counted before deleting', async () => {
    const { act, bright, read } = pages();
    const [jane] = await read(bright.agent, 'contacts', { search: 'Jane Smith', include: ['permits'] });
    expect(jane?.permits).toMatchObject([{ reference: 'PK-2026-001', street: 'Zwetschgenweg' }]);
    const line = await read(bright.agent, 'timeline', {
      params: { contact_id: 'Jane Smith', kind: 'permit' },
    });
    expect(line).toMatchObject([{ reference: 'PK-2026-001', what: 'permit granted', text: 'Zwetschgenweg' }]);
    const reasoning = 'They moved to another town last week';
    const asked = await act(bright.agent, 'contact.delete', { contact_id: 'Jane Smith' }, { reasoning });
    expect(asked).toMatchObject({
      status: 'pending_authorization',
      data: { reason: 'this customer has 1 parking permit' },
    });
  });

  test('is written as CSV, a column for each field, and a formula is no formula any more', async () => {
    const { bright, done } = pages();
    await done(bright.agent, 'permit.update', { permit_id: 'PK-2026-001', remarks: '=1+1' });
    const { key } = bright.agent;
    const response = await fetch(
      `${url}/api/data?type=permits&format=csv&fields=reference,street,fee_cents,remarks`,
      {
        headers: { authorization: `Bearer ${key}` },
      },
    );
    expect(response.headers.get('content-type')).toContain('text/csv');
    expect((await response.text()).split('\r\n')).toEqual([
      'reference,street,fee_cents,remarks',
      "PK-2026-001,Zwetschgenweg,4550,'=1+1",
      '',
    ]);
    expect(await http('/api/data?type=permits&format=pdf')).toMatchObject({
      error: { code: 'VALIDATION_ERROR', field: 'format' },
    });
  });

  test('decides by its setting, which stands on the settings page', async () => {
    const { bright, done, read, send, signIn } = pages();
    const [before] = await read(bright.agent, 'permits', { id: 'PK-2026-001' });
    expect(before?.valid_until).toBe('2027-02-16');
    await done(bright.owner, 'organization.update_settings', { settings: { permit_days: 10 } });
    await done(bright.agent, 'permit.grant', { permit_id: 'PK-2026-001' });
    const [after] = await read(bright.agent, 'permits', { id: 'PK-2026-001' });
    expect(after?.valid_until).toBe('2026-11-28');
    const session = await signIn('olivia@brightpanes.example');
    const page = await (await send('/settings', { session })).text();
    expect(page).toContain('Days of a permit');
  });

  test('says what has happened, and what follows and what its clock does are known', async () => {
    const { app, bright, read } = pages();
    const events = await read(bright.owner, 'events', { params: { name: 'permit.granted' } });
    expect(events).toHaveLength(2);
    expect(await read(bright.owner, 'workflows')).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'permit.remark_grant' })]),
    );
    expect(await read(bright.owner, 'timers')).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'permit.look' })]),
    );
    expect([...app.registry.jobs.keys()]).toContain('timer:permit.look');
    const text = JSON.stringify((await app.capabilities(bright.agent, facts(), 'permit')).domains);
    for (const name of ['permit.granted', 'permit.remark_grant', 'permit.look']) expect(text).toContain(name);
  });

  test('answers to the names people have for it', async () => {
    const { bright, done } = pages();
    expect(await done(bright.agent, 'permit.grant', { parking_permit: 'PK-2026-001' })).toMatchObject({
      reference: 'PK-2026-001',
    });
  });

  test('loses what is cleared', async () => {
    const { bright, done } = pages();
    const cleared = { permit_id: 'PK-2026-001', clear: ['remarks'] };
    expect(await done(bright.agent, 'permit.update', cleared)).toMatchObject({ remarks: null });
  });

  test('keeps its history, and tells it', async () => {
    const { bright, read } = pages();
    const include = ['audit_trail', 'history'];
    const [row] = await read(bright.agent, 'permits', { id: 'PK-2026-001', include });
    expect(JSON.stringify(row?.history)).toContain('fee $45.50');
    const trail = z.array(z.looseObject({ domain_action: z.string() })).parse(row?.audit_trail);
    expect(trail.map(({ domain_action }) => domain_action)).toEqual([
      'permit.update',
      'permit.grant',
      'permit.update',
      'permit.grant',
      'permit.create',
    ]);
  });

  describe('has pages', () => {
    let session = '';
    beforeAll(async () => {
      session = await pages().signIn('olivia@brightpanes.example');
    });
    const read = async (path: string) => (await pages().send(path, { session })).text();
    /** Fills in the form of a page, and what it holds besides, and sends it. */
    const post = async (at: string, to: string, typed: Record<string, string>) => {
      const [own] = (await read(at)).split(`action="${to}"`).slice(1);
      const hidden = [...(own ?? '').matchAll(/type="hidden" name="([^"]*)" value="([^"]*)"/g)];
      const form = {
        ...Object.fromEntries(hidden.map(([, name, value]) => [name, value]).reverse()),
        ...typed,
      };
      return pages().send(to, { session, form });
    };

    test('the list, which finds it, and the permit with each of its facts', async () => {
      expect(await read('/records')).toContain('href="/records/permits"');
      expect(await read('/records/permits?q=zwetschgenweg')).toContain('href="/records/permits/PK-2026-001"');
      const shown = await read('/records/permits/PK-2026-001');
      for (const fact of ['<dd>$45.50</dd>', 'zone: <bdi>B7', 'Jane Smith', '<dd>granted</dd>'])
        expect(shown).toContain(fact);
    });

    test('a form that changes it', async () => {
      const edit = '/records/permits/PK-2026-001/edit';
      const answer = await post(edit, edit, { street: 'Zwetschgenweg', fee_cents: '50.00' });
      expect(answer.status).toBe(303);
      expect(await read('/records/permits/PK-2026-001')).toContain('<dd>$50.00</dd>');
    });

    test('a form that makes one, a button that deletes it, and one that brings it back', async () => {
      const form = '/records/permits/new';
      const made = await post(form, form, { contact_id: 'Jane Smith', street: 'Quittenallee' });
      const path = made.headers.get('location') ?? '';
      expect(path).toMatch(/^\/records\/permits\/PK-2026-\d{3}$/);
      expect((await post(path, `${path}/delete`, {})).status).toBe(303);
      expect(await read('/records/permits')).not.toContain('Quittenallee');
      expect((await post(`${path}/deleted`, `${path}/restore`, {})).headers.get('location')).toBe(path);
      expect(await read('/records/permits')).toContain('Quittenallee');
    });
  });
});
