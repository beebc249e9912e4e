import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where the long files are: those that start programs or a browser and wait for them. */
const long = [
  /\/test\/races\//,
  /\/test\/installation\//,
  /\/test\/web\/.*(offline|browser)/,
  /\/test\/agent\//,
];

/** A browser that replaces a service worker under a full machine sometimes starts the old one again: it comes last, among short files. */
const quiet = /\/close-out-offline-worker\.test\.ts$/;

/**
 * Long files first, so that no worker is left with one when the others have finished. Vitest knows how long a file took
 * only where it ran before, and goes by its size on a fresh clone.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  if (quiet.test(moduleId)) return long.length + 1;
  const at = long.findIndex(place => place.test(moduleId));
  return at === -1 ? long.length : at;
}
