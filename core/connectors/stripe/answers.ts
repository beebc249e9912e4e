import { z } from 'zod';

/** A moment as Stripe writes it, as ISO 8601 in UTC. */
export const seconds = z.number().transform(value => new Date(value * 1000).toISOString());

/** The id of an object, whether it comes whole or is only named. */
export const pointer = z
  .union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)])
  .nullable()
  .catch(null);

/** A code, and no sentence of a bank. */
export const readable = (code: string | null | undefined): string | null =>
  code && /^\w{1,60}$/.test(code) ? code : null;
