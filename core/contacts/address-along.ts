import { z } from 'zod';
import { findAddress } from '../extraction/rules/address.ts';
import type { Also } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { line } from '../kernel/words/text-schemas.ts';

const made = z.object({ id: z.string() });
const given = z.object({ address: z.string() });

/** The address of a new customer, as somebody says it; it is made by `address.create`. */
export const addressAlong: Also & { input: z.ZodType } = {
  input: line.meta({ description: 'where they are served: 123 Main Street, Madison AL 35758' }),
  uses: ['address.create'],
  async run(context, { input, answer }) {
    const { id: contact_id } = made.parse(answer);
    const address = readAddress(given.parse(input).address);
    return { address: await context.call('address.create', { contact_id, ...address }) };
  },
};

/** Street, city, state and postal code of an address on one line. Throws VALIDATION_ERROR where no street is in it. */
export function readAddress(text: string) {
  const { line1, ...rest } = findAddress(text);
  if (line1 !== undefined) return { line1, ...rest };
  throw invalid('address', 'No street was found in this.', {
    got: text,
    hint: 'Write it as 123 Main Street, Madison AL 35758, or leave it out and use address.create.',
  });
}
