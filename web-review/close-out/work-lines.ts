import { z } from 'zod';
import { lineTotal, plainMoney, readMoney } from '../../core/kernel/words/money.ts';
import { lineRow } from '../../core/tickets/record.ts';
import { finalLine } from '../../core/tickets/work.ts';
import { type PageRequest, readList } from '../site.ts';
import type { Closeout } from './closeout.ts';
import type { Typed } from './typed.ts';

/** One service as the form of the work has it: the texts stand in its fields. */
export interface WorkLine {
  /** Of the visit; '' for a service that comes with the close-out. */
  id: string;
  /** Of a service that comes with the close-out. */
  service: string;
  description: string;
  pricing: 'fixed' | 'flexible' | 'per_unit';
  isDone: boolean;
  quantity: string;
  price: string;
  /** How it is booked: tells whether it was changed after the page was made. */
  was: string;
  /** What was typed before it was changed. */
  wrote?: string;
}

export const serviceRow = z.object({
  reference: z.string(),
  name: z.string(),
  pricing: z.enum(['fixed', 'flexible', 'per_unit']),
  price_cents: z.number().nullable(),
  currency: z.string(),
  unit: z.string().nullable(),
});
export type Service = z.infer<typeof serviceRow>;

/** What may be added to a visit. */
export const readServices = async (request: PageRequest): Promise<Service[]> =>
  (
    await readList(request, 'services', serviceRow, {
      params: { is_active: true },
      fields: Object.keys(serviceRow.shape),
      sort: 'name',
      limit: 100,
    })
  ).rows;

/** The services of the visit as they are, or as they were confirmed; what was booked and not done can be ticked again. */
export async function readWorkLines(request: PageRequest, closeout: Closeout): Promise<WorkLine[]> {
  const { duration_from, is_outdated, lines } = closeout.work;
  const { currency } = closeout;
  if (duration_from !== 'confirmed') return lines.map(line => asBooked(line, currency));
  const [booked, confirmed] = await Promise.all([
    is_outdated ? lines : readBooked(request, closeout.reference),
    readConfirmed(request, closeout.reference),
  ]);
  const added = confirmed.filter(line => line.line_id === null).map(line => asBooked(line, currency));
  return [
    ...booked.map(line => {
      const now = asBooked(line, currency);
      const done = confirmed.find(({ line_id }) => line_id === line.line_id);
      const then = { ...asBooked(done ?? line, currency), isDone: done !== undefined };
      return is_outdated ? beside(now, then) : { ...then, was: now.was };
    }),
    ...added,
  ];
}

type Line = Pick<
  z.infer<typeof finalLine>,
  'line_id' | 'service_id' | 'description' | 'pricing' | 'quantity' | 'unit_price_cents'
>;

const asBooked = (line: Line, currency: string): WorkLine => ({
  id: line.line_id ?? '',
  service: line.line_id === null ? (line.service_id ?? '') : '',
  description: line.description,
  pricing: line.pricing,
  isDone: true,
  quantity: String(line.quantity),
  price: plainMoney(line.unit_price_cents, currency),
  was: `${line.quantity} × ${plainMoney(line.unit_price_cents, currency)}`,
});

const bookedRow = z.object({ line_items: z.array(lineRow.omit({ ticket_id: true })) });

async function readBooked(request: PageRequest, id: string): Promise<Line[]> {
  const { rows } = await readList(request, 'tickets', bookedRow, {
    id,
    fields: ['reference'],
    include: ['line_items'],
  });
  return (rows[0]?.line_items ?? []).map(line => ({ ...line, line_id: line.id }));
}

const confirmedRow = z.object({ lines: z.array(finalLine).nullable() });

async function readConfirmed(request: PageRequest, ticket_id: string): Promise<Line[]> {
  const { rows } = await readList(request, 'closeout_sessions', confirmedRow, {
    params: { ticket_id, member_id: request.identity.actor.id },
    fields: ['lines'],
    references: true,
  });
  return rows[0]?.lines ?? [];
}

/** One service as a form says it was done. */
export interface TypedLine extends Pick<WorkLine, 'id' | 'service' | 'isDone'> {
  /** Its number on the page. */
  n: number;
  quantity: string | undefined;
  price: string | undefined;
  was: string | undefined;
}

const mostLines = 99;

/** The services a form names, in its order. */
export function typedLines(typed: Typed): TypedLine[] {
  const lines: TypedLine[] = [];
  for (let n = 1; n <= mostLines; n += 1) {
    const id = typed[`line_${n}_id`] ?? '';
    const service = typed[`line_${n}_service`] ?? '';
    if (id === '' && service === '') break;
    const isDone = typed[`line_${n}_done`] === '1';
    const [quantity, price, was] = ['quantity', 'price', 'was'].map(name => typed[`line_${n}_${name}`]);
    lines.push({ n, id, service, isDone, quantity, price, was });
  }
  return lines;
}

/** The services with what was typed of them in their fields. What a form does not mention stands as it was. */
export function withTyped(
  lines: readonly WorkLine[],
  typed: Typed,
  services: readonly Service[],
): WorkLine[] {
  const written = typedLines(typed);
  if (written.length === 0) return [...lines];
  const booked = lines
    .filter(({ id }) => id !== '')
    .map(line => ({ ...line, ...textsOf(written.find(({ id }) => id === line.id)) }));
  const added = written
    .filter(({ service }) => service !== '')
    .map(line => ({ ...fromCatalog(namedBy(line.service, services)), ...textsOf(line) }));
  return [...booked, ...added];
}

/** One that is not offered any more is still shown: the server says so when it is to be added. */
const namedBy = (reference: string, services: readonly Service[]): Service =>
  services.find(service => service.reference === reference) ?? {
    reference,
    name: reference,
    pricing: 'per_unit',
    price_cents: null,
    currency: '',
    unit: null,
  };

function textsOf(line: TypedLine | undefined): Partial<WorkLine> {
  if (!line) return {};
  const { isDone, quantity, price } = line;
  return {
    isDone,
    ...(quantity === undefined ? {} : { quantity }),
    ...(price === undefined ? {} : { price }),
  };
}

/** The same after the visit was changed: what was typed stands in the fields only where the service is as it was. */
export function besideTyped(
  lines: readonly WorkLine[],
  typed: Typed,
  services: readonly Service[],
): WorkLine[] {
  const written = typedLines(typed);
  return withTyped(lines, typed, services).map(line => {
    const now = lines.find(({ id }) => id !== '' && id === line.id);
    const then = written.find(({ id }) => id !== '' && id === line.id);
    return now && then && then.was !== now.was ? beside(now, line) : line;
  });
}

function beside(now: WorkLine, then: Pick<WorkLine, 'isDone' | 'quantity' | 'price'>): WorkLine {
  const wrote = then.isDone ? `${then.quantity} × ${then.price}` : 'not done';
  return wrote === now.was ? now : { ...now, wrote: wrote.replace(/^1 × /, '') };
}

/** A service of the catalog as a line. */
export const fromCatalog = (service: Service, quantity = '', price = ''): WorkLine => ({
  id: '',
  service: service.reference,
  description: service.name,
  pricing: service.pricing,
  isDone: true,
  quantity: quantity || '1',
  price: price || (service.price_cents === null ? '' : plainMoney(service.price_cents, service.currency)),
  was: '',
});

/** What a line comes to as far as its fields can be read; 0 when it was not done. */
export function totalOf({ isDone, pricing, quantity, price }: WorkLine, currency: string): number {
  const count = pricing === 'per_unit' ? Number(quantity) : 1;
  return isDone && count > 0 && count <= 100_000 ? lineTotal(count, readMoney(price, currency) ?? 0) : 0;
}
