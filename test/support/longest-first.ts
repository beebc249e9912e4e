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
  /\/test\/(contracts\/(fuzz|isolation)|search\/recall|security\/(load|phone)|web\/every-page)\.test\.ts$/,
];

/** Long files first, so that no worker is left with one when the others have finished. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = long.findIndex(place => place.test(moduleId));
  return at === -1 ? long.length : at;
}
