import { beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import {
  type Functionality,
  findFunctions,
  indexFunctions,
  listFunctions,
} from '../../core/search/functions.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { as } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

beforeAll(async () => {
  const { dana, theo, done, book } = panes();
  await done(dana, 'note.create', { contact_id: 'C-1001', content: 'Dog named Biscuit', extract: 'no' });
  await book('2026-11-23T09:00', {
    lines: [{ service_id: 'Screen Cleaning', quantity: 20 }],
    technician_ids: ['Theo'],
  });
  await book('2026-11-24T09:00', { technician_ids: ['Tess'], notes: 'Skylights too' });
  await done(dana, 'company.create', { name: 'Smith & Sons', main_phone: '(256) 555-0190' });
  expect(theo).toBeDefined();
});

const search = (who: Caller, words: string, params: Record<string, unknown> = {}, limit = 100) =>
  panes().read(who, 'search', { search: words, params, limit });
const opens = async (who: Caller, words: string, params: Record<string, unknown> = {}) =>
  (await search(who, words, params)).map(row => row.open);

describe('one search over everything', () => {
  test('finds records of every kind with what one wants to know at once', async () => {
    const rows = await search(panes().dana, 'smith');
    expect(rows).toEqual([
      {
        kind: 'contact',
        group: 'contacts',
        reference: 'C-1001',
        title: 'Jane Smith',
        text: '(256) 555-0142, Madison',
        open: 'contacts/C-1001',
      },
      {
        kind: 'company',
        group: 'companies',
        reference: 'CO-101',
        title: 'Smith & Sons',
        text: '(256) 555-0190',
        open: 'companies/CO-101',
      },
      {
        kind: 'ticket',
        group: 'tickets',
        reference: 'T-2001',
        title: 'Screen Cleaning',
        text: 'Jane Smith, Mon 2026-11-23 09:00 -06:00, scheduled',
        open: 'tickets/T-2001',
      },
      {
        kind: 'ticket',
        group: 'tickets',
        reference: 'T-2002',
        title: 'Visit',
        text: 'Jane Smith, Tue 2026-11-24 09:00 -06:00, scheduled',
        open: 'tickets/T-2002',
      },
    ]);
  });

  test('groups them, the kind with the best match first, a few of each', async () => {
    const { dana } = panes();
    const kinds = (await search(dana, 'madison')).map(row => row.kind);
    expect([...new Set(kinds)]).toHaveLength(new Set(kinds).size);
    expect(kinds).toEqual([...kinds].sort((a, b) => kinds.indexOf(a) - kinds.indexOf(b)));
    expect(await search(dana, 'smith', { per_kind: 1 })).toHaveLength(3);
    expect(await search(dana, 'smith', {}, 2)).toHaveLength(2);
  });

  test('can be narrowed down to kinds, by either of their names', async () => {
    const { dana } = panes();
    expect(await opens(dana, 'smith', { kinds: ['ticket'] })).toEqual(['tickets/T-2001', 'tickets/T-2002']);
    expect(await opens(dana, 'smith', { kinds: 'companies' })).toEqual(['companies/CO-101']);
    expect(await opens(dana, 'smith', { kinds: 'contact,company' })).toEqual([
      'contacts/C-1001',
      'companies/CO-101',
    ]);
    expect(await opens(dana, 'cancel', { kinds: ['actions'] })).toContain('ticket.cancel');
    expect(await refusal(search(dana, 'smith', { kinds: ['tickts'] }))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'kinds',
      did_you_mean: ['ticket'],
    });
  });

  test('finds a record by its reference, a number or a note, and visits by when they are', async () => {
    const { dana } = panes();
    for (const written of ['T-2001', 't 2001', 'T2001', 't-2001'])
      expect((await opens(dana, written))[0]).toBe('tickets/T-2001');
    expect(await opens(dana, '2565550142')).toEqual(['contacts/C-1001']);
    expect(await opens(dana, 'dog Biscuit')).toEqual(
      expect.arrayContaining(['contacts/C-1001', 'notes/N-1001']),
    );
    expect(await opens(dana, 'screen cleaning next week', { kinds: ['contact', 'ticket'] })).toEqual(
      expect.arrayContaining(['contacts/C-1001', 'tickets/T-2001']),
    );
    expect(await opens(dana, 'screen cleaning last spring', { kinds: ['contact', 'ticket'] })).toEqual([]);
  });

  test.each([
    ['ticket 2001', ['tickets/T-2001']],
    ['visit 2001', ['tickets/T-2001']],
    ['Visit no. 2002', ['tickets/T-2002']],
    ['the job #2002', ['tickets/T-2002']],
    ['customer 1001', ['contacts/C-1001']],
    ['client 1002', ['contacts/C-1002']],
    ['note 1001', ['notes/N-1001']],
  ])('finds by what it is and its number alone: %s', async (words, found) => {
    expect(await opens(panes().dana, words)).toEqual(found);
  });

  test('finds a bill by its number, that of this year before that of the year before', async () => {
    const { done, dana, setClock } = panes();
    const bills = async () =>
      String(
        (
          await done(dana, 'invoice.create', {
            contact_id: 'C-1001',
            lines: [{ description: 'Gutters', unit_price_cents: 10_000 }],
          })
        ).reference,
      );
    setClock('2025-11-18T14:00:00Z');
    expect(await bills()).toBe('INV-2025-001');
    setClock('2026-11-18T14:00:00Z');
    expect(await bills()).toBe('INV-2026-001');
    const both = ['invoices/INV-2026-001', 'invoices/INV-2025-001'];
    for (const words of ['invoice 1', 'bill 1', 'INV-1']) expect(await opens(dana, words)).toEqual(both);
    expect(await opens(dana, 'invoice 2025-1')).toEqual(['invoices/INV-2025-001']);
    const listed = await panes().read(dana, 'invoices', { search: 'invoice 1' });
    expect(listed.map(({ reference }) => reference)).toEqual(['INV-2026-001', 'INV-2025-001']);
  });

  test('takes what has no such number, and what is no number of anything, as words', async () => {
    const { dana, done } = panes();
    await done(dana, 'note.create', {
      contact_id: 'C-1001',
      content: 'Had an invoice for 17 panes',
      extract: 'no',
    });
    expect(await opens(dana, 'invoice 17')).toContain('notes/N-1002');
    expect(await opens(dana, 'panes 17')).toContain('notes/N-1002');
    expect(await opens(dana, 'ticket 9999')).toEqual([]);
  });

  test('wants words', async () => {
    expect(await refusal(panes().read(panes().dana, 'search'))).toMatchObject({
      code: 'VALIDATION_ERROR',
      field: 'search',
    });
    expect(await search(panes().dana, '???')).toEqual([]);
  });
});

describe('what can be done is found beside what there is', () => {
  test.each([
    ['cancel visit', 'ticket.cancel'],
    ['cancelling an appointment', 'ticket.cancel'],
    ['reschedule', 'ticket.reschedule'],
    ['resched', 'ticket.reschedule'],
    ['reshedule', 'ticket.reschedule'],
    ['book', 'schedule_appointment'],
    ['book a visit', 'ticket.create'],
    ['new customer', 'contact.create'],
    ['add a note', 'note.create'],
    ['remove address', 'address.delete'],
    ['free slots', 'availability'],
    ['who is that caller', 'find_customer'],
    ['look up a client', 'find_customer'],
    ['day plan', 'calendar'],
    ['opening hours', 'organization.update_settings'],
    ['permissions', 'permissions'],
    ['approve', '/review'],
    ['outbox', '/outbox'],
    ['scheduling', 'scheduling'],
    ['sales tax', 'settings'],
    ['revenue by neighbourhood', 'analytics_neighborhoods'],
    ['who has not been here for a year', 'analytics_customers'],
    ['customers not visited for a year', 'analytics_customers'],
  ])('%s', async (words, open) => {
    const { olivia } = panes();
    expect(await opens(olivia, words, { kinds: functions, per_kind: 5 })).toContain(open);
  });

  const functions = ['action', 'workflow', 'view', 'page', 'domain'];

  test('each with what it is and where it opens', async () => {
    const [row] = await search(panes().olivia, 'cancel visit', { kinds: ['action'] });
    expect(row).toEqual({
      kind: 'action',
      group: 'actions',
      reference: null,
      title: 'Cancel ticket',
      text: 'Cancel an open visit; this is final. Its customer can be told by mail.',
      open: 'ticket.cancel',
    });
  });

  test('everything that is registered is found by its own name', () => {
    const { registry } = panes().app;
    const all = listFunctions(registry);
    const names: Readonly<Record<Functionality['kind'], readonly string[]>> = {
      action: [...registry.actions.keys()],
      workflow: [...registry.workflows.keys()],
      view: [...registry.views.keys()],
      page: registry.pages.map(({ path }) => path),
      domain: registry.domains.map(({ name }) => name),
    };
    for (const [kind, ids] of Object.entries(names)) {
      expect(ids.length).toBeGreaterThan(4);
      const own = all.filter(one => one.kind === kind);
      expect(own.map(({ id }) => id)).toEqual(ids);
      for (const one of own) {
        const words = (kind === 'page' ? one.title : one.id).split(/[._ ]/);
        const hits = findFunctions(indexFunctions(own), words).map(({ found }) => found.id);
        expect({ [one.id]: hits.slice(0, 5).includes(one.id) }).toEqual({ [one.id]: true });
      }
    }
  });
});

describe('nobody finds more than they may', () => {
  test('a technician finds their own visits, and nothing of customers', async () => {
    const { theo, tess, dana } = panes();
    expect(await opens(theo, 'smith')).toEqual(['tickets/T-2001']);
    expect(await opens(tess, 'smith')).toEqual(['tickets/T-2002']);
    expect(await opens(theo, 'biscuit')).toEqual([]);
    expect(await opens(dana, 'biscuit')).not.toEqual([]);
    for (const words of ['T-2002', 'visit 2002']) {
      expect(await opens(theo, words)).toEqual([]);
      expect(await opens(tess, words)).toEqual(['tickets/T-2002']);
    }
  });

  test('a technician finds their own visit among many of others', async () => {
    const { dana, theo, done } = panes();
    for (let day = 1; day <= 12; day++) {
      await done(dana, 'ticket.create', {
        contact_id: 'C-1002',
        scheduled_at: `2026-12-${String(day).padStart(2, '0')}T09:00`,
        notes: 'bring the harpsichord',
        ...(day === 12 ? { technician_ids: ['Theo'] } : {}),
      });
    }
    expect(await opens(theo, 'harpsichord')).toEqual(['tickets/T-2014']);
    expect(await opens(dana, 'harpsichord')).toHaveLength(5);
  });

  test('people find what their role may do, agents nothing that is for people only', async () => {
    const { theo, dana, olivia, agent } = panes();
    expect(await opens(theo, 'clock in')).toContain('ticket.clock_in');
    expect(await opens(theo, 'cancel visit')).not.toContain('ticket.cancel');
    expect(await opens(theo, 'customers')).not.toContain('contacts');
    expect(await opens(olivia, 'invite')).toContain('member.create');
    expect(await opens(dana, 'invite')).not.toContain('member.create');
    expect(await opens(agent, 'invite')).not.toContain('member.create');
    expect(await opens(olivia, 'approve')).toEqual(
      expect.arrayContaining(['/review', 'authorization.allow_once']),
    );
    expect(await opens(agent, 'approve')).not.toEqual(expect.arrayContaining(['/review']));
    expect(await opens(agent, 'approve')).not.toContain('authorization.allow_once');
    expect(await opens(dana, 'approve')).not.toContain('/review');
  });

  test('an agent is told the level an action has for it now', async () => {
    const { agent, olivia, done } = panes();
    const level = async () => (await search(agent, 'cancel visit', { kinds: ['action'] }))[0];
    expect(await level()).toMatchObject({ open: 'ticket.cancel', level: 'soft_limit' });
    await done(olivia, 'authorization.set_level', {
      action: 'ticket.cancel',
      level: 'forbidden',
      reason: 'Not now',
    });
    expect(await level()).toMatchObject({ open: 'ticket.cancel', level: 'forbidden' });
    expect((await search(olivia, 'cancel visit', { kinds: ['action'] }))[0]).not.toHaveProperty('level');
  });

  test('an agent is told that nothing found is not nothing there', async () => {
    const { app, agent, olivia } = panes();
    const warned = async (who: Caller, words: string) =>
      (await app.read(who, 'search', { search: words }, { request_id: 'nothing' })).warnings;
    expect(await warned(agent, 'mass newsletter voucher')).toEqual([
      expect.stringContaining('fewer find more'),
    ]);
    expect(await warned(agent, 'cancel visit')).toEqual([]);
    expect(await warned(olivia, 'mass newsletter voucher')).toEqual([]);
  });

  test('an agent finds its own requests, not those of another one', async () => {
    const { agent, olivia, bright, act, done } = panes();
    await act(
      agent,
      'organization.update_settings',
      { name: 'Bright Trombone' },
      { reasoning: 'A new name' },
    );
    const other = await done(olivia, 'agent.create', { name: 'Night Clerk' });
    const { key } = await done(olivia, 'agent.create_key', { agent_id: other.id });
    const requests = (who: Caller) =>
      opens(who, 'organization settings', { kinds: ['authorization_requests'] });
    expect(await requests(agent)).toEqual(['authorization_requests/R-1']);
    expect(await requests(olivia)).toEqual(['authorization_requests/R-1']);
    expect(await requests({ via: 'key', key: String(key) })).toEqual([]);
    expect(await requests(as(bright, 'Theo'))).toEqual([]);
  });
});
