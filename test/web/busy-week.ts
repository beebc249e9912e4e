import { as } from '../support/office.ts';
import type { Pages } from '../support/pages.ts';

/** The five who go to visits: Theo and Tess of the story, and three more. */
export const crew = ['Theo', 'Tess', 'Mary Ann Smith', 'Luis Ortega', 'Nadia Karim'] as const;

const customers = [
  ['Jane Smith', 'Madison'],
  ['Mrs Hart', 'Owens Cross Roads'],
  ['Agnes Castellanos', 'Huntsville'],
  ['Bertram Blankenship', 'Decatur'],
  ['Dorothea Eisenhower', 'Madison'],
  ['Ezekiel Fitzgerald', 'Athens'],
] as const;

/** Day of the week, start, minutes, who goes (a place in `crew`, none for nobody), customer. */
type Line = readonly [day: number, start: string, minutes: number, who: readonly number[], customer: number];

const week: readonly Line[] = [
  [0, '08:00', 90, [0], 0],
  [0, '10:00', 60, [0], 1],
  [0, '13:00', 150, [0], 2],
  [0, '08:30', 120, [1], 3],
  [0, '11:30', 45, [1], 4],
  [0, '09:00', 240, [2], 5],
  [1, '08:00', 60, [3], 0],
  [1, '09:30', 90, [3, 4], 1],
  [1, '13:00', 60, [4], 2],
  [1, '08:00', 30, [0], 3],
  [1, '10:00', 180, [1], 4],
  [2, '08:00', 90, [0], 5],
  [2, '10:30', 60, [0], 1],
  [2, '14:00', 120, [0], 2],
  [2, '08:00', 150, [1], 3],
  [2, '13:00', 60, [1], 0],
  [2, '09:00', 45, [2], 4],
  [2, '10:00', 210, [3], 5],
  [2, '15:00', 60, [4], 0],
  [2, '09:00', 60, [], 1],
  [2, '09:30', 90, [], 3],
  [3, '08:00', 120, [0], 4],
  [3, '11:00', 90, [1], 5],
  [3, '09:00', 60, [2], 0],
  [3, '13:30', 90, [2], 1],
  [4, '08:00', 180, [3], 2],
  [4, '09:00', 60, [4], 3],
  [4, '13:00', 120, [0], 4],
  [4, '15:30', 60, [1], 5],
  [5, '10:00', 60, [0], 0],
];

/** Fills the week of November 16, 2026 with thirty visits of five technicians, some confirmed; answers how many. */
export async function tellBusyWeek({ bright, done }: Pages): Promise<number> {
  const dana = as(bright, 'Dana');
  for (const name of crew.slice(2)) {
    const email = `${name.split(' ')[0]?.toLowerCase()}@brightpanes.example`;
    await done(bright.owner, 'member.create', { name, email, role: 'technician' });
  }
  const services = ['Exterior windows', 'Gutter cleaning', 'Screens'];
  for (const name of services) {
    await done(bright.owner, 'service.create', { name, pricing: 'fixed', price_cents: 15_000 });
  }
  const references: string[] = [];
  for (const [n, [full_name, city]] of customers.entries()) {
    const email = `customer${n}@example.com`;
    const contact = await done(dana, 'contact.create', { full_name, phone: `(256) 555-010${n}`, email });
    references.push(String(contact.reference));
    await done(dana, 'address.create', {
      contact_id: contact.id,
      line1: `${n * 7 + 12} Main Street`,
      city,
      state: 'AL',
    });
  }
  await done(dana, 'attribute.set', { contact_id: references[0], key: 'pet', value: 'dog named Biscuit' });
  for (const [n, [day, start, duration_minutes, who, customer]] of week.entries()) {
    const { id } = await done(dana, 'ticket.create', {
      contact_id: references[customer],
      scheduled_at: `2026-11-${16 + day}T${start}`,
      duration_minutes,
      technician_ids: who.map(each => crew[each]),
      lines: [services[n % services.length]],
    });
    if (n % 3 !== 0) await done(dana, 'ticket.confirm', { ticket_id: id });
  }
  return week.length;
}
