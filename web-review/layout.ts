import { type Content, html, type Markup } from './html.ts';
import { places } from './places.ts';
import { mayDecide } from './review/request.ts';
import { mayRead, type Page, type Said, type Site, type Visit } from './site.ts';

/** The one frame around every page. `visit` is missing for whoever is not signed in. */
export function layout(site: Site, page: Page, visit: Visit | undefined, said: Said | undefined): Markup {
  const name = visit?.entered.organization.name ?? 'Deskhand';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${ownReferrer}
<title>${page.title} · ${name}</title>
<link rel="icon" href="${site.assets.url('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${site.assets.url('style.css')}">
${(page.scripts ?? []).map(script => html`<script type="module" src="${site.assets.url(script)}"></script>\n`)}</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>
  <a class="brand" href="/">${name}</a>
  ${visit && navigation(visit)}
</header>
<main id="main" tabindex="-1">
${said && saidBox(said)}
${page.body}
</main>
<footer>${footer(visit)}</footer>
</body>
</html>
`;
}

// With "no-referrer" a browser sends `Origin: null` with our own forms, and on plain http nothing else says where a
// form came from. Other sites still learn nothing.
const ownReferrer = html`<meta name="referrer" content="same-origin">`;

function navigation(visit: Visit): Markup {
  const at = visit.request.path;
  const isHere = (href: string) => (href === '/' ? at === '/' : at === href || at.startsWith(`${href}/`));
  return html`<nav aria-label="Main"><ul>
    ${places
      .filter(place => !place.is_aside)
      .filter(place => (place.decides ? mayDecide(visit) : mayRead(visit, place.view)))
      .map(
        ({ path, label, keywords }) =>
          html`<li data-keywords="${keywords.join(', ')}"><a href="${path}"${isHere(path) && html` aria-current="page"`}>${label}</a></li>\n`,
      )}
  </ul></nav>`;
}

function saidBox({ done, warnings }: Said): Markup {
  return html`<div class="said" role="status">
  <p>${done}</p>
  ${warnings.map(warning => html`<p class="warning">${warning}</p>`)}
</div>`;
}

function footer(visit: Visit | undefined): Content {
  if (!visit) return html`<p>Deskhand</p>`;
  const { actor, organization, csrf_token } = visit.entered;
  return html`<p><bdi>${actor.name}</bdi>${actor.role && html`, ${actor.role}`} · times in ${organization.time_zone} · <a href="/passkeys">Passkeys</a></p>
  <form method="post" action="/sign-out">${tokenField(csrf_token)}<button class="quiet">Sign out</button>
  <button class="quiet" name="everywhere" value="1">Sign out everywhere</button></form>`;
}

/** The hidden field every form of somebody signed in carries. */
export const tokenField = (token: string | undefined): Markup =>
  html`<input type="hidden" name="csrf_token" value="${token ?? ''}">`;
