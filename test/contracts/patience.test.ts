import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../core/kernel/database/package-root.ts';

// A machine whose processors others want as well takes many times as long: no test may fail for that.

const folder = path.join(packageRoot, 'test');
const least_ms = 20_000;
/** What measures and what is asked of models is no test. */
const measures = /^(bench|evaluate)\//;
/** Says what a test that failed shows; by then it has failed. */
const toldAfterwards = ['support/browser.ts: timeout: 2000'];

const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts') && !measures.test(name))
  .map(name => ({ name, text: readFileSync(path.join(folder, name), 'utf8') }));

const shortWaits = (text: string): string[] =>
  [...text.matchAll(/\b(?:timeout|testTimeout|hookTimeout): ([\d_]+)/g)]
    .filter(([, milliseconds = '']) => Number(milliseconds.replaceAll('_', '')) < least_ms)
    .map(([wait]) => wait);

/** That a piece of work took less than so long, said of the clock on the wall. */
const races = (text: string): string[] =>
  text.match(/(?:performance|Date)\.now\(\) - \w+\)\.toBeLessThan\w*\(/g) ?? [];

test('what is waited for has twenty seconds at least', () => {
  expect(shortWaits('{ timeout: 3_000, interval: 20 }, { timeout: 25_000 }')).toEqual(['timeout: 3_000']);
  const short = files.flatMap(({ name, text }) => shortWaits(text).map(wait => `${name}: ${wait}`));
  expect(
    short.filter(wait => !toldAfterwards.includes(wait) && !wait.startsWith('contracts/patience')),
  ).toEqual([]);
});

test('nothing has to be done by a time on the clock: npm run bench measures, security/growth.ts compares', () => {
  expect(races('expect(performance.now() - started).toBeLessThan(1000)')).toHaveLength(1);
  const raced = files.filter(({ text }) => races(text).length > 0).map(({ name }) => name);
  expect(raced).toEqual(['contracts/patience.test.ts']);
});
