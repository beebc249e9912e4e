import { z } from 'zod';
import { showClock, showShortDay } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { tokenField } from '../layout.ts';
import { ownBusinesses } from '../sign-in/businesses.ts';
import { type Answer, type Page, type PageRequest, readList, textOf } from '../site.ts';

const sessionRow = z.object({
  id: z.string(),
  member: z.string(),
  business: z.string().nullable(),
  device: z.string(),
  is_this: z.boolean(),
  is_own: z.boolean(),
  created_at: z.string(),
  last_used_at: z.string(),
  expires_at: z.string(),
});
type Session = z.infer<typeof sessionRow>;

const most = 100;

/** Where one is signed in, and for the owner where everybody is (TEN-12): to see, and to end. */
export async function showSessions(request: PageRequest): Promise<Page> {
  const { site } = request;
  const [{ rows }, businesses] = await Promise.all([
    readList(request, 'sessions', sessionRow, { limit: most }),
    ownBusinesses(site, site.cookies.read(request.http, 'session')),
  ]);
  const own = rows.filter(row => row.is_own);
  const others = rows.filter(row => !row.is_own);
  return {
    title: 'Where you are signed in',
    body: html`<h1>Where you are signed in</h1>
<p class="hint">Every browser you are signed in with. A session ends after 14 days without use, and 30 days after the sign-in.</p>
<ul class="plain rows">${own.map(row => sessionItem(request, row))}</ul>
<div class="buttons">${own.length > 1 && endOthersForm(request)}
<form method="post" action="/sign-out">${tokenField(request.identity.csrf_token)}<button class="plain quiet" name="everywhere" value="1">Sign out everywhere</button></form></div>
${
  businesses.length > 1 &&
  html`<section aria-labelledby="businesses"><h2 id="businesses">Your businesses</h2>
<p>You work for ${businesses.map(({ name }) => name).join(', ')}. <a href="/sign-in/business">Open another one</a></p></section>`
}
${
  others.length > 0 &&
  html`<section aria-labelledby="others"><h2 id="others">Other people of the business</h2>
<ul class="plain rows">${others.map(row => sessionItem(request, row))}</ul></section>`
}`,
  };
}

function sessionItem({ identity }: PageRequest, row: Session): Markup {
  const { time_zone, name } = identity.organization;
  const day = (when: string) => html`<time datetime="${when}">${showShortDay(when, time_zone)}</time>`;
  const elsewhere = row.business !== name && ` · ${row.business ?? 'no business chosen'}`;
  return html`<li><p class="who">${!row.is_own && html`<bdi>${row.member}</bdi>, `}${row.device}${row.is_this && html` <b>(this one)</b>`}${elsewhere}</p>
<p class="when">Signed in ${day(row.created_at)} · used last ${day(row.last_used_at)}, about ${showClock(row.last_used_at, time_zone)} · ends ${day(row.expires_at)}</p>
${
  !row.is_this &&
  html`<form method="post" action="/sessions/end">${tokenField(identity.csrf_token)}<input type="hidden" name="id" value="${row.id}"><button class="stop">End this session</button></form>`
}</li>\n`;
}

const endOthersForm = ({ identity }: PageRequest): Markup =>
  html`<form method="post" action="/sessions/end-others">${tokenField(identity.csrf_token)}<button class="stop">End all others of mine</button></form>`;

/** Signs one browser out. */
export async function endOne(request: PageRequest): Promise<Answer> {
  await run(request, 'session.end', { id: textOf(request.http.body, 'id') });
  return { redirect: '/sessions', said: { done: 'The session is ended.', warnings: [] } };
}

/** Signs every other browser of this person out. */
export async function endOthers(request: PageRequest): Promise<Answer> {
  await run(request, 'session.end_others', {});
  return { redirect: '/sessions', said: { done: 'All your other sessions are ended.', warnings: [] } };
}

const run = ({ site, caller, facts }: PageRequest, action: string, data: Record<string, unknown>) =>
  site.app.execute(caller, { action, data }, facts);
