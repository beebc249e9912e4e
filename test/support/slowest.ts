import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

const most = 15;

/**
 * Prints which tests needed a second try, and, after a run of many files, which took longest: what to look at when the
 * suite becomes slow or lucky (test/README.md). Where `FAILED_TESTS` names a file, it holds the files that failed, a line
 * each: `.ci/run` gives them a second try.
 */
export default class Slowest implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const lines = [...retried(modules), ...slowest(modules)];
    const { FAILED_TESTS: list } = process.env;
    if (list) writeFileSync(list, failed(modules).join(''));
    if (lines.length > 0) process.stdout.write(`\n${lines.join('\n')}\n\n`);
  }
}

const failed = (modules: readonly TestModule[]): string[] =>
  modules.filter(module => !module.ok()).map(module => `${module.relativeModuleId}\n`);

function retried(modules: readonly TestModule[]): string[] {
  const tests = modules.flatMap(module =>
    [...module.children.allTests()]
      .filter(test => (test.diagnostic()?.retryCount ?? 0) > 0)
      .map(test => `  ${test.result().state.padStart(9)}  ${module.relativeModuleId} > ${test.fullName}`),
  );
  return tests.length > 0 ? [` ${tests.length} needed a second try: find out why`, ...tests] : [];
}

function slowest(modules: readonly TestModule[]): string[] {
  if (modules.length <= most) return [];
  const files = modules
    .map(module => ({ name: module.relativeModuleId, seconds: module.diagnostic().duration / 1000 }))
    .sort((a, b) => b.seconds - a.seconds);
  const all = files.reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    ` The slowest of ${files.length} files (${all.toFixed(0)} s in all)`,
    ...files.slice(0, most).map(({ name, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${name}`),
  ];
}
