// What Stripe calls customers.

export { forgetStripeCustomer, setStripeCustomer } from './queries.ts';
