import { pipeline } from 'node:stream/promises';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { z } from 'zod';
import { DeskhandError } from '../core/kernel/words/errors.ts';
import { layout } from './layout.ts';
import { aroundOf } from './navigation.ts';
import { whereItWas } from './records/gone.ts';
import { isDefect, notFoundPage, refusalPage, rescueOf } from './refusals.ts';
import { sendHtml } from './respond.ts';
import { noteKeyAtTheDoor } from './review/key-at-the-door.ts';
import { factsOf, forgetPages, localPath, openRequest, requireOwnForm, sessionRenewer } from './session.ts';
import type { Answer, PageRequest, Said, Site } from './site.ts';

/** Sends a page, a piece of one, or the browser to another page. */
export async function answer(
  site: Site,
  {
    request,
    response,
    answered,
    pageRequest,
  }: { request: Request; response: Response; answered: Answer; pageRequest?: PageRequest | undefined },
): Promise<void> {
  if ('redirect' in answered) {
    if (answered.said) say(site, response, answered.said);
    response.redirect(303, answered.redirect);
    return;
  }
  if ('document' in answered) {
    if (answered.location !== undefined) response.set('Content-Location', answered.location);
    // Without a copy of its own a browser cannot go back to the answer of a form, nor to what was typed on it. The copy goes
    // with the session (`forgetPages`).
    if (request.method === 'POST') response.set('Cache-Control', 'private, no-cache');
    await sendHtml(request, response, answered.status ?? 200, answered.document.text);
    return;
  }
  if ('file' in answered) {
    const { file, name, content_type, isKept } = answered;
    const length = String(file.length);
    const how = isKept ? 'attachment' : 'inline';
    response.set({ 'Content-Disposition': `${how}; filename="${name}"`, 'Content-Length': length });
    response.type(content_type).end(file);
    return;
  }
  if ('stream' in answered) {
    const { stream, name, content_type, bytes } = answered;
    response.set({
      'Content-Disposition': `attachment; filename="${name}"`,
      ...(bytes === undefined ? {} : { 'Content-Length': String(bytes) }),
    });
    response.type(content_type);
    // Whoever closes the browser half-way ends it; what is thrown on the way cuts the file off, which the browser says.
    await pipeline(stream, response).catch(() => response.destroy());
    return;
  }
  if ('mail' in answered) {
    // It has styles of its own, runs nothing, and loads nothing from anywhere.
    response.set({
      'Content-Security-Policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
      'X-Frame-Options': 'SAMEORIGIN',
    });
    await sendHtml(request, response, 200, answered.mail);
    return;
  }
  if ('fragment' in answered) {
    await sendHtml(request, response, 200, answered.fragment.text);
    return;
  }
  const said = hear(site, request, response);
  const { status = 200 } = answered;
  // The page about an outage must not fail because of it.
  const around = pageRequest && status < 500 ? await aroundOf(pageRequest) : {};
  await sendHtml(
    request,
    response,
    status,
    layout(site, answered, { request: pageRequest, said, ...around }).text,
  );
}

/** Makes routes for whoever is signed in; everybody else signs in first. A form must come from our own page. */
export function membersOnly(
  site: Site,
): (handle: (request: PageRequest) => Promise<Answer>) => RequestHandler {
  const renew = sessionRenewer(site);
  return handle => async (request, response) => {
    const pageRequest = await openRequest(site, request, response);
    if (pageRequest) {
      await renew(request, response);
      if (request.method === 'POST') requireOwnForm(pageRequest);
      const answered = await handle(pageRequest).catch((error: unknown) => whereItWas(pageRequest, error));
      return answer(site, { request, response, answered, pageRequest });
    }
    if (request.method === 'POST') {
      await noteKeyAtTheDoor(site, request, response);
      throw new DeskhandError('UNAUTHENTICATED', 'You are signed out, so nothing was saved.');
    }
    const next = localPath(request.originalUrl);
    const query = next === undefined || next === '/' ? '' : `?${new URLSearchParams({ next })}`;
    response.redirect(303, `/sign-in${query}`);
  };
}

/** Answers every address nobody knows. */
export function notFound(site: Site): RequestHandler {
  return async (request, response) => {
    const page = notFoundPage(factsOf(request, response).request_id);
    await answer(site, {
      request,
      response,
      answered: page,
      pageRequest: await openRequest(site, request, response),
    });
  };
}

/** Answers whatever was thrown with a page; tells `onDefect` what somebody must look at. */
export function refuse(site: Site, onDefect?: (error: unknown, request_id: string) => void) {
  // Express knows an error handler by its four parameters.
  return async (error: unknown, request: Request, response: Response, _next: NextFunction): Promise<void> => {
    const { request_id } = factsOf(request, response);
    if (isDefect(error)) onDefect?.(error, request_id);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    // The page about an outage must not fail because of it.
    const pageRequest = await openRequest(site, request, response).catch(() => undefined);
    const refused = refusalPage(error, request_id, rescueOf(request));
    if (refused.status === 401 || refused.status === 403) forgetPages(response);
    await answer(site, {
      request,
      response,
      answered: refused,
      pageRequest,
    });
  };
}

const flash = z.object({
  done: z.string(),
  warnings: z.array(z.string()),
  // The cookie comes from the browser: it leads nowhere but to a page of ours.
  way: z.object({ to: z.string().regex(/^\/(?!\/)[\w/.-]*$/), label: z.string() }).exactOptional(),
  undo: z.string().max(60).exactOptional(),
});

/** Leaves words for the next page. A cookie holds four kilobytes, so a flood of warnings is cut. */
export function say(site: Site, response: Response, { done, warnings, way, undo }: Said): void {
  const few = warnings.slice(0, 4).map(warning => warning.slice(0, 300));
  const more = warnings.length > few.length ? [`… and ${warnings.length - few.length} more`] : [];
  const text = JSON.stringify({ done, warnings: [...few, ...more], way, undo });
  site.cookies.write(response, 'flash', Buffer.from(text).toString('base64url'), 60);
}

function hear(site: Site, request: Request, response: Response): Said | undefined {
  const text = site.cookies.read(request, 'flash');
  if (text === undefined) return undefined;
  site.cookies.clear(response, 'flash');
  try {
    return flash.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return undefined;
  }
}
