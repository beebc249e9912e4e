// The pages at Stripe that were opened for bills.

export { countPages, keepPage, listEnded, listOpenPages, type Page } from './queries.ts';
