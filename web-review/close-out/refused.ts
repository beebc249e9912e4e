import { z } from 'zod';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import type { Document, PageRequest } from '../site.ts';
import { type Closeout, inWords, isStep, readCloseout, type StepName } from './closeout.ts';
import { endedPage } from './ended.ts';
import { readFacts } from './facts.ts';
import { duePage, isReachable, stepPage } from './show.ts';
import type { Problem } from './step.ts';
import { ofStep, type Typed } from './typed.ts';

/** What a page of the close-out can say better than a page about an error. */
const sayable: readonly string[] = [
  'VALIDATION_ERROR',
  'NOT_FOUND',
  'CONFLICT',
  'INVALID_STATE',
  'TICKET_CLOSED',
];

/**
 * The page for a step that was refused: the same step with everything that was typed, or the one that comes first, which
 * takes what was typed along; of a visit that was ended meanwhile, what is left to do. Throws what no page of ours can say.
 */
export async function refusedStep(
  request: PageRequest,
  {
    step,
    typed,
    error,
    fieldOf,
  }: {
    step: StepName;
    typed: Typed;
    error: unknown;
    fieldOf?: ((member: string) => string | undefined) | undefined;
  },
): Promise<Document> {
  if (!(error instanceof DeskhandError) || !sayable.includes(error.code)) throw error;
  const now = await readCloseout(request);
  const isOver = now.ended !== null || (now.completed_at !== null && step !== 'payment');
  if (isOver) return endedPage(request, { closeout: now, typed, status: 409 });
  const { text, ...rest } = problemOf(step, error, fieldOf);
  const problem = { ...rest, text: inWords(text, request.identity.organization.time_zone) };
  const shown = { typed, warnings: [], problem };
  if (isTakenSlot(step, error)) {
    // A phone without signal has reviewed nothing but what was written by hand.
    const isOffline = typed.offline_minutes !== undefined;
    if (!isOffline) await keepReview(request, now, typed);
    const again = {
      warnings: [],
      typed: isOffline ? ofStep(typed, step) : {},
      problem: { ...problem, field: 'when' },
    };
    return stepPage(request, { closeout: now, step: 'next', shown: again, status: error.status });
  }
  const first = error.details.step;
  const wanted = typeof first === 'string' && isStep(first) ? first : step;
  return isReachable(now, wanted)
    ? stepPage(request, { closeout: now, step: wanted, shown, status: error.status })
    : duePage(request, now, shown, error.status);
}

const freeTimes = z.array(z.object({ starts_at: z.string() }));

function problemOf(
  step: StepName,
  { code, message, details }: DeskhandError,
  fieldOf: ((member: string) => string | undefined) | undefined,
): Problem {
  const { field = '' } = details;
  if (code === 'CONFLICT' && (field === 'seen' || details.step === 'work')) {
    const text = `${message} They stand here as they are now; what you wrote stands beside what was changed.`;
    return { text, isChanged: true };
  }
  if (code === 'CONFLICT' && (field === 'review' || field === 'offline')) {
    return { text: `${message} Look at it again; everything you wrote is kept.` };
  }
  const free = freeTimes.safeParse(details.next_free);
  const isOwn = Object.keys(ofStep({ [field]: '' }, step)).length > 0;
  const shown = isOwn ? field : fieldOf?.(field);
  return {
    text: message,
    ...(shown === undefined ? {} : { field: shown }),
    ...(free.success ? { free: free.data } : {}),
  };
}

/** The time of the next visit was free when it was chosen, and somebody took it before the visit was closed. */
const isTakenSlot = (step: StepName, { code, details }: DeskhandError): boolean =>
  step === 'review' && code === 'CONFLICT' && details.field === 'scheduled_at';

/**
 * Another time must be chosen first, on a page that may be loaded anew: what was reviewed is kept until then. Without the
 * number of the page, which is for the press that closes the visit.
 */
const keepReview = ({ site, caller, facts }: PageRequest, closeout: Closeout, typed: Typed) =>
  site.app.execute(
    caller,
    {
      action: 'closeout.review',
      data: { ticket_id: closeout.reference, attributes: readFacts(typed, closeout) },
    },
    facts,
  );
