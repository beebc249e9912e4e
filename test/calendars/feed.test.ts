import { beforeAll, describe, expect, test } from 'vitest';
import { type BrightPanes, stock } from '../support/bright-panes.ts';
import { useHttp } from '../support/http.ts';
import { as } from '../support/office.ts';
import { refusal } from '../support/refusal.ts';
import { textOfEverything } from '../support/whole-database.ts';
import { readWithIcalJs, readWithNodeIcal } from './two-readers.ts';

// The calendar of a phone reads the visits by an address of its own.

const front = useHttp({ limits: { feedsPerMinute: 25 } });
let panes: BrightPanes;

beforeAll(async () => {
  panes = await stock(front().office);
});

type Options = { method?: string; headers?: Record<string, string> };

const open = (address: string, options: Options = {}) =>
  fetch(front().url + new URL(address).pathname, options);

async function subscribe(who: BrightPanes['theo'], covers: 'own' | 'business' = 'own'): Promise<string> {
  return String((await panes.done(who, 'calendar_feed.create', { covers })).address);
}

/** The entries a calendar shows, both programs agreeing on each. */
async function entries(address: string) {
  const response = await open(address);
  expect(response.status).toBe(200);
  const text = await response.text();
  const { events } = readWithIcalJs(text);
  const again = readWithNodeIcal(text).events;
  const facts = ({ uid, sequence, starts, ends, status }: (typeof events)[number]) => ({
    uid,
    sequence,
    starts,
    ends,
    status,
  });
  expect(again.map(facts)).toEqual(events.map(facts));
  return events;
}

describe('the calendar of a technician', () => {
  test('shows their own visits with what they need to get there, and no secret of a customer', async () => {
    const { book, dana, done, theo } = panes;
    await done(dana, 'note.create', { contact_id: 'C-1001', content: 'Gate code 4411.' });
    const visit = await book('2026-11-24T09:00', {
      technician_ids: ['Theo'],
      lines: ['Gutter Cleaning'],
      notes: 'Key under the mat',
      address_id: 'A-1001',
    });
    await book('2026-11-24T13:00', { technician_ids: ['Tess'] });
    const address = await subscribe(theo);
    expect(await entries(address)).toEqual([
      {
        uid: `${visit.id}@deskhand`,
        sequence: 0,
        starts: '2026-11-24T15:00:00.000Z',
        ends: '2026-11-24T16:00:00.000Z',
        summary: 'Jane Smith: Gutter Cleaning',
        location: '123 Main Street, Madison, AL 35758',
        description: expect.stringMatching(
          /^Gutter Cleaning\nPhone: \(256\) 555-0142\nT-2001: http.*\/tickets\/T-2001$/,
        ),
        status: 'CONFIRMED',
      },
    ]);
    const text = await (await open(address)).text();
    expect(text).toContain('Theo');
    for (const secret of ['Gate', 'Key under', '$', 'Tess']) expect(text).not.toContain(secret);
  });

  test('keeps nine o’clock nine o’clock over the night the clocks change', async () => {
    const { book, tess, setClock } = panes;
    setClock('2027-03-01T12:00:00Z');
    const before = await book('2027-03-12T09:00', { technician_ids: ['Tess'] });
    const after = await book('2027-03-15T09:00', { technician_ids: ['Tess'] });
    const shown = await entries(await subscribe(tess));
    expect(shown.map(({ uid, starts }) => [uid, starts])).toEqual([
      [`${before.id}@deskhand`, '2027-03-12T15:00:00.000Z'],
      [`${after.id}@deskhand`, '2027-03-15T14:00:00.000Z'],
    ]);
    setClock('2026-11-18T13:00:00Z');
  });

  test('moves an entry instead of showing it twice, however the visit is moved', async () => {
    const { book, dana, done, tess, act } = panes;
    const visit = await book('2026-12-01T09:00', { technician_ids: ['Tess'], address_id: 'A-1001' });
    const address = await subscribe(tess);
    const mine = async () => {
      const found = (await entries(address)).filter(({ uid }) => uid === `${visit.id}@deskhand`);
      expect(found.length).toBeLessThanOrEqual(1);
      return found[0];
    };
    expect(await mine()).toMatchObject({ sequence: 0, starts: '2026-12-01T15:00:00.000Z' });
    await done(dana, 'ticket.reschedule', { ticket_id: visit.id, scheduled_at: '2026-12-01T10:00' });
    expect(await mine()).toMatchObject({ sequence: 1, starts: '2026-12-01T16:00:00.000Z' });
    // What changes neither time nor place changes no number.
    await done(dana, 'ticket.update', { ticket_id: visit.id, notes: 'Ring twice' });
    expect(await mine()).toMatchObject({ sequence: 1 });
    await done(dana, 'address.update', { address_id: 'A-1001', line1: '125 Main Street' });
    expect(await mine()).toMatchObject({ sequence: 2, location: '125 Main Street, Madison, AL 35758' });
    // Here a visit moved on request is another one that took its place.
    const moved = await act(dana, 'handle_reschedule_request', {
      ticket_id: visit.id,
      scheduled_at: '2026-12-03T14:00',
    });
    expect(moved.status).toBe('done');
    const later = await mine();
    expect(later).toMatchObject({ starts: '2026-12-03T20:00:00.000Z', status: 'CONFIRMED' });
    expect(later?.sequence).toBeGreaterThan(2);
    expect(
      (await entries(address)).filter(({ starts }) => starts >= '2026-12-01' && starts < '2026-12-05'),
    ).toHaveLength(1);
    const [next] = await panes.read(dana, 'tickets', { params: { from: '2026-12-03', to: '2026-12-03' } });
    await done(dana, 'ticket.cancel', { ticket_id: next?.reference });
    const cancelled = await mine();
    expect(cancelled).toMatchObject({ status: 'CANCELLED' });
    expect(cancelled?.sequence).toBeGreaterThan(later?.sequence ?? 0);
    // Every calendar has heard of it by then.
    panes.setClock('2026-12-05T13:00:00Z');
    expect(await mine()).toBeUndefined();
    panes.setClock('2026-11-18T13:00:00Z');
  });
});

describe('the calendar of the business', () => {
  test('shows everybody’s visits with who goes', async () => {
    const shown = await entries(await subscribe(panes.dana, 'business'));
    const crews = shown.map(({ description }) => /Goes: (\w+)|Nobody goes yet/.exec(description ?? '')?.[1]);
    expect(crews).toEqual(expect.arrayContaining(['Theo', 'Tess']));
  });

  test('is short where the business wants that: no name, street or number leaves the house', async () => {
    const { olivia, done } = panes;
    const address = await subscribe(panes.dana, 'business');
    const full = await (await open(address)).text();
    await done(olivia, 'organization.update_settings', { settings: { calendar_details: 'short' } });
    const short = await (await open(address)).text();
    await done(olivia, 'organization.update_settings', { settings: { calendar_details: null } });
    // Three digits may stand in an id.
    for (const secret of ['Jane', 'Main Street', '555-0142']) {
      expect(full).toContain(secret);
      expect(short).not.toContain(secret);
    }
    expect(short).toContain('SUMMARY:Visit T-2001\\, Madison');
  });

  test('is not for technicians', async () => {
    expect(
      await refusal(panes.done(panes.theo, 'calendar_feed.create', { covers: 'business' })),
    ).toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('an address of a calendar', () => {
  test('answers with the same bytes while nothing changes, and is not sent twice', async () => {
    const address = await subscribe(panes.dana, 'business');
    const first = await open(address);
    const again = await open(address);
    const text = await first.text();
    expect(await again.text()).toBe(text);
    expect(Object.fromEntries(first.headers)).toMatchObject({
      'content-type': 'text/calendar; charset=utf-8',
      'cache-control': 'private, no-cache',
      'x-robots-tag': 'noindex, nofollow',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const etag = first.headers.get('etag') ?? '';
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const known = await open(address, { headers: { 'if-none-match': tag } });
      expect([known.status, await known.text(), known.headers.get('etag')]).toEqual([304, '', etag]);
    }
    await panes.book('2026-12-10T09:00');
    const changed = await open(address, { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  test('answers HEAD like GET without the text, and takes nothing', async () => {
    const address = await subscribe(panes.dana, 'business');
    const got = await open(address);
    const head = await open(address, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    expect(head.headers.get('etag')).toBe(got.headers.get('etag'));
    expect(head.headers.get('content-length')).toBe(got.headers.get('content-length'));
    for (const method of ['POST', 'PUT', 'DELETE', 'PROPFIND'])
      expect((await open(address, { method })).status, method).toBe(405);
  });

  test('is in no log, no list and not in the database', async () => {
    const address = await subscribe(panes.theo);
    await open(address);
    const token = /calendar\/([\w-]{43})\.ics$/.exec(address)?.[1] ?? '';
    expect(token).toHaveLength(43);
    expect(front().logs.join('')).toContain('/calendar/:token.ics');
    expect(front().logs.join('')).not.toContain(token);
    expect(await textOfEverything(front().office.database.owner)).not.toContain(token);
    expect(JSON.stringify(await panes.read(panes.theo, 'calendar_feeds'))).not.toContain(token);
  });

  test('is slowed down when it is read all the time', async () => {
    const [busy, other] = [await subscribe(panes.theo), await subscribe(panes.tess)];
    const statuses: number[] = [];
    for (let n = 0; n < 26; n += 1) statuses.push((await open(busy)).status);
    expect(statuses).toEqual([...Array<number>(25).fill(200), 429]);
    const refused = await open(busy);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await open(other)).status).toBe(200);
  });
});

describe('nothing is to be had', () => {
  const gone = async (address: string) => {
    const response = await open(address);
    expect(response.headers.get('cache-control')).toBe('no-store');
    return [response.status, await response.text()];
  };
  const nothing = [404, 'This address is not valid (any more).\n'];

  test('at an address that was never made, alike for every way of being wrong', async () => {
    const { url } = front();
    for (const path of [`/calendar/${'A'.repeat(43)}.ics`, '/calendar/x.ics', '/calendar/%00.ics'])
      expect(await gone(url + path), path).toEqual(nothing);
  });

  test('at the one before when a new one is made, and at one that was ended', async () => {
    const { theo, olivia, tess, done, read } = panes;
    const old = await subscribe(theo);
    expect((await open(old)).status).toBe(200);
    const young = await subscribe(theo);
    expect(await gone(old)).toEqual(nothing);
    expect((await open(young)).status).toBe(200);
    const [feed] = (await read(theo, 'calendar_feeds')).filter(({ revoked_at }) => revoked_at === null);
    // Not by somebody else, but by the owner.
    expect(await refusal(done(tess, 'calendar_feed.revoke', { id: feed?.id }))).toMatchObject({
      code: 'NOT_FOUND',
    });
    expect((await open(young)).status).toBe(200);
    await done(olivia, 'calendar_feed.revoke', { id: feed?.id });
    expect(await gone(young)).toEqual(nothing);
  });

  test('for somebody who left, also when they come back', async () => {
    const { olivia, done, bright } = panes;
    const { id } = await done(olivia, 'member.create', {
      name: 'Gus',
      email: 'gus@brightpanes.example',
      role: 'technician',
    });
    const gus = { via: 'member' as const, organization_id: bright.id, user_id: String(id) };
    const address = await subscribe(gus);
    expect((await open(address)).status).toBe(200);
    await done(olivia, 'member.delete', { member_id: id });
    expect(await gone(address)).toEqual(nothing);
    await done(olivia, 'member.restore', { member_id: id });
    expect(await gone(address)).toEqual(nothing);
  });

  test('of the whole business for an office worker who drives now', async () => {
    const { olivia, dana, done, bright } = panes;
    const whole = await subscribe(dana, 'business');
    const own = await subscribe(dana);
    const member_id = bright.people.Dana?.id;
    expect((await open(whole)).status).toBe(200);
    await done(olivia, 'member.update', { member_id, role: 'technician' });
    expect(await gone(whole)).toEqual(nothing);
    expect((await entries(own)).length).toBe(0);
    await done(olivia, 'member.update', { member_id, role: 'member' });
  });

  test('of another business', async () => {
    const { office } = front();
    const carla = office.clear.owner;
    const address = await subscribe(carla, 'business');
    expect(await entries(address)).toEqual([]);
    expect(await entries(await subscribe(panes.olivia, 'business'))).not.toEqual([]);
    const [mine] = await panes.read(panes.olivia, 'calendar_feeds');
    expect(await panes.read(as(office.clear, 'Cody'), 'calendar_feeds')).toEqual([]);
    expect(await refusal(office.done(carla, 'calendar_feed.revoke', { id: mine?.id }))).toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('with its token anywhere else', async () => {
    const address = await subscribe(panes.olivia, 'business');
    const token = /calendar\/([\w-]{43})\.ics$/.exec(address)?.[1] ?? '';
    expect((await front().get('/api/tickets', { key: token })).status).toBe(401);
    const cookie = { cookie: `deskhand_session=${token}` };
    expect((await front().get('/api/tickets', { key: null, headers: cookie })).status).toBe(401);
    expect((await fetch(`${front().url}/u/${token}`)).status).toBe(404);
  });
});

test('an assistant who would make the address of a calendar is told on which page a person makes it', async () => {
  for (const action of ['calendar_feed.create', 'calendar_feed.revoke'])
    expect(await refusal(panes.act(panes.agent, action, {}))).toMatchObject({
      code: 'HUMAN_ONLY',
      hint: 'Whoever it is for does it on the page /calendar/subscribe.',
    });
});
