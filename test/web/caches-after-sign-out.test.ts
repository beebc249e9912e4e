import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { goTo, keptIn, pass, usePhone } from './close-out-phone.ts';

// A phone is handed on, or found: whoever has it after the first one reads nothing of what they read (issue: the web side).

const { line, pages, openPhone, today, open, signInBy } = usePhone();

/** What Theo reads about Jane's visit, none of which anybody else is to read here. */
const words = ['Jane Smith', '555-0142', '123 Main Street', '4411'];

/** Theo reads his day, a visit, and the first step of its close-out; answers the visit. */
async function readAsTheo(page: Page): Promise<string> {
  const { done, bright } = pages();
  await done(bright.owner, 'attribute.set', { contact_id: 'C-1001', key: 'gate_code', value: '4411' });
  const reference = await today();
  for (const path of ['/', '/calendar', '/close-out', `/tickets/${reference}`, `/close-out/${reference}`]) {
    await page.goto(line().url + path);
  }
  await expect.poll(() => keptIn(page)).toContain('Jane Smith');
  return reference;
}

/** What the browser itself kept of pages, as far as a script of ours can ask for it. */
async function keptByTheBrowser(page: Page, paths: readonly string[]): Promise<string> {
  const text = await page.evaluate(`Promise.all(${JSON.stringify(paths)}.map(path =>
    fetch(path, { cache: 'only-if-cached', mode: 'same-origin' }).then(answer => answer.text(), () => ''),
  )).then(texts => texts.join(''))`);
  return z.string().parse(text);
}

const readable = async (page: Page, reference: string): Promise<string[]> => {
  const paths = ['/', '/calendar', '/close-out', `/tickets/${reference}`, `/close-out/${reference}`];
  const kept = (await keptIn(page)) + (await keptByTheBrowser(page, paths));
  return [...words, reference].filter(word => kept.includes(word));
};

/** Without signal a phone has nothing but what it kept: whoever holds it opens the pages of the first one. */
async function shownWithoutSignal(page: Page, reference: string): Promise<string> {
  line().cut();
  let shown = '';
  for (const path of ['/', '/close-out', `/tickets/${reference}`, `/close-out/${reference}`]) {
    await page.goto(line().url + path);
    shown += await page.locator('body').innerText();
  }
  line().mend();
  return shown;
}

test('after signing out nothing of what a technician read can be read from the phone', async () => {
  const { page } = await openPhone();
  const reference = await readAsTheo(page);
  // Read so, everything is found while he is signed in.
  expect(await readable(page, reference)).toEqual([...words, reference]);
  expect(await shownWithoutSignal(page, reference)).toContain('Jane Smith');

  await page.goto(line().url);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByText('You are signed out.').waitFor();
  await expect.poll(() => readable(page, reference)).toEqual([]);
  // Back, to what stood there before.
  await page.goBack();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  const shown = await shownWithoutSignal(page, reference);
  expect(words.filter(word => shown.includes(word))).toEqual([]);
});

test('what he had entered and not sent yet stays, and nobody can read it', async () => {
  const { page } = await openPhone();
  const reference = await readAsTheo(page);
  line().cut();
  await open(page, reference);
  await pass(page, 'work');
  await goTo(page, line().url);
  expect(await keptIn(page)).toContain('Window Cleaning');
  line().mend();
  await pages().database.owner.query('delete from sessions');
  await goTo(page, `${line().url}/tickets/${reference}`);
  await page.getByText('not sent yet is kept').waitFor();
  // The page says so a moment before it is locked up.
  await expect.poll(() => readable(page, reference)).toEqual([]);
  expect(await keptIn(page)).not.toContain('Window Cleaning');
});

test('when somebody else signs in on the phone they read nothing of his, with signal and without', async () => {
  const { page } = await openPhone();
  const reference = await readAsTheo(page);
  await page.goto(line().url);
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByText('You are signed out.').waitFor();
  await signInBy(page, 'tess');
  await page.goto(`${line().url}/close-out`);
  await page.getByText('You have no open visits today.').waitFor();
  // Her own pages are kept by now, and nothing of his.
  await expect.poll(() => keptIn(page)).toContain('You have no open visits today.');
  expect(await readable(page, reference)).toEqual([]);
  const shown = await shownWithoutSignal(page, reference);
  expect(shown).toContain('You have no open visits today.');
  expect(words.filter(word => shown.includes(word))).toEqual([]);
});

test('nor when his session ends without a word, and the next one opens a page first', async () => {
  const { page, context } = await openPhone();
  const reference = await readAsTheo(page);
  await context.clearCookies();
  const session = await pages().signIn('tess@brightpanes.example');
  await context.addCookies([{ name: 'deskhand_session', value: session, url: line().url }]);
  await page.goto(line().url);
  await expect.poll(() => readable(page, reference)).toEqual([]);
});
