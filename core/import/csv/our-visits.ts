import { z } from 'zod';
import type { Context } from '../../kernel/pipeline/context.ts';
import { bookableMembers } from '../../members/bookable.ts';
import { type PastVisit, writePastVisits } from '../../tickets/past.ts';
import { ticketRecord } from '../../tickets/ticket.ts';
import { listImported } from '../queries.ts';
import { findHere } from './here.ts';
import { writeTogether } from './one-by-one.ts';
import { listIn, momentIn, ourCell, ourKey, ourValue } from './ours.ts';
import { readRows, refuser } from './refuse.ts';
import type { Take, Taken } from './report.ts';
import { NotTaken, type Row, type Sheet } from './sheet.ts';

const line = z.object({
  service_id: z.string().nullable(),
  description: z.string(),
  pricing: z.string(),
  quantity: z.number(),
  unit_price_cents: z.number(),
  total_cents: z.number(),
  duration_minutes: z.number().nullable(),
});

interface Entry {
  row: Row;
  name: string;
  key: string;
  customer: string;
  place: string;
  services: string[];
  visit: Omit<PastVisit, 'contact_id' | 'address_id'>;
  written: string;
}

/** Takes the visits of a list of a Deskhand that were: their customers, places and services are found by their old ids. */
export async function takeOurVisits(context: Context, sheet: Sheet, { batch_id }: Take): Promise<Taken> {
  const refuse = refuser(sheet);
  const members = new Map((await bookableMembers(context)).map(({ id, name }) => [name, id]));
  const entries = readRows(sheet, row => entryOf(sheet, row, members));
  const here = await findHere(
    context,
    ticketRecord,
    entries.map(({ key }) => key),
  );
  const keys = (of: (entry: Entry) => readonly string[]) => [
    ...new Set(
      entries
        .flatMap(of)
        .filter(id => id !== '')
        .map(ourKey),
    ),
  ];
  const customers = await listImported(
    context,
    'contact',
    keys(({ customer }) => [customer]),
  );
  const places = await listImported(
    context,
    'address',
    keys(({ place }) => [place]),
  );
  const services = await listImported(
    context,
    'service',
    keys(entry => entry.services),
  );
  const taken: Taken = { taken_rows: 0, created: 0, known: [], imported: [] };
  const fresh = entries.filter(({ row, name, key, customer }) => {
    const before = here.get(key);
    if (before !== undefined) taken.known.push({ rows: [row.line], name, record: before });
    else if (!customers.has(ourKey(customer)))
      refuse(row.line, name, 'Nobody here is this customer. Import the customers first.');
    else {
      here.set(key, `row ${row.line}`);
      return true;
    }
    return false;
  });
  const written =
    batch_id === null
      ? fresh
      : await writeTogether(
          context,
          fresh,
          some => async () => {
            const visits = some.map(({ visit, customer, place }) => ({
              ...visit,
              contact_id: customers.get(ourKey(customer)) ?? '',
              address_id: places.get(ourKey(place)) ?? null,
              lines: visit.lines.map(one => ({
                ...one,
                service_id: one.service_id === null ? null : (services.get(ourKey(one.service_id)) ?? null),
              })),
            }));
            const made = await writePastVisits(context, visits, 'an import');
            some.forEach((entry, index) => {
              entry.written = made[index]?.id ?? '';
            });
          },
          ({ row, name }, reason) => refuse(row.line, name, reason),
        );
  taken.taken_rows = written.length;
  taken.created = written.length;
  if (batch_id !== null)
    taken.imported.push(
      ...written.map(({ key, written: record_id }) => ({ record_type: 'ticket', key, record_id })),
    );
  return taken;
}

function entryOf(sheet: Sheet, row: Row, members: ReadonlyMap<string, string>): Entry {
  const get = (name: string) => ourCell(sheet, row, name);
  const status = get('status');
  if (status !== 'closed' && status !== 'cancelled')
    throw new NotTaken('This visit is still to come or under way: book it, and it is in the calendar.');
  const lines = z.array(line).safeParse(listIn(sheet, row, 'lines'));
  if (!lines.success) throw new NotTaken('What was done on this visit cannot be read any more.');
  const { custom_fields: field } = ticketRecord.fields;
  const custom = get('custom_fields');
  const names = listIn(sheet, row, 'technicians').map(({ name }) => String(name));
  return {
    row,
    name: `${get('reference')} ${get('scheduled_at').slice(0, 10)}`,
    key: ourKey(get('id')),
    customer: get('contact_id'),
    place: get('address_id'),
    services: lines.data.flatMap(({ service_id }) => service_id ?? []),
    visit: {
      starts: momentIn(sheet, row, 'scheduled_at'),
      minutes: Number(get('duration_minutes')),
      actual_minutes: get('actual_minutes') === '' ? null : Number(get('actual_minutes')),
      status,
      lines: lines.data.map(({ duration_minutes, ...rest }) => ({ ...rest, minutes: duration_minutes })),
      technician_ids: names.flatMap(name => members.get(name) ?? []),
      notes: get('notes') === '' ? null : get('notes'),
      custom_fields:
        custom === '' || !field
          ? {}
          : z.record(z.string(), z.string()).parse(ourValue('custom_fields', field, custom)),
    },
    written: '',
  };
}
