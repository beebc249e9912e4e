import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Where the long files are: those that start programs or a browser and wait for them, and a few that ask very much.
 * Vitest knows how long a file took only where it ran before, and goes by its size on a fresh clone.
 */
const long = [
  /\/test\/races\//,
  /\/test\/installation\//,
  /\/test\/web\/.*(offline|browser)/,
  /\/test\/agent\//,
  /\/test\/(contracts\/(fuzz|isolation)|search\/recall|security\/(load|phone)|web\/legible)\.test\.ts$/,
];

/** A browser that replaces a service worker under a full machine sometimes starts the old one again: it comes among short files. */
const quiet = /\/close-out-offline-worker\.test\.ts$/;
/** How many of them follow it: about as much work as it is, for the other worker. */
const after = 40;

/** Long files first, so that no worker is left with one when the others have finished. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
    const late = sorted.filter(({ moduleId }) => quiet.test(moduleId));
    const others = sorted.filter(file => !late.includes(file));
    return [...others.slice(0, -after), ...late, ...others.slice(-after)];
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = long.findIndex(place => place.test(moduleId));
  return at === -1 ? long.length : at;
}
