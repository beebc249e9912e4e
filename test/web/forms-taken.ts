import type { Pages } from '../support/pages.ts';
import { type Crawled, patternOf, routesOf } from './whole-site.ts';

/** Addresses nobody presses a button for, each with its reason. */
const byScript = ['/passkeys/options', '/passkeys/check'];
/** What takes a state the story of these tests does not reach; the tests named here press it. */
export const elsewhere: Readonly<Record<string, string>> = {
  '/sign-in/business': 'test/security/sign-in.test.ts',
  '/records/companies/:ref/statement': 'test/web/statement.test.ts',
  '/contacts/:ref/emails/write-again': 'test/web/mail-trouble.test.ts',
  '/tickets/:ref/move': 'test/web/move.test.ts',
  '/invoices/remind': 'test/invoices/reminder-steps.test.ts',
  '/invoices/:ref/refund': 'test/invoices/pages.test.ts',
  '/invoices/:ref/stripe-refund': 'test/checkout/refund-page.test.ts',
  '/invoices/:ref/move-payment': 'test/invoices/pages.test.ts',
  '/close-out/:ref/look-again': 'test/web/close-out-review.test.ts',
  '/close-out/:ref/note': 'test/web/close-out-offline-trouble.test.ts',
  '/settings/logo/remove': 'test/web/logo.test.ts',
  '/absences/remove': 'test/web/absences.test.ts',
  '/exports/delete': 'test/web/exports.test.ts',
  '/exports/delete/keep': 'test/exports/deletion.test.ts',
  '/imports/run': 'test/web/imports.test.ts',
  '/passkeys/remove': 'test/passkeys/browser.test.ts',
  '/passkeys/requirement': 'test/passkeys/browser.test.ts',
  '/undo': 'test/web/move.test.ts',
};

/** The routes that take a form which none of these pages shows. */
export function neverShown(pages: Pages, crawled: readonly Crawled[]): string[] {
  const shown = new Set(crawled.flatMap(({ text }) => formsOn(text)));
  return routesOf(pages, 'post').filter(
    path => !byScript.includes(path) && ![...shown].some(action => patternOf(path).test(action)),
  );
}

/** The addresses the forms of a page are sent to. */
const formsOn = (text: string): string[] =>
  [...text.matchAll(/(?:<form method="post" | form)action="([^"]*)"/g)].map(([, action = '']) => action);
