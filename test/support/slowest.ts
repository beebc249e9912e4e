import type { Reporter, TestModule } from 'vitest/node';

const most = 15;

/** Prints which files took longest, after a run of many: what to look at when the suite becomes slow (test/README.md). */
export default class Slowest implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    if (modules.length <= most) return;
    const files = modules
      .map(module => ({ name: module.relativeModuleId, seconds: module.diagnostic().duration / 1000 }))
      .sort((a, b) => b.seconds - a.seconds);
    const lines = files
      .slice(0, most)
      .map(({ name, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${name}\n`);
    const all = files.reduce((sum, { seconds }) => sum + seconds, 0);
    process.stdout.write(
      `\n The slowest of ${files.length} files (${all.toFixed(0)} s in all)\n${lines.join('')}\n`,
    );
  }
}
