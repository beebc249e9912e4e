import pg from 'pg';
import { keysOf } from '../../core/contacts/keys.ts';
import { newId } from '../../core/kernel/database/ids.ts';
import type { Office } from '../support/office.ts';
import { rebuildSearch } from '../support/rebuild.ts';
import { type Customer, type Service, services, timeZone, today } from './customer.ts';

/** The customers as they stand in the database: their ids by key. */
export type Loaded = ReadonlyMap<string, string>;

type Rows = Record<string, unknown>[];
interface Place {
  office: Office;
  customers: readonly Customer[];
  ids: Loaded;
}

/**
 * Brings customers with their addresses, notes, facts and visits to Bright Panes. The price list, the firms and the
 * catalog of facts are made by the ordinary actions; the rest is written many rows a statement without triggers, and
 * `search.rebuild` makes the search documents of all of it.
 */
export async function loadCustomers(office: Office, customers: readonly Customer[]): Promise<Loaded> {
  const ids = new Map(customers.map(({ key }) => [key, newId()]));
  const place = { office, customers, ids };
  const bulk = new pg.Client({ ...office.database.admin, ssl: false });
  await bulk.connect();
  try {
    await bulk.query("set session_replication_role = 'replica'");
    const notes = noteRows(place);
    await insert(place, bulk, 'contacts', contactRows(place, await makeFirms(place)));
    await insert(place, bulk, 'contact_keys', keyRows(place));
    const addresses = addressRows(place);
    await insert(place, bulk, 'addresses', addresses);
    await insert(place, bulk, 'notes', notes);
    await insert(place, bulk, 'attributes', await attributeRows(place, notes));
    const { tickets, lines } = visitRows(place, addresses, await makePriceList(place));
    await insert(place, bulk, 'tickets', tickets);
    await insert(place, bulk, 'ticket_lines', lines);
    await countOn(place, bulk);
    await bulk.query('analyze');
  } finally {
    await bulk.end();
  }
  await rebuildSearch(office, office.bright);
  return ids;
}

/** Every row has the columns of the first one. */
async function insert({ office }: Place, bulk: pg.Client, table: string, rows: Rows): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  await bulk.query(
    `insert into ${table} (organization_id, ${columns})
    select $1::uuid, ${columns}
    from jsonb_populate_recordset(null::${table}, $2::jsonb)`,
    [office.bright.id, JSON.stringify(rows)],
  );
}

const idOf = (ids: Loaded, key: string): string => {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`there is no customer ${key}`);
  return id;
};

const reference = (prefix: string, first: number) => (index: number) => `${prefix}-${first + index}`;
const contactReference = reference('C', 1001);
const addressReference = reference('A', 1001);
const noteReference = reference('N', 1001);
const ticketReference = reference('T', 2001);
// After the facts that made the catalog.
const attributeReference = reference('AT', 2001);

/** The firms people work for, by name. */
async function makeFirms({ office, customers }: Place): Promise<Map<string, string>> {
  const firms = new Map<string, string>();
  for (const { company } of customers) {
    if (company === undefined || firms.has(company)) continue;
    const { id } = await office.done(office.bright.owner, 'company.create', { name: company });
    firms.set(company, String(id));
  }
  return firms;
}

const prices: Readonly<Record<Service, Record<string, unknown>>> = {
  windows: { pricing: 'flexible', duration_minutes: 210 },
  screens: { pricing: 'per_unit', price_cents: 500, unit: 'screen', duration_minutes: 30 },
  gutters: { pricing: 'fixed', price_cents: 15_000, duration_minutes: 90 },
  pressure: { pricing: 'flexible', duration_minutes: 180 },
  solar: { pricing: 'per_unit', price_cents: 900, unit: 'panel', duration_minutes: 60 },
  skylights: { pricing: 'per_unit', price_cents: 2500, unit: 'skylight', duration_minutes: 45 },
  tracks: { pricing: 'fixed', price_cents: 8000, duration_minutes: 60 },
  hard_water: { pricing: 'flexible', duration_minutes: 120 },
};

async function makePriceList({ office }: Place): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const [service, name] of Object.entries(services)) {
    const price = Object.entries(prices).find(([priced]) => priced === service)?.[1];
    const { id } = await office.done(office.bright.owner, 'service.create', { name, ...price });
    ids.set(service, String(id));
  }
  return ids;
}

function contactRows({ customers, ids }: Place, firms: Map<string, string>): Rows {
  return customers.map((customer, index) => ({
    id: idOf(ids, customer.key),
    reference: contactReference(index),
    kind: customer.kind,
    first_name: customer.first_name ?? null,
    last_name: customer.last_name ?? null,
    full_name: customer.full_name,
    nickname: customer.nickname ?? null,
    company_id: firms.get(customer.company ?? '') ?? null,
    ...reachedAt(customer),
    email: customer.email ?? null,
    phone: `+1${customer.phone}`,
    preferences: {},
    lifecycle_stage: 'customer',
    status: 'active',
    source: 'manual',
    tags: customer.tags,
    is_system: false,
    custom_fields: {},
    ...times,
  }));
}

const times = {
  version: 1,
  created_at: `${today}T08:00:00-06:00`,
  updated_at: `${today}T08:00:00-06:00`,
};

const reachedAt = ({ email, phone }: Customer) => ({
  emails: email === undefined ? [] : [{ email, type: 'other', primary: true }],
  phones: [{ number: `+1${phone}`, type: 'other', primary: true }],
});

const keyRows = ({ customers, ids }: Place): Rows =>
  customers.flatMap(customer =>
    keysOf(reachedAt(customer)).map(key => ({ key, contact_id: idOf(ids, customer.key) })),
  );

const addressRows = ({ customers, ids }: Place): Rows =>
  customers.map(({ key, kind, line1, city, postal_code }, index) => ({
    id: newId(),
    reference: addressReference(index),
    contact_id: idOf(ids, key),
    type: kind === 'person' ? 'home' : 'work',
    line1,
    city,
    state: 'AL',
    postal_code,
    country: 'US',
    ...times,
  }));

const noteRows = ({ customers, ids }: Place): Rows =>
  customers
    .flatMap(({ key, notes }) => notes.map(content => ({ contact_id: idOf(ids, key), content })))
    .map((note, index) => ({
      id: newId(),
      reference: noteReference(index),
      ...note,
      source: 'manual',
      ...times,
    }));

/** The first fact of each key is set by hand, which brings the key into the catalog; the others follow from notes. */
async function attributeRows({ office, customers, ids }: Place, notes: Rows): Promise<Rows> {
  const noteOf = new Map(notes.map(({ contact_id, id }) => [contact_id, id]));
  const keys = new Set<string>();
  const rows: Rows = [];
  for (const customer of customers) {
    const contact_id = idOf(ids, customer.key);
    for (const { key, value, details } of customer.facts) {
      if (!keys.has(key)) {
        const fact = { contact_id, key, value, ...(details ? { details } : {}) };
        const kept = await office.done(office.bright.owner, 'attribute.set', fact);
        if (kept.key !== key) throw new Error(`${key} is called ${String(kept.key)} here`);
        keys.add(key);
        continue;
      }
      rows.push({
        id: newId(),
        reference: attributeReference(rows.length),
        contact_id,
        key,
        value,
        details: details ?? {},
        source: 'note',
        note_id: noteOf.get(contact_id) ?? null,
        extracted_by: 'rules',
        is_rejected: false,
        ...times,
      });
    }
  }
  return rows;
}

const minutes = 60;

function visitRows({ customers, ids }: Place, addresses: Rows, priceList: Map<string, string>) {
  const tickets: Rows = [];
  const lines: Rows = [];
  for (const [index, { key, visits }] of customers.entries()) {
    for (const { on, hour, services: done } of visits) {
      const id = newId();
      const isDone = on < today;
      tickets.push({
        id,
        reference: ticketReference(tickets.length),
        contact_id: idOf(ids, key),
        address_id: addresses[index]?.id,
        status: isDone ? 'closed' : 'scheduled',
        confirmation_status: 'not_sent',
        scheduled_at: localHour(on, hour),
        duration_minutes: minutes,
        ends_at: localHour(on, hour + minutes / 60),
        is_price_estimated: false,
        total_cents: 10_000 * done.length,
        currency: 'USD',
        closed_at: isDone ? localHour(on, hour + minutes / 60) : null,
        custom_fields: {},
        ...times,
      });
      for (const [position, service] of done.entries()) {
        lines.push({
          id: newId(),
          ticket_id: id,
          service_id: priceList.get(service),
          position: position + 1,
          description: services[service],
          pricing: 'fixed',
          quantity: 1,
          unit_price_cents: 10_000,
          total_cents: 10_000,
          duration_minutes: minutes,
          ...times,
        });
      }
    }
  }
  return { tickets, lines };
}

/** A whole hour of a local day as the database reads it: the clocks of the business change at night, not at work. */
const localHour = (day: string, hour: number) => `${day} ${String(hour).padStart(2, '0')}:00 ${timeZone}`;

/** New records go on behind those that were loaded. */
async function countOn({ office }: Place, bulk: pg.Client): Promise<void> {
  for (const [prefix, table] of [
    ['C', 'contacts'],
    ['A', 'addresses'],
    ['N', 'notes'],
    ['T', 'tickets'],
    ['AT', 'attributes'],
  ]) {
    await bulk.query(
      `insert into counters (organization_id, kind, value)
      select $1::uuid, $2, max(split_part(reference, '-', 2)::bigint)
      from ${table}
      where organization_id = $1::uuid
      on conflict (organization_id, kind) do update set value = excluded.value`,
      [office.bright.id, prefix],
    );
  }
}
