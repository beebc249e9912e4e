import { asTyped, type Content, html, type Markup } from '../html.ts';
import { tokenField } from '../layout.ts';
import { asksPasskey, needsFreshSignIn, needsPasskey, passkeyField } from '../passkeys/passkey.ts';
import { againNotice } from '../sign-in/again.ts';
import { type PageRequest, textOf } from '../site.ts';
import { freedom, hasAmount } from './always.ts';
import { mayDecide, type Request } from './request.ts';

/** What somebody typed into the forms of a decision. */
export interface Typed {
  note: string;
  per_day: string;
  amount: string;
  until: string;
}

export const readTyped = (form: unknown): Typed => ({
  // The refusal page of every route gives back what stands in `content`.
  note: textOf(form, 'content').replace(/\r\n/g, '\n'),
  per_day: textOf(form, 'per_day'),
  amount: textOf(form, 'amount'),
  until: textOf(form, 'until'),
});

const nothing: Typed = { note: '', per_day: '', amount: '', until: '' };

/**
 * Allow Once, Allow Always, Deny: a form each, so that Enter in a field never presses another button than its own. Each
 * carries the digest of what this page shows.
 */
export function decideSection(visit: PageRequest, request: Request, typed: Typed = nothing): Markup {
  return html`<section aria-labelledby="decide"><h2 id="decide" tabindex="-1">Your decision</h2>
${mayDecide(visit) ? forms(visit, request, typed) : html`<p>Only the owner or an admin decides.</p>`}</section>`;
}

function forms(visit: PageRequest, request: Request, typed: Typed): Markup {
  const confirms = needsPasskey(visit, request);
  const begin = (verb: string, asks = false): Content =>
    html`<form method="post" action="/review/${request.reference}/${verb}" class="card decide"${asks && asksPasskey(request.reference)}>${tokenField(visit.identity.csrf_token)}<input type="hidden" name="digest" value="${request.digest}">${asks && passkeyField}`;
  const isStale = needsFreshSignIn(visit, request);
  return html`${isStale && againNotice(`/review/${request.reference}`)}
${!isStale && allowForms(visit, request, typed, { begin, confirms })}
${begin('deny')}
<label for="content">Note to the agent (optional)</label>
<textarea id="content" name="content" rows="2" maxlength="20000" dir="auto" data-redact>
${asTyped(typed.note)}</textarea>
<button class="stop">Deny</button></form>`;
}

function allowForms(
  visit: PageRequest,
  request: Request,
  typed: Typed,
  { begin, confirms }: { begin: (verb: string, asks?: boolean) => Content; confirms: boolean },
): Markup {
  return html`${begin('allow-once', confirms)}
<button>Allow Once</button>
<p class="hint">Does exactly this, now. What agents may do stays as it is.${confirms && html` You confirm it with your passkey.`}</p></form>
${alwaysForm(visit, request, typed, begin('allow-always', confirms))}`;
}

function alwaysForm(visit: PageRequest, request: Request, typed: Typed, begin: Content): Markup {
  const { registry } = visit.site.app;
  const { agent, rule, rule_action: action, why_not_always: why } = request;
  if (why !== null) return html`<p class="hint">Allow Always is not offered. ${why}</p>`;
  const bound = [typed.per_day, typed.amount, typed.until].some(text => text !== '');
  return html`${begin}
<button class="quiet" aria-describedby="always">Allow Always</button>
<p id="always">Does this now, and from then on ${freedom(registry, { agent, action, rule })}, until you revoke it. A bulk still waits for you.</p>
<details${bound && html` open`}><summary>Bind it to limits</summary>
<label for="per_day">At most so many a day</label>
<input id="per_day" name="per_day" type="number" min="1" max="1000" inputmode="numeric" value="${asTyped(typed.per_day)}">
${hasAmount(registry, request) && html`<label for="amount">Up to this amount each time (${visit.identity.organization.currency})</label><input id="amount" name="amount" inputmode="decimal" value="${asTyped(typed.amount)}">`}
<label for="until">Last day</label>
<input id="until" name="until" type="date" min="${today(visit)}" value="${asTyped(typed.until)}"></details></form>`;
}

const today = (visit: PageRequest): string =>
  visit.site.clock().toZonedDateTimeISO(visit.identity.organization.time_zone).toPlainDate().toString();
