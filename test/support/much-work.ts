import { madeUp } from './figures.ts';
import type { Office } from './office.ts';
import { writeRows } from './write-rows.ts';

const prices = [15_000, 32_000, 500, 9_000];

/** A business of so many months: 240 customers, 1,500 visits, bills, payments, made-up and the same every time. */
export async function giveMuchWork(
  office: Office,
  { months = 26, customers = 240, visits = 1500 } = {},
): Promise<void> {
  const { bright, done, read, database, now } = office;
  const known = await read(bright.owner, 'services', { fields: ['id', 'name'], limit: 100 });
  if (known.length === 0)
    for (const [at, name] of [
      'Gutter Cleaning',
      'Interior and Exterior Window Cleaning',
      'Screen Cleaning',
      'Pressure Washing',
    ].entries())
      await done(bright.owner, 'service.create', { name, pricing: 'fixed', price_cents: prices[at] });
  const services = await read(bright.owner, 'services', { fields: ['id', 'name'], limit: 100 });
  const tables = madeUp({
    organization_id: bright.id,
    currency: 'USD',
    time_zone: 'America/Chicago',
    now: now(),
    months,
    customers,
    visits,
    services: services.map(({ id, name }, at) => ({
      id: String(id),
      name: String(name),
      cents: prices[at % prices.length] ?? 100,
    })),
    technicians: ['Theo', 'Tess'].map(name => String(bright.people[name]?.id)),
  });
  await writeRows(database.admin, tables);
}
