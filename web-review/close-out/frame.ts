import { shorten } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { drawingsFor } from '../icons.ts';
import { phoneFacts } from '../layout.ts';
import type { Document, PageRequest } from '../site.ts';

/** A page of the close-out: everything it takes, and nothing else (CLO-15, NFR-01). */
export interface LeanPage {
  title: string;
  /** The visit it is about. */
  about?: { reference: string; customer: string };
  /** The inside of `<main>`. */
  body: Markup;
  /** What nobody sees: templates for the script. */
  templates?: Markup;
  status?: number;
  /** The address under which the same page is found. */
  location?: string;
}

/** What every page of the close-out loads besides the style, once; they all work without. */
const scripts = ['close-out.js'];

/** A page in the lean frame. */
export function lean(request: PageRequest, { status, location, ...page }: LeanPage): Document {
  return {
    document: leanDocument(request, page),
    ...(status === undefined ? {} : { status }),
    ...(location === undefined ? {} : { location }),
  };
}

/**
 * A slim header with the way back, and the page. The icon is empty and so is its request; `data-token` is what a form that
 * waited for signal is sent with, `data-member` whose it is; in `queue` the script says what waits.
 */
export function leanDocument({ site, identity }: PageRequest, page: LeanPage): Markup {
  const { title, about, body, templates } = page;
  const named = about && `${about.reference} · ${shorten(about.customer, 60)}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
<title>${[title, named].filter(Boolean).join(' · ')}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${site.assets.url('style.css')}">
${scripts.map(script => html`<script type="module" src="${site.assets.url(script)}"></script>\n`)}</head>
<body class="lean" ${phoneFacts(identity)}>
<header><a href="/">← Calendar</a>${about && html`<p><b>${about.reference}</b> · <bdi>${shorten(about.customer, 60)}</bdi></p>`}</header>
<div id="queue" role="status"></div>
<main id="main" tabindex="-1">
${body}
</main>
${templates}${drawingsFor(body.text + (templates?.text ?? ''))}</body>
</html>
`;
}
