import type { z } from 'zod';
import type { Field, Fields } from './field-shape.ts';
import type { PlainAction } from './record.ts';
import type { Numbering } from './reference.ts';

/** Columns every row has. */
type Own = {
  id: string;
  version: number;
  created_at: string;
  updated_at: string;
};

/** A row of a record with these fields, as the kernel hands it out: parsed once, typed everywhere. */
export type RowOf<F extends Fields, A, N> = Own & {
  -readonly [K in keyof F]: F[K] extends Field<infer Value> ? Value : never;
} & (N extends Numbering ? { reference: string } : unknown) &
  (A extends { delete: PlainAction } ? { deleted_at: string | null } : unknown);

/** The schema of such a row, member by member. */
export type ShapeOf<F extends Fields, A, N> = {
  id: z.ZodString;
  version: z.ZodNumber;
  created_at: z.ZodString;
  updated_at: z.ZodString;
} & { -readonly [K in keyof F]: F[K]['row'] } & (N extends Numbering ? { reference: z.ZodString } : unknown) &
  (A extends { delete: PlainAction } ? { deleted_at: z.ZodNullable<z.ZodString> } : unknown);

/** Members a caller may give at creation. */
export type WritableOf<F extends Fields> = {
  [K in keyof F as F[K]['given'] extends z.ZodType ? K : never]: F[K]['given'] extends z.ZodType
    ? F[K]['given']
    : never;
};
