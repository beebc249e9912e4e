import { z } from 'zod';
import type { Registry } from '../../core/kernel/registry/registry.ts';
import { pluralOf } from '../../core/kernel/words/plural.ts';
import { timelineKinds } from '../../core/reading/timeline.ts';
import { shorten, timeTag, words } from '../format.ts';
import { label } from '../history.ts';
import { html, type Markup } from '../html.ts';
import { type Page, type PageRequest, readList, recordOf, textOf } from '../site.ts';
import { plain } from '../words.ts';

const eventRow = z.object({
  kind: z.string(),
  reference: z.string().nullable(),
  happened_at: z.string(),
  what: z.string(),
  text: z.string().nullable(),
  actor: z.string().nullable(),
});
type Event = z.infer<typeof eventRow>;

const whoseRow = z.object({ full_name: z.string().nullable() });

/** Everything that has happened with a customer or a lead, newest first (CFL-27). */
export async function showTimeline(request: PageRequest, of: 'contact' | 'lead'): Promise<Page> {
  const reference = recordOf(request).toUpperCase();
  const { query } = request.http;
  const { registry } = request.site.app;
  const kinds = timelineKinds(registry);
  // A kind there is not is refused by the view, with those there are.
  const kind = textOf(query, 'kind') || undefined;
  const cursor = textOf(query, 'cursor');
  const { rows, next_cursor } = await readList(request, 'timeline', eventRow, {
    params: { [`${of}_id`]: reference, ...(kind ? { kind } : {}) },
    fields: Object.keys(eventRow.shape),
    ...(cursor === '' ? {} : { cursor }),
  });
  const whose = await readList(request, `${of}s`, whoseRow, { id: reference, fields: ['full_name'] });
  const name = whose.rows[0]?.full_name ?? reference;
  const here = `/${of}s/${reference}`;
  const link = (only: string | undefined, label: string) =>
    html`<a href="${here}/timeline${only !== undefined && `?kind=${only}`}"${only === kind && html` aria-current="true"`}>${label}</a> `;
  const older =
    next_cursor &&
    `${here}/timeline?${new URLSearchParams({ ...(kind ? { kind } : {}), cursor: next_cursor })}`;
  return {
    title: `Timeline of ${shorten(name, 80)}`,
    body: html`<h1>Timeline of <a href="${here}"><bdi>${shorten(name, 120)}</bdi></a></h1>
<nav aria-label="Kinds"><p class="links">${link(undefined, 'all')}${kinds.map(each => link(each, kindWords(registry, each)))}</p></nav>
${rows.length === 0 && html`<p class="empty">Nothing has happened yet.</p>`}
<ol class="history">${rows.map(row => eventItem(request, row))}</ol>
${older && html`<p><a class="button" rel="next" href="${older}">Older</a></p>`}`,
  };
}

/** What a kind of entry is called: as the records of that name everywhere, where there are such. */
const kindWords = (registry: Registry, kind: string): string =>
  plain(registry.records.get(kind)?.nouns ?? pluralOf(kind));

const pasts: Readonly<Record<string, string>> = {
  create: 'added',
  update: 'changed',
  delete: 'deleted',
  restore: 'restored',
};

/** `contact update: job_title` is “customer changed: job title”. */
function whatWords(registry: Registry, { kind, what }: Pick<Event, 'kind' | 'what'>): string {
  const [, entity = '', verb = '', rest = ''] = /^(\w+) (\w+)(:.*)?$/.exec(what) ?? [];
  const past = pasts[verb];
  if (kind !== 'change' || past === undefined) return words(what).replace(/\b(\w+) \1\b/, '$1');
  const fields = new Set(
    rest
      .slice(1)
      .split(',')
      .map(name => label(name.trim())),
  );
  return `${plain(registry.records.get(entity)?.noun ?? entity)} ${past}${rest && `: ${[...fields].join(', ')}`}`;
}

function eventItem(request: PageRequest, event: Event): Markup {
  const { reference, happened_at, text, actor } = event;
  const page = reference === null ? undefined : pageOf(request.site.app.registry, reference);
  const named =
    reference !== null &&
    (page === undefined
      ? html` <code>${reference}</code>`
      : html` <a href="${page}/${reference}">${reference}</a>`);
  return html`<li><p><b>${shorten(whatWords(request.site.app.registry, event), 200)}</b>${named}</p>
${text !== null && html`<p dir="auto">${shorten(text, 500)}</p>`}
<p class="when">${timeTag(happened_at, request.identity.organization.time_zone)}${actor !== null && html` · <bdi>${shorten(actor, 80)}</bdi>`}</p></li>\n`;
}

/** Where what has this reference is opened. */
function pageOf(registry: Registry, reference: string): string | undefined {
  const type = registry.references.typeOf(reference);
  const record = [...registry.records.values()].find(({ plural }) => plural === type);
  return record && registry.pathOf(record.name)?.path;
}
