import type { RegisteredView } from './registry.ts';

/** Filters that take what people say: names of what they point to, else plain words. The first is meant most. */
export function wordFilters({ paramsSchema }: RegisteredView): string[] {
  const filters = Object.entries(paramsSchema.properties ?? {});
  const pointing = filters.filter(([, { ref }]) => typeof ref === 'string');
  const plain = filters.filter(
    ([, { type, enum: listed, pattern }]) => type === 'string' && !listed && !pattern,
  );
  return (pointing.length > 0 ? pointing : plain).map(([name]) => name);
}
