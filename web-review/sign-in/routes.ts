import { setTimeout as pause } from 'node:timers/promises';
import type { RequestHandler, Router } from 'express';
import { readPuzzleAnswer } from '../../core/kernel/outside/puzzles.ts';
import { secondsUntil } from '../../core/kernel/outside/windows.ts';
import { endSession, endSessions, linkMinutes } from '../../core/sign-in/sign-in.ts';
import { answer, say } from '../answer.ts';
import { localPath, openVisit, rememberSession, requireOwnForm, requireOwnSite } from '../session.ts';
import { type Site, textOf } from '../site.ts';
import { type LinkLimits, limitLinks, windowMinutes } from './limits.ts';
import {
  askPage,
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
    if (await openVisit(site, request, response)) return response.redirect(303, next || '/');
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
    if (next) cookies.write(response, 'next', next, linkMinutes * 60);
    return answer(site, { request, response, answered: await sendLink(site, email) });
  });

  router.get('/sign-in/:token', async (request, response) =>
    answer(site, { request, response, answered: await linkPage(site, request.params.token) }),
  );

  router.post('/sign-in/:token', ownSite, async (request, response) => {
    const token = String(request.params.token);
    const session = await redeem(site, token, cookies.read(request, 'session'));
    if (session === undefined) {
      // A good link is never counted: whoever has one gets in, whatever others try from the same address.
      const answered = limit.isGuessing(request.ip ?? '') ? tooOftenPage(windowMinutes) : deadLinkPage();
      return answer(site, { request, response, answered });
    }
    rememberSession(site, response, session);
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
    const done = everywhere ? 'You are signed out on every device.' : 'You are signed out.';
    say(site, response, { done, warnings: [] });
    response.redirect(303, '/sign-in');
  });
}
