import { whyUnsure } from '../contacts/compare.ts';
import { type KeyHolder, listKeyHolders } from '../contacts/match.ts';
import { areCompatible, comparableName, nameOf } from '../contacts/names.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { contactKeys, type SquareContact } from './square/contact.ts';

/**
 * Which contacts of a reading are here already: those that came with an earlier import (same Square id, or e-mail or
 * phone together with the name), and those somebody typed in with the same e-mail or phone and a fitting name. Keyed by
 * their position in the reading.
 */
export async function findKnown(
  context: ReadContext,
  contacts: readonly SquareContact[],
): Promise<Map<number, KeyHolder>> {
  const byKey = new Map<string, KeyHolder[]>();
  const wanted = [...new Set(contacts.flatMap(contact => [...contactKeys(contact), ...plainKeys(contact)]))];
  for (const row of await listKeyHolders(context, wanted))
    byKey.set(row.key, [...(byKey.get(row.key) ?? []), row]);
  const found = new Map<number, KeyHolder>();
  contacts.forEach((contact, index) => {
    const sure = contactKeys(contact).flatMap(key => byKey.get(key) ?? [])[0];
    const likely = plainKeys(contact)
      .flatMap(key => byKey.get(key) ?? [])
      .find(row => isSameName(contact, row));
    const match = sure ?? likely;
    if (match) found.set(index, match);
  });
  return found;
}

/** The keys any contact here has, imported or not. */
export function plainKeys(contact: SquareContact): string[] {
  return [
    ...contact.emails.map(({ email }) => `email:${email}`),
    ...contact.phones.map(({ number }) => `phone:${number}`),
  ];
}

/** They share an e-mail address or a telephone number, so their names decide; a row without any name is that customer's. */
const isSameName = (contact: SquareContact, row: KeyHolder): boolean =>
  whyUnsure({ share_reach: true, names_agree: areCompatible(comparableName(contact), nameOf(row)) }) ===
  undefined;
