import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Puzzle, puzzleFields } from '../../core/kernel/outside/puzzles.ts';
import {
  codeOf,
  linkMinutes,
  peekLink,
  redeemLink,
  type Shown,
  sendSignInLink,
} from '../../core/sign-in/sign-in.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { localPath } from '../session.ts';
import { type Page, type Site, textOf } from '../site.ts';

/** Nobody is signed in: whatever a phone still keeps of customers goes. */
const scripts = ['forget.js'];

/** The form that asks for the address (TEN-09, TEN-10: there is no password). */
export function askPage(site: Site, facts: { next: string; email?: string; problem?: string }): Page {
  const { next, email = '', problem } = facts;
  return {
    title: 'Sign in',
    scripts,
    status: problem === undefined ? 200 : 400,
    body: html`<h1>Sign in</h1>
<p class="said" id="kept" role="status" hidden>What was entered on this phone and not sent yet is kept, for whoever entered it alone; it is sent when they are signed in again.</p>
<p>There is no password: you get a link by e-mail that signs you in.</p>
<form method="post" action="/sign-in" class="card narrow">
  <input type="hidden" name="next" value="${asTyped(next)}">
  <label for="email">E-mail address</label>
  <input id="email" name="email" type="email" inputmode="email" autocomplete="email" required maxlength="254" autofocus
    value="${asTyped(email)}"${problem !== undefined && html` aria-invalid="true" aria-describedby="problem"`}>
  ${problem !== undefined && html`<p class="problem" id="problem">${problem}</p>`}
  <button>Send me a link</button>
</form>
${site.demo && html`<p class="hint">This is a demo business. Its owner signs in as <b>olivia@brightpanes.example</b>.</p>`}`,
  };
}

export const readNext = (fields: unknown): string => localPath(textOf(fields, 'next')) ?? '';

const address = z.string().trim().toLowerCase().pipe(z.email().max(254));

/** The address a form asks a link for, lower-cased; undefined when it is none. */
export const readAddress = (fields: unknown): string | undefined =>
  address.safeParse(textOf(fields, 'email')).data;

// Queueing a mail takes a few milliseconds longer than finding nobody; answering only after this long hides it.
const sameTime = 150;

/** Queues the mail. Answers the same page, equally late, whether or not anybody has this address (security.md). */
export async function sendLink(site: Site, email: string, asker: string): Promise<Page> {
  await Promise.all([sendSignInLink(site.db, email, site.baseUrl, asker), pause(sameTime)]);
  return {
    title: 'Look into your mail',
    scripts,
    body: html`<h1>Look into your mail</h1>
<p class="lead">If <b><bdi>${email}</bdi></b> belongs to somebody who works here, a link to sign in is on its way.</p>
<p>It works once, for ${linkMinutes} minutes. Nothing came? Look into the spam folder, or <a href="/sign-in">ask again</a>: only the newest link works.</p>
<p>Do you open it on another device, or in another browser? There it asks for this code: <b class="code">${spaced(codeOf(asker))}</b>. Give it to nobody.</p>
${mailFolder(site)}`,
  };
}

/** Mail is written into a folder until a mail service is set up, which whoever waits for a mail must know. */
function mailFolder({ baseUrl, dataDir }: Site): Markup {
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(baseUrl).hostname);
  const folder = isHere ? path.join(dataDir, 'outbox') : 'outbox';
  return html`<p class="hint">No mail service is set up here, so mails are written as files into the folder
<code>${folder}</code>${!isHere && html` of the server’s data folder`}. The newest one has your link.</p>`;
}

/**
 * Whoever asked too often may wait, or let the browser solve a puzzle: the owner must get in also while a stranger asks
 * from the same address.
 */
export const tooOftenPage = (
  minutes: number,
  asked?: { next: string; email: string; puzzle: Puzzle },
): Page => ({
  title: 'Too often',
  status: 429,
  scripts: asked ? ['puzzle.js'] : [],
  body: html`<h1>Too often</h1>
<p class="lead">Links were asked for too often. Use the newest mail you have, or try again in ${minutes} minutes.</p>
${asked && askedAgain(asked)}
<p><a class="button" href="/sign-in">Back</a></p>`,
});

const askedAgain = ({ next, email, puzzle }: { next: string; email: string; puzzle: Puzzle }): Markup =>
  html`<form method="post" action="/sign-in" class="card narrow" data-bits="${String(puzzle.bits)}">
  <p>Not you? You need not wait: send it once more, and this page proves that a person asks. It takes a second.</p>
  <input type="hidden" name="next" value="${asTyped(next)}">
  <input type="hidden" name="email" value="${asTyped(email)}">
  <input type="hidden" name="${puzzleFields.stamp}" value="${puzzle.stamp}">
  <input type="hidden" name="${puzzleFields.proof}" value="">
  <noscript><label for="puzzle">${puzzle.question}</label>
  <input id="puzzle" name="${puzzleFields.answer}" inputmode="numeric" autocomplete="off" required></noscript>
  <button>Send me a link</button>
</form>`;

const spaced = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;

/**
 * The page a link opens. Opening uses nothing up: only the button does (TEN-32, mail scanners open links). In another browser
 * than the one that asked for the link it wants the code that is shown there: who clicks a link that a stranger has asked
 * for signs nobody in, neither the stranger nor themselves.
 */
export async function linkPage(site: Site, token: string, asker: string | undefined): Promise<Page> {
  const link = isToken(token) ? await peekLink(site.db, token, asker) : undefined;
  if (!link) return deadLinkPage();
  if (link.wants_code) return codePage(token);
  return {
    title: 'Sign in',
    scripts,
    body: html`<h1>Sign in</h1>
<p class="lead">Your link is good. One more step:</p>
<form method="post" action="/sign-in/${token}" class="card narrow"><button autofocus>Sign in</button></form>`,
  };
}

/** Asks for the code. What was typed is not shown again: it was wrong. */
export const codePage = (token: string, problem?: string): Page => ({
  title: 'Sign in',
  scripts,
  status: problem === undefined ? 200 : 403,
  body: html`<h1>Sign in</h1>
<p class="lead">You asked for this link in another browser, or on another device. It shows a code of six digits.</p>
<form method="post" action="/sign-in/${token}" class="card narrow">
  <label for="code">Code</label>
  <input id="code" name="code" inputmode="numeric" autocomplete="off" required maxlength="12" autofocus${problem !== undefined && html` aria-invalid="true" aria-describedby="problem"`}>
  ${problem !== undefined && html`<p class="problem" id="problem">${problem}</p>`}
  <button>Sign in</button>
</form>
<p class="hint">Did somebody else send you this link, or do you not know of it? Close this page: nothing happens. To sign in here, <a href="/sign-in">ask for a link of your own</a>.</p>`,
});

/** Uses the link up and answers the secret of a new session; the one this browser had before ends. */
export const redeem = (site: Site, token: string, shown: Shown): ReturnType<typeof redeemLink> =>
  isToken(token) ? redeemLink(site.db, token, shown) : Promise.resolve(undefined);

export const deadLinkPage = (): Page => ({
  title: 'This link does not work any more',
  status: 410,
  body: html`<h1>This link does not work any more</h1>
<p class="lead">A link signs in once, within ${linkMinutes} minutes. This one was used already, is too old, or a newer one was asked for.</p>
<p><a class="button" href="/sign-in">Send me a new link</a></p>`,
});

const isToken = (text: string): boolean => /^[\w-]{43}$/.test(text);
