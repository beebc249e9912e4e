import type { Temporal } from 'temporal-polyfill';
import { toInstant } from '../../core/kernel/words/time.ts';
import { shortDay, todayOf } from '../calendar/navigation.ts';
import { timeTag } from '../format.ts';
import { formFields } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import type { Document, PageRequest } from '../site.ts';
import { clockForm, closeOutLink } from '../tickets/clock.ts';
import { knownList, reachLinks, readGoodToKnow } from '../tickets/good-to-know.ts';
import { notesSection } from '../tickets/notes.ts';
import { addressOf, readCloseoutOf } from './closeout.ts';
import { lean } from './frame.ts';
import { readOwnVisits, type VisitRow, visitLink } from './list.ts';
import { nextBody } from './next.ts';
import { notesBody } from './notes.ts';
import { paymentBody } from './payment.ts';
import { offlineReview } from './review.ts';
import { nothingTyped, type Place, placeOf } from './step.ts';
import { workPage } from './work.ts';

/** For so many days a phone knows where its technician goes. */
const daysKept = 7;

/** Of those, the ones whose visits it can close out: a night without signal comes before the morning. */
const daysToCloseOut = 2;

/**
 * What a phone needs for a time without signal: of each of its own visits of the next days whom it is for, where, the phone and
 * what is good to know, with the clock and a note; the first step of those that can be closed out soon, and the other
 * steps for any visit with placeholders, which the script of the page fills in. Nothing else about anybody (GAP-26). The
 * page itself is what a phone shows when it has nothing better.
 */
export async function offlineBundle(request: PageRequest): Promise<Document> {
  const place: Place = { reference: '__REF__', customer: 'the customer', fields: formFields(request) };
  const days = daysOf(request, await readOwnVisits(request, daysKept));
  const soon = days.slice(0, daysToCloseOut).flatMap(({ rows }) => rows);
  const works = await Promise.all(
    soon.map(async ({ reference }) => {
      const closeout = await readCloseoutOf(request, reference);
      return template(
        reference,
        await workPage(request, placeOf(request, closeout), closeout, { ...nothingTyped, isForLater: true }),
      );
    }),
  );
  const sheets = await Promise.all(
    days.flatMap(({ rows }) =>
      rows.map(async row => template(`visit-${row.reference}`, await visitSheet(request, row))),
    ),
  );
  const { time_zone } = request.identity.organization;
  return lean(request, {
    title: 'No signal',
    location: addressOf('offline'),
    body: html`<h1>No signal</h1>
<p class="hint">Your visits of the next ${daysKept} days are kept on this phone. What you write is sent as soon as there is signal.</p>
${days.map(day => daySection(request, day))}`,
    templates: html`${works}
${sheets}
${template('no-page', noPageBody)}
${template('step-notes', notesBody(place, '', nothingTyped))}
${template('step-next', nextBody(place, { chosen: {}, timeZone: time_zone, isOffline: true }, nothingTyped))}
${template('step-review', offlineReview(place, summary, seen))}
${template('step-payment', paymentBody(place, { done: kept, isFree: false }, nothingTyped))}
${template('step-done', doneBody)}`,
  });
}

interface Day {
  date: Temporal.PlainDate;
  isToday: boolean;
  rows: readonly VisitRow[];
}

function daysOf(request: PageRequest, rows: readonly VisitRow[]): Day[] {
  const today = todayOf(request);
  const { time_zone } = request.identity.organization;
  const dayOf = (row: VisitRow) => toInstant(row.scheduled_at).toZonedDateTimeISO(time_zone).toPlainDate();
  return Array.from({ length: daysKept }, (_, days) => today.add({ days })).map((date, index) => ({
    date,
    isToday: index === 0,
    rows: rows.filter(row => dayOf(row).equals(date)),
  }));
}

/** A day with its visits; those of today lead to the close-out, the others to the visit. */
const daySection = (request: PageRequest, { date, isToday, rows }: Day): Markup =>
  html`<section id="day-${date.toString()}"><h2>${isToday ? 'Today' : shortDay(date)}</h2>
${rows.length === 0 ? html`<p class="empty">You have no open visits ${isToday ? 'today' : 'on this day'}.</p>` : rows.map(row => visitLink(request, row, undefined, isToday ? addressOf(row.reference) : `/tickets/${row.reference}`))}</section>
`;

const template = (id: string, inside: Markup): Markup => html`<template id="${id}">${inside}</template>\n`;

const noPageBody = html`<h1>No signal for __REF__</h1>
<p class="said" role="status">__REF__ is not on this phone yet. Leave this page open: it shows as soon as there is signal.</p>
<p class="links"><a href="/close-out">Your visits on this phone</a></p>`;

/** A visit of the next days as far as it helps without signal. */
async function visitSheet(request: PageRequest, row: VisitRow): Promise<Markup> {
  const { reference, id, customer, address, services, scheduled_at } = row;
  const known = await readGoodToKnow(request, id);
  const { time_zone } = request.identity.organization;
  return html`<h1>Visit ${reference}</h1>
<p><bdi>${customer}</bdi> · ${timeTag(scheduled_at, time_zone)}</p>
<p>${address ?? 'No address'} · ${services?.join(', ') || 'No services yet'}</p>
${known && html`${reachLinks(request, known)}${knownList(request, known)}`}
<div class="buttons">${clockForm(request, reference, 'in')}${clockForm(request, reference, 'out')}</div>
<p>${closeOutLink(reference, true)}</p>
${notesSection(request, reference, { hasMore: false }, undefined)}`;
}

const summary = html`<pre class="summary">__SUMMARY__</pre>`;

const seen = html`<input type="hidden" name="offline_minutes" value="__shown_minutes__"><input type="hidden" name="offline_total_cents" value="__shown_total_cents__">`;

const kept = html`Everything about __REF__ is kept on this phone. It is closed as soon as there is signal.`;

const doneBody = html`<h1>Kept on this phone</h1>
<p class="said" role="status">__REF__ is sent as soon as there is signal. You need not do anything; open this app again later.</p>
<pre class="summary">__SUMMARY__</pre>
<p><a class="button" href="/">To the calendar</a></p>`;
