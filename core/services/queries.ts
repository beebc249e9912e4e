import { z } from 'zod';
import { sql } from '../kernel/database/sql.ts';
import type { ReadContext } from '../kernel/pipeline/context.ts';
import { anywhere, listCandidates } from '../kernel/records/candidates.ts';
import type { Candidate } from '../kernel/records/record.ts';
import { pickRows } from '../kernel/records/record-queries.ts';
import { serviceRecord } from './service.ts';

/**
 * Services whose name holds what somebody wrote, or something like each of its words ("int/ext windows", "screen
 * claening"), best first. One common word is not enough: "Roof Cleaning" must not book the gutters.
 */
export function listByName(context: ReadContext, text: string): Promise<Candidate[]> {
  return listCandidates(context, serviceRecord, {
    where: sql`(
      name ilike ${anywhere(text)}
      or (
        select bool_and(word_similarity(word, name) > 0.35)
        from regexp_split_to_table(lower(${text}), '[^[:alnum:]]+') as word
        where length(word) > 2
      )
      or word_similarity(name, ${text}) > 0.7
    )`,
    order: sql`similarity(name, ${text}) desc`,
  });
}

/** The catalog, for whoever named something that is not in it; at most twenty. */
export function listChoices(context: ReadContext): Promise<Candidate[]> {
  return listCandidates(context, serviceRecord, { where: sql`is_active`, order: sql`name`, most: 20 });
}

export async function countLines(context: ReadContext, serviceId: string): Promise<number> {
  const { count } = await context.tx.one(
    z.object({ count: z.number() }),
    sql`
    select count(*) as count
    from ticket_lines
    where organization_id = ${context.organization.id}::uuid
      and service_id = ${serviceId}::uuid`,
  );
  return count;
}

const named = z.object({ id: z.string(), name: z.string() });

export const listNames = (context: ReadContext) =>
  pickRows(context, { from: 'services', soft_deletes: false }, named, sql`true order by id limit 1000`);
