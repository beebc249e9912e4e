import { html, type Markup } from '../html.ts';
import { mayRead, type PageRequest } from '../site.ts';

const places = [
  { href: '/review', label: 'Waiting', view: 'authorization_requests' },
  { href: '/review/history', label: 'Decided', view: 'authorization_requests' },
  { href: '/done', label: 'Done', view: 'done' },
  { href: '/review/levels', label: 'What it may do', view: 'permissions' },
  { href: '/review/grants', label: 'Standing permissions', view: 'authorization_grants' },
  { href: '/review/agents', label: 'Assistants', view: 'agents' },
  { href: '/review/attempts', label: 'Refused attempts', view: 'security_events' },
];

/** The way between the pages about agents and what they may do. */
export function reviewPlaces(pageRequest: PageRequest): Markup {
  const here = pageRequest.http.path;
  return html`<nav aria-label="Approvals"><p class="links strip">${places
    .filter(({ view }) => mayRead(pageRequest, view))
    .map(
      ({ href, label }) =>
        html`<a href="${href}"${href === here && html` aria-current="page"`}>${label}</a> `,
    )}</p></nav>`;
}
