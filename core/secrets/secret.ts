import { z } from 'zod';
import type { SecretSpec } from '../kernel/outside/seal.ts';
import type { Context } from '../kernel/pipeline/context.ts';
import { didYouMean } from '../kernel/words/did-you-mean.ts';
import { invalid } from '../kernel/words/errors.ts';

export const secretName = z.string().max(60).meta({ description: 'as the list secrets names it' });

/** Throws VALIDATION_ERROR for a secret no domain has use for. */
export function requireKnown({ secrets }: Context, name: string): SecretSpec {
  const spec = secrets.known.get(name);
  if (spec) return spec;
  const names = [...secrets.known.keys()];
  throw invalid('name', 'There is no secret of this name.', {
    valid_options: names,
    did_you_mean: didYouMean(name, names),
  });
}

/** Throws VALIDATION_ERROR for what the service does not write so; the value itself is not said again. */
export function requireShape({ summary, shape }: SecretSpec, value: string): void {
  if (!shape || shape.test(value)) return;
  throw invalid('value', 'This is not how the service writes it.', { hint: `Wanted is: ${summary}` });
}
