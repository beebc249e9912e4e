import { isUuid } from '../../core/kernel/database/ids.ts';
import { listBusinesses, type OwnBusiness, openBusiness } from '../../core/sign-in/sign-in.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { type Page, type Site, textOf } from '../site.ts';

/** Which of somebody's businesses to open: chosen after signing in, and changed at any time. */
export const choosePage = (businesses: readonly OwnBusiness[], next: string): Page => ({
  title: 'Choose a business',
  body: html`<h1>Which business?</h1>
<p class="lead">Each shows its own customers and nothing of another one.</p>
<ul class="plain rows">${businesses.map(one => businessItem(one, next))}</ul>`,
});

const businessItem = ({ id, name, is_open }: OwnBusiness, next: string): Markup =>
  html`<li><form method="post" action="/sign-in/business"><input type="hidden" name="business" value="${id}"><input type="hidden" name="next" value="${asTyped(next)}">
<button${is_open && html` class="quiet"`}><bdi>${name}</bdi>${is_open && ', which is open'}</button></form></li>\n`;

/** The businesses of whoever has this session, the one that is open marked. */
export const ownBusinesses = (site: Site, session: string | undefined): Promise<OwnBusiness[]> =>
  session === undefined ? Promise.resolve([]) : listBusinesses(site.db, session);

/** Opens the business a form names; answers the new secret of the session, undefined when it is none of theirs. */
export function openChosen(site: Site, session: string, body: unknown): Promise<string | undefined> {
  const chosen = textOf(body, 'business');
  return isUuid(chosen) ? openBusiness(site.db, session, chosen) : Promise.resolve(undefined);
}
