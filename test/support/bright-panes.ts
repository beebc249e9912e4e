import { beforeAll } from 'vitest';
import type { Caller } from '../../core/kernel/pipeline/context.ts';
import { as, type Office, type OfficeOptions, useOffice } from './office.ts';

/** The office of Bright Panes with its price list (FIX-01) and two customers. */
export interface BrightPanes extends Office {
  olivia: Caller;
  dana: Caller;
  theo: Caller;
  tess: Caller;
  agent: Caller;
  /** Books an hour at Jane's house unless `more` says otherwise; answers the visit. */
  book(scheduled_at: string, more?: Record<string, unknown>): Promise<Record<string, unknown>>;
}

const priceList = [
  { name: 'Gutter Cleaning', pricing: 'fixed', price_cents: 15_000, duration_minutes: 90 },
  { name: 'Interior and Exterior Window Cleaning', pricing: 'flexible', duration_minutes: 210 },
  { name: 'Screen Cleaning', pricing: 'per_unit', price_cents: 500, unit: 'screen', duration_minutes: 30 },
];

/**
 * Opens Bright Panes before the tests of a file: the services S-1 gutters (fixed), S-2 windows (flexible), S-3 screens
 * (per unit); the customers C-1001 Jane Smith with an e-mail address and the house A-1001, C-1002 Mrs Hart without the
 * one and with A-1002.
 */
export function useBrightPanes(options: OfficeOptions = {}): () => BrightPanes {
  const office = useOffice(options);
  let panes: BrightPanes | undefined;
  beforeAll(async () => {
    panes = await stock(office());
  });
  return () => {
    if (!panes) throw new Error('Bright Panes opens in beforeAll');
    return panes;
  };
}

/** Fills an office that is open already. */
export async function stock(office: Office): Promise<BrightPanes> {
  const { bright, done } = office;
  const dana = as(bright, 'Dana');
  for (const service of priceList) await done(bright.owner, 'service.create', service);
  await done(dana, 'contact.create', {
    first_name: 'Jane',
    last_name: 'Smith',
    email: 'jane.smith@example.com',
    phone: '(256) 555-0142',
  });
  await done(dana, 'contact.create', { full_name: 'Mrs Hart', phone: '(256) 555-0119' });
  const house = { city: 'Madison', state: 'AL', postal_code: '35758', type: 'home' };
  await done(dana, 'address.create', { contact_id: 'C-1001', line1: '123 Main Street', ...house });
  await done(dana, 'address.create', {
    contact_id: 'C-1002',
    line1: '48 Old Big Cove Rd',
    city: 'Owens Cross Roads',
    state: 'AL',
  });
  return {
    ...office,
    olivia: bright.owner,
    dana,
    theo: as(bright, 'Theo'),
    tess: as(bright, 'Tess'),
    agent: bright.agent,
    book: (scheduled_at, more = {}) =>
      done(dana, 'ticket.create', { contact_id: 'C-1001', scheduled_at, duration_minutes: 60, ...more }),
  };
}
