import { createHash } from 'node:crypto';
import { plainName } from './names.ts';
import type { Source } from './sources.ts';
import { type Column, whyColumn } from './table.ts';
import { custom, type Kind, kinds, skip, type Target } from './targets.ts';

/** Column → what it is read as. */
export type Mapping = Record<string, string>;

/** Words people have for a field, besides its own name and title. Those of `customer.` stand without it. */
const words: Readonly<Record<string, string>> = {
  id: 'id|record id|external id|reference|reference id|client id|contact id|lead id|uid|number|no|service id|item id',
  full_name: 'name|client name|customer name|customer|client|contact|contact name|fullname',
  first_name: 'firstname|given name|forename|first|vorname|prenom|fornavn',
  last_name: 'lastname|surname|family name|last|nachname|nom|efternavn',
  company_name:
    'company|business|business name|organization|organisation|organization name|firm|account|firma|associated company',
  email:
    'e mail|mail|email address|e mail address|emails|e mails|primary email|mail address|e mail 1 value|e mail 2 value|e mail 3 value',
  phone:
    'phone number|telephone|tel|phones|main phone|primary phone|phone numbers|telefon|phone 1 value|phone 2 value|phone 3 value',
  'phone:mobile': 'mobile|mobile number|cell|cell phone|mobile phone|handy|mobil',
  'phone:home': 'home phone|home number|home telephone',
  'phone:work': 'work phone|business phone|office phone|work number',
  main_phone: 'phone|phone number|telephone',
  billing_email: 'email|e mail|email address|mail',
  website: 'web|url|web page|homepage|website url|company domain name|website 1 value',
  note: 'notes|memo|comment|comments|remarks|remark|description',
  notes: 'note|memo|comment|comments|remarks|job notes|visit notes|private notes|description',
  content: 'note|notes|text|body|memo|comment|note body',
  on: 'date|created|created at|note date',
  tags: 'tag|labels|groups|categories|customer tags|client tags',
  job_title: 'title|position|role',
  email_opt_in: 'email opt in|newsletter|marketing|email subscription status|opt in|accepts marketing',
  'address.line1':
    'street|address 1|address line 1|street address|street 1|street address 1|address street|line 1|service street 1|strasse|adresse|address 1 street',
  'address.line2':
    'street 2|address 2|address line 2|street address 2|street line 2|unit|apt|suite|apartment|line 2',
  'address.city': 'city|town|suburb|ort|stadt|ville|address 1 city|address city',
  'address.state': 'state|st|province|region|county|state region|address 1 region|address state',
  'address.postal_code': 'zip|zip code|postal code|postcode|post code|plz|postal|address 1 postal code',
  'address.country': 'country|country region|address 1 country',
  address:
    'address|full address|property|location|service address|job address|address 1 formatted|property address',
  'billing_address.line1': 'billing street|billing street 1|billing address line 1|billing address 1',
  'billing_address.city': 'billing city',
  'billing_address.state': 'billing state',
  'billing_address.postal_code': 'billing zip|billing zip code|billing postal code',
  billing_address: 'billing address|address 2 formatted',
  starts:
    'date|start|start date|visit date|job date|appointment date|scheduled|scheduled date|scheduled start|service date|datum|when|date time|scheduled at|start at|completed date|appointment',
  start_time: 'time|start time|visit time|scheduled time|uhrzeit',
  ends: 'end|end time|end date|scheduled end|finish|ends at',
  duration: 'minutes|duration minutes|length|hours|time on site|on job duration|duration min',
  services:
    'service|job|job title|title|item|items|line items|product|work|description|summary|services products|subject|job type|service name',
  price:
    'total|amount|job amount|visit total|price|revenue|total amount|cost|rate|unit price|sales price|default price|total revenue|job total|betrag|preis',
  technician:
    'technicians|assigned to|employee|employees|staff|team|crew|assigned|team member|assigned employees|mitarbeiter',
  status: 'job status|visit status|invoice status|stage|payment status',
  issued:
    'date|invoice date|issued|issue date|issued date|date issued|bill date|created date|created|sent date|transaction date|txn date|datum|rechnungsdatum',
  due: 'due date|due|date due|payment due|faellig am',
  lines:
    'item|items|line items|line item|description|product service|services|service|product|subject|job title|memo|memo description|for',
  line_amount: 'line amount|line total|item amount|item total|line item amount|line item total',
  total:
    'invoice total|total amount|amount|grand total|total due|invoice amount|betrag|total incl tax|total inc tax',
  tax: 'tax amount|sales tax|vat|gst|total tax|mwst|moms|tax total',
  discount: 'discount amount|total discount|discounts',
  paid: 'amount paid|paid amount|payments|paid to date|total paid|deposit and payments',
  balance:
    'open balance|amount due|balance due|due amount|outstanding|outstanding balance|amount open|unpaid',
  paid_on: 'paid date|date paid|payment date|paid at|marked paid date',
  method: 'payment method|payment type|paid with|method of payment',
  currency: 'currency code|waehrung',
  type: 'transaction type|txn type',
  raw_notes: 'notes|message|inquiry|enquiry|comment|request|details|note',
  source: 'lead source|original source|channel',
  service_interest: 'service|services|interested in|service requested|job type',
  estimated_value_cents: 'value|estimated value|amount|deal amount',
  name: 'service|service name|item|item name|product|product service name|company name|company|product service|title|account name',
  duration_minutes: 'duration|minutes|length',
  unit: 'per|unit of measure',
};

/** Words of an id where the row is about somebody: that of the row, and that of its customer. */
const ids: Readonly<Record<Kind, string>> = {
  contacts: '',
  companies: 'company id',
  services: 'sku',
  tickets: 'job|job id|visit id|job number|appointment id|job no|visit number|ticket|job ref',
  invoices:
    'invoice|invoice number|invoice no|invoice num|invoice id|bill|bill number|number|no|num|document number|doc number|reference|reference number|rechnungsnummer',
  leads: 'deal id',
  notes: '',
};

/** What each column is proposed to be read as: what the program's own names mean, else by name, else a custom field. */
export function propose(
  kind: Kind,
  columns: readonly Column[],
  targets: readonly Target[],
  source: Source | undefined,
): Mapping {
  const known = new Map(
    Object.entries(source?.kind === kind ? source.columns : {}).map(([name, to]) => [plainName(name), to]),
  );
  const names = namesOf(kind, targets);
  const taken = new Set<string>();
  const mapping: Mapping = {};
  for (const { name } of columns) {
    const to = name === whyColumn ? skip : known.get(plainName(name));
    if (to === undefined) continue;
    mapping[name] = to;
    taken.add(to);
  }
  for (const { name } of columns) {
    if (mapping[name] !== undefined) continue;
    const to = names.get(plainName(name))?.find(one => one.several || !taken.has(one.name));
    mapping[name] = to?.name ?? custom;
    if (to) taken.add(to.name);
  }
  // One cell with a whole address says nothing more where its parts have columns of their own.
  if (taken.has('address.line1')) {
    for (const [name, to] of Object.entries(mapping)) if (to === 'address') mapping[name] = skip;
  }
  return Object.fromEntries(columns.map(({ name }) => [name, mapping[name] ?? custom]));
}

function namesOf(kind: Kind, targets: readonly Target[]): Map<string, Target[]> {
  const names = new Map<string, Target[]>();
  const add = (text: string, target: Target) => {
    const plain = plainName(text);
    if (plain !== '' && !names.get(plain)?.includes(target))
      names.set(plain, [...(names.get(plain) ?? []), target]);
  };
  for (const target of targets) add(target.name, target);
  for (const target of targets) add(target.title, target);
  for (const target of targets) {
    const bare = target.name.replace(/^customer\./, '');
    const said = target.name === 'id' ? ids[kind] || words.id : words[bare];
    for (const word of (said ?? '').split('|')) add(word, target);
    if (bare === target.name) continue;
    for (const who of ['customer', 'client', 'contact']) {
      add(`${who} ${bare}`, target);
      for (const word of (words[bare] ?? '').split('|')) add(`${who} ${word}`, target);
    }
  }
  return names;
}

/** The kind a file is most likely of: that of its program, else the one most of whose columns are understood. */
export function guessKind(
  columns: readonly Column[],
  source: Source | undefined,
  targets: (kind: Kind) => readonly Target[],
): Kind {
  if (source) return source.kind;
  // Also a list of visits says which bill they are on; but it says when they were.
  const names = columns.map(({ name }) => plainName(name));
  const isOfBills =
    names.some(name =>
      /^(?:invoice|bill)(?:no|num|number|id)?$|^(?:invoice|bill)(?:date|total)$/.test(name),
    ) && !names.some(name => /visit|appointment|scheduled|technician|startdate|starttime/.test(name));
  const score = (kind: Kind) => {
    const mapping = Object.values(propose(kind, columns, targets(kind), undefined)).filter(
      to => to !== custom,
    );
    const needed: Readonly<Record<Kind, readonly string[]>> = {
      contacts: ['first_name', 'last_name', 'full_name', 'company_name', 'email', 'display_name'],
      companies: ['website', 'industry', 'legal_name'],
      services: ['pricing', 'price', 'unit'],
      tickets: ['starts'],
      leads: ['raw_notes', 'service_interest', 'urgency'],
      notes: ['content'],
      invoices: [],
    };
    const fits =
      kind === 'tickets'
        ? mapping.includes('starts') && mapping.some(to => to.startsWith('customer.'))
        : kind === 'invoices'
          ? isOfBills && mapping.includes('issued') && mapping.some(to => to.startsWith('customer.'))
          : needed[kind].some(to => mapping.includes(to));
    const few = kind === 'contacts' || kind === 'tickets' ? 0 : kind === 'invoices' ? -2 : 1;
    return fits ? mapping.length - few : -1;
  };
  return kinds.reduce<Kind>((best, kind) => (score(kind) > score(best) ? kind : best), 'contacts');
}

/** By what the columns of a program's files are known again. */
export const fingerprintOf = (columns: readonly Column[]): string =>
  createHash('sha256')
    .update(
      columns
        .map(({ name }) => plainName(name))
        .filter(name => name !== plainName(whyColumn))
        .sort()
        .join('|'),
    )
    .digest('hex')
    .slice(0, 32);
