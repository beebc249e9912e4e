import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { newId } from '../kernel/database/ids.ts';
import { timeZone } from './demo.ts';
import { peopleAtLast, personOf } from './person.ts';
import type { Scene } from './scene.ts';

const contactRow = z.object({ id: z.string(), full_name: z.string() });
const ticketRow = z.object({
  id: z.string(),
  scheduled_at: z.string(),
  technicians: z.array(z.object({ id: z.string() })),
});
const invoiceRow = z.object({ id: z.string(), ticket_id: z.string().nullable() });

/** What of the history is there: ids of customers by their number, of visits by when and who, of bills by their visit. */
export class Known {
  readonly people = new Map<number, string>();
  readonly visits = new Map<string, string>();
  readonly bills = new Map<string, string>();

  static async read(scene: Scene): Promise<Known> {
    const known = new Known();
    await known.readAgain(scene);
    return known;
  }

  /** Reads it from the database, as a server does that goes on with what another has begun. */
  async readAgain(scene: Scene): Promise<void> {
    const numbers = new Map(
      Array.from({ length: peopleAtLast }, (_, n) => [personOf(n).full_name, n] as const),
    );
    for (const row of await all(scene, 'contacts', { fields: ['id', 'full_name'] })) {
      const { id, full_name } = contactRow.parse(row);
      const number = numbers.get(full_name);
      if (number !== undefined) this.people.set(number, id);
    }
    for (const row of await all(scene, 'tickets', {
      fields: ['id', 'scheduled_at'],
      include: ['technicians'],
      params: { status: 'closed' },
    })) {
      const { id, scheduled_at, technicians } = ticketRow.parse(row);
      const at = Temporal.Instant.from(scheduled_at).toZonedDateTimeISO(timeZone).toPlainDateTime();
      const technician = scene.technicians.indexOf(technicians[0]?.id ?? '');
      this.visits.set(`${at.toString()} ${technician}`, id);
    }
    for (const row of await all(scene, 'invoices', { fields: ['id', 'ticket_id'] })) {
      const { id, ticket_id } = invoiceRow.parse(row);
      if (ticket_id !== null) this.bills.set(ticket_id, id);
    }
  }
}

/** All rows of a list, page by page. */
async function all(
  { app, olivia }: Scene,
  type: string,
  query: Record<string, unknown>,
): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let cursor: string | undefined;
  do {
    const page = await app.read(
      olivia,
      type,
      { ...query, limit: 100, ...(cursor === undefined ? {} : { cursor }) },
      { request_id: newId() },
    );
    rows.push(...page.rows);
    cursor = page.next_cursor;
  } while (cursor !== undefined);
  return rows;
}
