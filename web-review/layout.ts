import type { Identity } from '../core/kernel/pipeline/context.ts';
import { momentWords } from './format.ts';
import { asTyped, type Content, html, type Markup, raw } from './html.ts';
import { drawingsFor, icon } from './icons.ts';
import { liveSince } from './live/live.ts';
import { adding, tabs, type Waiting } from './navigation.ts';
import { mayRead, type Page, type PageRequest, type Said, type Site, textOf } from './site.ts';
import { undoForm } from './undo.ts';

/** What stands around a page besides its own content. */
export interface Around {
  /** Missing for whoever is not signed in. */
  request?: PageRequest | undefined;
  said?: Said | undefined;
  /** The way to what is to be done next. */
  quick?: Markup | undefined;
  /** What waits for this person. */
  waiting?: readonly Waiting[] | undefined;
  /** The address of the page, when that is not the one that was asked for. */
  at?: string | undefined;
}

/** The one frame around every page. */
export function layout(site: Site, page: Page, { request, said, quick, waiting = [], at }: Around): Markup {
  const name = request?.identity.organization.name ?? 'Deskhand';
  const phone = request && closesOut(request, at ?? request.http.path) && request.identity;
  const scripts = [
    ...(page.scripts ?? []),
    // The search brings the news with it.
    ...(request ? [maySearch(request) ? 'find.js' : 'live.js'] : []),
    ...(phone ? ['service-worker.js'] : []),
  ];
  const here = at ?? request?.http.path ?? '';
  const body = html`<a class="skip" href="#main">Skip to the content</a>
<header>
  ${quick}<a class="brand" href="/">${name}</a>
  ${request && maySearch(request) && searchForm(request)}
  ${request && adding(request)}${request && wayToMore(request, here)}
</header>
${request && tabs(request, here, waiting)}
${phone && html`<div id="queue" role="status"></div>`}
<main id="main" tabindex="-1">
${said && saidBox(said, request)}
${aimed(page.body)}
</main>
<footer>${footer(request)}</footer>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${ownReferrer}${
  page.onward !== undefined &&
  html`
<meta http-equiv="refresh" content="0;url=${page.onward}">`
}
<title>${page.title} · ${name}</title>
<link rel="icon" href="${site.assets.url('icon.svg')}" type="image/svg+xml">
${['style.css', ...stylesOf(page, request)].map(
  style => html`<link rel="stylesheet" href="${site.assets.url(style)}">
`,
)}${scripts.map(script => html`<script type="module" src="${site.assets.url(script)}"></script>\n`)}</head>
<body${request && html` ${liveSince()}`}${phone && html` ${phoneFacts(phone)}`}>
${body}
${drawingsFor(body.text)}</body>
</html>
`;
}

/**
 * A page that was refused opens at the first field that is wrong, with the hand on it: a form of many fields would else begin
 * again at its top, and nothing there says that anything is wrong.
 */
const aimed = ({ text }: Markup): Markup =>
  raw(text.replace(/ aria-invalid="true"(?! autofocus)/, ' aria-invalid="true" autofocus'));

/** The sheets of a page besides the one that all have: its own, or what the office sees. */
const stylesOf = ({ styles }: Page, request: PageRequest | undefined): readonly string[] =>
  styles ?? (request && request.identity.actor.role !== 'technician' ? ['office.css'] : []);

// With "no-referrer" a browser sends `Origin: null` with our own forms, and on plain http nothing else says where a
// form came from. Other sites still learn nothing.
const ownReferrer = html`<meta name="referrer" content="same-origin">`;

/**
 * What a phone needs to keep entries for times without signal: the token they are sent with, and whose they are (one person in
 * two businesses is two), with the key they are locked up with when this person is signed out.
 */
export const phoneFacts = ({ csrf_token, phone }: Identity): Markup =>
  html`data-token="${csrf_token ?? ''}" data-member="${phone ? `${phone.id} ${phone.key}` : ''}"`;

/** Whether this is a page of the visits for somebody who closes them out: a phone keeps it for times without signal. */
const closesOut = (request: PageRequest, path: string): boolean =>
  mayRead(request, 'closeout') && /^\/($|calendar$|tickets\/)/.test(path);

const maySearch = (request: PageRequest): boolean => mayRead(request, 'search');

/** One field over everything (UNI-01); with JavaScript the command bar opens from it. */
function searchForm({ http }: PageRequest): Markup {
  const asked = http.path === '/search' ? textOf(http.query, 'q').slice(0, 200) : '';
  return html`<form method="get" action="/search" role="search" aria-label="Everything" class="search">
    <label for="q" class="unseen">Search everything</label>
    <div class="row"><input id="q" name="q" type="search" maxlength="200" placeholder="Search everything" value="${asTyped(asked)}" aria-keyshortcuts="Control+K Meta+K /"><button class="quiet" aria-label="Find">${icon('search')}</button></div>
  </form>`;
}

/** Everything that is no tab; where the business is set up stands beside it where there is room. */
function wayToMore(request: PageRequest, here: string): Markup {
  const link = (href: string, label: string, name: 'settings' | 'more') =>
    html`<a class="tool ${name}" href="${href}" aria-label="${label}"${here === href && html` aria-current="page"`}>${icon(name)}</a>`;
  return html`${mayRead(request, 'settings') && link('/settings', 'Settings', 'settings')}${link('/more', 'More', 'more')}`;
}

function saidBox({ done, warnings, way, undo }: Said, request: PageRequest | undefined): Markup {
  const worded = (text: string): Content =>
    request ? momentWords(withoutMarks(text), request.identity.organization.time_zone) : text;
  return html`<div class="said" role="status">
  <p>${done}</p>
  ${warnings.map(warning => html`<p class="warning">${worded(warning)}</p>`)}
  ${way && html`<p class="links"><a href="${way.to}">${way.label}</a></p>`}
  ${request && undo !== undefined && undoForm(request, undo)}
</div>`;
}

/** The marks around what somebody wrote are for agents. */
const withoutMarks = (text: string): string => text.replace(/[«»]/g, '');

function footer(request: PageRequest | undefined): Content {
  if (!request) return html`<p>Deskhand</p>`;
  const { actor, organization, csrf_token } = request.identity;
  return html`<p><bdi>${actor.name}</bdi>${actor.role && html`, ${actor.role}`} · times in ${organization.time_zone}</p>
  <form method="post" action="/sign-out">${tokenField(csrf_token)}<button class="link">Sign out</button></form>`;
}

/** The hidden field every form of somebody signed in carries. */
export const tokenField = (token: string | undefined): Markup =>
  html`<input type="hidden" name="csrf_token" value="${token ?? ''}">`;
