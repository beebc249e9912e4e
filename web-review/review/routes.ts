import { type Answer, type PageRequest, recordOf } from '../site.ts';
import { listAttempts } from './attempts.ts';
import { type Decision, decide } from './decide.ts';
import { listGrants, revokeGrant } from './grants.ts';
import { listDecided } from './history.ts';
import { setLevel, showLevels } from './levels.ts';
import { listWaiting } from './list.ts';
import { showRequest, showStored } from './request-page.ts';
import { decideTogether, showTogether } from './together.ts';

type Route = (path: string, handle: (pageRequest: PageRequest) => Promise<Answer>) => unknown;

const decisions: Readonly<Record<string, Decision>> = {
  'allow-once': 'allow_once',
  'allow-always': 'allow_always',
  deny: 'deny',
};

/** The review pages (WEB-01). Only forms decide; the same addresses, opened, lead to the page with the buttons. */
export function addReview(page: Route, form: Route): void {
  page('/review', listWaiting);
  page('/review/history', listDecided);
  page('/review/together', showTogether);
  form('/review/together', decideTogether);
  page('/review/levels', pageRequest => showLevels(pageRequest));
  form('/review/levels', setLevel);
  page('/review/grants', listGrants);
  form('/review/grants/revoke', revokeGrant);
  page('/review/agents', async () => ({ redirect: '/assistants' }));
  page('/review/attempts', listAttempts);
  page('/review/:ref', pageRequest => showRequest(pageRequest));
  page('/review/:ref/whole', pageRequest => showRequest(pageRequest, { whole: true }));
  page('/review/:ref/stored', showStored);
  for (const [verb, decision] of Object.entries(decisions)) {
    form(`/review/:ref/${verb}`, pageRequest => decide(pageRequest, decision));
    page(`/review/:ref/${verb}`, async pageRequest => ({ redirect: `/review/${recordOf(pageRequest)}` }));
  }
}
