import { setTimeout as pause } from 'node:timers/promises';
import type { RequestHandler, Router } from 'express';
import { readPuzzleAnswer } from '../../core/kernel/outside/puzzles.ts';
import { secondsUntil } from '../../core/kernel/outside/spans.ts';
import { endSession, endSessions, linkMinutes, newAsker } from '../../core/sign-in/sign-in.ts';
import { answer, say } from '../answer.ts';
import {
  factsOf,
  forgetPages,
  localPath,
  openRequest,
  rememberSession,
  requireOwnForm,
  requireOwnSite,
} from '../session.ts';
import { type Site, textOf } from '../site.ts';
import { showAgain } from './again.ts';
import { choosePage, openChosen, ownBusinesses } from './businesses.ts';
import { type LinkLimits, limitLinks, windowMinutes } from './limits.ts';
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

/** Signing in and out: the only forms for people nobody knows yet, so they are limited. */
export function addSignIn(router: Router, site: Site, limits: LinkLimits, readForm: RequestHandler): void {
  const { cookies } = site;
  const ownSite: RequestHandler = (request, _response, next) => {
    requireOwnSite(site, request);
    next();
  };
  const limit = limitLinks(limits);

  router.get('/sign-in', async (request, response) => {
    const next = readNext(request.query);
    if (await openRequest(site, request, response)) return response.redirect(303, next || '/');
    // Signed in, and none of their businesses open: not chosen yet, or no longer theirs.
    if ((await ownBusinesses(site, cookies.read(request, 'session'))).length > 0)
      return response.redirect(303, `/sign-in/business?${new URLSearchParams({ next })}`);
    return answer(site, { request, response, answered: askPage(site, { next }) });
  });

  router.post('/sign-in', readForm, ownSite, async (request, response) => {
    const next = readNext(request.body);
    const email = readAddress(request.body);
    if (email === undefined) {
      const problem = 'Write your e-mail address, such as olivia@example.com.';
      const facts = { next, email: textOf(request.body, 'email').slice(0, 254), problem };
      return answer(site, { request, response, answered: askPage(site, facts) });
    }
    const asked = limit.ask(request.ip ?? '', email);
    const about = `sign-in ${email}`;
    if (asked.excess > 0 && !site.puzzles.check(about, readPuzzleAnswer(request.body))) {
      response.set('Retry-After', String(secondsUntil(asked.until_ms)));
      const puzzle = site.puzzles.issue(about, asked.excess);
      const answered = tooOftenPage(windowMinutes, { next, email, puzzle });
      return answer(site, { request, response, answered });
    }
    await pause(asked.delay_ms);
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

  router.post('/sign-in/:token', readForm, ownSite, async (request, response) => {
    const token = String(request.params.token);
    const code = textOf(request.body, 'code');
    const redeemed = await redeem(site, token, {
      asker: cookies.read(request, 'asker'),
      before: cookies.read(request, 'session'),
      user_agent: factsOf(request, response).user_agent,
      ...(code === '' ? {} : { code }),
    });
    if (redeemed === undefined) {
      // A good link is never counted: whoever has one gets in, whatever others try from the same address.
      const answered = limit.isGuessing(request.ip ?? '') ? tooOftenPage(windowMinutes) : deadLinkPage();
      return answer(site, { request, response, answered });
    }
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
    const pageRequest = await openRequest(site, request, response);
    const everywhere = pageRequest !== undefined && textOf(request.body, 'everywhere') !== '';
    if (pageRequest) {
      requireOwnForm(pageRequest);
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
    const pageRequest = await openRequest(site, request, response);
    if (!pageRequest) return response.redirect(303, '/sign-in');
    return answer(site, {
      request,
      response,
      answered: await showAgain(pageRequest, readNext(request.query)),
      pageRequest,
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
