import { z } from 'zod';
import { requestNumbering } from '../../core/kernel/pipeline/gate.ts';
import { isReferenceOf } from '../../core/kernel/records/reference.ts';
import { type Fact, factList, shorten, timeTag } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { needsPasskey } from '../passkeys/passkey.ts';
import { type Page, type PageRequest, recordOf, textOf } from '../site.ts';
import { agentWords } from './agent-words.ts';
import { affectedBy, type ChangeReader, changeList, keysOf, missingIn } from './changes.ts';
import { decideSection, type Extent, type Typed } from './decide-forms.ts';
import { deniedBefore } from './denied.ts';
import { shortAnswers } from './facts.ts';
import { foreign, foreignProse } from './foreign.ts';
import { itemSection } from './items.ts';
import { readerFor } from './names.ts';
import { outgoingList } from './outgoing.ts';
import { reviewPlaces } from './places.ts';
import { readBefore } from './read-before.ts';
import { callsOf, findRequest, mayDecide, type Request, readRequest, stateBadge } from './request.ts';
import { sentenceOf, sentenceText } from './sentence.ts';

/** A decision that did not work: what is wrong, and what was typed. */
export interface Refused {
  problem: string;
  status: number;
  typed: Typed;
}

/**
 * One request (MAQ-03, MAQ-23): first, complete and in the server's words, what will happen; below it the agent's own
 * words, marked as such; then the decision.
 */
export async function showRequest(
  pageRequest: PageRequest,
  { refused, whole = false }: { refused?: Refused } & Partial<Extent> = {},
): Promise<Page> {
  const request = await readRequest(pageRequest, recordOf(pageRequest));
  const earlier = await readEarlier(pageRequest, request);
  const known = await readerFor(pageRequest, earlier ? [request, earlier] : [request]);
  const before = earlier && new Set(keysOf(affectedBy(earlier)));
  const reader: ChangeReader = { ...known, whole, ...(before ? { before } : {}) };
  const waits = request.status === 'pending';
  return {
    title: shorten(`${request.reference} ${sentenceText(request, reader)}`, 120),
    status: refused?.status ?? 200,
    scripts: waits && mayDecide(pageRequest) ? decisionScripts(pageRequest, request) : [],
    body: html`${refused && html`<p class="said problem" role="alert">${refused.problem}</p>`}
<h1><span>${sentenceOf(request, reader)}</span></h1>
${heading(pageRequest, request)}
${!waits && decidedSection(request, reader.time_zone, refused?.typed.note ?? '')}
${earlier && changedSection(request, earlier, reader)}
${waits && deniedBefore(request, reader.time_zone)}
${whatHappens(pageRequest, request, reader)}
${readBefore(request, reader.time_zone)}
${callsOf(request).length === 0 && agentWords(request)}
<p class="links"><a href="/review/${request.reference}/stored">Everything as it is stored</a></p>
${waits && decideSection(pageRequest, request, { whole }, refused?.typed)}
${reviewPlaces(pageRequest)}`,
  };
}

const decisionScripts = (pageRequest: PageRequest, request: Request): string[] =>
  needsPasskey(pageRequest, request) ? ['redact.js', 'passkey.js'] : ['redact.js'];

function heading(pageRequest: PageRequest, request: Request): Markup {
  const { time_zone } = pageRequest.identity.organization;
  const { reference, agent, status, created_at, expires_at } = request;
  const waits = status === 'pending';
  return html`<p><code>${reference}</code> ${stateBadge(request)} ${foreign(agent, 80)} asked ${timeTag(created_at, time_zone)}${waits && html`; it waits until ${timeTag(expires_at, time_zone)}`}.</p>
${waits && mayDecide(pageRequest) && html`<p class="links"><a href="#decide">Go to the decision ↓</a></p>`}`;
}

function whatHappens(pageRequest: PageRequest, request: Request, reader: ChangeReader): Markup {
  const affected = affectedBy(request);
  const outgoing = request.preview.goes_out;
  const { registry } = pageRequest.site.app;
  if (callsOf(request).length > 0) {
    return html`${shortAnswers(registry, request, affected, reader)}
${itemSection(registry, request, reader)}`;
  }
  return html`${shortAnswers(pageRequest.site.app.registry, request, affected, reader)}
<section aria-labelledby="changes"><h2 id="changes">What changes</h2>
${changeList(affected, reader)}</section>
${outgoing.length > 0 && html`<section aria-labelledby="out"><h2 id="out">What goes out</h2>${outgoingList(outgoing, reader)}</section>`}`;
}

/** The request with nothing left out, not even what bookkeeping writes. */
export async function showStored(pageRequest: PageRequest): Promise<Page> {
  const request = await readRequest(pageRequest, recordOf(pageRequest));
  const { reference, input, preview } = request;
  const calls = callsOf(request).map(({ action, input: data }) => ({ action, data }));
  const section = (id: string, name: string, stored: unknown) =>
    html`<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2><pre class="prose">${JSON.stringify(stored, null, 1)}</pre></section>`;
  return {
    title: `${reference} as it is stored`,
    body: html`<h1>${reference} as it is stored</h1>
<p><a class="button quiet" href="/review/${reference}">Back to ${reference}</a></p>
${section('asked', 'What was asked for, in the agent’s words', calls.length > 0 ? calls : input)}
${section('stored', 'What would change', preview.changes)}
${section('out', 'What would go out', preview.outgoing)}`,
  };
}

/** The request that this one replaces, when the address says so and it is true. */
async function readEarlier(pageRequest: PageRequest, request: Request): Promise<Request | undefined> {
  const was = textOf(pageRequest.http.query, 'was');
  if (!isReferenceOf(requestNumbering, was)) return undefined;
  const earlier = await findRequest(pageRequest, was);
  return earlier?.replaced_by === request.reference ? earlier : undefined;
}

function changedSection(request: Request, earlier: Request, reader: ChangeReader): Markup {
  const gone = missingIn(new Set(keysOf(affectedBy(request))), affectedBy(earlier));
  const { before: _before, ...plainly } = reader;
  const mails = outgoingList(earlier.preview.goes_out, plainly);
  const hasOtherMails = mails.text !== outgoingList(request.preview.goes_out, plainly).text;
  return html`<section class="said" aria-labelledby="changed"><h2 id="changed" class="warning">Not what you decided about</h2>
<p>${earlier.error?.message ?? 'Something changed meanwhile.'} So nothing was done for <a href="/review/${earlier.reference}">${earlier.reference}</a>. Below is what would happen now; what is new is marked.</p>
${gone.length > 0 && html`<p>As you saw it before, and no longer so:</p>${changeList(gone, plainly)}`}
${hasOtherMails && html`<p>What goes out is not the same. Before, it was:</p>${earlier.preview.outgoing.length > 0 ? mails : html`<p>nothing</p>`}`}</section>`;
}

const decisions: Readonly<Record<string, string>> = {
  allow_once: 'allowed it once',
  allow_always: 'allowed it always',
  deny: 'denied it',
};

const made = z.looseObject({ reference: z.string() });

function decidedSection(request: Request, timeZone: string, wrote: string): Markup {
  const { decided_by, decision, decided_at, decision_note, error, replaced_by } = request;
  const rows: Fact[] = [
    [
      'Decision',
      decided_by !== null &&
        html`${foreign(decided_by, 80)} ${decisions[decision ?? ''] ?? 'decided'}${decided_at !== null && html`, ${timeTag(decided_at, timeZone)}`}`,
    ],
    ['Note', decision_note !== null && foreignProse(decision_note)],
    ['Result', resultWords(request)],
    ['Error', error !== null && foreign(error.message ?? 'It did not work.')],
    ['Asked again', replaced_by !== null && html`<a href="/review/${replaced_by}">${replaced_by}</a>`],
  ];
  return html`${factList(rows)}
${wrote !== '' && html`<label for="wrote">What you wrote, so that it is not lost:</label><textarea id="wrote" rows="4" readonly>${wrote}</textarea>`}
<p><a class="button plain" href="/review">See what else waits</a></p>
<p class="hint">Below is what was asked for.</p>`;
}

const ends: Readonly<Record<string, string>> = {
  succeeded: 'Done, exactly as shown.',
  failed: 'It failed; nothing was changed.',
  stale: 'Nothing was done, because something had changed.',
  denied: 'Nothing was done.',
  expired: 'Nobody decided in time; nothing was done.',
  canceled: 'The agent took it back; nothing was done.',
};

function resultWords({ status, result }: Request): string {
  const named = made.safeParse(result);
  const about = status === 'succeeded' && named.success ? ` (${shorten(named.data.reference, 60)})` : '';
  return `${ends[status] ?? status}${about}`;
}
