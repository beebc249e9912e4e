import { html, type Markup } from '../html.ts';
import { mayRead, type PageRequest } from '../site.ts';

const places = [
  { href: '/review', label: 'Waiting', view: 'authorization_requests' },
  { href: '/review/history', label: 'Decided', view: 'authorization_requests' },
  { href: '/review/levels', label: 'Levels', view: 'permissions' },
  { href: '/review/grants', label: 'Grants', view: 'authorization_grants' },
  { href: '/review/agents', label: 'Agents', view: 'agents' },
  { href: '/review/attempts', label: 'Attempts', view: 'security_events' },
];

/** The way between the pages about agents and what they may do. */
export function reviewPlaces(visit: PageRequest): Markup {
  const here = visit.request.path;
  return html`<nav aria-label="Review"><p class="links">${places
    .filter(({ view }) => mayRead(visit, view))
    .map(
      ({ href, label }) =>
        html`<a href="${href}"${href === here && html` aria-current="page"`}>${label}</a> `,
    )}</p></nav>`;
}
