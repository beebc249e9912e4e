import { html } from '../html.ts';
import { type Answer, type Page, type PageRequest, textOf } from '../site.ts';
import { grantItem, readGrants } from './grant-list.ts';
import { reviewPlaces } from './places.ts';

/** What the owner has allowed or set, and takes back here. */
export async function listGrants(visit: PageRequest): Promise<Page> {
  const cursor = textOf(visit.request.query, 'cursor');
  const { rows, next_cursor } = await readGrants(visit, cursor === '' ? {} : { cursor });
  const older = next_cursor && `/review/grants?${new URLSearchParams({ cursor: next_cursor })}`;
  return {
    title: 'Grants',
    body: html`<h1>Grants</h1>
${reviewPlaces(visit)}
<p>What you have allowed always, and levels you have set. All else is as it came; see <a href="/review/levels">levels</a>.</p>
${rows.length === 0 && html`<p class="empty">Nothing is granted.</p>`}
<ul class="plain">${rows.map(grant => grantItem(visit, grant))}</ul>
${older && html`<p><a class="button" rel="next" href="${older}">Older</a></p>`}`,
  };
}

/** Takes a grant or a level back; the next call of the agent meets the level from before. */
export async function revokeGrant(visit: PageRequest): Promise<Answer> {
  const id = textOf(visit.request.body, 'id');
  const { warnings } = await visit.site.app.execute(
    visit.caller,
    { action: 'authorization.revoke_grant', data: { id } },
    visit.facts,
  );
  return {
    redirect: '/review/grants',
    said: { done: 'Revoked. The next call is asked about again.', warnings },
  };
}
