import { z } from 'zod';
import { type Account, missing, notes, type Params, Refusal } from './account.ts';
import { invoiceRoutes } from './invoices.ts';
import type { StripeObject } from './objects.ts';

interface Asked {
  account: Account;
  id: string;
  params: Params;
  /** Where the stand-in is. */
  url: string;
}
export type Route = (asked: Asked) => Record<string, unknown>;

const invalidAt = (param: string, message: string, code?: string) =>
  new Refusal(400, { param, message, ...(code === undefined ? {} : { code }) });

const listOf = (data: readonly StripeObject[], url: string, object = 'list') => ({
  object,
  url,
  has_more: false,
  data,
});

const lines = z.array(
  z.object({
    quantity: z.coerce.number().int().positive(),
    price_data: z.object({ currency: z.string(), unit_amount: z.coerce.number().int().min(0) }),
  }),
);

const half_hour = 1_800;
const day = 86_400;

function openSession({ account, params, url }: Asked): StripeObject {
  const { customer, mode, line_items, expires_at, success_url, cancel_url, client_reference_id } = params;
  const found = account.objects.get(String(customer));
  if (found?.object !== 'customer' || found.deleted) throw missing('customer', String(customer));
  if (mode !== 'payment') throw invalidAt('mode', 'Only pages to pay at are made here.');
  if (typeof success_url !== 'string') throw invalidAt('success_url', 'You must provide success_url.');
  const priced = lines.parse(line_items);
  const total = priced.reduce((sum, { quantity, price_data }) => sum + quantity * price_data.unit_amount, 0);
  const currency = priced[0]?.price_data.currency ?? 'usd';
  if (total < 50)
    throw invalidAt('line_items', 'The total amount must be at least $0.50 usd.', 'amount_too_small');
  const ends = Number(expires_at ?? account.now() + day);
  if (ends < account.now() + half_hour || ends > account.now() + day)
    throw invalidAt('expires_at', 'The expires_at must be between 30 minutes and 24 hours from now.');
  const session = account.add('checkout.session', {
    amount_subtotal: total,
    amount_total: total,
    currency,
    customer,
    client_reference_id: client_reference_id ?? null,
    mode,
    metadata: params.metadata ?? {},
    success_url,
    cancel_url: cancel_url ?? null,
    expires_at: ends,
    status: 'open',
    payment_status: 'unpaid',
    ui_mode: params.ui_mode ?? 'hosted_page',
    allowed_payment_method_types: params.allowed_payment_method_types ?? null,
    payment_method_types: params.allowed_payment_method_types ?? ['card'],
  });
  session.url = `${url}/c/pay/${session.id}`;
  notes.set(
    session,
    z.looseObject({ metadata: z.unknown() }).safeParse(params.payment_intent_data).data?.metadata,
  );
  return session;
}

const customerOf = ({ name, email, phone, address, metadata }: Params) => ({
  ...(name === undefined ? {} : { name }),
  ...(email === undefined ? {} : { email }),
  ...(phone === undefined ? {} : { phone }),
  ...(address === undefined
    ? {}
    : {
        address: {
          city: null,
          country: null,
          line1: null,
          line2: null,
          postal_code: null,
          state: null,
          ...Object(address),
        },
      }),
  ...(metadata === undefined ? {} : { metadata }),
});

/** What the stand-in answers, by route as the contract writes it. A new one is added here. */
export const routes: Readonly<Record<string, Route>> = {
  'POST /v1/customers': ({ account, params }) => account.add('customer', customerOf(params)),
  'GET /v1/customers/search': ({ account, params }) => {
    const [, id] = /^metadata\['deskhand_id'\]:'([^']+)'$/.exec(String(params.query)) ?? [];
    const found = account
      .list('customer')
      .filter(each => Object(each.metadata).deskhand_id === id && !each.deleted);
    return { ...listOf(found, '/v1/customers/search', 'search_result'), next_page: null };
  },
  'GET /v1/customers/{id}': ({ account, id }) => account.find('customer', id, 'id'),
  'POST /v1/customers/{id}': ({ account, id, params }) =>
    Object.assign(account.find('customer', id, 'id'), customerOf(params)),
  'POST /v1/checkout/sessions': openSession,
  'GET /v1/checkout/sessions': ({ account, params }) =>
    listOf(
      account.list('checkout.session').filter(each => each.payment_intent === params.payment_intent),
      '/v1/checkout/sessions',
    ),
  'GET /v1/checkout/sessions/{id}': ({ account, id }) => account.find('checkout.session', id, 'session'),
  'POST /v1/checkout/sessions/{id}/expire': ({ account, id }) => {
    const { status } = account.find('checkout.session', id, 'session');
    if (status !== 'open')
      throw invalidAt(
        'session',
        `Only Checkout Sessions with a status in ["open"] can be expired. This one is ${String(status)}.`,
      );
    account.expire(id);
    return account.find('checkout.session', id, 'session');
  },
  'POST /v1/refunds': ({ account, params }) =>
    account.refund(String(params.payment_intent), Number(params.amount), {
      metadata: params.metadata ?? {},
      reason: params.reason ?? null,
    }),
  'GET /v1/refunds': ({ account, params }) =>
    listOf(
      account.list('refund').filter(each => each.payment_intent === params.payment_intent),
      '/v1/refunds',
    ),
  'GET /v1/refunds/{id}': ({ account, id }) => account.find('refund', id, 'refund'),
  'GET /v1/disputes/{id}': ({ account, id }) => account.find('dispute', id, 'dispute'),
  'GET /v1/payment_intents/{id}': ({ account, id }) => account.find('payment_intent', id, 'intent'),
  'GET /v1/charges/{id}': ({ account, id }) => account.find('charge', id, 'charge'),
  ...invoiceRoutes,
};

/** The route of a request, and the id in it. */
export function routeOf(method: string, path: string): { route: string; id: string } | undefined {
  if (Object.hasOwn(routes, `${method} ${path}`)) return { route: `${method} ${path}`, id: '' };
  for (const route of Object.keys(routes)) {
    const [, id] = new RegExp(`^${route.replace('{id}', '([^/]+)')}$`).exec(`${method} ${path}`) ?? [];
    if (route.includes('{id}') && id !== undefined) return { route, id };
  }
  return undefined;
}

/** An object with the parts that were asked for whole: `payment_intent.latest_charge`. */
export function expanded(account: Account, object: Record<string, unknown>, paths: readonly string[]) {
  const copy = structuredClone(object);
  for (const path of paths) expand(account, copy, path.split('.'));
  return copy;
}

function expand(
  account: Account,
  within: Record<string, unknown>,
  [name = '', ...rest]: readonly string[],
): void {
  const value = within[name];
  if (Array.isArray(value)) {
    for (const each of value) expand(account, each, rest);
    return;
  }
  const part = typeof value === 'string' ? account.objects.get(value) : undefined;
  if (part) within[name] = structuredClone(part);
  const inside = within[name];
  if (rest.length > 0 && typeof inside === 'object' && inside !== null) expand(account, Object(inside), rest);
}
