import type { Context } from '../kernel/pipeline/context.ts';
import { localTime } from '../kernel/words/time.ts';
import { isAtWork } from '../scheduling/presence.ts';

/** Says that a visit begins when nobody works, which may be meant; what has begun already is only written down. */
export async function warnOffHours(context: Context, from: string): Promise<void> {
  if (Date.parse(from) <= context.now.epochMilliseconds || (await isAtWork(context, { from }))) return;
  const when = localTime(from, context.organization.time_zone).slice(0, 20);
  context.warn(`${when} is outside your hours. Move the visit if that is not meant.`);
}
