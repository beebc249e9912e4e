import type { Response } from 'express';
import { z } from 'zod';
import { mayConnect } from '../../core/connections/allow.ts';
import { type Scope, scopes, scopeWords, within } from '../../core/connections/scopes.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { attempt, problemAt, problemElse, type Refusal } from '../attempt.ts';
import { formFields, submit, tick, typedTexts } from '../forms.ts';
import { asTyped, html, type Markup } from '../html.ts';
import { field, textControl } from '../settings/fields.ts';
import { type Answer, type Page, type PageRequest, readList } from '../site.ts';
import type { AskedConnection, Connecting } from './connecting.ts';
import { overPage } from './refused.ts';

const agentRow = z.object({ id: z.string(), name: z.string() });
type Agent = z.infer<typeof agentRow>;

/** The choice that makes a new assistant. */
const aNewOne = 'new';

/** `/oauth/consent/<id>`: a program wants to work here. Whoever may say so is asked; nobody else is. */
export async function showConsent(
  request: PageRequest,
  connecting: Connecting,
  response: Response,
  refusal?: Refusal,
): Promise<Page> {
  const asked = await connecting.asked(request.http, response);
  if (!asked) return overPage();
  if (!mayConnect(request.identity)) return notYours(request, asked);
  const { rows } = await readList(request, 'agents', agentRow, {
    fields: ['name'],
    sort: 'name',
    limit: 100,
  });
  return askPage(request, asked, rows, refusal);
}

function askPage(
  request: PageRequest,
  asked: AskedConnection,
  agents: readonly Agent[],
  refusal: Refusal | undefined,
): Page {
  const { identity } = request;
  const { client_name, scope: widest } = asked;
  const typed = refusal?.typed ?? {};
  const same = agents.find(({ name }) => name === client_name);
  const chosen = typed.agent ?? same?.id ?? aNewOne;
  const isNew = chosen === aNewOne;
  const scope = scopes.find(known => known === typed.scope) ?? widest;
  return {
    title: `Connect ${client_name}`,
    status: refusal?.status ?? 200,
    body: html`<h1>Connect <bdi>${client_name}</bdi></h1>
<p class="lead"><b><bdi>${client_name}</bdi></b> wants to work as an assistant for <b><bdi>${identity.organization.name}</bdi></b>.</p>
${whoAsks(asked)}
<form method="post" action="${request.http.path}" class="card">${formFields(request)}
${problemElse(refusal, ['name'])}
<fieldset><legend>It may</legend>
${within(widest).map(one => scopeTick(one, one === scope))}</fieldset>
<fieldset><legend>It works as</legend>
${agents.map(({ id, name }) => tick(html`type="radio" name="agent" value="${id}"`, html`<bdi>${name}</bdi><span class="hint">Works here already.</span>`, chosen === id))}
${tick(html`type="radio" name="agent" value="${aNewOne}"`, html`A new assistant`, isNew)}
${field({ name: 'name', label: 'Name of the new assistant', hint: 'Everything it does is written down under this name.', problem: problemAt(refusal, 'name') }, textControl(typed.name ?? client_name, html``))}
</fieldset>
<p>What cannot be taken back it asks you for. It cannot allow what it asked for itself, and you can end this at any time.</p>
<p class="buttons"><button name="answer" value="allow">Allow</button> <button name="answer" value="no" class="plain quiet">No</button></p>
</form>`,
  };
}

const scopeTick = (scope: Scope, isOn: boolean): Markup =>
  tick(
    html`type="radio" name="scope" value="${scope}"`,
    html`${scopeWords[scope].label}<span class="hint">${scopeWords[scope].hint}</span>`,
    isOn,
  );

/** What is known of who asks, and what is not. */
function whoAsks({ redirect_host, is_local, described_at }: AskedConnection): Markup {
  const back = is_local
    ? html`It is a program on this computer. Go on only if you have just started connecting it yourself.`
    : html`Afterwards you are sent back to <b><bdi>${redirect_host}</bdi></b>.`;
  const name =
    described_at === undefined
      ? html`Nobody has checked its name: it calls itself that.`
      : html`It is described at <b><bdi>${described_at}</bdi></b>.`;
  return html`<p>${name} ${back} If you did not ask for this, press No.</p>`;
}

/** Somebody who may not connect anything is told whom to ask. */
function notYours(request: PageRequest, { client_name }: AskedConnection): Page {
  return {
    title: 'For the owner',
    status: 403,
    body: html`<h1>For the owner</h1>
<p class="lead"><bdi>${client_name}</bdi> wants to work as an assistant for <bdi>${request.identity.organization.name}</bdi>. That is for the owner to allow.</p>
<p>Ask the owner to connect it. Nothing was allowed.</p>
<form method="post" action="${request.http.path}">${formFields(request)}<button name="answer" value="no">Back to <bdi>${client_name}</bdi></button></form>`,
  };
}

/** What the person pressed. A second press of the same form connects nothing a second time. */
export async function decide(
  request: PageRequest,
  connecting: Connecting,
  response: Response,
): Promise<Answer> {
  const asked = await connecting.asked(request.http, response);
  if (!asked) return overPage();
  if (typedTexts(request).answer !== 'allow') {
    const { client_name, redirect_host } = asked;
    await submit(request, 'connection.refuse', { client_name, redirect_host });
    return onward(asked, await connecting.refuse(request.http, response), 'Nothing was allowed.');
  }
  return attempt(
    request,
    'connection.allow',
    async ({ agent = '', name = '', scope = '' }) => {
      const { client_id, client_name, redirect_host, described_at } = asked;
      const { data } = await submit(request, 'connection.allow', {
        ...(agent === aNewOne ? { new_agent: name } : { agent_id: agent }),
        client_id,
        client_name,
        redirect_host,
        is_verified: described_at !== undefined,
        scope: requireWithin(asked, scope),
      });
      const allowed = z.object({ id: z.string(), scope: z.enum(scopes) }).parse(data);
      const on = await connecting.allow(request.http, response, {
        organization_id: request.identity.organization.id,
        connection_id: allowed.id,
        scope: allowed.scope,
      });
      return onward(asked, on, `${client_name} is connected.`);
    },
    refusal => showConsent(request, connecting, response, refusal),
  );
}

/** A program is not given more than it asked for, whatever a form says. */
function requireWithin({ scope: widest }: AskedConnection, chosen: string): Scope {
  const scope = within(widest).find(one => one === chosen);
  if (scope !== undefined) return scope;
  throw new DeskhandError('VALIDATION_ERROR', 'Choose one of what it asks for.', { field: 'scope' });
}

/**
 * The page between the answer and the program. A page, and not a redirect: browsers hold what follows a form to the addresses a form
 * may go to (form-action), and whoever is sent to a program on their computer is left with a page that says what happened.
 */
const onward = ({ client_name }: AskedConnection, to: string, done: string): Page => ({
  title: done,
  onward: to,
  body: html`<h1><bdi>${done}</bdi></h1>
<p class="lead">Going back to <bdi>${client_name}</bdi> …</p>
<p><a class="button" href="${asTyped(to)}">Go on</a></p>
<p class="hint">You can close this page when <bdi>${client_name}</bdi> is ready. What is connected stands with the <a href="/assistants">assistants</a>.</p>`,
});
