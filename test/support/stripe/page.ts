import type { ServerResponse } from 'node:http';
import type { Account } from './account.ts';
import type { StripeObject } from './objects.ts';

/** The page of a session, as far as somebody can press something there. */
export function showPage(account: Account | undefined, id: string, response: ServerResponse): void {
  const session = account?.objects.get(id);
  if (!session) {
    response.writeHead(404, html).end('<p>This page does not exist.</p>');
    return;
  }
  response.writeHead(200, html).end(session.status === 'open' ? openPage(session) : overPage(session));
}

/** The page of an invoice, which nobody here presses anything at. */
export function showInvoice(account: Account | undefined, id: string, response: ServerResponse): void {
  const invoice = account?.objects.get(id);
  const business = String(Object(invoice?.metadata).business ?? '').replace('bright-panes', 'Bright Panes');
  response
    .writeHead(invoice ? 200 : 404, html)
    .end(
      `<!doctype html><html lang="en"><head><title>Invoice</title></head><body><h1>Invoice from ${business}</h1><p>${String(invoice?.number)}</p></body></html>`,
    );
}

/** Somebody presses a button there: the account is changed, and they are led back. */
export function pressAtPage(
  account: Account | undefined,
  id: string,
  { way }: Record<string, unknown>,
  response: ServerResponse,
): void {
  const session = account?.objects.get(id);
  if (!account || !session) {
    response.writeHead(404, html).end();
    return;
  }
  if (session.status !== 'open') {
    response.writeHead(200, html).end(overPage(session));
    return;
  }
  if (way === 'declined') {
    account.declineCard(id);
    response.writeHead(200, html).end(openPage(session, 'Your card was declined.'));
    return;
  }
  if (way === 'bank') account.payByBank(id);
  else account.payByCard(id);
  const back = String(session.success_url).replace('{CHECKOUT_SESSION_ID}', id);
  response.writeHead(303, { location: back }).end();
}

const html = { 'content-type': 'text/html; charset=utf-8' };

const openPage = (session: StripeObject, said = '') => `<!doctype html>
<html lang="en"><head><meta name="viewport" content="width=device-width"><title>Checkout</title></head>
<body style="font: 18px sans-serif; max-width: 24rem; margin: 2rem auto; padding: 0 1rem">
<h1>${(Number(session.amount_total) / 100).toFixed(2)} ${String(session.currency).toUpperCase()}</h1>
<p role="status">${said}</p>
<form method="post">
<p><button name="way" value="card">Pay by card</button></p>
<p><button name="way" value="bank">Pay by bank</button></p>
<p><button name="way" value="declined">Pay by a card that is declined</button></p>
</form>
<p><a href="${String(session.cancel_url ?? '/')}">Go back</a></p>
</body></html>`;

const overPage = (
  session: StripeObject,
) => `<!doctype html><html lang="en"><head><title>Checkout</title></head>
<body><p>This page is ${String(session.status)}.</p></body></html>`;
