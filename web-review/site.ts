import type { Readable } from 'node:stream';
import type { Request } from 'express';
import type { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import type { App } from '../core/app.ts';
import type { Database } from '../core/kernel/database/db.ts';
import { isUuid } from '../core/kernel/database/ids.ts';
import type { Puzzles } from '../core/kernel/outside/puzzles.ts';
import type { Caller, Identity, RequestFacts } from '../core/kernel/pipeline/context.ts';
import { mayRead as actorMayRead, mayCall } from '../core/kernel/pipeline/roles.ts';
import { looksLikeReference } from '../core/kernel/records/reference.ts';
import type { ReadQuery } from '../core/kernel/registry/define.ts';
import { DeskhandError } from '../core/kernel/words/errors.ts';
import type { Assets } from './assets.ts';
import type { Connecting } from './connections/connecting.ts';
import type { Cookies } from './cookies.ts';
import type { Markup } from './html.ts';

/** What the pages are made with. */
export interface Site {
  app: App;
  db: Database;
  baseUrl: string;
  dataDir: string;
  demo: boolean;
  clock(): Temporal.Instant;
  cookies: Cookies;
  assets: Assets;
  puzzles: Puzzles;
  /** The authorization server; undefined where programs come with keys alone. */
  connecting?: Connecting | undefined;
}

/** One request of somebody who is signed in. */
export interface PageRequest {
  site: Site;
  http: Request;
  caller: Caller;
  identity: Identity;
  facts: RequestFacts;
}

/** What a route answers: a page inside the layout, one of its own, a piece of one, or the way to another page. */
export type Answer = Page | Document | Fragment | Redirect | MailPreview | PaperFile | StreamedFile;

export interface Page {
  title: string;
  body: Markup;
  status?: number;
  /** Static files to load as modules; every page also works without. */
  scripts?: readonly string[];
  /** Style sheets besides the one of all pages. */
  styles?: readonly string[];
  /** Where the browser goes on by itself: a path of ours. */
  onward?: string;
}

/** A whole page that brings its own frame. */
export interface Document {
  document: Markup;
  status?: number;
  /** Where the same page is found, when it answers a form. */
  location?: string;
}

/** Markup for a script to put into a page that is open already. */
export interface Fragment {
  fragment: Markup;
}

/** A mail as a page of its own, for a frame on one of ours. */
export interface MailPreview {
  mail: string;
}

/** A file that the browser shows, or keeps under its name. */
export interface PaperFile {
  file: Buffer;
  name: string;
  content_type: string;
  /** It is kept, and never shown. */
  isKept?: true;
}

/** A file that is larger than what is held in memory at once. */
export interface StreamedFile {
  stream: Readable;
  name: string;
  content_type: string;
  /** Where it is known before. */
  bytes?: number;
}

export interface Redirect {
  redirect: string;
  /** Said on top of the page that comes next. */
  said?: Said;
}

export interface Said {
  done: string;
  warnings: readonly string[];
  /** Where somebody may want to go now. */
  way?: { to: string; label: string };
  /** The word by which it is taken back; a button stands beside what is said. */
  undo?: string;
}

/** Reads rows of a view and takes from them what the page shows. */
export async function readList<T>(
  request: PageRequest,
  type: string,
  row: z.ZodType<T>,
  query: ReadQuery = {},
): Promise<{ rows: T[]; next_cursor?: string }> {
  const { rows, next_cursor } = await request.site.app.read(request.caller, type, query, request.facts);
  return { rows: rows.map(value => row.parse(value)), ...(next_cursor === undefined ? {} : { next_cursor }) };
}

/** Reads one row by id or reference; undefined when there is none (any more). */
export async function readMaybe<T>(
  request: PageRequest,
  {
    type,
    row,
    id,
    query = {},
  }: { type: string; row: z.ZodType<T>; id: string; query?: Omit<ReadQuery, 'id'> },
): Promise<T | undefined> {
  try {
    return (await readList(request, type, row, { ...query, id })).rows[0];
  } catch (error) {
    if (error instanceof DeskhandError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** Whether this person's role may read a view, as it is registered: decides what is shown, never what is allowed. */
export function mayRead(request: Pick<PageRequest, 'site' | 'identity'>, type: string): boolean {
  return actorMayRead(request.identity.actor, request.site.app.registry.view(type).spec);
}

/** Whether this person's role may do something, as it is registered: decides what is shown, never what is allowed. */
export function mayDo({ site, identity }: Pick<PageRequest, 'site' | 'identity'>, action: string): boolean {
  return mayCall(identity.actor, site.app.registry.action(action));
}

/** One text of a form or of the address; '' when it is missing or given twice. */
export function textOf(fields: unknown, name: string): string {
  if (typeof fields !== 'object' || fields === null || !Object.hasOwn(fields, name)) return '';
  const value: unknown = Reflect.get(fields, name);
  return typeof value === 'string' ? value : '';
}

/** The record a path names, by id or reference such as `C-1042` or `INV-2026-014`. Throws NOT_FOUND for anything else. */
export function recordOf(request: PageRequest): string {
  const name = String(request.http.params.ref);
  // A few are no numbers of a series.
  if (
    looksLikeReference(name) ||
    isUuid(name) ||
    request.site.app.registry.references.typeOf(name) !== undefined
  )
    return name;
  throw new DeskhandError('NOT_FOUND', 'There is nothing at this address.');
}
