import { defineDomain } from '../kernel/registry/domain.ts';
import { movePayment } from './move.ts';
import { paymentRecord, refundRecord } from './payment.ts';
import { refundPayment } from './refund.ts';

export const payments = defineDomain({
  name: 'payment',
  area: 'money',
  summary: 'Money that came in for bills, and what of it was given back.',
  aliases: {
    amount_cents: ['value'],
    method: ['how', 'payment_method', 'paid_by'],
    received_at: ['paid_at', 'received_on', 'paid_on', 'date'],
    refunded_at: ['refunded_on', 'date'],
    invoice_id: ['to_invoice', 'to', 'bill'],
  },
  examples: { payment: { note: 'Check 1042' }, refund: {} },
  records: [paymentRecord, refundRecord],
  actions: [refundPayment, movePayment],
  constraints: {
    payments_given_back: {
      code: 'VALIDATION_ERROR',
      field: 'amount_cents',
      message: 'More would be given back than was paid.',
      hint: 'Look at the payment: left is amount_cents less refunded_cents.',
    },
    payments_refunded_stay: {
      code: 'INVALID_STATE',
      field: 'payment_id',
      message: 'A part of this payment was given back; it stays.',
    },
    payments_door: {
      code: 'CONFLICT',
      field: 'ticket_id',
      message: 'What was taken at this door is a payment already.',
      hint: 'Look at payments of the customer; payment.move gives one to another invoice.',
    },
    payments_intent: {
      code: 'CONFLICT',
      field: 'payment_id',
      message: 'This payment of Stripe is written down already.',
    },
    refunds_stripe: {
      code: 'CONFLICT',
      field: 'refund_id',
      message: 'This refund of Stripe is written down already.',
    },
  },
});
