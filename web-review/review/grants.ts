import { html } from '../html.ts';
import { type Answer, type Page, type PageRequest, textOf } from '../site.ts';
import { grantItem, readGrants } from './grant-list.ts';
import { reviewPlaces } from './places.ts';

/** What the owner has allowed or set, and takes back here. */
export async function listGrants(pageRequest: PageRequest): Promise<Page> {
  const cursor = textOf(pageRequest.http.query, 'cursor');
  const { rows, next_cursor } = await readGrants(pageRequest, cursor === '' ? {} : { cursor });
  const older = next_cursor && `/review/grants?${new URLSearchParams({ cursor: next_cursor })}`;
  return {
    title: 'Standing permissions',
    body: html`<h1>Standing permissions</h1>
${reviewPlaces(pageRequest)}
<p class="hint">What you have allowed for good, and where you have set what the assistant may do. Everything else is as it came: see <a href="/review/levels">what the assistant may do</a>.</p>
${rows.length === 0 && html`<p class="empty">There are none: what you allow is allowed once.</p>`}
<ul class="plain">${rows.map(grant => grantItem(pageRequest, grant))}</ul>
${older && html`<p><a class="button plain" rel="next" href="${older}">Older</a></p>`}`,
  };
}

/** Takes a grant or a level back; the next call of the agent meets the level from before. */
export async function revokeGrant(pageRequest: PageRequest): Promise<Answer> {
  const id = textOf(pageRequest.http.body, 'id');
  const { warnings } = await pageRequest.site.app.execute(
    pageRequest.caller,
    { action: 'authorization.revoke_grant', data: { id } },
    pageRequest.facts,
  );
  return {
    redirect: '/review/grants',
    said: { done: 'Ended. From now on it is as it was before.', warnings },
  };
}
