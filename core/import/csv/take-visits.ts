import { addressRecord } from '../../addresses/address.ts';
import { addressesOf } from '../../addresses/addresses-of.ts';
import type { Context } from '../../kernel/pipeline/context.ts';
import { createRecord } from '../../kernel/records/record-actions.ts';
import { bookableMembers } from '../../members/bookable.ts';
import { serviceRecord } from '../../services/service.ts';
import { writePastVisits } from '../../tickets/past.ts';
import { ticketRecord } from '../../tickets/ticket.ts';
import { cut } from '../square/text.ts';
import { addressKey, type SquareAddress } from '../square/values.ts';
import { digestOf, systemOf } from './cells.ts';
import { findHere } from './here.ts';
import { attemptRow, writeTogether } from './one-by-one.ts';
import { refuser } from './refuse.ts';
import type { Take, Taken } from './report.ts';
import { readServices } from './services.ts';
import type { Sheet } from './sheet.ts';
import { readVisits, type Visit } from './visits.ts';
import { type Whose, whoseRows } from './whose.ts';

/** Takes visits that were (TKT-16): their customers found or made, places, services, who went; each as a closed visit. */
export async function takeVisits(context: Context, sheet: Sheet, take: Take): Promise<Taken> {
  const read = await readServices(context, sheet);
  const technicians = new Map(
    (await bookableMembers(context)).map(({ id, name }) => [name.toLowerCase(), id]),
  );
  const visits = readVisits(context, sheet, { read, technicians });
  const whose = await whoseRows(
    context,
    sheet,
    visits.map(({ said }) => said),
    take,
  );
  const known = await knownVisits(context, sheet, visits, whose);
  const fresh = visits.filter(visit => whose.of(visit.said) !== undefined && !known.has(visit));
  const taken: Taken = {
    taken_rows: 0,
    created: 0,
    known: [...known].map(([visit, record]) => ({ rows: visit.rows, name: visit.said.full_name, record })),
    imported: [],
    customers: whose.made,
    addresses: 0,
  };
  const refuse = refuser(sheet);
  const { batch_id } = take;
  const services = batch_id === null ? new Map<string, string>() : await makeServices(context, fresh, taken);
  const written =
    batch_id === null
      ? fresh
      : await writeTogether(
          context,
          fresh,
          some => async () => {
            const placeOf = await places(context, some, whose, batch_id);
            const made = await writePastVisits(
              context,
              some.map(visit => ({
                contact_id: whose.of(visit.said)?.id ?? '',
                address_id: placeOf(visit),
                starts: visit.starts,
                minutes: visit.minutes,
                status: visit.status,
                lines: visit.lines.map(({ service, text, total_cents }) => ({
                  service_id:
                    service === 'make' ? (services.get(text.toLowerCase()) ?? null) : (service?.id ?? null),
                  description: text,
                  pricing: service === 'make' || service === undefined ? 'flexible' : service.pricing,
                  total_cents,
                  minutes: null,
                })),
                technician_ids: visit.technician_ids,
                notes: visit.notes === '' ? null : visit.notes,
                custom_fields: visit.custom_fields,
              })),
              'an import',
            );
            some.forEach((visit, index) => {
              visit.written = made[index]?.id ?? '';
            });
          },
          (visit, reason) => {
            for (const line of visit.rows) refuse(line, visit.said.full_name, reason);
          },
        );
  for (const visit of written) {
    taken.taken_rows += visit.rows.length;
    taken.created++;
    if (batch_id === null) continue;
    const key = keyOf(sheet, visit, whose);
    taken.imported.push({ record_type: 'ticket', key, record_id: visit.written });
  }
  return taken;
}

/** By what a visit is known again: its number and time, else whose, when and what. */
const keyOf = (sheet: Sheet, { id, starts, lines, said, price_cents }: Visit, whose: Whose): string =>
  id !== ''
    ? `${systemOf(sheet)}:${cut(id, 200)}@${starts}`
    : `row:${digestOf(
        whose.of(said)?.key,
        starts,
        lines.map(({ text }) => text),
        price_cents,
      )}`;

async function knownVisits(
  context: Context,
  sheet: Sheet,
  visits: readonly Visit[],
  whose: Whose,
): Promise<Map<Visit, string>> {
  const keys = new Map(visits.map(visit => [visit, keyOf(sheet, visit, whose)]));
  const here = await findHere(context, ticketRecord, [...keys.values()]);
  const known = new Map<Visit, string>();
  const seen = new Map<string, number>();
  for (const [visit, key] of keys) {
    const reference = here.get(key);
    const before = seen.get(key);
    if (reference !== undefined) known.set(visit, reference);
    else if (before !== undefined && whose.of(visit.said)) known.set(visit, `row ${before}`);
    else seen.set(key, visit.said.line);
  }
  return known;
}

/**
 * Adds to the catalog what the owner wants to have there; the price is agreed on each visit. Answers their ids by words; what the
 * catalog does not take stands on its visits in words alone.
 */
async function makeServices(
  context: Context,
  visits: readonly Visit[],
  taken: Taken,
): Promise<Map<string, string>> {
  const texts = new Map(
    visits.flatMap(({ lines }) =>
      lines.filter(({ service }) => service === 'make').map(({ text }) => [text.toLowerCase(), text]),
    ),
  );
  const made = new Map<string, string>();
  for (const [key, text] of texts) {
    await attemptRow(context, async () => {
      const name = cut(text, 200);
      const service = await createRecord(context, serviceRecord, { name, pricing: 'flexible' });
      made.set(key, service.id);
      taken.imported.push({ record_type: 'service', key: `name:${key}`, record_id: service.id });
    });
  }
  return made;
}

/** The address of each visit: one its customer has, else a new one; their only one where the row says none. */
async function places(context: Context, visits: readonly Visit[], whose: Whose, batchId: string) {
  const ids = [...new Set(visits.flatMap(({ said }) => whose.of(said)?.id ?? []))];
  const byPlace = new Map<string, string>();
  const only = new Map<string, string | null>();
  for (const address of await addressesOf(context, ids)) {
    const { id, contact_id } = address;
    if (contact_id === null) continue;
    byPlace.set(`${contact_id}|${keyOfPlace(address)}`, id);
    only.set(contact_id, only.has(contact_id) ? null : id);
  }
  const chosen = new Map<Visit, string | null>();
  for (const visit of visits) {
    const contact = whose.of(visit.said)?.id ?? '';
    if (!visit.place) {
      chosen.set(visit, only.get(contact) ?? null);
      continue;
    }
    const key = `${contact}|${keyOfPlace(visit.place)}`;
    let id = byPlace.get(key);
    if (id === undefined) {
      const { label, notes, type: _, ...place } = visit.place;
      const filled = Object.entries({ ...place, label, notes }).filter(
        ([, text]) => text !== '' && text !== undefined,
      );
      const made = await createRecord(context, addressRecord, {
        ...Object.fromEntries(filled),
        contact_id: contact,
        import_batch_id: batchId,
      });
      id = made.id;
      byPlace.set(key, id);
    }
    chosen.set(visit, id);
  }
  return (visit: Visit) => chosen.get(visit) ?? null;
}

const keyOfPlace = (place: {
  line1: string;
  line2: string | null;
  city: string | null;
  postal_code: string | null;
}): string => {
  const plain: SquareAddress = {
    line1: place.line1,
    line2: place.line2 ?? '',
    city: place.city ?? '',
    state: '',
    postal_code: place.postal_code ?? '',
    country: '',
  };
  return addressKey(plain);
};
