import { isLongRead } from '../../core/kernel/pipeline/long-read.ts';
import { plainMoney } from '../../core/kernel/words/money.ts';
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
  day_amount: string;
  until: string;
}

export const readTyped = (form: unknown): Typed => ({
  // The refusal page of every route gives back what stands in `content`.
  note: textOf(form, 'content').replace(/\r\n/g, '\n'),
  per_day: textOf(form, 'per_day'),
  amount: textOf(form, 'amount'),
  day_amount: textOf(form, 'day_amount'),
  until: textOf(form, 'until'),
});

const nothing: Typed = { note: '', per_day: '', amount: '', day_amount: '', until: '' };

/** How much of a request a page shows: all of what goes out, or with long texts folded. */
export interface Extent {
  whole: boolean;
}

/** The page that shows the whole of what goes out. */
export const wholePath = ({ reference }: Pick<Request, 'reference'>): string => `/review/${reference}/whole`;

/** Whether some of what goes out is folded on the short page: then it is allowed on the page that shows it whole. */
export const isFolded = (pageRequest: PageRequest, { preview }: Request): boolean =>
  isLongRead(pageRequest.site.app.registry, [preview]);

/**
 * Allow Once, Allow Always, Deny: a form each, so that Enter in a field never presses another button than its own. Each
 * carries the digest of what this page shows, and once more where nothing of what goes out is folded: without it, what is
 * long is not done.
 */
export function decideSection(
  pageRequest: PageRequest,
  request: Request,
  { whole }: Extent,
  typed: Typed = nothing,
): Markup {
  const shown = whole || !isFolded(pageRequest, request);
  return html`<section aria-labelledby="decide"><h2 id="decide" tabindex="-1">Your decision</h2>
${mayDecide(pageRequest) ? forms(pageRequest, request, typed, shown) : html`<p>Only the owner or an admin decides.</p>`}</section>`;
}

function forms(pageRequest: PageRequest, request: Request, typed: Typed, isShown: boolean): Markup {
  const confirms = needsPasskey(pageRequest, request);
  const begin = (verb: string, asks = false): Content =>
    html`<form method="post" action="/review/${request.reference}/${verb}" class="card decide"${asks && asksPasskey(request.reference)}>${tokenField(pageRequest.identity.csrf_token)}<input type="hidden" name="digest" value="${request.digest}">${isShown && html`<input type="hidden" name="seen" value="${request.digest}">`}${asks && passkeyField}`;
  const allowing = () => html`${begin('allow-once', confirms)}
<button>Allow Once</button>
<p class="hint">Does exactly this, now. What the assistant may do stays as it is.${confirms && html` You confirm it with your passkey.`}</p></form>
${alwaysForm(pageRequest, request, typed, begin('allow-always', confirms))}`;
  const isStale = needsFreshSignIn(pageRequest, request);
  return html`${isStale ? againNotice(`/review/${request.reference}`) : isShown ? allowing() : readFirst(request)}
${begin('deny')}
<label for="content">Note to the agent (optional)</label>
<textarea id="content" name="content" rows="2" maxlength="20000" dir="auto" data-redact>
${asTyped(typed.note)}</textarea>
<button class="danger">Deny</button></form>`;
}

const readFirst = (request: Request): Markup =>
  html`<p>What goes out is too long to show here in full. You can allow it on the page that shows all of it.</p>
<p><a class="button" href="${wholePath(request)}">Read it whole, then decide</a></p>`;

function alwaysForm(pageRequest: PageRequest, request: Request, typed: Typed, begin: Content): Markup {
  const { registry } = pageRequest.site.app;
  const { agent, rule, rule_action: action, why_not_always: why } = request;
  if (why !== null) return html`<p class="hint">Allow Always is not offered. ${why}</p>`;
  const isMoney = hasAmount(registry, request);
  const needsSum = registry.actions.get(action)?.spec.permission.never_without_sum !== undefined;
  const bound = isMoney || [typed.per_day, typed.until].some(text => text !== '');
  // Nothing was typed yet: then a grant is offered that goes as far as this request, once a day.
  const { currency } = pageRequest.identity.organization;
  const usual =
    typed === nothing && request.amount_cents !== undefined ? plainMoney(request.amount_cents, currency) : '';
  return html`${begin}
<button class="plain" aria-describedby="always">Allow Always</button>
<p id="always">Does this now, and from then on ${freedom(registry, { agent, action, rule })}, until you end it. Much at once still waits for you.</p>
<details${bound && html` open`}><summary>Bind it to limits</summary>
<label for="per_day">At most so many a day</label>
<input id="per_day" name="per_day" type="number" min="1" max="1000" inputmode="numeric" value="${asTyped(typed.per_day)}">
${
  isMoney &&
  html`<label for="amount">Up to this amount each time (${currency})</label><input id="amount" name="amount" value="${asTyped(typed.amount || usual)}" inputmode="decimal">
<label for="day_amount">Up to this sum a day, all of them together (${currency})</label><input id="day_amount" name="day_amount" value="${asTyped(typed.day_amount || usual)}" inputmode="decimal"${needsSum && html` required`}>
<p class="hint">Beyond either of them it waits for you again. ${needsSum ? 'It is never allowed without a sum a day.' : 'An empty field binds nothing.'}</p>`
}
<label for="until">Last day</label>
<input id="until" name="until" type="date" min="${today(pageRequest)}" value="${asTyped(typed.until)}"></details></form>`;
}

const today = (pageRequest: PageRequest): string =>
  pageRequest.site
    .clock()
    .toZonedDateTimeISO(pageRequest.identity.organization.time_zone)
    .toPlainDate()
    .toString();
