import { type Made, make } from './agent.ts';
import type { OfficeRequest } from './requests/request.ts';
import type { Morning } from './world.ts';

/** Does a request the shortest way; answers the calls that were made. */
export async function doBest({ client }: Morning, { best }: OfficeRequest): Promise<Made[]> {
  const made: Made[] = [];
  for (const step of best) {
    const { tool, args } = typeof step === 'function' ? step(made.map(({ facts }) => facts)) : step;
    made.push(await make(client, tool, args));
  }
  return made;
}
