import { expect, test } from 'vitest';
import type { Mail } from '../../core/kernel/outside/mail.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { deliveredMails } from '../support/delivered-mails.ts';
import { type ReadCalendar, readWithIcalJs, readWithNodeIcal } from './two-readers.ts';

// What customers put into their calendars comes with the mails: a first time, another one, and that we do not come.

const panes = useBrightPanes();

const mails = (how?: { isLost?: boolean }) => deliveredMails(panes(), how);

const fileOf = (mail: Mail | undefined) =>
  mail?.attachments?.find(({ filename }) => filename === 'appointment.ics');

/** A calendar that takes what mails bring: what it knows is replaced by what is newer, by its UID (RFC 5546, 2.1.5). */
class CustomersCalendar {
  readonly entries = new Map<string, { sequence: number; starts: string; location: string | null }>();
  readonly #seen = new Map<string, number>();

  take({ method, events }: ReadCalendar): void {
    for (const { uid, sequence, starts, location, status } of events) {
      if (sequence < (this.#seen.get(uid) ?? -1)) continue;
      this.#seen.set(uid, sequence);
      if (method === 'CANCEL' || status === 'CANCELLED') this.entries.delete(uid);
      else this.entries.set(uid, { sequence, starts, location });
    }
  }
}

test('confirmation, new time, new visit in its place and cancellation are one entry in the customer’s calendar', async () => {
  const { book, dana, done, olivia, act } = panes();
  await done(olivia, 'organization.update_settings', {
    settings: { reply_to: 'office@brightpanes.example' },
  });
  const calendars = [new CustomersCalendar(), new CustomersCalendar()] as const;
  const methods: string[] = [];
  const all: ReadCalendar[] = [];
  const deliver = async () => {
    for (const mail of await mails()) {
      const content = fileOf(mail)?.content ?? '';
      const read = [readWithIcalJs(content), readWithNodeIcal(content)] as const;
      expect(read[1].events[0]).toMatchObject({
        uid: read[0].events[0]?.uid,
        sequence: read[0].events[0]?.sequence,
      });
      methods.push(read[0].method ?? 'none');
      all.push(read[0]);
      calendars[0].take(read[0]);
      calendars[1].take(read[1]);
    }
    expect([...calendars[1].entries.values()].map(({ starts }) => starts)).toEqual(
      [...calendars[0].entries.values()].map(({ starts }) => starts),
    );
    return [...calendars[0].entries.values()];
  };
  const visit = await book('2026-11-24T09:00', { address_id: 'A-1001', notify_customer: true });
  expect(await deliver()).toEqual([
    { sequence: 0, starts: '2026-11-24T15:00:00.000Z', location: '123 Main Street, Madison, AL 35758' },
  ]);
  const told = { notify_customer: true };
  await done(dana, 'ticket.reschedule', { ticket_id: visit.id, scheduled_at: '2026-11-24T11:00', ...told });
  expect(await deliver()).toEqual([
    expect.objectContaining({ sequence: 1, starts: '2026-11-24T17:00:00.000Z' }),
  ]);
  const move = { ticket_id: visit.id, scheduled_at: '2026-11-27T10:00', notify_customer: true };
  expect((await act(dana, 'handle_reschedule_request', move)).status).toBe('done');
  expect(await deliver()).toEqual([expect.objectContaining({ starts: '2026-11-27T16:00:00.000Z' })]);
  const [next] = await panes().read(dana, 'tickets', { params: { from: '2026-11-27', to: '2026-11-27' } });
  await done(dana, 'ticket.cancel', { ticket_id: next?.reference, ...told });
  expect(await deliver()).toEqual([]);
  expect(methods).toEqual(['REQUEST', 'REQUEST', 'REQUEST', 'CANCEL']);
  // Whatever comes late or twice changes nothing.
  for (const late of all.slice(0, -1)) calendars[0].take(late);
  expect(calendars[0].entries.size).toBe(0);
});

test('the business invites, the customer is invited and is not asked to answer by a button', async () => {
  await panes().book('2026-12-01T09:00', { lines: ['Gutter Cleaning'], notify_customer: true });
  const [mail] = await mails();
  const file = fileOf(mail);
  expect(file).toMatchObject({
    content_type: 'text/calendar; charset=utf-8; method=REQUEST',
    encoding: 'utf8',
  });
  const lines = file?.content.replaceAll('\r\n ', '').split('\r\n') ?? [];
  expect(lines).toEqual(
    expect.arrayContaining([
      'ORGANIZER;CN="Bright Panes Window Cleaning":mailto:office@brightpanes.example',
      'ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE;CN="Jane Smith":mailto:jane.smith@example.com',
      'SUMMARY:Appointment with Bright Panes Window Cleaning',
      'DESCRIPTION:Gutter Cleaning',
    ]),
  );
});

test('to somebody new an agent sends no name, place or service along', async () => {
  const { agent, done } = panes();
  await done(agent, 'contact.create', { full_name: 'Secret List Of All', email: 'new@example.com' });
  const [customer] = await panes().read(agent, 'contacts', { search: 'Secret List' });
  const address = { contact_id: customer?.id, line1: '9 Hidden Lane', city: 'Madison' };
  const { id: address_id } = await done(agent, 'address.create', address);
  await done(agent, 'ticket.create', {
    contact_id: customer?.id,
    address_id,
    scheduled_at: '2026-12-02T09:00',
    lines: ['Gutter Cleaning'],
    notify_customer: true,
  });
  const [mail] = await mails();
  const content = fileOf(mail)?.content.replaceAll('\r\n ', '') ?? '';
  expect(content).toContain('mailto:new@example.com');
  for (const secret of ['Secret', 'Hidden', 'Gutter']) expect(content).not.toContain(secret);
});

test('a business that has not said where answers go sends a plain entry', async () => {
  const { olivia, done, book } = panes();
  await done(olivia, 'organization.update_settings', { settings: { reply_to: null } });
  await book('2026-12-03T09:00', { notify_customer: true });
  const [mail] = await mails();
  const content = fileOf(mail)?.content ?? '';
  expect(readWithIcalJs(content).method).toBe('PUBLISH');
  expect(content).not.toMatch(/ORGANIZER|ATTENDEE/);
});

test('every attempt of one mail brings the same bytes', async () => {
  const { book, database } = panes();
  await book('2026-12-04T09:00', { notify_customer: true });
  const lost = await mails({ isLost: true });
  expect(fileOf(lost[0])?.content).toContain('BEGIN:VEVENT');
  await database.owner.query("update jobs set locked_until = now() - interval '1 second'");
  const again = await mails();
  expect(again.find(({ id }) => id === lost[0]?.id)).toEqual(lost[0]);
});
