import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

// What is over, due, late or still to come is decided by the clock of the call, and never by the database's: a list read at
// another moment than the call's would show an agent another day than the one it was told.

const panes = useBrightPanes();

/** Where the database's own clock is right, and why. */
const allowed: Readonly<Record<string, string>> = {
  'core/agents': 'when a key was revoked is kept',
  'core/attributes': 'when a row was deleted is kept',
  'core/backups/queries.ts': 'the moment a backup shows is that of its transaction',
  'core/briefings': 'decisions are told in the order in which the database kept them',
  'core/jobs': 'the queue of jobs and its sweeping',
  'core/kernel': 'rows, the outbox, links and keys of repeated calls as the database keeps them',
  'core/leads': 'how long ago the same form came in, against when it was kept',
  'core/messages': 'when a job is to be tried again',
  'core/passkeys': 'how long a question to a passkey may be answered',
  'core/deletions/queries.ts': 'when a business went is kept',
  'core/exports/adapt-queries.ts':
    'when keys were ended by a restore is kept; what is due is held by the database',
  'core/exports/queries.ts': 'the moment an archive shows is that of its transaction',
  'core/sign-in': 'links and sessions of browsers',
  'core/tickets/queries.ts': 'when a line was deleted is kept',
  'core/connections/entry-queries.ts': 'codes, tokens and connections end by the database',
  'core/connections/queries.ts': 'the same',
  'authorization-queue/attempt-queries.ts': 'attempts are counted as the database kept them',
  'authorization-queue/credential-queries.ts': 'keys end by the database',
  'authorization-queue/decision-queries.ts': 'when it was decided is kept',
  'authorization-queue/grant-queries.ts': 'when a grant was revoked is kept',
  'authorization-queue/window-queries.ts': 'what agents do is counted as the database kept it',
};

const sources = ['core', 'authorization-queue'].flatMap(root =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => `${root}/${name}`),
);
const asksDatabase = (file: string) =>
  /(?<![.\w])now\(\)|current_date|current_timestamp|clock_timestamp\(\)/.test(readFileSync(file, 'utf8'));

test('nothing that is decided about the trade asks the database what time it is', () => {
  const asking = sources.filter(asksDatabase);
  expect(asking.length).toBeGreaterThan(5);
  const elsewhere = asking.filter(file => !Object.keys(allowed).some(place => file.startsWith(place)));
  expect(elsewhere).toEqual([]);
});

test('which day a moment is, is said where the business is, and never where the database is', () => {
  const inItsOwnZone = (text: string) => /_at\)?::date\b|\bdate\(\s*(\w+\.)?\w+_at\)/.test(text);
  expect(inItsOwnZone('coalesce(r.issued_on, r.created_at::date)')).toBe(true);
  expect(inItsOwnZone('(scheduled_at at time zone $1)::date')).toBe(false);
  expect(sources.filter(file => inItsOwnZone(readFileSync(file, 'utf8')))).toEqual([]);
});

describe('with the clock years away from the database’s', () => {
  const references = async (type: string, filter: string) =>
    (await panes().read(panes().dana, type, { filter })).map(({ reference }) => reference);

  test.each([
    ['2021-03-01', '2021-03-03T12:00:00-06:00'],
    ['2041-03-01', '2041-03-03T12:00:00-06:00'],
  ])('the visits and requests of %s are over, and to come, as of that day', async (before, now) => {
    const { book, setClock, act, agent, dana, done } = panes();
    setClock(`${before}T08:00:00-06:00`);
    const over = await book(`${before}T10:00`);
    const ahead = await book(now.replace('03-03', '03-09').slice(0, 16));
    await done(dana, 'note.create', { contact_id: 'Mrs Hart', content: 'Called.' });
    const asked = await act(
      agent,
      'contact.delete',
      { contact_id: 'Mrs Hart' },
      { reasoning: 'She has moved away' },
    );
    expect(asked.status).toBe('pending_authorization');
    expect(await references('authorization_requests', 'pending')).toContain(asked.data.request);
    setClock(now);
    const late = await references('tickets', 'should_be_over');
    expect(late).toContain(over.reference);
    expect(late).not.toContain(ahead.reference);
    const unconfirmed = await references('tickets', 'unconfirmed');
    expect(unconfirmed).toContain(ahead.reference);
    expect(unconfirmed).not.toContain(over.reference);
    expect(await references('authorization_requests', 'pending')).toContain(asked.data.request);
    setClock(now.replace('03-03', '03-05'));
    expect(await references('authorization_requests', 'pending')).not.toContain(asked.data.request);
  });
});
