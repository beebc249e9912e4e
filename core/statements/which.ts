import { z } from 'zod';
import type { Which } from './told.ts';

const which = z.object({ from: z.string(), to: z.string(), currency: z.string() });

/** Which statement a message brings; undefined for one that brings none. */
export function statementOf({
  contact_id,
  company_id = null,
  statement,
}: {
  contact_id: string | null;
  /** The company that pays, where one does. */
  company_id?: string | null | undefined;
  statement?: Readonly<Record<string, string>> | undefined;
}): Which | undefined {
  const { data } = which.safeParse(statement);
  if (company_id !== null) return data && { company_id, ...data };
  return contact_id === null ? undefined : data && { contact_id, ...data };
}
