import type { Request, RequestHandler, Response, Router } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { endSession, endSessions, linkMinutes } from '../../core/sign-in/sign-in.ts';
import { answer, say } from '../answer.ts';
import { localPath, openVisit, rememberSession, requireOwnForm, requireOwnSite } from '../session.ts';
import { type Site, textOf } from '../site.ts';
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
    if (next) cookies.write(response, 'next', next, linkMinutes * 60);
    return answer(site, { request, response, answered: await sendLink(site, email) });
  });

  router.get('/sign-in/:token', async (request, response) =>
    answer(site, { request, response, answered: await linkPage(site, request.params.token) }),
  );

  router.post('/sign-in/:token', ownSite, perIp, async (request, response) => {
    const token = String(request.params.token);
    const session = await redeem(site, token, cookies.read(request, 'session'));
    if (session === undefined) return answer(site, { request, response, answered: deadLinkPage() });
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
