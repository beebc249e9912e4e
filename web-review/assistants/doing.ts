import { z } from 'zod';
import { timeTag, words } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { mayDo, mayRead, type PageRequest, readList } from '../site.ts';
import { plain } from '../words.ts';

const entry = z.object({ domain_action: z.string().nullable(), created_at: z.string() });

/** What an assistant did last, and when; undefined when it has done nothing that is written down. */
export async function lastDone(request: PageRequest, name: string): Promise<Markup | undefined> {
  if (!mayRead(request, 'audit_log')) return undefined;
  const query = { params: { actor_kind: 'agent', actor_name: name }, limit: 1 };
  const { rows } = await readList(request, 'audit_log', entry, query);
  const [last] = rows;
  if (!last) return undefined;
  const { time_zone } = request.identity.organization;
  return html`Did something last on ${timeTag(last.created_at, time_zone)}${last.domain_action !== null && html`: ${deedOf(request, last.domain_action)}`}.`;
}

/** What an action is, as its first words say it: “Add a customer”. */
function deedOf({ site }: PageRequest, id: string): string {
  const summary = site.app.registry.actions.get(id)?.spec.summary ?? words(id.replace('.', ' '));
  return plain(summary.split(/[:;,.]/)[0] ?? summary).toLowerCase();
}

/** Where what the assistant may do is decided. */
export const mayWords = (request: PageRequest): Markup | false =>
  mayDo(request, 'authorization.set_level') &&
  html`<p>What it may do is decided for each thing: <b>by itself</b>, <b>by itself, telling why</b>, <b>asks me</b>, or <b>never</b>.</p>
<p class="links strip"><a href="/review/levels">What the assistant may do</a> <a href="/review/grants">Standing permissions</a> <a href="/review">What it asks for</a></p>`;
