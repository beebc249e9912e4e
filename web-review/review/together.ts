import { requestNumbering } from '../../core/kernel/pipeline/gate.ts';
import { isReferenceOf } from '../../core/kernel/records/reference.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { html, type Markup } from '../html.ts';
import { tokenField } from '../layout.ts';
import { needsFreshSignIn, needsPasskey } from '../passkeys/passkey.ts';
import { type Answer, type Page, type PageRequest, textOf } from '../site.ts';
import { agentWords } from './agent-words.ts';
import { affectedBy, changeList } from './changes.ts';
import { sayable, send } from './decide.ts';
import { isFolded, readTyped } from './decide-forms.ts';
import { deniedRemark } from './denied.ts';
import { undoWords } from './facts.ts';
import { foreign } from './foreign.ts';
import { itemSection } from './items.ts';
import { type RequestReader, readerFor } from './names.ts';
import { outgoingList } from './outgoing.ts';
import { reviewPlaces } from './places.ts';
import { callsOf, findRequest, mayDecide, type Request, stateBadge } from './request.ts';
import { sentenceOf } from './sentence.ts';
import { whyAsked } from './why-asked.ts';

const mostTogether = 40;
const longestNote = 20_000;

/**
 * Several requests with all that each would do, and one form for those that wait. After it was sent the same page says
 * how each ended. Reading it decides nothing.
 */
export async function showTogether(pageRequest: PageRequest): Promise<Page> {
  const named = textOf(pageRequest.http.query, 'requests')
    .split('.')
    .filter(name => isReferenceOf(requestNumbering, name));
  const found = await Promise.all(
    [...new Set(named)].slice(0, mostTogether).map(name => findRequest(pageRequest, name)),
  );
  const requests = found.filter(request => request !== undefined);
  const reader = await readerFor(pageRequest, requests);
  const waiting = requests.filter(({ status }) => status === 'pending');
  return {
    title: 'Together',
    scripts: waiting.length > 0 && mayDecide(pageRequest) ? ['redact.js'] : [],
    body: html`<h1>${waiting.length > 0 ? `${waiting.length} of ${requests.length} requests wait` : 'None of these waits'}</h1>
${named.length > mostTogether && html`<p class="said warning">Only the first ${mostTogether} are here.</p>`}
<ul class="plain">${requests.map(request => item(pageRequest, request, reader))}</ul>
${waiting.length > 0 && mayDecide(pageRequest) && together(pageRequest, waiting, named)}
${reviewPlaces(pageRequest)}`,
  };
}

function item(pageRequest: PageRequest, request: Request, reader: RequestReader): Markup {
  const { reference, status } = request;
  const about = html`<p><a class="main" href="/review/${reference}">${sentenceOf(request, reader)}</a></p>`;
  if (status !== 'pending') return html`<li class="card ask">${about}${endOf(request)}</li>\n`;
  return html`<li class="card ask">${about}
<p>${undoWords(pageRequest.site.app.registry, request)} Asked because ${whyAsked(pageRequest.site.app.registry, request)}.</p>
${deniedRemark(request, reader.time_zone)}
${callsOf(request).length > 0 ? itemSection(pageRequest.site.app.registry, request, reader) : whatItDoes(request, reader)}</li>\n`;
}

const whatItDoes = (request: Request, reader: RequestReader): Markup =>
  html`${changeList(affectedBy(request), reader)}
${outgoingList(request.preview.goes_out, reader)}
${agentWords(request)}`;

function endOf({ reference, status, decided_by, error, replaced_by }: Request): Markup {
  return html`<p><code>${reference}</code> ${stateBadge({ status })}${decided_by !== null && html` by ${foreign(decided_by, 80)}`}
${error?.message !== undefined && html` ${foreign(error.message)}`}${replaced_by !== null && html` Asked again as <a href="/review/${replaced_by}?was=${reference}">${replaced_by}</a>.`}</p>`;
}

/** What takes a passkey is confirmed by itself, and a long mail is read by itself: each on its own page. */
function together(pageRequest: PageRequest, waiting: readonly Request[], named: readonly string[]): Markup {
  const read = waiting.filter(request => !isFolded(pageRequest, request));
  const plain = read.filter(
    request => !needsPasskey(pageRequest, request) && !needsFreshSignIn(pageRequest, request),
  );
  return html`${read.length < waiting.length && html`<p class="said">What sends a long text is decided on its own page, where all of it stands.</p>`}
${plain.length < read.length && html`<p class="said">What cannot be undone is allowed ${pageRequest.identity.is_fresh === false ? 'after a fresh sign-in' : 'with your passkey'}, each on its own page.</p>`}
${plain.length > 0 && form(pageRequest, plain, named)}`;
}

function form(pageRequest: PageRequest, waiting: readonly Request[], named: readonly string[]): Markup {
  const items = waiting.map(({ reference, digest }) => `${reference}:${digest}`).join(' ');
  const all = waiting.length === 1 ? 'this one' : `all ${waiting.length}`;
  return html`<section aria-labelledby="decide"><h2 id="decide">Your decision</h2>
<form method="post" action="/review/together" class="card decide">
${tokenField(pageRequest.identity.csrf_token)}<input type="hidden" name="items" value="${items}"><input type="hidden" name="requests" value="${named.join('.')}">
<p class="hint">Each is done or refused by itself, exactly as it is shown above.</p>
<button name="decision" value="allow_once">Allow ${all} once</button>
<label for="content">Note to the agent, when you deny (optional)</label>
<textarea id="content" name="content" rows="2" maxlength="20000" dir="auto" data-redact></textarea>
<button class="stop" name="decision" value="deny">Deny ${all}</button></form></section>`;
}

const oneItem = /^([A-Z\d-]{1,20}):([0-9a-f]{64})$/;

/** Decides several, each by itself and with its own digest. */
export async function decideTogether(pageRequest: PageRequest): Promise<Answer> {
  const { body } = pageRequest.http;
  const decision = textOf(body, 'decision');
  if (decision !== 'allow_once' && decision !== 'deny') {
    throw new DeskhandError(
      'VALIDATION_ERROR',
      'The form did not say whether to allow or to deny; nothing was done.',
    );
  }
  const note = decision === 'deny' ? readTyped(body).note : '';
  // The page about the refusal gives the note back; the next page could not.
  if (note.length > longestNote) {
    throw new DeskhandError('VALIDATION_ERROR', 'This note is too long; nothing was done.');
  }
  const warnings = new Set<string>();
  for (const text of textOf(body, 'items').split(' ').slice(0, mostTogether)) {
    const [, request = '', digest = ''] = oneItem.exec(text) ?? [];
    if (!isReferenceOf(requestNumbering, request)) continue;
    for (const warning of await sendOne(pageRequest, { decision, request, digest, note }))
      warnings.add(warning);
  }
  return {
    redirect: `/review/together?${new URLSearchParams({ requests: textOf(body, 'requests') })}`,
    said: { done: 'This is how each of them ended.', warnings: [...warnings] },
  };
}

/** One that is decided already or has changed does not keep the others from being decided; its state says it. */
async function sendOne(
  pageRequest: PageRequest,
  {
    decision,
    request,
    digest,
    note,
  }: { decision: 'allow_once' | 'deny'; request: string; digest: string; note: string },
): Promise<readonly string[]> {
  try {
    return (await send(pageRequest, { decision, request, digest, note })).warnings;
  } catch (error) {
    if (!(error instanceof DeskhandError) || !sayable.includes(error.code)) throw error;
    if (error.details.field === 'seen')
      return [`${request}: read what goes out first, on its own page. Nothing was done for it.`];
    return error.code === 'INVALID_STATE' ? [] : [`${request}: ${error.message}`];
  }
}
