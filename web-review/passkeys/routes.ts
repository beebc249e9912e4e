import type { Request, RequestHandler, Response, Router } from 'express';
import { DeskhandError, describeError } from '../../core/kernel/words/errors.ts';
import { openRequest, requireOwnForm } from '../session.ts';
import type { Answer, PageRequest, Site } from '../site.ts';
import {
  addPasskey,
  changeRequirement,
  checkOptions,
  registrationOptions,
  removePasskey,
  showPasskeys,
} from './passkeys.ts';

type Route = (path: string, handle: (request: PageRequest) => Promise<Answer>) => unknown;

/** The page about one's own passkeys, and the two questions of its script, which want JSON instead of a page. */
export function addPasskeys(
  router: Router,
  site: Site,
  readForm: RequestHandler,
  { page, form }: { page: Route; form: Route },
): void {
  page('/passkeys', showPasskeys);
  form('/passkeys', addPasskey);
  form('/passkeys/remove', removePasskey);
  form('/passkeys/requirement', changeRequirement);
  router.post('/passkeys/options', readForm, answerJson(site, registrationOptions));
  router.post('/passkeys/check', readForm, answerJson(site, checkOptions));
}

/** Like a form of somebody signed in, for a script of ours: the data, or the sentence to show. */
function answerJson(
  site: Site,
  handle: (request: PageRequest) => Promise<Record<string, unknown>>,
): RequestHandler {
  return async (request: Request, response: Response) => {
    try {
      const pageRequest = await openRequest(site, request, response);
      if (!pageRequest)
        throw new DeskhandError('UNAUTHENTICATED', 'You are signed out. Load the page again.');
      requireOwnForm(pageRequest);
      response.json(await handle(pageRequest));
    } catch (error) {
      // Defects go the way of all defects.
      if (!(error instanceof DeskhandError)) throw error;
      const { status, message, hint } = describeError(error);
      response.status(status).json({ message, hint });
    }
  };
}
