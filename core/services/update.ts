import { z } from 'zod';
import type { Context } from '../kernel/pipeline/context.ts';
import { updateRecord } from '../kernel/records/record-actions.ts';
import { getRow } from '../kernel/records/record-queries.ts';
import { ref } from '../kernel/records/references.ts';
import { defineAction } from '../kernel/registry/define.ts';
import { DeskhandError, requireChange } from '../kernel/words/errors.ts';
import { formatMoney } from '../kernel/words/money.ts';
import { lockTickets, repriceLines } from '../tickets/reprice.ts';
import { listOutdated, type Outdated } from './queries.ts';
import { type Service, serviceRecord } from './service.ts';

const key = 'service_id';
const changeable = serviceRecord.writable.partial();
const { clearable } = serviceRecord;
const reprice = {
  reprice_open_visits: z
    .boolean()
    .optional()
    .meta({ description: 'give open visits at an earlier price of the catalog the present one' }),
  reprice_visits: z
    .array(z.string().trim().min(1).max(40))
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'the same for these visits alone: T-2001, …' }),
};

/**
 * Changes a service. Visits that are booked keep their prices, and those that stand at an earlier price of the catalog are
 * named; on request they get the present one in the same call, or in a later one that changes nothing else. Prices set by
 * hand, and those of a flexible service that are no estimate any more, were agreed on and stay. The way back is the same
 * call with the price that was.
 */
export const updateService = defineAction({
  domain: 'service',
  name: 'update',
  summary: 'Change a service; booked visits keep their prices unless reprice_open_visits says otherwise.',
  input: z.strictObject({
    [key]: ref('service'),
    ...changeable.shape,
    clear: z.array(z.enum(clearable)).max(clearable.length).optional(),
    ...reprice,
  }),
  output: serviceRecord.row.extend({
    repriced: z
      .array(z.object({ reference: z.string(), was_total_cents: z.number(), total_cents: z.number() }))
      .optional(),
  }),
  permission: { level: 'unrestricted' },
  effect: 'update',
  many: true,
  often: {
    rank: 3,
    members: [key, 'name', 'price_cents', 'duration_minutes', 'is_active', 'reprice_open_visits'],
  },
  example: { service_id: 'S-1', price_cents: 16_500 },
  keywords: ['edit', 'change', 'correct', 'raise', 'new price', 'reprice', 'price increase'],
  async run(context, { [key]: id, clear = [], reprice_open_visits, reprice_visits, ...changes }) {
    const wish = reprice_visits ?? (reprice_open_visits === true ? 'all' : undefined);
    const all: Record<string, unknown> = {
      ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
      ...Object.fromEntries(clear.map(name => [name, null])),
    };
    requireChange({ ...all, wish }, key, [...Object.keys(changeable.shape), ...Object.keys(reprice)]);
    const before = await getRow(context, serviceRecord, id, { lock: true });
    const service =
      Object.keys(all).length === 0 ? before : await updateRecord(context, serviceRecord, id, all);
    if (wish !== undefined) return { ...service, repriced: await repriceVisits(context, service, wish) };
    if (before.price_cents !== service.price_cents) await warnOfOldPrices(context, service);
    return service;
  },
});

/** Gives all visits at an earlier price, or some by their references, the present one; says of the others why they keep theirs. */
async function repriceVisits(context: Context, service: Service, wish: 'all' | readonly string[]) {
  const { price_cents } = service;
  if (price_cents === null) {
    throw new DeskhandError('INVALID_STATE', 'This service has no price in the catalog.', {
      field: 'price_cents',
      hint: 'Its price is agreed on for each visit: ticket.update_line.',
    });
  }
  const old = await lockOutdated(context, service.id, price_cents);
  const due = old.filter(({ is_agreed }) => !is_agreed);
  const agreed = old.filter(({ is_agreed }) => is_agreed);
  if (wish === 'all') {
    if (agreed.length > 0) context.warn(`Agreed prices stay: ${namesOf(agreed)}.`);
    return repriceLines(context, due, price_cents);
  }
  requireDue(wish, due);
  return repriceLines(
    context,
    due.filter(line => wish.some(name => isNamed(line, name))),
    price_cents,
  );
}

/**
 * The lines at an earlier price, on visits that are kept from changing until this transaction ends. They are read again
 * once nobody can change them: a price that was agreed on, or a visit that was ended, while this call waited stays as it is.
 */
async function lockOutdated(context: Context, serviceId: string, price_cents: number): Promise<Outdated[]> {
  const seen = await listOutdated(context, serviceId, price_cents);
  const visits = new Set(seen.map(({ ticket_id }) => ticket_id));
  await lockTickets(context, [...visits]);
  const old = await listOutdated(context, serviceId, price_cents);
  const gone = seen.filter(({ id }) => !old.some(line => line.id === id));
  if (gone.length > 0) context.warn(`Changed by somebody else meanwhile, and left so: ${namesOf(gone)}.`);
  return old.filter(({ ticket_id }) => visits.has(ticket_id));
}

/** Throws INVALID_STATE for a visit that was named, and has nothing to be repriced. */
function requireDue(wish: readonly string[], due: readonly Outdated[]): void {
  const index = wish.findIndex(name => !due.some(line => isNamed(line, name)));
  if (index < 0) return;
  throw new DeskhandError('INVALID_STATE', 'This visit does not stand at an earlier price of the catalog.', {
    field: `reprice_visits.${index}`,
    open_at_an_earlier_price: [...new Set(due.map(({ reference }) => reference))].slice(0, 20),
    hint: 'A closed visit is final; an agreed price is changed with ticket.update_line and unit_price_cents.',
  });
}

const isNamed = ({ ticket_id, reference }: Outdated, name: string): boolean =>
  name.toUpperCase() === reference || name.toLowerCase() === ticket_id;

/** Booked visits keep their prices: says which, and how they get the new one. */
async function warnOfOldPrices(context: Context, { id, price_cents, currency }: Service): Promise<void> {
  if (price_cents === null) return;
  const old = await listOutdated(context, id, price_cents);
  const visits = new Set(old.map(({ ticket_id }) => ticket_id)).size;
  if (visits === 0) return;
  const prices = [...new Set(old.map(line => formatMoney(line.unit_price_cents, currency)))].join(' or ');
  context.warn(
    `${visits} open visit${visits === 1 ? ' keeps' : 's keep'} ${prices}: ${namesOf(old)}. service.update with reprice_open_visits gives them the new price, ticket.update_line with unit_price_cents one of them.`,
  );
}

/** At most ten visits by their references, and how many more there are. */
function namesOf(lines: readonly Outdated[]): string {
  const names = [...new Set(lines.map(({ reference }) => reference))];
  return names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
}
