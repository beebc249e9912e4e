import { isUuid } from '../../core/kernel/database/ids.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { attempt, problemAt, problemElse, type Refusal } from '../attempt.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { field, textControl } from '../settings/fields.ts';
import { type Answer, mayDo, mayRead, type Page, type PageRequest, readMaybe } from '../site.ts';
import { type Assistant, agentFields, agentRow, seesKeys, stateOf } from './assistants.ts';
import { connectionSection, readConnections } from './connections.ts';
import { lastDone, mayWords } from './doing.ts';
import { keyPage, keySection, makeKeyFor, readKeys, requireUnmade } from './keys.ts';

async function readAssistant(request: PageRequest): Promise<Assistant> {
  const id = String(request.http.params.id);
  const agent = isUuid(id)
    ? await readMaybe(request, { type: 'agents', row: agentRow, id, query: { fields: agentFields } })
    : undefined;
  if (agent) return agent;
  throw new DeskhandError('NOT_FOUND', 'No assistant has this page.');
}

/** `/assistants/<id>`: one assistant: the switch, its keys, its name, and the end of it. */
export async function showAssistant(request: PageRequest, refusal?: Refusal): Promise<Page> {
  const agent = await readAssistant(request);
  const { id, name, paused_at } = agent;
  const [keys, connections, done] = await Promise.all([
    seesKeys(request) && readKeys(request, id),
    mayRead(request, 'connections') && readConnections(request, id),
    lastDone(request, name),
  ]);
  return {
    title: name,
    status: refusal?.status ?? 200,
    body: html`<p class="links"><a href="/assistants">Assistants</a></p>
<h1><bdi>${name}</bdi></h1>
<p>${stateOf(request, paused_at)} ${done ?? 'Has done nothing yet.'}</p>
${problemElse(refusal, ['name'])}
${pauseForm(request, agent)}
${mayWords(request)}
${connections && connectionSection(request, id, connections)}${keys && keySection(request, id, keys, connections !== false && connections.length > 0)}
${mayDo(request, 'agent.update') && nameForm(request, agent, refusal)}
${mayDo(request, 'agent.delete') && endForm(request, agent)}`,
  };
}

function pauseForm(request: PageRequest, { id, paused_at }: Assistant): Markup | false {
  const verb = paused_at === null ? 'pause' : 'resume';
  if (!mayDo(request, `authorization.${verb}_agent`)) return false;
  return html`<form method="post" action="/assistants/${id}/${verb}" class="card narrow">${formFields(request)}
<p>${verb === 'pause' ? 'Paused, it changes nothing and sends nothing until you let it go on; what it asked for waits.' : 'It changes nothing and sends nothing until you let it go on.'}</p>
<button${verb === 'pause' && html` class="danger stop"`}>${verb === 'pause' ? 'Pause it' : 'Let it go on'}</button></form>`;
}

const nameForm = (request: PageRequest, { id, name }: Assistant, refusal: Refusal | undefined): Markup =>
  html`<section aria-labelledby="rename"><h2 id="rename">Name</h2>
<form method="post" action="/assistants/${id}" class="card narrow">${formFields(request)}
${field({ name: 'name', label: 'Name', hint: 'What it did before stays under the old one.', problem: problemAt(refusal, 'name') }, textControl(refusal?.typed.name ?? name, html` required`))}
<button>Save</button></form></section>`;

const endForm = (request: PageRequest, { id, name }: Assistant): Markup =>
  html`<section aria-labelledby="end"><h2 id="end">End</h2>
<form method="post" action="/assistants/${id}/end" class="card narrow">${formFields(request)}
<p>All keys and connections of <bdi>${name}</bdi> end at once, for good. What it did stays written down.</p>
<button class="danger stop">End this assistant</button></form></section>`;

/** Shows a new key, once. */
export function makeKey(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'agent.create_key',
    async ({ living = '', days = '' }) => {
      const agent = await readAssistant(request);
      await requireUnmade(request, agent.id, living);
      return keyPage(request, agent, await makeKeyFor(request, agent.id, days));
    },
    refusal => showAssistant(request, refusal),
  );
}

/** The switch. Pressing it twice is no error: the assistant is as the button said. */
export async function switchAssistant(request: PageRequest, verb: 'pause' | 'resume'): Promise<Answer> {
  const { id, name } = await readAssistant(request);
  const done = verb === 'pause' ? `${name} is paused. It changes nothing.` : `${name} works again.`;
  try {
    await submit(request, `authorization.${verb}_agent`, { agent_id: id });
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.code !== 'INVALID_STATE') throw error;
  }
  return { redirect: `/assistants/${id}`, said: { done, warnings: [] } };
}

/** Ends a key. */
export function revokeKey(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'agent.revoke_key',
    async ({ key = '' }) => {
      const { id } = await readAssistant(request);
      await submit(request, 'agent.revoke_key', { key });
      return { redirect: `/assistants/${id}`, said: { done: `The key ${key}… is revoked.`, warnings: [] } };
    },
    refusal => showAssistant(request, refusal),
  );
}

/** Ends a connection; pressing it twice is no error: it has ended, as the button said. */
export function endConnection(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'connection.end',
    async ({ connection = '' }) => {
      const { id } = await readAssistant(request);
      const ended = await submit(request, 'connection.end', { id: connection });
      const done = `${String(ended.data.client_name)} is disconnected. Its next call is refused.`;
      return { redirect: `/assistants/${id}`, said: { done, warnings: [] } };
    },
    refusal => showAssistant(request, refusal),
  );
}

/** Gives an assistant another name. */
export function renameAssistant(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'agent.update',
    async ({ name = '' }) => {
      const agent = await readAssistant(request);
      if (name !== agent.name) await submit(request, 'agent.update', { agent_id: agent.id, name });
      return { redirect: `/assistants/${agent.id}`, said: { done: 'Saved.', warnings: [] } };
    },
    refusal => showAssistant(request, refusal),
  );
}

/** Ends an assistant, with all its keys. */
export function endAssistant(request: PageRequest): Promise<Answer> {
  return attempt(
    request,
    'agent.delete',
    async () => {
      const { id, name } = await readAssistant(request);
      await submit(request, 'agent.delete', { agent_id: id });
      return {
        redirect: '/assistants',
        said: { done: `${name} does not work here any more.`, warnings: [] },
      };
    },
    refusal => showAssistant(request, refusal),
  );
}
