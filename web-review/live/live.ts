import type { Request, RequestHandler, Response } from 'express';
import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { html, type Markup } from '../html.ts';
import { waitingFor } from '../navigation.ts';
import { answerUnchanged } from '../respond.ts';
import { openRequest } from '../session.ts';
import { type PageRequest, readList, type Site, textOf } from '../site.ts';

const newsRow = z.object({ id: z.string(), told: z.string().nullable(), reference: z.string().nullable() });

/** What a page says of itself so that its script knows what is news to it: when it was made, by the clock that numbers entries. */
export const liveSince = (): Markup => html`data-live="${Temporal.Now.instant().epochMilliseconds}"`;

/**
 * What an open page asks for every few seconds: nothing new is a 304 without a body, else how much waits and what changed about
 * the day it shows, in some hundred bytes. Asking does not prolong the session: a page left open is nobody at work.
 */
export function live(site: Site): RequestHandler {
  return async (request: Request, response: Response) => {
    const pageRequest = await openRequest(site, request, response);
    if (!pageRequest) {
      response.status(401).end();
      return;
    }
    const seen = /^"([0-9a-f-]{36})\.(\d+)"$/.exec(request.get('if-none-match') ?? '');
    const since = seen?.[1] ?? textOf(request.query, 'at');
    const day = textOf(request.query, 'day');
    const { rows } = await readList(pageRequest, 'news', newsRow, {
      params: { ...(since === '' ? {} : { since }), ...(isDay(day) ? { day } : {}) },
    });
    const [news] = rows;
    // What becomes due by itself, or fails to arrive, leaves no entry: that is counted anew each minute.
    const minute = String(Math.floor(site.clock().epochMilliseconds / 60_000));
    const etag = `"${news?.id ?? '0'}.${minute}"`;
    response.set('ETag', etag);
    if (seen && seen[1] === news?.id && seen[2] === minute) {
      answerUnchanged(response);
      return;
    }
    response.json(await answerOf(pageRequest, news));
  };
}

async function answerOf(request: PageRequest, news: z.infer<typeof newsRow> | undefined) {
  const waiting = await waitingFor(request);
  return {
    waits: waiting.reduce((sum, { count }) => sum + count, 0),
    ...(news?.told ? { told: news.told } : {}),
    ...(news?.told && news.reference !== null ? { to: `/tickets/${news.reference}` } : {}),
  };
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text);
