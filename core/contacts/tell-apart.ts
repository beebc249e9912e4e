import { addressesOf } from '../addresses/addresses-of.ts';
import { formatAddress } from '../addresses/format.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listByIds } from '../kernel/records/record-queries.ts';
import { formatPhone } from '../kernel/words/phone.ts';
import { contactRecord } from './contact.ts';

/** Where customers of one name live and how they are reached, by id: what an office knows them apart by. */
export async function tellApart(
  context: ReadContext,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const [rows, addresses] = await Promise.all([
    listByIds(context, contactRecord, ids),
    addressesOf(context, ids),
  ]);
  return new Map(
    rows.map(({ id, phone, email }) => {
      const home = addresses.find(({ contact_id }) => contact_id === id);
      const number = phone === null ? undefined : formatPhone(phone, context.organization.country);
      const known = [home && formatAddress(home), number, number === undefined ? email : undefined];
      return [id, known.filter(Boolean).join('; ')];
    }),
  );
}
