import { showHome } from '../home/home.ts';
import { html, type Markup } from '../html.ts';
import { layout } from '../layout.ts';
import { aroundOf } from '../navigation.ts';
import type { Answer, Document, PageRequest, Said } from '../site.ts';
import { cardPage, hasCode } from './card.ts';
import { addressOf, type Closeout, isStep, readCloseout, type StepName, stepNames } from './closeout.ts';
import { endedPage } from './ended.ts';
import { lean } from './frame.ts';
import { nextPage } from './next.ts';
import { notesBody } from './notes.ts';
import { paidWords, paymentPage, payNow } from './payment.ts';
import { reviewPage } from './review.ts';
import { nothingTyped, type Place, type Problem, placeOf, questions, type Shown } from './step.ts';
import { ofStep } from './typed.ts';
import { earlyWords, workPage } from './work.ts';

/** The step that is due; a visit of a day to come asks first, for its end is final. */
export async function showDue(request: PageRequest): Promise<Document> {
  const closeout = await readCloseout(request);
  const isAsked = closeout.is_early && closeout.ended === null && closeout.step === 'work';
  return isAsked ? askPage(request, closeout) : duePage(request, closeout);
}

function askPage(request: PageRequest, closeout: Closeout): Document {
  const { reference, customer } = closeout;
  return lean(request, {
    title: 'Is it done already?',
    about: { reference, customer },
    body: html`<h1>Is it done already?</h1>
<p class="lead">${earlyWords(request, closeout)}</p>
<p><a class="button go" href="/tickets/${reference}">No, back to the visit</a></p>
<p><a class="button go quiet" href="${addressOf(reference, 'work')}">Yes, finish it now</a></p>`,
    location: addressOf(reference),
  });
}

/** A step that is due or was passed, to be looked at again; every other one leads to the one that is due. */
export async function showStep(request: PageRequest): Promise<Answer> {
  const closeout = await readCloseout(request);
  const step = String(request.http.params.step);
  if (isStep(step) && isReachable(closeout, step)) return stepPage(request, { closeout, step });
  return { redirect: addressOf(closeout.reference) };
}

/** Whether a step may be looked at: it is due, or it was passed and nothing is final yet (CLO-11). */
export function isReachable({ ended, completed_at, step: due }: Closeout, step: StepName): boolean {
  if (ended !== null || due === 'done') return false;
  if (completed_at !== null) return step === due;
  return stepNames.indexOf(step) <= stepNames.indexOf(due);
}

export function duePage(
  request: PageRequest,
  closeout: Closeout,
  shown: Shown = nothingTyped,
  status = 200,
): Document | Promise<Document> {
  if (closeout.ended !== null) return endedPage(request, { closeout, typed: shown.typed, status });
  if (closeout.step === 'done' && hasCode(closeout)) return cardPage(request, closeout, shown, status);
  if (closeout.step === 'done') return donePage(request, closeout, shown.problem, status);
  return stepPage(request, { closeout, step: closeout.step, shown, status });
}

/** The page of one step. */
export async function stepPage(
  request: PageRequest,
  {
    closeout,
    step,
    shown = nothingTyped,
    status = 200,
  }: { closeout: Closeout; step: StepName; shown?: Shown; status?: number },
): Promise<Document> {
  const { reference, customer } = closeout;
  return lean(request, {
    title: questions[step],
    about: { reference, customer },
    body: await bodies[step](request, placeOf(request, closeout), closeout, shown),
    status,
    location: addressOf(reference, step),
  });
}

const bodies: Readonly<
  Record<
    StepName,
    (request: PageRequest, place: Place, closeout: Closeout, shown: Shown) => Markup | Promise<Markup>
  >
> = {
  work: workPage,
  notes: (_visit, place, { notes }, shown) => notesBody(place, notes ?? '', shown),
  next: nextPage,
  review: reviewPage,
  payment: paymentPage,
};

function donePage(
  request: PageRequest,
  closeout: Closeout,
  problem: Problem | undefined,
  status: number,
): Document {
  const { reference, customer } = closeout;
  const title = `${reference} is done`;
  return lean(request, {
    title,
    about: { reference, customer },
    body: html`<h1>${title}</h1>
${problem && html`<p class="problem" id="problem" role="alert">${problem.text}</p>`}
<p>${paidWords(request, closeout)}</p>
${closeout.payment_choice === 'skip' && closeout.work.total_cents > 0 && closeout.is_paid_online && payNow(placeOf(request, closeout))}
<p><a class="button go" href="/">To the calendar</a></p>`,
    status,
    location: addressOf(reference),
  });
}

/** Where a step that was passed leads: to what was typed for another step and is not saved, else to the step that is due. */
export async function goOn(request: PageRequest, closeout: Closeout, shown: Shown): Promise<Document> {
  if (closeout.step === 'done' && closeout.payment_choice === 'card_now')
    return cardPage(request, closeout, shown);
  if (closeout.step === 'done') {
    return calendarPage(request, { done: paidWords(request, closeout), warnings: shown.warnings });
  }
  const waiting = stepNames.find(
    name => isReachable(closeout, name) && Object.keys(ofStep(shown.typed, name)).length > 0,
  );
  return waiting ? stepPage(request, { closeout, step: waiting, shown }) : duePage(request, closeout, shown);
}

/** Home base (CLO-10): the calendar itself, with what was saved on top, so that no further page must be fetched. */
async function calendarPage(request: PageRequest, said: Said): Promise<Document> {
  const [page, around] = await Promise.all([showHome(request), aroundOf(request)]);
  return { document: layout(request.site, page, { request, said, ...around, at: '/' }), location: '/' };
}
