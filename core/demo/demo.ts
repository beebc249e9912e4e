import { Temporal } from 'temporal-polyfill';
import { brokenConstraint, type Database } from '../kernel/database/db.ts';
import type { Caller } from '../kernel/pipeline/context.ts';
import type { Outcome } from '../kernel/pipeline/invocation.ts';
import { foundBusiness } from '../organizations/found.ts';
import { newCustomer, personOf } from './person.ts';

export const demoSlug = 'bright-panes';
export const demoOwner = 'olivia@brightpanes.example';
export const demoTechnician = 'theo@brightpanes.example';
export const demoAgent = 'Office Manager';

type Act = (caller: Caller, action: string, data: Record<string, unknown>) => Promise<Outcome>;

export const timeZone = 'America/Chicago';

/**
 * Founds Bright Panes Window Cleaning, the business of the README and the tests: its people, its catalog, two customers
 * and their visits of this week, an inquiry, all through the ordinary actions on the database `actOn` is given. All of it is one
 * transaction: other processes see the whole business or none, and a kill in the middle leaves none. With a history it has the
 * first customer of that, by whom `growDemo` knows that it is wished. Answers false when another process was faster.
 */
export async function createDemo(
  db: Database,
  actOn: (inside: Database) => Act,
  { history = false }: { history?: boolean } = {},
): Promise<boolean> {
  try {
    await db.transaction('read write', async tx => {
      const inside: Database = { ...db, transaction: (_mode, work) => work(tx) };
      await tellStory(inside, actOn(inside), history);
    });
    return true;
  } catch (error) {
    if (brokenConstraint(error) === 'organizations_slug_key') return false;
    throw error;
  }
}

async function tellStory(db: Database, act: Act, history: boolean): Promise<void> {
  const { organization_id, owner_id } = await foundBusiness(db, {
    slug: demoSlug,
    name: 'Bright Panes Window Cleaning',
    time_zone: timeZone,
    owner: { email: demoOwner, name: 'Olivia Bright' },
  });
  const olivia: Caller = { via: 'member', organization_id, user_id: owner_id };
  const make = async (action: string, data: Record<string, unknown>) =>
    (await act(olivia, action, data)).data;

  const staff = [
    { name: 'Dana Office', email: 'dana@brightpanes.example', role: 'member' },
    { name: 'Theo Panes', email: demoTechnician, role: 'technician' },
    { name: 'Tess Ladder', email: 'tess@brightpanes.example', role: 'technician' },
  ];
  for (const person of staff) await make('member.create', person);
  for (const service of catalog) await make('service.create', service);
  await make('agent.create', { name: demoAgent });

  const jane = await make('contact.create', {
    first_name: 'Jane',
    last_name: 'Smith',
    email: 'jane.smith@example.com',
    phone: '(256) 555-0142',
    tags: ['two stories'],
  });
  await make('address.create', { contact_id: jane.id, ...madison, type: 'home' });
  await make('note.create', {
    contact_id: jane.id,
    content: 'Extension ladder needed, 2nd story sill complexity. Dog named Biscuit, keep gate closed.',
  });
  const hart = await make('contact.create', {
    first_name: 'Mrs',
    last_name: 'Hart',
    phone: '(256) 555-0119',
  });
  await make('address.create', { contact_id: hart.id, ...owensCrossRoads, type: 'home' });
  await make('contact.set_preferences', { contact_id: hart.id, time_of_day: 'morning' });

  await make('lead_form.create', { name: 'Website' });
  // Everything here is one transaction, in which no language model may be asked: the worker reads it afterwards.
  await make('lead.create', {
    raw_notes:
      'Robert Miles called, (256) 555-0181, 44 Whitesburg Dr, Huntsville AL 35801. Two-story house, wants inside and outside windows before Thanksgiving.',
    source: 'phone_call',
    extract: 'later',
  });

  const day = nextWorkday();
  await make('ticket.create', {
    contact_id: jane.id,
    scheduled_at: `${day.toString()}T09:00`,
    lines: [{ service_id: catalog[1].name }, { service_id: catalog[2].name, quantity: 20 }],
    technician_ids: ['Theo Panes'],
    is_price_estimated: true,
  });
  await make('ticket.create', {
    contact_id: hart.id,
    scheduled_at: `${day.toString()}T14:00`,
    lines: [{ service_id: catalog[0].name }],
    technician_ids: ['Tess Ladder'],
  });
  // One that is under way, for whoever signs in as Theo: it can be closed out at once.
  await make('ticket.create', {
    contact_id: hart.id,
    scheduled_at: lately().toString().slice(0, 16),
    lines: [{ service_id: catalog[2].name, quantity: 12 }],
    technician_ids: ['Theo Panes'],
  });
  if (!history) return;
  for (const service of moreServices) await make('service.create', service);
  await make('contact.create', newCustomer(personOf(0)));
}

// FIX-01: the prices of the reference values.
export const catalog = [
  { name: 'Gutter Cleaning', pricing: 'fixed', price_cents: 15_000, duration_minutes: 90 },
  {
    name: 'Interior and Exterior Window Cleaning',
    pricing: 'flexible',
    price_cents: 56_200,
    duration_minutes: 210,
  },
  { name: 'Screen Cleaning', pricing: 'per_unit', price_cents: 500, unit: 'screen', duration_minutes: 30 },
  { name: 'Squeegee, 14 inch', kind: 'product', pricing: 'per_unit', price_cents: 2400, unit: 'piece' },
] as const;

/** What the price list of a business with a history has besides. */
export const moreServices = [
  { name: 'Exterior Window Cleaning', pricing: 'flexible', price_cents: 18_900, duration_minutes: 90 },
] as const;

const madison = { line1: '123 Main Street', city: 'Madison', state: 'AL', postal_code: '35758' };
const owensCrossRoads = {
  line1: '48 Old Big Cove Rd',
  city: 'Owens Cross Roads',
  state: 'AL',
  postal_code: '35763',
};

/**
 * When somebody has begun who is at a house now: an hour ago by day, on a weekend too, and by night at the end of the day, for a
 * visit that nobody has closed yet. What began more than a day ago could not be booked.
 */
export function lately(now = Temporal.Now.plainDateTimeISO(timeZone)): Temporal.PlainDateTime {
  const begun = now
    .subtract({ hours: 1 })
    .round({ smallestUnit: 'minute', roundingIncrement: 15, roundingMode: 'floor' });
  if (begun.hour >= 8 && begun.hour < 16) return begun;
  const day = begun.hour >= 16 ? begun.toPlainDate() : begun.toPlainDate().subtract({ days: 1 });
  return day.toPlainDateTime('15:30');
}

/** The next Monday to Friday after today. */
function nextWorkday(): Temporal.PlainDate {
  const tomorrow = Temporal.Now.plainDateISO(timeZone).add({ days: 1 });
  return tomorrow.dayOfWeek <= 5 ? tomorrow : tomorrow.add({ days: 8 - tomorrow.dayOfWeek });
}
