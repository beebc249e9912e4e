import { beforeAll, expect, test } from 'vitest';
import { usePages } from '../support/pages.ts';
import { crawl, patternOf, routesOf, tellMore } from './whole-site.ts';

// What a page handles, some page shows: nobody can press a button that stands in the code alone.

// Browsers make passkeys at a name, not at a number.
const pages = usePages({}, { host: 'localhost' });

/** Addresses nobody presses a button for, each with its reason. */
const byScript = ['/passkeys/options', '/passkeys/check'];
/** What takes a state the story of this test does not reach; the tests named here press it. */
const elsewhere: Readonly<Record<string, string>> = {
  '/sign-in/business': 'test/security/sign-in.test.ts',
  '/contacts/:ref/emails/write-again': 'test/web/mail-trouble.test.ts',
  '/tickets/:ref/move': 'test/web/move.test.ts',
  '/invoices/:ref/refund': 'test/invoices/pages.test.ts',
  '/invoices/:ref/move-payment': 'test/invoices/pages.test.ts',
  '/close-out/:ref/look-again': 'test/web/close-out-review.test.ts',
  '/close-out/:ref/note': 'test/web/close-out-offline-trouble.test.ts',
  '/absences/remove': 'test/web/absences.test.ts',
  '/imports/run': 'test/web/imports.test.ts',
  '/passkeys/remove': 'test/passkeys/browser.test.ts',
  '/passkeys/requirement': 'test/passkeys/browser.test.ts',
  '/undo': 'test/web/move.test.ts',
};

beforeAll(() => tellMore(pages()));

test('every form that is taken is shown on a page somebody can get to', async () => {
  const shown = new Set<string>();
  for (const name of ['olivia', 'theo', 'tess']) {
    // Signed in twice, so that one can be ended from the other.
    await pages().signIn(`${name}@brightpanes.example`);
    const session = await pages().signIn(`${name}@brightpanes.example`);
    for (const action of await formsFrom('/', session)) shown.add(action);
  }
  for (const path of ['/sign-in', await pages().linkFor('olivia@brightpanes.example')]) {
    for (const action of await formsFrom(path)) shown.add(action);
  }
  const missing = postRoutes().filter(
    path => !byScript.includes(path) && ![...shown].some(action => patternOf(path).test(action)),
  );
  expect(missing).toEqual(Object.keys(elsewhere));
});

/** The addresses of all forms on the pages that links lead to from a first one. */
async function formsFrom(first: string, session?: string): Promise<Set<string>> {
  const actions = new Set<string>();
  for (const { text } of await crawl(pages(), first, session))
    for (const [, action = ''] of text.matchAll(/(?:<form method="post" | form)action="([^"]*)"/g))
      actions.add(action);
  return actions;
}

const postRoutes = () => routesOf(pages(), 'post');
