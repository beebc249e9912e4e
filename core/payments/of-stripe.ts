// Payments as Stripe knows them, and what is on its way.

export {
  findByCharge,
  findByIntent,
  findTaken,
  sumGoingBack,
  sumPending,
} from './queries.ts';
