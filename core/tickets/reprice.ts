import { z } from 'zod';
import { listByIds } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { invalid } from '../kernel/words/errors.ts';
import { cents, lineTotal } from '../kernel/words/money.ts';
import { serviceRecord } from '../services/service.ts';
import { listLines, refreshTotal, updateLine } from './queries.ts';
import { listOpenWith } from './reprice-queries.ts';
import { lockOpenTicket } from './ticket.ts';

/** Gives open visits that were booked at an old catalog price the one of today; prices agreed otherwise stay. */
export const repriceTickets = defineAction({
  domain: 'ticket',
  name: 'reprice',
  summary:
    'Give open visits that keep an old catalog price of a service its price of today; all, or ticket_ids.',
  input: z.strictObject({
    service_id: ref('service'),
    old_price_cents: cents,
    ticket_ids: z.array(ref('ticket')).max(100).optional(),
  }),
  output: z.object({ price_cents: z.number(), repriced: z.array(z.string()), more: z.boolean() }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  many: true,
  example: { service_id: 'Gutter Cleaning', old_price_cents: 15_000 },
  keywords: ['new price', 'raise prices', 'price change', 'open visits'],
  async run(context, { service_id, old_price_cents, ticket_ids }) {
    const [service] = await listByIds(context, serviceRecord, [service_id]);
    const price_cents = service?.price_cents ?? null;
    if (price_cents === null) {
      throw invalid('service_id', 'This service has no price of its own.', {
        hint: 'Set each price with ticket.update_line.',
      });
    }
    const visits = await listOpenWith(context, { service_id, old_price_cents, ticket_ids });
    for (const { id } of visits.slice(0, mostAtOnce)) {
      await lockOpenTicket(context, id);
      for (const line of await listLines(context, [id])) {
        if (line.service_id !== service_id || line.unit_price_cents !== old_price_cents) continue;
        const total_cents = lineTotal(line.quantity, price_cents);
        await updateLine(context, { ...line, unit_price_cents: price_cents, total_cents });
      }
      await refreshTotal(context, id);
    }
    const repriced = visits.slice(0, mostAtOnce).map(({ reference }) => reference);
    return { price_cents, repriced, more: visits.length > mostAtOnce };
  },
});

/** More wait for the same call once more. */
const mostAtOnce = 100;
