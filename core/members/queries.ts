import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { anywhere, listCandidates } from '../kernel/records/candidates.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { memberRecord } from './member.ts';
import { workingHours } from './working-hours.ts';

const idRow = z.object({ id: z.string() });

/** The account of a sign-in address, made when there is none. */
export async function ensureUser(context: ReadContext, newId: string, email: string): Promise<string> {
  const { id } = await context.tx.one(idRow, sql`select ensure_user(${newId}::uuid, ${email}) as id`);
  return id;
}

/** Living owners besides this person. Locks them, so that two owners cannot remove each other at once. */
export async function countOtherOwners(context: ReadContext, id: string): Promise<number> {
  const owners = await pickRows(
    context,
    memberRecord,
    idRow,
    sql`role = 'owner' order by id for no key update`,
  );
  return owners.filter(owner => owner.id !== id).length;
}

/**
 * People by name, first name, e-mail address, or as `listChoices` names them. "owner" is who owns the business, and "me" whoever
 * calls; an agent says it for the owner.
 */
export function listByName(context: ReadContext, text: string): Promise<Candidate[]> {
  const { kind, id } = context.actor;
  const isMe = /^(?:me|myself)$/i.test(text);
  const name = text.replace(/\s*\((?:owner|admin|member|technician)\)$/i, '');
  return listCandidates(context, memberRecord, {
    where: isMe
      ? kind === 'user'
        ? sql`id = ${id}::uuid`
        : sql`role = 'owner'`
      : sql`(
      lower(email) = lower(${name})
      or name ilike ${anywhere(name)}
      or similarity(name, ${name}) > 0.5
      or (role = 'owner' and lower(${name}) in ('owner', 'the owner'))
    )`,
    order: sql`similarity(name, ${name}) desc`,
    told_by: 'email',
  });
}

/** The people of the business with their roles, `Olivia (owner)`, for whoever named somebody else; at most twenty. */
export function listChoices(context: ReadContext): Promise<Candidate[]> {
  return listCandidates(context, memberRecord, {
    where: sql`true`,
    order: sql`is_bookable desc, name`,
    most: 20,
    told_by: 'email',
    label: sql`name || ' (' || role || ')'`,
  });
}

const bookable = z.object({ id: z.string(), name: z.string(), working_hours: workingHours.nullable() });
export type BookableMember = z.infer<typeof bookable>;

/** Everybody visits can be booked on, by name. */
export function listBookable(context: ReadContext): Promise<BookableMember[]> {
  return pickRows(context, memberRecord, bookable, sql`is_bookable order by name, id`);
}

/** The living owner who has been here longest; every business has one. */
export async function findFirstOwner(context: ReadContext): Promise<string> {
  const [first] = await pickRows(
    context,
    memberRecord,
    idRow,
    sql`role = 'owner' order by created_at, id limit 1`,
  );
  if (!first) throw new Error('a business without an owner');
  return first.id;
}
