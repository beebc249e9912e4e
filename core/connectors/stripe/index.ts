import type { GivenConnectors } from '../../kernel/outside/connectors.ts';
import { billsAt } from './bills.ts';
import { checkoutsAt } from './checkouts.ts';
import { openAsker, type StripeSettings } from './client.ts';
import { disputesAt } from './disputes.ts';
import { payersAt } from './payers.ts';
import { refundsAt } from './refunds.ts';

export type { StripeSettings } from './client.ts';

/**
 * Stripe for every business that has a key to it (D2). `keyOf` opens the box of one business; a key is kept no longer than the
 * request it is for.
 */
export const openStripe =
  (
    settings: StripeSettings,
    keyOf: (organization_id: string) => Promise<string | undefined>,
  ): NonNullable<GivenConnectors['payments']> =>
  async organization_id => {
    const key = await keyOf(organization_id);
    if (key === undefined) return undefined;
    const asker = openAsker(key, settings);
    return {
      ...payersAt(asker),
      ...checkoutsAt(asker),
      ...billsAt(asker),
      ...refundsAt(asker),
      ...disputesAt(asker),
    };
  };
