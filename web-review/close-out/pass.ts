import { submit, typedTexts } from '../forms.ts';
import type { Answer, PageRequest } from '../site.ts';
import { addressOf, type Closeout, isStep, readCloseout, type StepName } from './closeout.ts';
import { lean } from './frame.ts';
import { readNext } from './next.ts';
import { readNotes } from './notes.ts';
import { readPayment } from './payment.ts';
import { refusedStep } from './refused.ts';
import { readReview } from './review.ts';
import { goOn, stepPage } from './show.ts';
import { placeOf, questions } from './step.ts';
import { besides, type Typed } from './typed.ts';
import { addAndStay, readWork, workField } from './work.ts';
import { readWorkLines } from './work-lines.ts';

/** What a step's form wants done. */
interface Wish {
  action: string;
  data: Record<string, unknown>;
  /** The field of the page that a member of `data` was read from. */
  fieldOf?: (member: string) => string | undefined;
}

/**
 * Passes a step, or corrects one that was passed. Answers the page that comes next, so that a close-out takes one request
 * a step; what is refused comes back with everything that was typed.
 */
export async function passStep(request: PageRequest): Promise<Answer> {
  const step = String(request.http.params.step);
  const closeout = await readCloseout(request);
  if (!isStep(step)) return { redirect: addressOf(closeout.reference) };
  const typed = typedTexts(request);
  let wish: Wish | undefined;
  try {
    if (step === 'work' && typed.stay) return await stay(request, closeout, typed);
    wish = await wishes[step](request, typed, closeout);
    const { warnings } = await submit(request, wish.action, { ticket_id: closeout.reference, ...wish.data });
    // Read anew: an answer that was given before tells how things were then.
    return await goOn(request, await readCloseout(request), { typed: besides(typed, step), warnings });
  } catch (error) {
    return refusedStep(request, { step, typed, error, fieldOf: wish?.fieldOf });
  }
}

const wishes: Readonly<
  Record<StepName, (request: PageRequest, typed: Typed, closeout: Closeout) => Wish | Promise<Wish>>
> = {
  work: confirmWork,
  notes: (_visit, typed) => ({ action: 'closeout.set_notes', data: readNotes(typed) }),
  next: (_visit, typed) => ({
    action: 'closeout.set_next_service',
    data: readNext(typed),
    fieldOf: member => (/scheduled_at|appointment/.test(member) ? 'when' : undefined),
  }),
  review: (_visit, typed, closeout) => ({ action: 'closeout.complete', data: readReview(typed, closeout) }),
  payment: (_visit, typed, { currency }) => ({
    action: 'closeout.payment_choice',
    data: readPayment(typed, currency),
  }),
};

async function confirmWork(request: PageRequest, typed: Typed, closeout: Closeout): Promise<Wish> {
  const lines = await readWorkLines(request, closeout);
  const names = new Map(lines.map(({ id, service, description }) => [id || service, description]));
  const { data, fields } = readWork(typed, closeout, names);
  return { action: 'closeout.confirm_work', data, fieldOf: member => workField(member, fields) };
}

/** One more service in the list; nothing is saved yet. */
async function stay(request: PageRequest, closeout: Closeout, typed: Typed): Promise<Answer> {
  const { reference, customer } = closeout;
  const shown = { typed, warnings: [] };
  return lean(request, {
    title: questions.work,
    about: { reference, customer },
    body: await addAndStay(request, placeOf(request, closeout), closeout, shown),
    location: addressOf(reference, 'work'),
  });
}

/** Has the notes read once more; what was typed into the review stays (CFL-32). */
export async function lookAgain(request: PageRequest): Promise<Answer> {
  const typed = typedTexts(request);
  try {
    const ticket_id = (await readCloseout(request)).reference;
    const { warnings } = await submit(request, 'closeout.look_again', { ticket_id });
    return stepPage(request, {
      closeout: await readCloseout(request),
      step: 'review',
      shown: { typed, warnings },
    });
  } catch (error) {
    return refusedStep(request, { step: 'review', typed, error });
  }
}
