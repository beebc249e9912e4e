import { z } from 'zod';
import { invoicingEnabled } from '../../core/invoices/settings.ts';
import { setupReference } from '../../core/invoices/setup-bill.ts';
import { settingOf } from '../../core/kernel/registry/settings.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { formFields, submit } from '../forms.ts';
import { html, type Markup } from '../html.ts';
import { type Answer, mayDo, type PageRequest, readList } from '../site.ts';

/** Where the button leads that has Stripe ask for bills. */
export const stripeInvoicesPath = '/settings/secrets/stripe-invoices';

/** How bills are asked for at Stripe, and the one press that changes it; nothing for who may not, or where nothing takes its key. */
export async function stripeInvoices(
  request: PageRequest,
  problem: string | undefined,
): Promise<Markup | false> {
  if (!mayDo(request, 'invoice.enable_stripe')) return false;
  const isOn = settingOf({ organization: request.identity.organization }, invoicingEnabled);
  const state = isOn
    ? html`<span class="badge confirmed">on</span> <span class="hint">New bills ask for money that way. Change it under <a href="/settings">Settings</a>.</span>`
    : html`<span class="badge">off</span> <span class="hint">Bills are paid at a page that is opened when somebody presses Pay.</span>`;
  const draft = isOn ? await draftOf(request) : undefined;
  return html`<section aria-labelledby="stripe-invoices"><h2 id="stripe-invoices">Invoices of Stripe</h2>
<p class="hint">Stripe keeps an invoice for each bill, with a page to pay it at and a PDF. The mail still comes from you, once.</p>
<dl class="facts"><div><dt>State</dt><dd>${state}</dd></div></dl>
${draft !== undefined && html`<p>The draft <a href="/invoices/${draft}">${draft}</a> has set it up. It can be thrown away.</p>`}
${problem !== undefined && html`<p class="problem" role="alert">${problem}</p>`}
<form method="post" action="${stripeInvoicesPath}">${formFields(request)}<button${isOn && html` class="plain"`}>${isOn ? 'Set it up once more' : 'Have Stripe ask for new bills'}</button></form></section>\n`;
}

const draftRow = z.object({ reference: z.string(), status: z.string() });

async function draftOf(request: PageRequest): Promise<string | undefined> {
  const query = { params: { subtype: 'setup', status: 'draft' }, fields: Object.keys(draftRow.shape) };
  const { rows } = await readList(request, 'invoices', draftRow, query);
  return rows.find(({ reference }) => reference === setupReference)?.reference;
}

/** The press. What is refused is said beside the button. */
export async function enableStripeInvoices(
  request: PageRequest,
  orSay: (problem: string, status: number) => Promise<Answer>,
): Promise<Answer> {
  try {
    const { warnings } = await submit(request, 'invoice.enable_stripe', {});
    const done = 'Stripe asks for new bills. Its draft is on the way there.';
    return { redirect: '/settings/secrets', said: { done, warnings } };
  } catch (error) {
    if (!(error instanceof DeskhandError) || error.code !== 'INVALID_STATE') throw error;
    const { message, details, status } = error;
    return orSay([message, details.hint].filter(Boolean).join(' '), status);
  }
}
