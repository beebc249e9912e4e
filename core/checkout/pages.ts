// The pages at Stripe that were opened for bills.

export { countPages, keepPage, listOpenPages, type Page } from './queries.ts';
