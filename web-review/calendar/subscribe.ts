import { z } from 'zod';
import { isUuid } from '../../core/kernel/database/ids.ts';
import { attempt, problemElse, type Refusal } from '../attempt.ts';
import { timeTag } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type Page, type PageRequest, readList } from '../site.ts';

const feedRow = z.object({
  id: z.string(),
  member_id: z.string(),
  covers: z.enum(['own', 'business']),
  revoked_at: z.string().nullable(),
  created_at: z.string(),
});
type Feed = z.infer<typeof feedRow>;
type Covers = Feed['covers'];

/** Where somebody makes the address by which their phone shows the visits. */
export const subscribePath = '/calendar/subscribe';

const titles: Readonly<Record<Covers, string>> = { own: 'Your visits', business: 'All visits' };
const hints: Readonly<Record<Covers, string>> = {
  own: 'The visits you go on, from a month ago to half a year ahead.',
  business: 'Every visit of the business with who goes, from a month ago to half a year ahead.',
};

/** The living calendars of somebody. */
async function readFeeds(request: PageRequest, member_id: string): Promise<Feed[]> {
  const { rows } = await readList(request, 'calendar_feeds', feedRow, { params: { member_id }, limit: 100 });
  return rows.filter(({ revoked_at }) => revoked_at === null);
}

/** `/calendar/subscribe`: the visits in the calendar of one's own phone or computer. */
export async function showSubscribe(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const { id, role } = request.identity.actor;
  const feeds = await readFeeds(request, id ?? '');
  const offered: readonly Covers[] = role === 'technician' ? ['own'] : ['own', 'business'];
  return {
    title: 'Calendar on your phone',
    status: refusal?.status ?? 200,
    body: html`<p class="links"><a href="/calendar">Calendar</a></p>
<h1>Calendar on your phone</h1>
<p class="hint">The calendar of your phone or computer shows the visits, and follows when they move. It reads them by a secret address of yours.</p>
${problemElse(refusal, [])}
${offered.map(covers =>
  feedSection(
    request,
    covers,
    feeds.find(feed => feed.covers === covers),
  ),
)}
<p class="hint">Whoever keeps that calendar (Apple, Google, Microsoft) reads along. Notes, prices and gate codes are never in it.</p>`,
  };
}

const feedSection = (request: PageRequest, covers: Covers, feed: Feed | undefined): Markup =>
  html`<section aria-labelledby="${covers}"><h2 id="${covers}">${titles[covers]}</h2>
<form method="post" action="${subscribePath}" class="card narrow">${formFields(request)}<input type="hidden" name="covers" value="${covers}">
<p>${hints[covers]}</p>
${
  feed &&
  html`<p>Its address was made ${timeTag(feed.created_at, request.identity.organization.time_zone)}. Lost it, or somebody else has it? A new one ends it.</p>`
}
<button${feed && html` class="plain quiet"`}>${feed ? 'Make a new address' : 'Make the address'}</button></form>
${feed && endForm(request, feed)}</section>\n`;

const endForm = (request: PageRequest, { id, covers }: Feed, person?: string): Markup =>
  html`<form method="post" action="${subscribePath}/end" class="card narrow">${formFields(request)}<input type="hidden" name="id" value="${id}">${person !== undefined && html`<input type="hidden" name="person" value="${person}">`}<button class="danger stop">End ${covers === 'own' ? 'this calendar' : 'the calendar of all visits'}</button></form>`;

/** Makes an address and shows it, this once; it is kept nowhere, so it stands in no answer to a repeated call either. */
export function makeAddress(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'calendar_feed.create',
    async ({ covers = '' }) => {
      const { site, caller, facts } = request;
      const call = {
        action: 'calendar_feed.create',
        data: { covers: covers === 'business' ? covers : 'own' },
      };
      const { data } = await site.app.execute(caller, call, facts);
      return addressPage(z.object({ address: z.string() }).parse(data).address);
    },
    refusal => showSubscribe(request, refusal),
  );
}

const addressPage = (address: string): Page => ({
  title: 'The address of your calendar',
  body: html`<h1>The address of your calendar</h1>
<p class="warning">It is shown this once. Whoever has it reads the visits: give it to your calendar and to nobody else.</p>
<section class="card" aria-label="The address and how it is used">
<p><a class="button" href="${address.replace(/^https?:/, 'webcal:')}">Open in this device’s calendar</a></p>
<label for="address">Or give this to your calendar</label><input id="address" value="${address}" readonly>
<ul><li>iPhone and Mac: the button above.</li>
<li>Google: on a computer, <i>Other calendars</i>, <i>From URL</i>. Google looks for changes a few times a day.</li>
<li>Outlook: <i>Add calendar</i>, <i>Subscribe from web</i>.</li></ul></section>
<p class="buttons"><a class="button plain" href="${subscribePath}">I have it</a></p>`,
});

/** Ends an address; from the page of a person, back there. */
export function endAddress(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'calendar_feed.revoke',
    async ({ id = '', person = '' }) => {
      await submit(request, 'calendar_feed.revoke', { id });
      const redirect = isUuid(person) ? `/people/${person}` : subscribePath;
      return { redirect, said: { done: 'This calendar gets nothing more.', warnings: [] } };
    },
    refusal => showSubscribe(request, refusal),
  );
}

/** The calendars of somebody on their page: their own way there, and for owners and admins the end of each. */
export async function calendarsOf(request: PageRequest, person: string): Promise<Markup | false> {
  const isMe = request.identity.actor.id === person;
  if (!isMe && !mayDo(request, 'member.update')) return false;
  const feeds = await readFeeds(request, person);
  if (isMe) return html`<p class="links"><a href="${subscribePath}">Calendar on your phone</a></p>`;
  if (feeds.length === 0) return false;
  return html`<section aria-labelledby="calendars"><h2 id="calendars">Calendars</h2>
<p class="hint">The visits stand in a calendar of theirs outside. It ends with their access, or here.</p>
<ul class="plain rows">${feeds.map(
    feed =>
      html`<li><p>${feed.covers === 'business' ? 'All visits' : 'Their visits'}, since ${timeTag(feed.created_at, request.identity.organization.time_zone)}</p>${endForm(request, feed, person)}</li>\n`,
  )}</ul></section>`;
}
