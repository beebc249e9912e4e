import { html, type Markup } from '../html.ts';
import { tokenField } from '../layout.ts';
import type { Document, Visit } from '../site.ts';
import { addressOf, readCloseoutOf } from './closeout.ts';
import { leanDocument } from './frame.ts';
import { readOwnVisits } from './list.ts';
import { nextBody } from './next.ts';
import { notesBody } from './notes.ts';
import { paymentBody } from './payment.ts';
import { offlineReview } from './review.ts';
import { nothingTyped, type Place, placeOf } from './step.ts';
import { workPage } from './work.ts';

/**
 * What a phone needs to close out without signal: the first step of each of today's own visits, the others for any visit
 * with placeholders, and the frame around them. Nothing else about anybody (GAP-26).
 */
export async function offlineBundle(visit: Visit): Promise<Document> {
  const place: Place = {
    reference: '__REF__',
    customer: '__CUSTOMER__',
    fields: html`${tokenField(visit.entered.csrf_token)}<input type="hidden" name="idempotency_key" value="__KEY__">`,
  };
  const frame = leanDocument(visit, {
    title: '__TITLE__',
    about: { reference: '__REF__', customer: '__CUSTOMER__' },
    body: html`__MAIN__`,
  });
  const works = await Promise.all(
    (await readOwnVisits(visit)).map(async ({ reference }) => {
      const closeout = await readCloseoutOf(visit, reference);
      return template(reference, await workPage(visit, placeOf(visit, closeout), closeout, nothingTyped));
    }),
  );
  const { time_zone } = visit.entered.organization;
  return {
    document: html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>For a phone without signal</title></head>
<body>
${template('frame', frame)}
${works}
${template('step-notes', notesBody(place, '', nothingTyped))}
${template('step-next', nextBody(place, { chosen: {}, timeZone: time_zone, isOffline: true }, nothingTyped))}
${template('step-review', offlineReview(place, summary, seen))}
${template('step-payment', paymentBody(place, { done: kept, isFree: false }, nothingTyped))}
${template('step-done', doneBody)}
</body>
</html>
`,
    location: addressOf('offline'),
  };
}

const template = (id: string, inside: Markup): Markup => html`<template id="${id}">${inside}</template>\n`;

const summary = html`<pre class="summary">__SUMMARY__</pre>`;

const seen = html`<input type="hidden" name="offline_minutes" value="__MINUTES__"><input type="hidden" name="offline_total_cents" value="__TOTAL_CENTS__">`;

const kept = html`Everything about __REF__ is kept on this phone. It is closed as soon as there is signal.`;

const doneBody = html`<h1>Kept on this phone</h1>
<p class="said" role="status">__REF__ · __CUSTOMER__ is sent as soon as there is signal. You need not do anything; open this app again later.</p>
<pre class="summary">__SUMMARY__</pre>
<p><a class="button" href="/">To the calendar</a></p>`;
