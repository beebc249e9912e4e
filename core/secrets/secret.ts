import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { didYouMean } from '../kernel/words/did-you-mean.ts';
import { invalid } from '../kernel/words/errors.ts';

export const secretName = z.string().max(60).meta({ description: 'as the list secrets names it' });

/** Throws VALIDATION_ERROR for a secret no domain has use for. */
export function requireKnown({ secrets }: Context, name: string): void {
  if (secrets.known.has(name)) return;
  const names = [...secrets.known.keys()];
  throw invalid('name', 'There is no secret of this name.', {
    valid_options: names,
    did_you_mean: didYouMean(name, names),
  });
}
