import { z } from 'zod';
import { generalWish } from '../../core/audit/deed-words.ts';
import { timeTag } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, textOf } from '../site.ts';
import { foreign } from './foreign.ts';
import { reviewPlaces } from './places.ts';
import { capital } from './sentence.ts';

const attemptRow = z.object({
  id: z.string(),
  action: z.string().nullable(),
  actor_name: z.string(),
  details: z.looseObject({ message: z.string().optional() }),
  created_at: z.string(),
});
type Attempt = z.infer<typeof attemptRow>;

/** What agents tried that is for people alone; all of it was refused. */
export async function listAttempts(visit: PageRequest): Promise<Page> {
  const cursor = textOf(visit.request.query, 'cursor');
  const { rows, next_cursor } = await readList(visit, 'security_events', attemptRow, {
    params: { kind: 'attempt' },
    fields: Object.keys(attemptRow.shape),
    ...(cursor === '' ? {} : { cursor }),
  });
  const older = next_cursor && `/review/attempts?${new URLSearchParams({ cursor: next_cursor })}`;
  return {
    title: 'Attempts',
    body: html`<h1>Attempts</h1>
${reviewPlaces(visit)}
<p>What an assistant tried that is for people alone: to decide, to set what an assistant may do, to make keys, to change what bounds them. All of it was refused. If you did not expect it, <a href="/assistants">pause the assistant or revoke its keys</a>.</p>
${rows.length === 0 && html`<p class="empty">No assistant has tried anything of the kind.</p>`}
<ul class="plain rows">${rows.map(row => attemptItem(visit, row))}</ul>
${older && html`<p><a class="button" rel="next" href="${older}">Older</a></p>`}`,
  };
}

function attemptItem(visit: PageRequest, { action, actor_name, details, created_at }: Attempt): Markup {
  const { time_zone } = visit.identity.organization;
  return html`<li><p><b>${capital(generalWish(visit.site.app.registry, action ?? 'something'))}</b></p>
${details.message !== undefined && html`<p>${foreign(details.message, 300)}</p>`}
<p class="when">${foreign(actor_name, 80)}, ${timeTag(created_at, time_zone)}</p></li>\n`;
}
