import express, { type RequestHandler, type Router } from 'express';
import { typedTexts } from '../forms.ts';
import { keepForRescue } from '../refusals.ts';
import type { Answer, PageRequest } from '../site.ts';
import { addressOf, isStep } from './closeout.ts';
import { saveAsNote } from './ended.ts';
import { listCloseouts } from './list.ts';
import { offlineBundle } from './offline.ts';
import { lookAgain, passStep } from './pass.ts';
import { showDue, showStep } from './show.ts';
import { summaryOf } from './summary.ts';

type Members = (handle: (request: PageRequest) => Promise<Answer>) => RequestHandler;

/** The close-out of a visit, step by step (CLO-12, WEB-02). A GET writes nothing: the first form begins it. */
export function addCloseOut(router: Router, members: Members): void {
  // Fifty services have more fields than other forms.
  const readForm = express.urlencoded({ extended: false, limit: '256kb', parameterLimit: 400 });
  const form = (path: string, handle: (request: PageRequest) => Promise<Answer>) =>
    router.post(path, readForm, rescue, members(handle));
  router.get('/close-out', members(listCloseouts));
  router.get('/close-out/offline', members(offlineBundle));
  router.get('/close-out/:ref', members(showDue));
  router.get('/close-out/:ref/:step', members(showStep));
  form('/close-out/:ref/look-again', lookAgain);
  form('/close-out/:ref/note', saveAsNote);
  form('/close-out/:ref/:step', passStep);
}

/** Whatever becomes of a form, what was written into it is shown, and the way back to it (an expired session, an outage). */
const rescue: RequestHandler = (request, _response, next) => {
  const typed = typedTexts({ http: request });
  const { ref, step } = request.params;
  const isOurs = typeof step === 'string' && isStep(step);
  keepForRescue(request, {
    wrote: typed.content ?? summaryOf(typed),
    back: addressOf(String(ref), isOurs ? step : undefined),
  });
  next();
};
