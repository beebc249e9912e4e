import type { Context } from '../kernel/pipeline/context.ts';
import { chooseAmong } from '../lines/pick-line.ts';
import { listLines } from './queries.ts';
import type { Line } from './record.ts';

/** The line of a visit that is meant; without a word the only one. Throws VALIDATION_ERROR and NOT_FOUND with those there are. */
export const chooseLine = async (
  context: Context,
  ticketId: string,
  key: string | undefined,
): Promise<Line> => chooseAmong(await listLines(context, [ticketId]), key, 'visit');
