/** Why money was not given back, by the codes of Stripe and of our own, as an owner says it. */
const words: Readonly<Record<string, string>> = {
  balance_insufficient: 'Your balance at Stripe is not enough for it',
  canceled: 'It was called off',
  charge_already_refunded: 'All of it was given back at Stripe already',
  charge_disputed: 'The customer disputes the payment with their bank',
  charge_for_pending_refund_disputed: 'The customer disputes the payment with their bank',
  declined: 'The bank of the customer has declined it',
  dispute_won: 'The dispute was won after all',
  expired_or_canceled_card: 'The card of the customer is not valid any more',
  insufficient_funds: 'Your balance at Stripe is not enough for it',
  key_refused: 'Stripe does not take your key for this',
  lost_or_stolen_card: 'The card of the customer was lost or stolen',
  merchant_request: 'It was called off by the business',
  no_key: 'There is no key of Stripe any more',
  resource_missing: 'Stripe does not know this payment',
};

/** `expired_or_canceled_card` in plain words; a code nobody has words for is said as it is. */
export const refusedWords = (code: string | null): string =>
  words[code ?? ''] ??
  (code === null ? 'Stripe gives no reason' : `Stripe says “${code.replaceAll('_', ' ')}”`);
