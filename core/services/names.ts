import type { ReadContext } from '../kernel/pipeline/context.ts';
import { listNames } from './queries.ts';

/** The names of the price list of today and before, at most a thousand: past visits are asked for by what things were called. */
export const serviceNames = (context: ReadContext): Promise<{ id: string; name: string }[]> =>
  listNames(context);
