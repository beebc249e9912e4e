// What Stripe calls companies.

export {
  forgetStripeCustomer as forgetCompanyAtStripe,
  setStripeCustomer as setCompanyAtStripe,
} from './queries.ts';
