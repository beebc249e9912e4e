import { formFields } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import type { Document, PageRequest } from '../site.ts';
import { addressOf, readCloseoutOf } from './closeout.ts';
import { lean } from './frame.ts';
import { readOwnVisits, visitLink } from './list.ts';
import { nextBody } from './next.ts';
import { notesBody } from './notes.ts';
import { paymentBody } from './payment.ts';
import { offlineReview } from './review.ts';
import { nothingTyped, type Place, placeOf } from './step.ts';
import { workPage } from './work.ts';

/**
 * What a phone needs to close out without signal: the first step of each of today's own visits, and the others for any
 * visit with placeholders, which the script of the page fills in. Nothing else about anybody (GAP-26). The page itself is
 * what a phone shows when it has nothing better.
 */
export async function offlineBundle(visit: PageRequest): Promise<Document> {
  const place: Place = { reference: '__REF__', customer: 'the customer', fields: formFields(visit) };
  const visits = await readOwnVisits(visit);
  const works = await Promise.all(
    visits.map(async ({ reference }) => {
      const closeout = await readCloseoutOf(visit, reference);
      return template(reference, await workPage(visit, placeOf(visit, closeout), closeout, nothingTyped));
    }),
  );
  const { time_zone } = visit.identity.organization;
  return lean(visit, {
    title: 'No signal',
    location: addressOf('offline'),
    body: html`<h1>No signal</h1>
${visits.length > 0 ? html`<p>Today’s visits can be closed out all the same:</p>${visits.map(row => visitLink(visit, row))}` : html`<p>You have no open visits today.</p>`}`,
    templates: html`${works}
${template('step-notes', notesBody(place, '', nothingTyped))}
${template('step-next', nextBody(place, { chosen: {}, timeZone: time_zone, isOffline: true }, nothingTyped))}
${template('step-review', offlineReview(place, summary, seen))}
${template('step-payment', paymentBody(place, { done: kept, isFree: false }, nothingTyped))}
${template('step-done', doneBody)}`,
  });
}

const template = (id: string, inside: Markup): Markup => html`<template id="${id}">${inside}</template>\n`;

const summary = html`<pre class="summary">__SUMMARY__</pre>`;

const seen = html`<input type="hidden" name="offline_minutes" value="__shown_minutes__"><input type="hidden" name="offline_total_cents" value="__shown_total_cents__">`;

const kept = html`Everything about __REF__ is kept on this phone. It is closed as soon as there is signal.`;

const doneBody = html`<h1>Kept on this phone</h1>
<p class="said" role="status">__REF__ is sent as soon as there is signal. You need not do anything; open this app again later.</p>
<pre class="summary">__SUMMARY__</pre>
<p><a class="button" href="/">To the calendar</a></p>`;
