import { el, money, pageLink, plain, shortDay, words } from './words.js';

// A bill: its lines, what it comes to, how it stands, and the way to its page.

function amounts(bill) {
  const { currency, subtotal_cents, tax_cents, discount_cents, total_cents, paid_cents, balance } = bill;
  const due = balance?.due_cents;
  const rows = [
    tax_cents || discount_cents ? ['Before tax and discount', subtotal_cents] : undefined,
    tax_cents ? ['Tax', tax_cents] : undefined,
    discount_cents ? ['Discount', -discount_cents] : undefined,
    ['Total', total_cents],
    paid_cents ? ['Paid', paid_cents] : undefined,
    paid_cents && due !== undefined ? ['To be paid', due] : undefined,
  ];
  return rows
    .filter(Boolean)
    .flatMap(([label, amount]) =>
      money(amount, currency) === undefined ? [] : [[label, money(amount, currency)]],
    );
}

const amountRow = ([label, amount], kind = 'td') =>
  el('tr', {}, el(kind, { scope: 'row', colSpan: 2 }, label), el('td', { className: 'number' }, amount));

function paintLines({ lines = [], currency }) {
  return lines.map(({ description, quantity, total_cents }) =>
    el(
      'tr',
      {},
      el('td', { dir: 'auto' }, plain(description)),
      el('td', { className: 'number' }, `${quantity} ×`),
      el('td', { className: 'number' }, money(total_cents, currency)),
    ),
  );
}

const stateOf = ({ status, balance }) => (balance?.is_overdue ? 'overdue' : status);
const customerOf = ({ payer, contact_id, company_id }) =>
  plain(payer?.name) || plain(contact_id ?? company_id).replace(/^\S+ /, '');

function paintBill(bill, { host, pageOf }) {
  return el(
    'section',
    {},
    el(
      'h1',
      {},
      `Invoice ${plain(bill.reference)} `,
      el('span', { className: 'mark' }, words(stateOf(bill))),
    ),
    el('p', { dir: 'auto' }, customerOf(bill)),
    bill.due_on && el('p', { className: 'soft' }, `Due ${shortDay(bill.due_on)}`),
    el(
      'table',
      {},
      el('caption', {}, 'What is billed'),
      el('tbody', {}, paintLines(bill)),
      el(
        'tfoot',
        {},
        amounts(bill).map(row => amountRow(row, 'th')),
      ),
    ),
    pageLink(host, pageOf(bill.reference), 'Open the invoice'),
  );
}

/** One bill with its lines, which are asked for where the answer leaves them out; undefined where nobody may ask. */
async function wholeBill(reference, host) {
  if (!host.can('serverTools')) return undefined;
  const args = { type: 'invoices', id: reference, include: ['lines', 'payer', 'balance'] };
  return (await host.read('crm_query', args))?.rows?.[0];
}

/** Bills as a list answers them. */
export async function paintInvoices({ rows }, context) {
  const [only, ...others] = rows;
  if (only === undefined) return undefined;
  if (others.length === 0) {
    const isWhole = only.lines !== undefined && only.currency !== undefined;
    return paintBill((isWhole ? undefined : await wholeBill(only.reference, context.host)) ?? only, context);
  }
  return el(
    'section',
    {},
    el('h1', {}, 'Invoices'),
    el(
      'ul',
      { className: 'bills' },
      rows.map(bill =>
        el(
          'li',
          {},
          el(
            'p',
            { dir: 'auto' },
            el('b', {}, plain(bill.reference)),
            ' ',
            customerOf(bill),
            ' ',
            el('span', { className: 'mark' }, words(stateOf(bill))),
          ),
          el(
            'p',
            { className: 'soft' },
            [money(bill.total_cents, bill.currency), bill.due_on && `due ${shortDay(bill.due_on)}`]
              .filter(Boolean)
              .join(', '),
          ),
        ),
      ),
    ),
  );
}

/** The answer of sending one. */
export async function paintSent({ status, data }, context) {
  if (status !== 'done' || data.invoice === undefined) return undefined;
  const bill = await wholeBill(plain(data.invoice), context.host);
  const told = data.sent ? `Sent to ${plain(data.to)}` : plain(data.hint);
  const shown = bill
    ? paintBill(bill, context)
    : el(
        'section',
        {},
        el('h1', {}, `Invoice ${plain(data.invoice)}`),
        el('p', { dir: 'auto' }, plain(data.customer)),
        el(
          'p',
          {},
          [data.total && `Total ${plain(data.total)}`, data.due_on && `due ${shortDay(data.due_on)}`]
            .filter(Boolean)
            .join(', '),
        ),
        pageLink(context.host, context.pageOf(plain(data.invoice)), 'Open the invoice'),
      );
  return el('div', {}, shown, el('p', { dir: 'auto', role: 'status' }, told));
}
