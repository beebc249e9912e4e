import { useBrightPanes } from '../support/bright-panes.ts';
import type { Office } from '../support/office.ts';

const customers = [
  {
    full_name: 'Eleanor Whitfield',
    phone: '(256) 555-0161',
    home: { line1: '12 Caldwell Ln', city: 'Owens Cross Roads', state: 'AL', postal_code: '35763' },
    note: 'Elderly woman, very nice. House has 20+ screens, takes longer than usual. Dog named Biscuit, keep gate closed.',
  },
  {
    full_name: 'Tom Alvarez',
    email: 'tom.alvarez@example.com',
    phone: '(256) 555-0162',
    home: { line1: '903 Governors Dr', city: 'Huntsville', state: 'AL', postal_code: '35801' },
    note: 'Two cats, please do not leave the back door open.',
  },
  {
    full_name: 'Priya Patel',
    email: 'priya@example.com',
    phone: '(256) 555-0163',
    home: { line1: '7 Sutton Rd', city: 'Hampton Cove', state: 'AL', postal_code: '35763' },
    note: 'Storm windows on the second floor, extension ladder needed.',
  },
  {
    full_name: 'Walter Green',
    phone: '(256) 555-0164',
    home: { line1: '310 Hughes Rd', city: 'Madison', state: 'AL', postal_code: '35758' },
    note: 'Pays by check. Gate code 4711.',
  },
  {
    full_name: 'Doris Lang',
    phone: '(256) 555-0165',
    home: { line1: '55 Bailey Cove Rd', city: 'Huntsville', state: 'AL', postal_code: '35802' },
    note: 'Prefers mornings.',
  },
  {
    full_name: 'Ruth Bell',
    phone: '(256) 555-0166',
    home: { line1: '8 Jones Valley Dr', city: 'Huntsville', state: 'AL', postal_code: '35802' },
    note: 'Asked for a price for the sunroom.',
  },
] as const;

/** Visits of the past and of this week, in the order they are booked: T-2001, T-2002, … */
const visits = [
  { at: '2026-04-14T09:00', who: 'Tom Alvarez', lines: [{ service_id: 'Screen Cleaning', quantity: 12 }] },
  { at: '2026-04-21T13:00', who: 'Priya Patel', lines: [{ service_id: 'Screen Cleaning', quantity: 8 }] },
  { at: '2026-06-09T09:00', who: 'Walter Green', lines: [{ service_id: 'Gutter Cleaning' }] },
  { at: '2026-09-15T10:00', who: 'Eleanor Whitfield', lines: [{ service_id: 'Screen Cleaning' }] },
  { at: '2026-11-18T09:00', who: 'Jane Smith', tech: 'Theo', lines: [{ service_id: 'Gutter Cleaning' }] },
  { at: '2026-11-18T11:00', who: 'Priya Patel', lines: [{ service_id: 'Gutter Cleaning' }] },
  { at: '2026-11-18T14:00', who: 'Doris Lang', tech: 'Tess', lines: [{ service_id: 'Gutter Cleaning' }] },
  { at: '2026-11-19T14:00', who: 'Mrs Hart', tech: 'Tess', lines: [{ service_id: 'Gutter Cleaning' }] },
  { at: '2026-11-24T09:00', who: 'Tom Alvarez', tech: 'Theo', lines: [{ service_id: 'Gutter Cleaning' }] },
] as const;

const inquiries = [
  'Robert Miles called, (256) 555-0181, 44 Whitesburg Dr, Huntsville AL 35801. Wants inside and outside windows before Thanksgiving.',
  'Gina Foster, 256-555-0182, gutters on a three-story house in Athens, asked what it costs.',
  'Caller: Harold Beck. Number 256 555 0193. Two-story house, 25 screens.',
] as const;

/**
 * Bright Panes on a Wednesday morning with eight customers, visits of this year and inquiries that wait: where the
 * office tasks begin. The story's clock is left at eight o'clock.
 */
export function useOfficeStory() {
  return useBrightPanes();
}

/** Tells the story through the ordinary actions, as Dana of the office. */
export async function tellOfficeStory(office: Office & { dana: Office['bright']['owner'] }): Promise<void> {
  const { dana, done, setClock } = office;
  for (const { home, note, ...facts } of customers) {
    const { reference } = await done(dana, 'contact.create', facts);
    await done(dana, 'address.create', { contact_id: reference, ...home, type: 'home' });
    await done(dana, 'note.extract', { note_id: await write(office, String(reference), note) });
  }
  for (const { at, who, lines, ...more } of visits) {
    setClock(`${at.slice(0, 10)}T07:00:00-06:00`);
    const technician_ids = 'tech' in more ? [more.tech] : [];
    await done(dana, 'ticket.create', {
      contact_id: who,
      scheduled_at: at,
      lines: [...lines],
      technician_ids,
    });
  }
  setClock('2026-11-17T15:00:00-06:00');
  for (const raw_notes of inquiries) await done(dana, 'lead.create', { raw_notes, source: 'phone_call' });
  setClock('2026-11-18T08:00:00-06:00');
}

async function write(
  { dana, done }: Parameters<typeof tellOfficeStory>[0],
  contact_id: string,
  content: string,
) {
  const { reference } = await done(dana, 'note.create', { contact_id, content });
  return String(reference);
}
