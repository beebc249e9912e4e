import { z } from 'zod';
import { attempt, problemAt, problemElse, type Refusal, requireMay } from '../attempt.ts';
import { timeTag } from '../format.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { field, textControl } from '../settings/fields.ts';
import { type Answer, mayDo, mayRead, type Page, type PageRequest, readList } from '../site.ts';
import { lastDone, mayWords } from './doing.ts';
import { keyPage, makeKeyFor } from './keys.ts';

const agentRow = z.object({ id: z.string(), name: z.string(), paused_at: z.string().nullable() });
export type Assistant = z.infer<typeof agentRow>;
export { agentRow };
export const agentFields = Object.keys(agentRow.shape);

/** `/assistants`: who works here without being a person, whether it is paused, and what it did last. */
export async function listAssistants(request: PageRequest): Promise<Page> {
  const query = { fields: agentFields, sort: 'name', limit: 100 };
  const { rows } = await readList(request, 'agents', agentRow, query);
  const done = await Promise.all(rows.map(({ name }) => lastDone(request, name)));
  return {
    title: 'Assistants',
    body: html`<h1>Assistants</h1>
<p class="hint">An assistant works in the office under its own name, with a key of its own, and does what you let it.</p>
${mayDo(request, 'agent.create') && html`<p class="buttons"><a class="button" href="/assistants/new">Add an assistant</a> <a class="button plain" href="/connect">Connect one</a></p>`}
${rows.length === 0 && html`<p class="empty">No assistant works here yet. Add one, and give it a key.</p>`}
${rows.length > 0 && html`<ul class="list">${rows.map((agent, index) => assistantItem(request, agent, done[index]))}</ul>`}
${mayWords(request)}`,
  };
}

const assistantItem = (
  request: PageRequest,
  { id, name, paused_at }: Assistant,
  done: Markup | undefined,
): Markup =>
  html`<li><a class="main" href="/assistants/${id}"><bdi>${name}</bdi></a> ${stateOf(request, paused_at)}
<p class="hint">${done ?? 'Has done nothing yet.'}</p></li>\n`;

/** Whether it works, in words. */
export const stateOf = ({ identity }: PageRequest, paused_at: string | null): Markup =>
  paused_at === null
    ? html`<span class="badge confirmed">works</span>`
    : html`<span class="badge waiting">paused</span> <span class="hint">since ${timeTag(paused_at, identity.organization.time_zone)}</span>`;

/** `/assistants/new`: a name is all it takes; the key comes with it. */
export async function newAssistant(request: PageRequest, refusal?: Refusal): Promise<Page> {
  requireMay(request, 'agent.create');
  return {
    title: 'Add an assistant',
    status: refusal?.status ?? 200,
    body: html`<h1>Add an assistant</h1>
<form method="post" action="/assistants/new" class="card narrow">${formFields(request)}${problemElse(refusal, ['name'])}
${field({ name: 'name', label: 'Name', hint: 'Everything it does is written down under this name.', problem: problemAt(refusal, 'name') }, textControl(refusal?.typed.name ?? 'Office Manager', html` required`))}
<p>It gets a key, which the next page shows once. What cannot be taken back it asks you for, from the first day.</p>
<p class="buttons"><button>Add, and make a key</button> <a class="button plain quiet" href="/assistants">Cancel</a></p></form>`,
  };
}

/** Adds an assistant and shows its first key. The same form again adds nothing, and shows no key a second time. */
export function addAssistant(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'agent.create',
    async ({ name = '' }) => {
      const { data, replayed } = await submit(request, 'agent.create', { name });
      const agent = agentRow.parse(data);
      const here = `/assistants/${agent.id}`;
      if (replayed) {
        const done = `${agent.name} is here already. Was its key lost? Make another one, and revoke the first.`;
        return { redirect: here, said: { done, warnings: [] } };
      }
      return keyPage(request, agent, await makeKeyFor(request, agent.id));
    },
    refusal => newAssistant(request, refusal),
  );
}

/** Whether this person sees the keys of assistants. */
export const seesKeys = (request: PageRequest): boolean => mayRead(request, 'agent_keys');
