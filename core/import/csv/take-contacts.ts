import type { Context } from '../../kernel/pipeline/context.ts';
import { enqueueReading } from '../../notes/read-imported.ts';
import { noticesOfAlike } from '../alike.ts';
import type { Source as CameFrom } from '../contact-rows.ts';
import { findKnown } from '../match.ts';
import type { SquareContact } from '../square/contact.ts';
import { contactWriter } from '../write.ts';
import { writeTogether } from './one-by-one.ts';
import { refuser } from './refuse.ts';
import type { Take, Taken } from './report.ts';
import type { Sheet } from './sheet.ts';

/** Takes customers: those who are here already stay as they are, the others come with addresses, notes and companies. */
export async function takeContacts(
  context: Context,
  sheet: Sheet,
  contacts: readonly SquareContact[],
  { batch_id, dry_run, is_part }: Take,
): Promise<Taken> {
  const refuse = refuser(sheet);
  const known = await findKnown(context, contacts);
  const fresh = contacts.filter((_, index) => !known.has(index));
  // A long list is compared with those who are here; within a part of a file of a million rows nobody reads that.
  if (fresh.length <= 5000 && !is_part) sheet.notices.push(...(await noticesOfAlike(context, fresh)));
  let written = fresh;
  if (batch_id !== null && !dry_run) {
    const make = await contactWriter(context, fresh, batch_id, cameFrom(sheet));
    written = await writeTogether(
      context,
      fresh,
      async some => (await make(some)).write,
      (contact, reason) => {
        for (const row of contact.rows) refuse(row, nameOf(contact), reason);
      },
    );
  }
  if (batch_id !== null && written.some(({ memos }) => memos.some(memo => memo !== ''))) {
    await enqueueReading(context, batch_id);
  }
  const sum = (of: (contact: SquareContact) => number) =>
    written.reduce((all, contact) => all + of(contact), 0);
  return {
    taken_rows: sum(({ rows }) => rows.length),
    created: written.length,
    known: [...known].map(([index, contact]) => ({
      rows: contacts[index]?.rows ?? [],
      name: contact.full_name,
      record: contact.reference,
    })),
    imported: [],
    addresses: sum(({ addresses }) => addresses.length),
    notes: sum(({ memos }) => memos.filter(memo => memo !== '').length),
  };
}

const cameFrom = ({ source }: Sheet): CameFrom => source?.came_from ?? 'import_csv';

const nameOf = ({ first_name, last_name, company_name }: SquareContact) =>
  [first_name, last_name].filter(Boolean).join(' ') || company_name;
