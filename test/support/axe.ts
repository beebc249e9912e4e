import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const found = z.array(
  z.object({ id: z.string(), help: z.string(), nodes: z.array(z.object({ target: z.array(z.unknown()) })) }),
);

/** The rules that look at colours. */
export const colourRules: readonly string[] = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds wrong with the page as it stands in the browser: one sentence for each rule with the elements that break
 * it; none when all is well. Goes by `rules` alone if they are named, else by all that axe
 * has on. The script comes from outside the page, so its content security policy is in force.
 */
export async function axeViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  const isThere = await page.evaluate(() => 'axe' in globalThis);
  if (!isThere) await load(page);
  const options = {
    resultTypes: ['violations'],
    iframes: false,
    ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}),
  };
  const violations = found.parse(
    await page.evaluate(
      `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target }) => ({ target })) })))`,
    ),
  );
  return violations.map(
    ({ id, help, nodes }) => `${id} (${help}): ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/**
 * What axe finds wrong with a page by day and at night. Night changes colours and nothing else (`web/every-page.test.ts` holds the
 * style sheets to that), so it is asked about colours alone then, of the page that is open.
 */
export async function axeByDayAndNight(page: Page): Promise<string[]> {
  const byDay = await axeViolations(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const atNight = await axeViolations(page, colourRules);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...byDay, ...atNight.map(words => `at night: ${words}`)];
}

/**
 * Through the debugger, which no policy of the page stops. Not through Playwright, which has the page evaluate a text: that is compiled
 * for each page anew, and takes twice as long.
 */
async function load(page: Page): Promise<void> {
  const debug = await page.context().newCDPSession(page);
  await debug.send('Runtime.evaluate', { expression: `${source}; undefined` });
  await debug.detach();
}
