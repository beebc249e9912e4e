import { z } from 'zod';

/** One line of text without control characters: names, labels. At most 200 characters. */
export const line = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine(text => !hasControlCharacters(text), 'has characters that cannot be shown');

/** Marks a text as a telephone number, in which nothing looks like a social security number. */
export const asPhone = { text_kind: 'phone' };

/** Marks a text as a machine's own words, which nobody writes and which mean something only as they are: a digest, a file. */
export const asCode = { text_kind: 'code' };

/** What tells one thing from every other like it: a SHA-256 in hexadecimal digits, of which one in a thousand holds a card's number. */
export const digestText = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta(asCode);

/** The id by which another service knows a thing. It is random letters and digits, and now and then these look like a number. */
export const externalId = z.string().min(1).max(200).meta(asCode);

/** Free text of people: notes, reasons. At most 20,000 characters; card and social security numbers are taken out. */
export const freeText = z.string().trim().min(1).max(20_000);

/** An e-mail address, lower-cased. Letters beyond ASCII are allowed: `tomás@example.com` exists (RFC 6531). */
export const emailAddress = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email({ pattern: z.regexes.unicodeEmail }).max(254));

export const tagList = z.array(z.string().trim().min(1).max(50)).max(50);

/** Fields a business adds for itself: short names, values of any plain type, null to take one out. At most 100. */
export const customFieldValues = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
    z.union([z.string().max(2000), z.number(), z.boolean(), z.null()]),
  )
  .refine(fields => Object.keys(fields).length <= 100, 'at most 100 custom fields');

/** Columns every organization-owned row has; part of every row schema. */
export const rowFacts = {
  version: z.number(),
  created_at: z.string(),
  updated_at: z.string(),
} as const;

function hasControlCharacters(text: string): boolean {
  return [...text].some(character => {
    const code = character.codePointAt(0) ?? 0;
    return (
      code < 32 ||
      (code >= 127 && code < 160) ||
      (code >= 0x202a && code <= 0x202e) ||
      (code >= 0x2066 && code <= 0x2069)
    );
  });
}
