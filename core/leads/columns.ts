import { compareNames, findKnown, type KnownContact, sharedWords } from '../contacts/match.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { Row } from '../kernel/records/record.ts';
import { invalid } from '../kernel/words/errors.ts';
import { quote } from '../kernel/words/quote.ts';
import { firstOwner } from '../members/first-owner.ts';
import type { Lead } from './record.ts';

/** What a caller sent as columns of a lead: its customer found, an owner for a new one. */
export async function readLead(
  context: Context,
  input: Partial<Lead>,
  before: Lead | undefined,
): Promise<Partial<Lead>> {
  const columns = { ...input, ...(await matchCustomer(context, input, before)) };
  if (before) return columns;
  return { ...columns, owner_user_id: input.owner_user_id ?? (await ownerOf(context)) };
}

/**
 * The customer whose e-mail address or number this is (LED-16, LED-18). Several are none: the caller is told who they
 * are. Nobody is one who only shares a number and is called otherwise: a family, or a landlord. Nothing is matched over what
 * somebody chose.
 */
async function matchCustomer(
  context: Context,
  columns: Partial<Lead>,
  before: Lead | undefined,
): Promise<Partial<Lead>> {
  if ('contact_id' in columns || before?.contact_id) return {};
  if (columns.email === undefined && columns.phone === undefined) return {};
  const now = { email: null, phone: null, ...before, ...columns };
  const known = await findKnown(context, { email: now.email, phone: now.phone });
  const [only, ...others] = known;
  if (!only) return {};
  if (others.length > 0) {
    const names = known.slice(0, 5).map(({ reference, label }) => `${reference} ${quote(label)}`);
    context.warn(
      `Several customers have this e-mail address or number: ${names.join(', ')}. Choose with lead.update and contact_id.`,
    );
    return {};
  }
  if (isSomebodyElse(now, only)) {
    context.warn(
      `${only.reference} ${quote(only.label)} has the ${sharedWords(only)} and another name; if it is the same customer, lead.update with contact_id says so.`,
    );
    return {};
  }
  const company = columns.company_id ?? before?.company_id ?? only.company_id;
  return { contact_id: only.id, ...(company === null ? {} : { company_id: company }) };
}

const isSomebodyElse = ({ full_name, email }: Partial<Lead>, known: KnownContact): boolean =>
  typeof full_name === 'string' &&
  !known.keys.includes(`email:${email}`) &&
  compareNames(full_name, known.label) === 'other';

const ownerOf = async (context: Context): Promise<string> =>
  context.actor.kind === 'user' && context.actor.id !== null ? context.actor.id : firstOwner(context);

/** A title from what is known: what is wanted, the beginning of the notes, or who it is. Throws VALIDATION_ERROR. */
export function titleFor(row: Row): string {
  const { service_interest, raw_notes, description, full_name, company_name, email, phone } = row;
  const first = firstLine(service_interest ?? raw_notes ?? description);
  if (first !== undefined) return first;
  const who = [full_name, company_name, email, phone].find(value => typeof value === 'string');
  if (who !== undefined) return `Inquiry of ${String(who)}`.slice(0, 200);
  throw invalid('raw_notes', 'There is nothing of an inquiry in this.', {
    hint: 'Give raw_notes, or at least a name, an e-mail address or a telephone number.',
  });
}

const longestTitle = 60;

/** The beginning of a text as one short line; undefined when there is nothing to be seen in it. */
export function firstLine(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const plain = text
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (plain === '') return undefined;
  if (plain.length <= longestTitle) return plain;
  const cut = plain.slice(0, longestTitle).replace(/[\ud800-\udbff]$/, '');
  return `${cut.replace(/\s+\S*$/, '')}…`;
}
