import { z } from 'zod';
import { DeskhandError, invalid } from '../kernel/words/errors.ts';

/** Reads what a browser answered. Throws VALIDATION_ERROR for anything else. */
export function readAnswer<T>(text: string, shape: z.ZodType<T>, field: string): T {
  const read = shape.safeParse(fromJson(text));
  if (read.success) return read.data;
  throw invalid(field, 'This is no answer of a browser about a passkey.', {
    hint: 'Send the text of JSON.stringify(credential.toJSON()).',
  });
}

const clientData = z.object({ challenge: z.string().min(1).max(200) });

/** The challenge that was signed. Who was asked it and for what, the table knows. */
export const askedOf = (clientDataJson: string, field: string): string =>
  readAnswer(Buffer.from(clientDataJson, 'base64url').toString('utf8'), clientData, field).challenge;

/**
 * Whatever the library finds wrong with an answer (another site, a missing fingerprint, a copied device) is one refusal:
 * its words are for programmers.
 */
export async function requireSound<T>(field: string, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof DeskhandError) throw error;
    throw new DeskhandError('FORBIDDEN', 'The passkey could not be verified; nothing was done.', {
      field,
      hint: 'Try again with the device and on the address on which the passkey was made.',
    });
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
