import { z } from 'zod';
import type { Payer, PaymentService } from '../../kernel/outside/payment-service.ts';
import type { Asker } from './client.ts';
import { OtherRequest } from './trouble.ts';

const made = z.object({ id: z.string().min(1) });
const customer = made.extend({ deleted: z.boolean().optional() });
const found = z.object({ data: z.array(made) });

/** Customers of Stripe. */
export const payersAt = ({
  ask,
  look,
}: Asker): Pick<PaymentService, 'createPayer' | 'findPayer' | 'readPayer'> => {
  const findPayer = async (ours: string) => {
    const query = `metadata['deskhand_id']:'${ours}'`;
    const [known] = (await ask(found, stripe => stripe.customers.search({ query, limit: 1 }))).data;
    return known?.id;
  };
  return {
    async createPayer(payer, key) {
      const params = paramsOf(payer);
      const create = (idempotencyKey: string) =>
        ask(made, stripe => stripe.customers.create(params, { idempotencyKey }));
      try {
        return (await create(key)).id;
      } catch (error) {
        if (!(error instanceof OtherRequest)) throw error;
        // Made before, and nobody wrote it down; since then somebody has corrected a name. By now the search knows it.
        const known = await findPayer(payer.id);
        if (known === undefined) return (await create(`${key}-anew`)).id;
        return (await ask(made, stripe => stripe.customers.update(known, params))).id;
      }
    },
    findPayer,
    async readPayer(id) {
      const known = await look(customer, stripe => stripe.customers.retrieve(id));
      return known && !known.deleted ? { id: known.id } : undefined;
    },
  };
};

const paramsOf = ({ id, name, email, phone, address }: Payer) => ({
  name,
  ...(email === undefined ? {} : { email }),
  ...(phone === undefined ? {} : { phone }),
  ...(address === undefined ? {} : { address: without(address) }),
  metadata: { deskhand_id: id },
});

/** Members that are there. */
const without = (address: NonNullable<Payer['address']>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(address).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
