import { plainName } from './names.ts';
import type { Column } from './table.ts';
import type { Kind } from './targets.ts';

/** A program whose files are known by their columns. */
export interface Source {
  name: string;
  title: string;
  kind: Kind;
  /** Columns all of which are there in its files, and in no other’s. */
  known_by: readonly string[];
  /** What its columns are read as, where their names do not say it; `skip` only where nothing is lost. */
  columns: Readonly<Record<string, string>>;
  /** Its word for where a customer came from. */
  came_from?: 'import_google_contacts';
  /** The customer of an id: Jobber writes `client_property`. */
  customer_of?(id: string): string;
}

const googleColumns = {
  'Organization Name': 'company_name',
  'Organization Title': 'job_title',
  'Organization 1 - Name': 'company_name',
  'Organization 1 - Title': 'job_title',
  Labels: 'tags',
  'Group Membership': 'tags',
  Notes: 'note',
  'Given Name': 'first_name',
  'Family Name': 'last_name',
  Name: 'full_name',
  'Website 1 - Value': 'custom',
  // Words of any kind, and no place to go to.
  Location: 'custom',
};

/**
 * The lists of a Deskhand. Their rows are read as the rows they were (`ours.ts`); what stands here is what a preview says of their
 * columns, and what they are read as when somebody says otherwise.
 */
const ourLists: readonly Source[] = (
  [
    ['contacts', ['lifecycle_stage', 'preferred_channel']],
    ['companies', ['main_phone', 'pays_for_its_people']],
    ['services', ['pricing', 'minutes_per_unit']],
    ['tickets', ['confirmation_status', 'scheduled_at']],
    ['leads', ['raw_notes', 'pipeline_stage']],
    ['notes', ['content', 'extraction_status']],
  ] as const
).map(([kind, own]) => ({
  name: 'deskhand',
  title: 'Deskhand',
  kind,
  known_by: ['id', 'reference', 'version', 'created_at', ...own],
  columns: {
    id: kind === 'notes' ? 'skip' : 'id',
    ...Object.fromEntries(
      'reference version created_at updated_at deleted_at import_batch_id email_status email_status_at'
        .split(' ')
        .map(name => [name, 'skip']),
    ),
  },
}));

/** Header rows as `/data/csv/export-headers.json` of the workshop has them: facts seen in public code that reads them. */
export const sources: readonly Source[] = [
  ...ourLists,
  {
    name: 'google_contacts',
    title: 'Google Contacts',
    kind: 'contacts',
    known_by: ['First Name', 'Phonetic First Name', 'File As', 'Labels'],
    came_from: 'import_google_contacts',
    columns: googleColumns,
  },
  {
    name: 'google_contacts_old',
    title: 'Google Contacts (before 2024)',
    kind: 'contacts',
    known_by: ['Given Name', 'Yomi Name', 'Group Membership'],
    came_from: 'import_google_contacts',
    columns: googleColumns,
  },
  {
    name: 'outlook',
    title: 'Outlook',
    kind: 'contacts',
    known_by: ['E-mail Address', 'Home Street', 'Business Street', 'Mobile Phone'],
    columns: {
      'E-mail Address': 'email',
      Location: 'custom',
      'E-mail 2 Address': 'email',
      'E-mail 3 Address': 'email',
      'Primary Phone': 'phone',
      'Business Phone': 'phone:work',
      'Business Phone 2': 'phone:work',
      'Company Main Phone': 'phone:work',
      'Home Phone': 'phone:home',
      'Home Phone 2': 'phone:home',
      'Mobile Phone': 'phone:mobile',
      'Other Phone': 'phone',
      'Car Phone': 'phone',
      'Home Street': 'address.line1',
      'Home Street 2': 'address.line2',
      'Home City': 'address.city',
      'Home State': 'address.state',
      'Home Postal Code': 'address.postal_code',
      'Home Country': 'address.country',
      'Business Street': 'billing_address.line1',
      'Business Street 2': 'billing_address.line2',
      'Business City': 'billing_address.city',
      'Business State': 'billing_address.state',
      'Business Postal Code': 'billing_address.postal_code',
      'Business Country': 'billing_address.country',
      Company: 'company_name',
      'Job Title': 'job_title',
      Notes: 'note',
      Categories: 'tags',
      Title: 'custom',
      Language: 'custom',
    },
  },
  {
    name: 'square',
    title: 'Square',
    kind: 'contacts',
    known_by: ['Square Customer ID', 'Creation Source', 'First Name'],
    columns: {
      'Square Customer ID': 'id',
      Memo: 'note',
      'Email Subscription Status': 'email_opt_in',
      'Street Address 1': 'address.line1',
      'Street Address 2': 'address.line2',
    },
  },
  {
    name: 'quickbooks',
    title: 'QuickBooks customer list',
    kind: 'contacts',
    known_by: ['Customer', 'Phone Numbers', 'Billing Address', 'Open Balance'],
    columns: {
      Customer: 'display_name',
      'Full Name': 'full_name',
      'Phone Numbers': 'phone',
      Email: 'email',
      'Billing Address': 'address',
      'Open Balance': 'custom',
      Currency: 'custom',
    },
  },
  {
    name: 'hubspot',
    title: 'HubSpot',
    kind: 'contacts',
    known_by: ['Record ID', 'Lifecycle Stage', 'Create Date'],
    columns: {
      'Record ID': 'id',
      'Associated Company': 'company_name',
      'Lifecycle Stage': 'custom',
      'Country/Region': 'custom',
      'Original Source': 'custom',
    },
  },
  {
    name: 'jobber',
    title: 'Jobber clients',
    kind: 'contacts',
    known_by: ['J-ID', 'Display Name', 'Is Company?'],
    columns: {
      'J-ID': 'id',
      'Is Company?': 'is_company',
      'Display Name': 'display_name',
      'Company Name': 'company_name',
      Title: 'custom',
      'Main Phone #s': 'phone',
      'Work Phone #s': 'phone:work',
      'Mobile Phone #s': 'phone:mobile',
      'Home Phone #s': 'phone:home',
      'Other Phone #s': 'phone',
      'E-mails': 'email',
      Tags: 'tags',
      'Billing Street 1': 'billing_address.line1',
      'Billing Street 2': 'billing_address.line2',
      'Billing City': 'billing_address.city',
      'Billing State': 'billing_address.state',
      'Billing Country': 'billing_address.country',
      'Billing Zip code': 'billing_address.postal_code',
      'Service Property Name': 'address.label',
      'Service Street 1': 'address.line1',
      'Service Street 2': 'address.line2',
      'Service City': 'address.city',
      'Service State': 'address.state',
      'Service Country': 'address.country',
      'Service Zip code': 'address.postal_code',
    },
    customer_of: id => id.replace(/_.*$/, ''),
  },
  {
    name: 'housecall_pro',
    title: 'Housecall Pro service plan members',
    kind: 'contacts',
    known_by: ['Plan', 'Display Name', 'Mobile Number', 'Address Street Line 1'],
    columns: {
      ID: 'id',
      'Display Name': 'display_name',
      'Mobile Number': 'phone:mobile',
      'Home Number': 'phone:home',
      Company: 'company_name',
      'Address Street Line 1': 'address.line1',
      'Address Street Line 2': 'address.line2',
      'Address City': 'address.city',
      'Address State': 'address.state',
      'Address Postal Code': 'address.postal_code',
      'Address Notes': 'address.notes',
      Status: 'custom',
    },
  },
  {
    name: 'housecall_pro',
    title: 'Housecall Pro jobs',
    kind: 'tickets',
    known_by: ['Invoice Number', 'On Job Duration', 'Customer', 'Date'],
    columns: {
      'Invoice Number': 'id',
      Date: 'starts',
      'End Time': 'ends',
      'On Job Duration': 'duration',
      Customer: 'customer.full_name',
      'First Name': 'customer.first_name',
      'Last Name': 'customer.last_name',
      Email: 'customer.email',
      Company: 'customer.company_name',
      'Mobile Phone': 'customer.phone',
      'Home Phone': 'customer.phone',
      Address: 'address',
      Street: 'address.line1',
      'Street Line 2': 'address.line2',
      City: 'address.city',
      State: 'address.state',
      Zip: 'address.postal_code',
      'Job Id': 'custom',
      'Created At': 'custom',
    },
  },
  {
    name: 'vcard',
    title: 'Cards of an address book',
    kind: 'contacts',
    known_by: ['UID', 'Full Name', 'Other addresses', 'Labels'],
    columns: {
      UID: 'id',
      Organization: 'company_name',
      'Job Title': 'job_title',
      Notes: 'note',
      Labels: 'tags',
      Prefix: 'custom',
    },
  },
  {
    name: 'ics',
    title: 'Events of a calendar',
    kind: 'tickets',
    known_by: ['UID', 'Start', 'End', 'Services', 'Customer Email'],
    columns: {
      UID: 'id',
      Start: 'starts',
      End: 'ends',
      Customer: 'customer.full_name',
      'Customer Email': 'customer.email',
    },
  },
];

/** The program a file comes from, by its columns; undefined for one nobody knows. */
export function sourceOf(columns: readonly Column[]): Source | undefined {
  const names = new Set(columns.map(({ name }) => plainName(name)));
  return sources.find(({ known_by }) => known_by.every(name => names.has(plainName(name))));
}

/** Programs whose numbers of customers are looked for, whichever of them a file of visits says it is from. */
export const systems: readonly string[] = [...new Set([...sources.map(({ name }) => name), 'csv'])];
