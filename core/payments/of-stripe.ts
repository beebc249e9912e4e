// Payments as Stripe knows them, and what is on its way.

export { findByIntent, sumPending } from './queries.ts';
