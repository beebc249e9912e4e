import { submit, typedTexts } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Answer, type Document, type PageRequest, recordOf } from '../site.ts';
import { addressOf, type Closeout, inWords, readCloseout } from './closeout.ts';
import { lean } from './frame.ts';
import { nothingTyped, type Problem, placeOf } from './step.ts';
import { summaryOf } from './summary.ts';
import type { Typed } from './typed.ts';

/**
 * A visit that can be closed out no more: by whom and when it was ended, and everything that was written, to be kept as a
 * note, which a closed visit still takes (GAP-02).
 */
export function endedPage(
  request: PageRequest,
  {
    closeout,
    typed,
    status = 200,
    problem,
  }: { closeout: Closeout; typed: Typed; status?: number; problem?: Problem },
): Document {
  const { reference, customer, ended, completed_at } = closeout;
  const { time_zone } = request.identity.organization;
  const isOwn = completed_at !== null;
  const wrote = typed.content ?? summaryOf(typed, isOwn ? undefined : closeout, time_zone);
  const title =
    closeout.ticket_status === 'cancelled' ? `${reference} is cancelled` : `${reference} is closed`;
  return lean(request, {
    title,
    about: { reference, customer },
    status,
    location: addressOf(reference),
    body: html`<h1>${title}</h1>
<p class="problem" id="problem" role="alert">${isOwn ? 'You closed it already; nothing on it can change any more.' : `${inWords(ended ?? title, time_zone)}. It can be closed out no more.`}${problem && ` ${problem.text}`}</p>
${wrote !== '' && keeping(request, closeout, wrote)}
<p class="links">${isOwn && closeout.step === 'payment' && html`<a href="${addressOf(reference)}">Go on: how is it paid?</a>`}<a href="/tickets/${reference}">Visit ${reference}</a></p>`,
  });
}

function keeping(request: PageRequest, closeout: Closeout, wrote: string): Markup {
  const { fields } = placeOf(request, closeout);
  return html`<form method="post" action="${addressOf(closeout.reference, 'note')}">${fields}
<label for="content">What you wrote</label>
<p class="hint" id="content-hint">Nothing of it is lost: save it as a note on the visit.</p>
<textarea id="content" name="content" rows="8" maxlength="20000" required data-redact dir="auto" aria-describedby="content-hint">\n${asTyped(wrote)}</textarea>
<button class="go">Save as a note</button></form>`;
}

/** Keeps as a note what could be kept no other way. */
export async function saveAsNote(request: PageRequest): Promise<Answer> {
  const { content = '' } = typedTexts(request);
  const ticket_id = recordOf(request);
  if (content === '')
    return endedPage(request, {
      closeout: await readCloseout(request),
      typed: nothingTyped.typed,
      status: 400,
      problem: { text: 'Write something first.' },
    });
  const { warnings } = await submit(request, 'note.create', { ticket_id, content });
  return { redirect: '/', said: { done: 'The note is saved.', warnings } };
}
