import type { PageGroup } from '../core/kernel/registry/page.ts';
import { html, type Markup } from './html.ts';
import { placesIn } from './navigation.ts';
import type { Page, PageRequest } from './site.ts';

/** What the pages besides the tabs are for, in the order people want them; those of developers last. */
const groups: readonly { group: PageGroup; label: string }[] = [
  { group: 'work', label: 'Every day' },
  { group: 'business', label: 'The business' },
  { group: 'assistant', label: 'The assistant' },
  { group: 'developers', label: 'For developers' },
];

/** `/more`: the way to everything that is no tab. */
export async function showMore(request: PageRequest): Promise<Page> {
  return {
    title: 'More',
    body: html`<h1>More</h1>
${groups.map(({ group, label }) => groupSection(request, group, label))}
<section aria-labelledby="you"><h2 id="you">You</h2>
<ul class="list ways"><li><a class="main" href="/passkeys">Passkeys</a> <span class="hint">What you say yes with.</span></li>
<li><a class="main" href="/sessions">Signed in</a> <span class="hint">Every browser you are signed in with.</span></li></ul></section>`,
  };
}

function groupSection(request: PageRequest, group: PageGroup, label: string): Markup | false {
  const places = placesIn(request, group);
  return (
    places.length > 0 &&
    html`<section aria-labelledby="${group}"><h2 id="${group}">${label}</h2>
<ul class="list ways">${places.map(({ path, label, summary }) => html`<li><a class="main" href="${path}">${label}</a> <span class="hint">${summary}</span></li>\n`)}</ul></section>`
  );
}
