import { z } from 'zod';
import { extractors, type LeadFields, leadFields } from '../extraction/record.ts';
import { type Method, type UnderstandingTools, understandLead } from '../extraction/understand.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import type { Row } from '../kernel/records/record.ts';
import { DeskhandError } from '../kernel/words/errors.ts';
import { readPhone } from '../kernel/words/phone.ts';
import { redact } from '../kernel/words/redaction.ts';
import { emailAddress } from '../kernel/words/text-schemas.ts';
import { firstLine } from './columns.ts';
import type { Lead } from './record.ts';

export const understoodLead = z.object({
  by: z.enum(extractors),
  model: z.string().optional(),
  fields: leadFields,
  remark: z.string().optional(),
});

/** What a `prepare` step brings for `lead.create` and `lead.extract`: what was understood, and of which text. */
const preparedLead = z.object({ understood: understoodLead, text: z.string() });
export type PreparedLead = z.infer<typeof preparedLead>;

/** Reads a text as an inquiry, outside any transaction. The text is compared without what is redacted later. */
export async function prepareLead(
  tools: UnderstandingTools,
  text: string,
  method?: Method,
): Promise<{ understood: z.input<typeof understoodLead>; text: string }> {
  const { text: clean } = redact(text);
  return { understood: await understandLead(tools, clean, method), text: clean };
}

/** What was prepared; undefined when nothing was. */
export function readPrepared(prepared: unknown): PreparedLead | undefined {
  return prepared === undefined ? undefined : preparedLead.parse(prepared);
}

/** Members an extraction may fill, which are the columns of the same names. */
export const extractedMembers = leadFields.keyof().options;

/** What a text is read from: what was said, else what was described. */
export const textOf = (lead: {
  raw_notes?: string | null | undefined;
  description?: string | null | undefined;
}): string | undefined => lead.raw_notes ?? lead.description ?? undefined;

/**
 * Proposed fields as columns: a number in E.164, an address in small letters. What cannot be read as either is named in
 * `unreadable` and stays among what was proposed.
 */
export function proposedColumns(
  context: Context,
  fields: LeadFields,
): { columns: Row; unreadable: string[] } {
  const { email, phone, ...plain } = fields;
  const unreadable: string[] = [];
  const columns: Row = { ...plain };
  if (email !== undefined) {
    const read = emailAddress.safeParse(email);
    if (read.success) columns.email = read.data;
    else unreadable.push('email');
  }
  if (phone !== undefined) {
    const read = tryPhone(phone, context.organization.country);
    if (read === undefined) unreadable.push('phone');
    else columns.phone = read;
  }
  return { columns, unreadable };
}

/** Says which of the proposed ways to reach somebody could not be read. */
export function warnOfUnreadable(context: Context, unreadable: readonly string[]): void {
  for (const field of unreadable) {
    const what = field === 'email' ? 'e-mail address' : 'telephone number';
    context.warn(
      `The ${what} could not be read and is kept as proposed only; correct it with lead.confirm_extraction.`,
    );
  }
}

/** The number in E.164; undefined for what is none. */
export function tryPhone(text: string, country: string): string | undefined {
  try {
    return readPhone(text, country, 'phone');
  } catch (error) {
    if (error instanceof DeskhandError) return undefined;
    throw error;
  }
}

/** Those proposed columns that may be written: where nothing stands, or what an extraction before has put there. */
export function fillable(context: Context, lead: Lead, columns: Row): Row {
  const earlier = leadFields.safeParse(lead.extraction);
  const before = earlier.success ? proposedColumns(context, earlier.data).columns : {};
  return Object.fromEntries(
    Object.entries(columns).filter(([name]) => {
      const value: unknown = Reflect.get(lead, name);
      return isEmpty(name, value, lead) || JSON.stringify(value) === JSON.stringify(before[name]);
    }),
  );
}

function isEmpty(name: string, value: unknown, lead: Lead): boolean {
  if (value === null || (Array.isArray(value) && value.length === 0)) return true;
  // A title made of the first words, and a source nobody has named, are only stand-ins.
  if (name === 'title') return value === firstLine(textOf(lead));
  return name === 'source' && value === 'other';
}
