import type { ReadContext } from '../../kernel/pipeline/context.ts';
import type { Field, FieldKind } from '../../kernel/records/field-shape.ts';
import { invalid } from '../../kernel/words/errors.ts';

/** What a file brings, one kind a file. */
export const kinds = ['contacts', 'companies', 'services', 'tickets', 'invoices', 'leads', 'notes'] as const;
export type Kind = (typeof kinds)[number];

/** Which record a row of a kind becomes. */
export const recordOf: Readonly<Record<Kind, string>> = {
  contacts: 'contact',
  companies: 'company',
  services: 'service',
  tickets: 'ticket',
  invoices: 'invoice',
  leads: 'lead',
  notes: 'note',
};

/** What a column can be read as. `field` where it is one of a record as it is registered. */
export interface Target {
  name: string;
  title: string;
  kind: FieldKind;
  /** Several columns may be read as it; their values stand together. */
  several: boolean;
  field?: Field;
}

/** A column that becomes a custom field under its own name, and one that is left out. */
export const custom = 'custom';
export const skip = 'skip';

const own = (name: string, title: string, kind: FieldKind = 'text', several = false): Target => ({
  name,
  title,
  kind,
  several,
});

const id = own('id', 'Number in the other program');

/** Whom a visit or a note is about. */
const customer = [
  own('customer.id', 'Customer: number in the other program'),
  own('customer.full_name', 'Customer: name'),
  own('customer.first_name', 'Customer: first name'),
  own('customer.last_name', 'Customer: last name'),
  own('customer.company_name', 'Customer: company'),
  own('customer.email', 'Customer: e-mail', 'email', true),
  own('customer.phone', 'Customer: phone', 'phone', true),
];

/** What is no field of the record itself, by kind. */
const beside: Readonly<Record<Kind, readonly Target[]>> = {
  contacts: [
    id,
    own('display_name', 'Name as it is shown'),
    own('is_company', 'Is a company', 'boolean'),
    own('company_name', 'Company'),
    own('phone:mobile', 'Mobile phone', 'phone', true),
    own('phone:home', 'Home phone', 'phone', true),
    own('phone:work', 'Work phone', 'phone', true),
    own('note', 'Note', 'long_text', true),
  ],
  companies: [id],
  services: [id, own('price', 'Price', 'money')],
  tickets: [
    id,
    own('starts', 'Date, or date and time'),
    own('start_time', 'Time'),
    own('ends', 'End'),
    own('duration', 'Duration'),
    ...customer,
    own('services', 'Services', 'long_text', true),
    own('price', 'Price in all', 'money'),
    own('technician', 'Technician', 'text', true),
    own('status', 'Status'),
    own('notes', 'Notes', 'long_text', true),
  ],
  invoices: [
    own('id', 'Number of the bill'),
    own('issued', 'Date of the bill', 'date'),
    own('due', 'Due on', 'date'),
    ...customer,
    own('lines', 'What it is for', 'long_text', true),
    own('line_amount', 'Amount of the line', 'money'),
    own('total', 'Total', 'money'),
    own('tax', 'Tax', 'money'),
    own('discount', 'Discount', 'money'),
    own('paid', 'Paid so far', 'money'),
    own('balance', 'Still due', 'money'),
    own('paid_on', 'Paid on', 'date'),
    own('method', 'Paid by'),
    own('status', 'Status'),
    own('currency', 'Currency'),
    own('type', 'Kind of row'),
    own('notes', 'Notes', 'long_text', true),
  ],
  leads: [id],
  notes: [...customer, own('on', 'Day of the note', 'date')],
};

const places: Readonly<Record<Kind, readonly string[]>> = {
  contacts: ['address', 'billing_address'],
  companies: [],
  services: [],
  tickets: ['address'],
  invoices: [],
  leads: [],
  notes: [],
};

/** Kinds of fields that stand in one cell; lists and references are said otherwise. */
const inCells = new Set<FieldKind>(
  'text long_text choice number money percent date moment boolean phone email url tags'.split(
    ' ',
  ) as FieldKind[],
);

/** Fields of a record that mean something else in a file, or are made of other columns. */
const notAsked = new Set([
  'contacts.notes',
  'contacts.kind',
  'leads.currency',
  'services.price_cents',
  'tickets.is_price_estimated',
]);

/** What the columns of a file of a kind can be read as: the fields of its record as registered, and what belongs to it. */
export function targetsOf({ registry }: Pick<ReadContext, 'registry'>, kind: Kind): Target[] {
  const said = [...beside[kind]];
  const has = new Set(said.map(({ name }) => name));
  const add = (target: Target) => {
    if (!has.has(target.name)) said.push(target);
    has.add(target.name);
  };
  const written = kind === 'tickets' || kind === 'invoices' ? [] : fieldsOf(registry, recordOf[kind]);
  for (const [name, field] of written) if (!notAsked.has(`${kind}.${name}`)) add(ofField(name, field));
  for (const place of places[kind]) {
    add(own(place, `${titles[place]}: all of it`));
    for (const [name, field] of fieldsOf(registry, 'address')) {
      if (name === 'type') continue;
      const target = ofField(name, field);
      add({ ...target, name: `${place}.${name}`, title: `${titles[place]}: ${target.title.toLowerCase()}` });
    }
  }
  return said;
}

const titles: Readonly<Record<string, string>> = { address: 'Address', billing_address: 'Billing address' };

function fieldsOf(registry: ReadContext['registry'], name: string): [string, Field][] {
  const record = registry.records.get(name);
  if (!record) throw new Error(`there is no record ${name}`);
  return Object.entries(record.fields).filter(
    ([, { given, kind, internal }]) => given !== undefined && !internal && inCells.has(kind),
  );
}

const ofField = (name: string, field: Field): Target => ({
  name,
  title: field.title ?? sentence(name),
  kind: field.kind,
  several:
    field.kind === 'email' || field.kind === 'phone' || field.kind === 'tags' || field.kind === 'long_text',
  field,
});

const sentence = (name: string) =>
  name
    .replace(/_cents$/, '')
    .replaceAll('_', ' ')
    .replace(/^./, letter => letter.toUpperCase());

/** The target somebody names for a column. Throws VALIDATION_ERROR naming those there are. */
export function requireTarget(targets: readonly Target[], name: string, field: string): void {
  if (name === custom || name === skip || targets.some(target => target.name === name)) return;
  throw invalid(field, `"${name.slice(0, 80)}" is nothing a column can be read as here.`, {
    valid_options: [...targets.map(target => target.name), custom, skip],
    hint: 'custom keeps the column as a custom field, skip leaves it out.',
  });
}
