import type { Request, RequestHandler, Response, Router } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { endSession, endSessions, linkMinutes, newAsker } from '../../core/sign-in/sign-in.ts';
import { answer, say } from '../answer.ts';
import {
  factsOf,
  forgetPages,
  localPath,
  openVisit,
  rememberSession,
  requireOwnForm,
  requireOwnSite,
} from '../session.ts';
import { type Site, textOf } from '../site.ts';
import { showAgain } from './again.ts';
import { choosePage, openChosen, ownBusinesses } from './businesses.ts';
import {
  askPage,
  codePage,
  deadLinkPage,
  linkPage,
  readAddress,
  readNext,
  redeem,
  sendLink,
  tooOftenPage,
} from './sign-in.ts';

/** How often links may be asked for and used in a quarter of an hour. */
export interface LinkLimits {
  per_ip: number;
  per_address: number;
}

const windowMinutes = 15;

/** Signing in and out: the only forms for people nobody knows yet, so they are limited. */
export function addSignIn(router: Router, site: Site, limits: LinkLimits, readForm: RequestHandler): void {
  const { cookies } = site;
  const ownSite: RequestHandler = (request, _response, next) => {
    requireOwnSite(site, request);
    next();
  };
  const perIp = limiter(site, limits.per_ip, request => ipKeyGenerator(request.ip ?? ''));
  const perAddress = limiter(site, limits.per_address, request => readAddress(request.body));

  router.get('/sign-in', async (request, response) => {
    const next = readNext(request.query);
    if (await openVisit(site, request, response)) return response.redirect(303, next || '/');
    // Signed in, and none of their businesses open: not chosen yet, or no longer theirs.
    if ((await ownBusinesses(site, cookies.read(request, 'session'))).length > 0)
      return response.redirect(303, `/sign-in/business?${new URLSearchParams({ next })}`);
    return answer(site, { request, response, answered: askPage(site, { next }) });
  });

  router.post('/sign-in', readForm, ownSite, perIp, perAddress, async (request, response) => {
    const next = readNext(request.body);
    const email = readAddress(request.body);
    if (email === undefined) {
      const problem = 'Write your e-mail address, such as olivia@example.com.';
      const facts = { next, email: textOf(request.body, 'email').slice(0, 254), problem };
      return answer(site, { request, response, answered: askPage(site, facts) });
    }
    const asker = newAsker();
    if (next) cookies.write(response, 'next', next, linkMinutes * 60);
    else cookies.clear(response, 'next');
    cookies.write(response, 'asker', asker, linkMinutes * 60);
    return answer(site, { request, response, answered: await sendLink(site, email, asker) });
  });

  addBusinesses(router, site, readForm, ownSite);

  router.get('/sign-in/:token', async (request, response) => {
    const asker = cookies.read(request, 'asker');
    const answered = await linkPage(site, request.params.token, asker);
    return answer(site, { request, response, answered });
  });

  router.post('/sign-in/:token', readForm, ownSite, perIp, async (request, response) => {
    const token = String(request.params.token);
    const code = textOf(request.body, 'code');
    const redeemed = await redeem(site, token, {
      asker: cookies.read(request, 'asker'),
      before: cookies.read(request, 'session'),
      user_agent: factsOf(request, response).user_agent,
      ...(code === '' ? {} : { code }),
    });
    if (redeemed === undefined) return answer(site, { request, response, answered: deadLinkPage() });
    if (redeemed === 'wrong code') {
      const problem = 'This is not the code. After five wrong ones the link is gone.';
      return answer(site, { request, response, answered: codePage(token, problem) });
    }
    rememberSession(site, response, redeemed.session);
    cookies.clear(response, 'asker');
    const businesses = await ownBusinesses(site, redeemed.session);
    if (businesses.every(({ is_open }) => !is_open)) return response.redirect(303, '/sign-in/business');
    const next = localPath(cookies.read(request, 'next') ?? '') ?? '/';
    cookies.clear(response, 'next');
    return response.redirect(303, next);
  });

  router.post('/sign-out', readForm, async (request, response) => {
    const visit = await openVisit(site, request, response);
    const everywhere = visit !== undefined && textOf(request.body, 'everywhere') !== '';
    if (visit) {
      requireOwnForm(visit);
      await (everywhere ? endSessions : endSession)(site.db, cookies.read(request, 'session') ?? '');
    }
    cookies.clear(response, 'session');
    forgetPages(response);
    const done = everywhere ? 'You are signed out on every device.' : 'You are signed out.';
    say(site, response, { done, warnings: [] });
    response.redirect(303, '/sign-in');
  });
}

/** Which business is open, for somebody who works for several; and signing in once more for what cannot be taken back. */
function addBusinesses(router: Router, site: Site, readForm: RequestHandler, ownSite: RequestHandler): void {
  const { cookies } = site;
  router.get('/sign-in/again', async (request, response) => {
    const visit = await openVisit(site, request, response);
    if (!visit) return response.redirect(303, '/sign-in');
    return answer(site, {
      request,
      response,
      answered: await showAgain(visit, readNext(request.query)),
      visit,
    });
  });

  router.get('/sign-in/business', async (request, response) => {
    const businesses = await ownBusinesses(site, cookies.read(request, 'session'));
    const next = readNext(request.query) || (localPath(cookies.read(request, 'next') ?? '') ?? '');
    if (businesses.length === 0) return response.redirect(303, '/sign-in');
    return answer(site, { request, response, answered: choosePage(businesses, next) });
  });

  router.post('/sign-in/business', readForm, ownSite, async (request, response) => {
    const session = cookies.read(request, 'session');
    const opened = session === undefined ? undefined : await openChosen(site, session, request.body);
    if (opened === undefined) return response.redirect(303, '/sign-in/business');
    rememberSession(site, response, opened);
    cookies.clear(response, 'next');
    return response.redirect(303, readNext(request.body) || '/');
  });
}

/** A counter of its own for every key; known and unknown addresses count alike. */
function limiter(site: Site, most: number, keyOf: (request: Request) => string | undefined): RequestHandler {
  return rateLimit({
    windowMs: windowMinutes * 60_000,
    limit: most,
    keyGenerator: request => keyOf(request) ?? '',
    skip: request => keyOf(request) === undefined,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (request: Request, response: Response) =>
      answer(site, { request, response, answered: tooOftenPage(windowMinutes) }),
  });
}
