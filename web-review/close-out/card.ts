import { encode } from 'uqr';
import { plainMoney } from '../../core/kernel/words/money.ts';
import { html, type Markup, raw } from '../html.ts';
import type { Document, PageRequest } from '../site.ts';
import { addressOf, type Closeout, money, readCloseoutOf } from './closeout.ts';
import { lean } from './frame.ts';
import { atTheDoor, paidWords, sending } from './payment.ts';
import { type Place, placeOf, type Shown, warningBox } from './step.ts';

type Bill = NonNullable<Closeout['bill']>;

/** On the page of a visit that they have closed: the way back to its bill, while something is due. */
export async function codeLink(request: PageRequest, reference: string): Promise<Markup | false> {
  const closeout = await readCloseoutOf(request, reference);
  const { payment_choice, bill, is_paid_online, work } = closeout;
  const isOpen = bill ? bill.due_cents > 0 && hasCode(closeout) : payment_choice === 'skip' && is_paid_online;
  return (
    isOpen &&
    work.total_cents > 0 &&
    html`<p class="buttons"><a class="button" href="${addressOf(reference)}">Pay by card: show the code</a></p>`
  );
}

/** Whether there is a bill that its payer can look at on a phone of their own. */
export const hasCode = ({
  bill,
  payment_choice,
  is_paid_online,
}: Pick<Closeout, 'bill' | 'payment_choice' | 'is_paid_online'>): boolean =>
  bill !== null && bill.link_id !== null && (payment_choice === 'card_now' || is_paid_online);

/**
 * The bill as a code on the technician's phone: the customer points a phone of their own at it and pays there. Nothing is asked for
 * again by itself: a tap looks whether it was paid. Whoever would rather pay otherwise still can.
 */
export function cardPage(request: PageRequest, closeout: Closeout, shown: Shown, status = 200): Document {
  const { reference, customer, bill } = closeout;
  const title = bill && bill.due_cents > 0 ? `Pay ${money(closeout, bill.due_cents)}` : 'It is paid';
  return lean(request, {
    title,
    about: { reference, customer },
    status,
    location: addressOf(reference),
    body: html`<h1>${title}</h1>
${warningBox(shown.warnings)}
${shown.problem && html`<p class="problem" id="problem" role="alert">${shown.problem.text}</p>`}
${bill && (bill.due_cents > 0 ? open(request, closeout, bill, shown) : html`<p class="said" role="status">${bill.reference} is paid: ${money(closeout, bill.total_cents)}. Thank ${customer} from us.</p>`)}
<p><a class="button go" href="/">To the calendar</a></p>`,
  });
}

function open(request: PageRequest, closeout: Closeout, bill: Bill, shown: Shown): Markup {
  const { site, identity } = request;
  const address = bill.link_id && site.app.linkAddress(identity.organization.id, 'pay', bill.link_id);
  if (address === null) return html`<p>${paidWords(request, closeout)}</p>`;
  return html`<p>The customer points the camera of a phone at this code and pays there. It is not paid before this page says so.</p>
${code(address)}
<p class="links"><a href="${address}">${address}</a></p>
<p><a class="button go" href="${addressOf(closeout.reference)}">Look whether it is paid</a></p>
${closeout.payment_choice === 'card_now' && otherwise(placeOf(request, closeout), closeout, bill, shown)}`;
}

/** A code that did not work out is no dead end. */
function otherwise(place: Place, closeout: Closeout, bill: Bill, shown: Shown): Markup {
  const form = (choice: string, inside: Markup) =>
    html`<form method="post" action="${addressOf(place.reference, 'payment')}">${place.fields}<input type="hidden" name="payment_choice" value="${choice}">
${inside}</form>`;
  return html`<details class="fold"${shown.problem && html` open`}><summary>Pay in another way</summary>
${form('send_invoice', sending(place, closeout.customer_email, shown))}
${form('at_door', atTheDoor(plainMoney(bill.due_cents, closeout.currency), shown))}</details>`;
}

/** Light around a code, in its squares, without which cameras do not find it. */
const quiet = 4;

/** The code as a drawing, dark on white by night as well: cameras want it so. */
function code(address: string): Markup {
  const { data, size } = encode(address, { border: 0, ecc: 'L' });
  const side = size + 2 * quiet;
  const path = data.map((row, y) => runsOf(row, y)).join('');
  return html`<p><svg viewBox="0 0 ${side} ${side}" width="280" height="280" role="img" aria-label="Code that leads to the bill" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${side}v${side}H0z"/><path d="${raw(path)}"/></svg></p>`;
}

/** The dark runs of a row: one rectangle each. */
function runsOf(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x++) {
    if (!row[x]) continue;
    const from = x;
    while (row[x + 1]) x++;
    path += `M${from + quiet} ${y + quiet}h${x - from + 1}v1h-${x - from + 1}z`;
  }
  return path;
}
