import { z } from 'zod';
import { paperSizes } from '../paper/size.ts';

const named = z.object({ label: z.string(), value: z.string() });

/** A statement as it stands on paper: every word and amount of it. */
export const statementPaper = z.object({
  /** Of who pays. */
  reference: z.string(),
  size: z.enum(paperSizes),
  business: z.object({ name: z.string(), lines: z.array(z.string()) }),
  /** The id of the logo on it; its picture never changes. */
  logo: z.string().nullable().default(null),
  customer: z.object({ name: z.string(), lines: z.array(z.string()) }),
  facts: z.array(named),
  /** What was owed before the first line. */
  opening: named,
  lines: z.array(z.object({ day: z.string(), what: z.string(), amount: z.string(), balance: z.string() })),
  sums: z.array(named),
  /** What is to be paid or to be given back; null when it is neither. */
  due: named.nullable(),
  aging: z.array(named),
  how_to_pay: z.string().nullable(),
  footer: z.string().nullable(),
  /** The last day it tells of: the only time in the file. */
  dated: z.string(),
});
export type StatementPaper = z.infer<typeof statementPaper>;

/** `Statement-C-1001-2026-11-18.pdf` */
export const statementFileName = ({ reference, dated }: StatementPaper): string =>
  `Statement-${reference}-${dated}.pdf`;

/** The statement as a PDF, with the picture of its logo. What draws is loaded by the first one. */
export async function writeStatement(paper: StatementPaper, logo?: Buffer): Promise<Buffer> {
  const { drawStatement } = await import('./draw.ts');
  return drawStatement(paper, logo);
}
