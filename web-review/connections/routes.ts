import type { RequestHandler, Response, Router } from 'express';
import { answer, type membersOnly } from '../answer.ts';
import { openRequest } from '../session.ts';
import type { Site } from '../site.ts';
import type { Connecting } from './connecting.ts';
import { decide, showConsent } from './consent.ts';
import { refusedPage } from './refused.ts';

interface Around {
  connecting: Connecting;
  readForm: RequestHandler;
  members: ReturnType<typeof membersOnly>;
}

/** Where a program asks to be let in: the authorization server's own address, and the page that asks the person. */
export function addConnections(router: Router, site: Site, { connecting, readForm, members }: Around): void {
  const authorize: RequestHandler = async (request, response) => {
    const refused = await connecting.authorize(request, response);
    if (!refused) return;
    const answered = refusedPage(refused);
    await answer(site, {
      request,
      response,
      answered,
      pageRequest: await openRequest(site, request, response),
    });
  };
  router.get('/oauth/authorize', authorize);
  router.get('/oauth/authorize/:uid', authorize);
  // The pages need the answer to hand the library's cookies on.
  const responses = (request: { res?: Response | undefined }): Response => {
    if (!request.res) throw new Error('Express keeps the answer with its request');
    return request.res;
  };
  router.get(
    '/oauth/consent/:uid',
    members(request => showConsent(request, connecting, responses(request.http))),
  );
  router.post(
    '/oauth/consent/:uid',
    readForm,
    members(request => decide(request, connecting, responses(request.http))),
  );
}
