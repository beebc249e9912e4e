import { z } from 'zod';
import { duplicateRow } from '../../core/reading/duplicates.ts';
import { badge, shorten, timeTag } from '../format.ts';
import { formFields, submit, typedTexts } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, type Page, type PageRequest, readList, textOf } from '../site.ts';

type Duplicate = z.infer<typeof duplicateRow>;
type Party = Duplicate['keep'];

const who = z.object({ reference: z.string(), full_name: z.string() });
const mergeRow = z.object({
  reference: z.string(),
  created_at: z.string(),
  kept: who,
  merged: who,
});
type Merge = z.infer<typeof mergeRow>;

/** `/duplicates`: customers who look like one, to make one of them, and what was merged lately, to take it back (CON-24). */
export async function listDuplicates(request: PageRequest): Promise<Page> {
  const cursor = textOf(request.http.query, 'cursor');
  const [{ rows, next_cursor }, merges] = await Promise.all([
    readList(request, 'duplicates', duplicateRow, cursor === '' ? {} : { cursor }),
    readList(request, 'contact_merges', mergeRow, {
      filter: 'reversible',
      sort: '-created_at',
      include: ['kept', 'merged'],
    }),
  ]);
  return {
    title: 'Customers twice',
    body: html`<h1>Customers twice</h1>
<p class="hint">Customers who look like the same one twice, surest first. The one that stays keeps its number and its own words; visits, bills, notes and addresses of the other one go to it. It can be taken back for 30 days.</p>
${rows.length === 0 && html`<p class="empty">No customer is here twice, as far as names, phones and addresses tell.</p>`}
<ul class="plain rows">${rows.map(row => pairItem(request, row))}</ul>
${next_cursor !== undefined && html`<p><a class="button" rel="next" href="/duplicates?${new URLSearchParams({ cursor: next_cursor }).toString()}">More</a></p>`}
${mergesSection(request, merges.rows)}`,
  };
}

const name = ({ reference, full_name }: Pick<Party, 'reference' | 'full_name'>): Markup =>
  html`<a class="main" href="/contacts/${reference}"><bdi>${shorten(full_name, 120)}</bdi></a> <code>${reference}</code>`;

function pairItem(request: PageRequest, { keep, merge, why, likely }: Duplicate): Markup {
  return html`<li><p>${name(keep)} and ${name(merge)} ${badge(likely)}</p>
<p class="hint">Because of ${why.join(', ')}.</p>
<div class="buttons">${mergeForm(request, keep, merge, isSure(likely) ? undefined : 'quiet')}${mergeForm(request, merge, keep, 'quiet')}</div></li>\n`;
}

/** What may be two people of one household is not the first thing to press. */
const isSure = (likely: Duplicate['likely']): boolean => likely === 'surely' || likely === 'likely';

const mergeForm = (request: PageRequest, keep: Party, merge: Party, style?: string): Markup =>
  html`<form method="post" action="/duplicates/merge">${formFields(request)}<input type="hidden" name="contact_id" value="${keep.reference}"><input type="hidden" name="merged_contact_id" value="${merge.reference}"><button${style !== undefined && html` class="${style}"`}>Merge, keep ${keep.reference}</button></form>`;

function mergesSection(request: PageRequest, merges: readonly Merge[]): Markup | false {
  if (merges.length === 0) return false;
  const { time_zone } = request.identity.organization;
  return html`<section aria-labelledby="merged"><h2 id="merged">Merged lately</h2>
<ul class="plain rows">${merges.map(
    ({ reference, created_at, kept, merged }) => html`<li>
<p><bdi>${shorten(merged.full_name, 120)}</bdi> <code>${merged.reference}</code> went into ${name(kept)}</p>
<p class="when">${timeTag(created_at, time_zone)} · <code>${reference}</code></p>
<form method="post" action="/duplicates/take-back">${formFields(request)}<input type="hidden" name="contact_merge_id" value="${reference}"><button class="quiet">Take it back</button></form></li>\n`,
  )}</ul></section>`;
}

const merged = z.object({ contact: who, merged: who });

/** Makes one customer of two. */
export async function mergeFromForm(request: PageRequest): Promise<Answer> {
  const { contact_id = '', merged_contact_id = '' } = typedTexts(request);
  const { data, warnings } = await submit(request, 'contact.merge', { contact_id, merged_contact_id });
  const one = merged.parse(data);
  const done = `${one.merged.reference} is ${one.contact.reference} ${shorten(one.contact.full_name, 60)} now.`;
  return { redirect: '/duplicates', said: { done, warnings } };
}

const apart = z.object({ contact: who, restored: who, stays: z.array(z.string()) });

/** Takes a merge back. */
export async function takeBackFromForm(request: PageRequest): Promise<Answer> {
  const { contact_merge_id = '' } = typedTexts(request);
  const { data, warnings } = await submit(request, 'contact.unmerge', { contact_merge_id });
  const { contact, restored, stays } = apart.parse(data);
  const left =
    stays.length === 0 ? '' : ` What was changed since stays with ${contact.reference}: ${stays.join(', ')}.`;
  return {
    redirect: '/duplicates',
    said: {
      done: `${restored.reference} and ${contact.reference} are two customers again.${left}`,
      warnings,
    },
  };
}
