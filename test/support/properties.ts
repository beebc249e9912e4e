import fc from 'fast-check';

const seed = process.env.PROPERTY_SEED ?? '20261118';
const times = Number(process.env.PROPERTY_TIMES ?? 1);

/**
 * Property tests try the same examples every time, so that a red run is about the change it is red for. Others are looked
 * for on purpose: `PROPERTY_SEED=random PROPERTY_TIMES=10 npx vitest run test/contacts/unmerge.test.ts`.
 */
fc.configureGlobal(seed === 'random' ? {} : { seed: Number(seed) });

/** How many examples a property tries: `count`, or as many times more as PROPERTY_TIMES says. */
export const examples = (count: number): number => count * times;

export { fc };
