import { askedCall } from '../../core/kernel/registry/registry.ts';
import { whyNotUndone } from '../../core/kernel/registry/undoable.ts';
import { timeTag } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { tokenField } from '../layout.ts';
import { needsFreshSignIn, needsPasskey } from '../passkeys/passkey.ts';
import type { PageRequest } from '../site.ts';
import { isFolded } from './decide-forms.ts';
import { deniedRemark } from './denied.ts';
import { undoWords } from './facts.ts';
import { foreign } from './foreign.ts';
import type { RequestReader } from './names.ts';
import { callsOf, mayDecide, type Request } from './request.ts';
import { differenceList, sentenceOf, tellRequest } from './sentence.ts';
import { whyAsked } from './why-asked.ts';

const mostDifferences = 8;
const longestReason = 300;

/**
 * One thing that waits, as a sentence with whose it is and what really differs, and the decision on the spot: allowed from
 * here is only what can be taken back and stands here whole; everything else from its own page (WEB-01, MAQ-03).
 */
export function approvalCard(pageRequest: PageRequest, request: Request, reader: RequestReader): Markup {
  const { reference, reasoning, created_at, expires_at } = request;
  const { differences } = tellRequest(request, reader);
  const rest = differences.length - mostDifferences;
  const { time_zone } = pageRequest.identity.organization;
  return html`<li class="card ask" id="${reference}">
<p class="wish">${sentenceOf(request, reader)}</p>
${differenceList(differences.slice(0, mostDifferences), reader)}
${rest > 0 && html`<p class="hint">and ${rest} more, on its page</p>`}
${reasoning !== null && html`<p class="why" dir="auto">Its reason: “${foreign(reasoning, longestReason)}”</p>`}
${deniedRemark(request, time_zone)}
<p class="hint">${undoWords(pageRequest.site.app.registry, request)} Asked because ${whyAsked(pageRequest.site.app.registry, request)}.</p>
<p class="when">Asked ${timeTag(created_at, time_zone)}, waits until ${timeTag(expires_at, time_zone)} · <code>${reference}</code></p>
${decisionButtons(pageRequest, request, isWhole(request, reader))}
</li>\n`;
}

/** Allow where it may be, Deny, and the way to everything else. */
function decisionButtons(pageRequest: PageRequest, request: Request, whole: boolean): Markup {
  const { reference } = request;
  const page = `/review/${reference}`;
  const isHere = whole && mayAllowHere(pageRequest, request);
  const form = (verb: string, button: Markup) =>
    html`<form method="post" action="${page}/${verb}">${tokenField(pageRequest.identity.csrf_token)}<input type="hidden" name="digest" value="${request.digest}"><input type="hidden" name="back" value="list">${button}</form>`;
  if (!mayDecide(pageRequest))
    return html`<p class="buttons"><a class="button plain" href="${page}">More</a></p>`;
  return html`<div class="buttons">${isHere && form('allow-once', html`<button aria-describedby="${reference}">Allow</button>`)}
${form('deny', html`<button class="danger" aria-describedby="${reference}">Deny</button>`)}
<a class="button${isHere && ' plain'}" href="${page}">${isHere ? 'More' : 'Look and decide'}</a></div>`;
}

/** Whether everything the call does stands on its card: nothing is cut off, nothing more is on its page alone. */
function isWhole(request: Request, reader: RequestReader): boolean {
  const { differences, is_whole } = tellRequest(request, reader);
  return is_whole && differences.length <= mostDifferences;
}

/** What can be taken back and sends nothing is allowed on the spot; what cannot is decided on its page, with all of it. */
function mayAllowHere(pageRequest: PageRequest, request: Request): boolean {
  const { registry } = pageRequest.site.app;
  const asked = askedCall(registry, request);
  return (
    asked !== undefined &&
    callsOf(request).length === 0 &&
    request.preview.outgoing.length === 0 &&
    whyNotUndone(registry, asked) === undefined &&
    !needsPasskey(pageRequest, request) &&
    !needsFreshSignIn(pageRequest, request) &&
    !isFolded(pageRequest, request)
  );
}
