import type { Party } from '../contacts/compare.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { quote } from '../kernel/words/quote.ts';
import { findAlike } from '../reading/alike.ts';
import type { SquareContact } from './square/contact.ts';

/** What the owner should look at: whoever is new by this file, and looks like somebody who is here (CON-24). */
export async function noticesOfAlike(
  context: ReadContext,
  fresh: readonly SquareContact[],
): Promise<{ row: number; message: string }[]> {
  const found = await findAlike(context, fresh.map(partyOf));
  return fresh.flatMap((contact, index) => {
    const alike = found[index];
    if (!alike) return [];
    const { known, likeness } = alike;
    const message = `Looks like ${known.reference} ${quote(known.full_name)}, who is here already: ${likeness.reasons.join(', ')}. Kept as a customer of its own; if they are one, merge them (contact.merge).`;
    return [{ row: contact.rows[0] ?? 1, message }];
  });
}

function partyOf(contact: SquareContact): Party {
  const { first_name, last_name, company_name, kind } = contact;
  const person = [first_name, last_name].filter(Boolean).join(' ');
  return {
    kind,
    first_name: first_name || null,
    last_name: last_name || null,
    full_name: kind === 'organization' ? company_name : person,
    nickname: contact.nickname ?? null,
    emails: contact.emails.map(({ email }) => email),
    phones: contact.phones.map(({ number }) => number),
    places: contact.addresses,
  };
}
