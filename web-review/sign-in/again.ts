import { z } from 'zod';
import { freshHours } from '../../core/sign-in/fresh.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readMaybe } from '../site.ts';

const person = z.object({ email: z.string() });

/** Signing in once more, at the address one has: for what cannot be taken back after a long day. */
export async function showAgain(request: PageRequest, next: string): Promise<Page> {
  const id = request.identity.actor.id ?? '';
  const query = { fields: ['email'] };
  const email = (await readMaybe(request, { type: 'members', row: person, id, query }))?.email ?? '';
  return {
    title: 'Sign in again',
    body: html`<h1>Sign in again</h1>
<p class="lead">You signed in more than ${String(freshHours)} hours ago. What cannot be taken back takes a fresh sign-in: a link to <b><bdi>${email}</bdi></b>, which leads back to where you were. Nothing is decided by it.</p>
<form method="post" action="/sign-in" class="card narrow"><input type="hidden" name="email" value="${email}"><input type="hidden" name="next" value="${asTyped(next)}">
<button autofocus>Send me a link</button></form>`,
  };
}

/** Says on a page that deciding here takes a fresh sign-in, and leads to it and back. */
export const againNotice = (next: string): Markup =>
  html`<div class="card decide"><p>You signed in more than ${String(freshHours)} hours ago. This cannot be taken back, so it takes a fresh sign-in first.</p>
<p><a class="button" href="/sign-in/again?${String(new URLSearchParams({ next }))}">Sign in again</a></p>
<p class="hint">Then you come back to this page and decide.</p></div>`;
