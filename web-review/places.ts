import type { Domain, PageSpec } from '../core/kernel/registry/define.ts';
import { headingOf } from './records/kind.ts';

/** The pages of the web in the order of the navigation; search knows the same ones (UNI-03, UNI-04). */
export const places: readonly PageSpec[] = [
  {
    path: '/',
    label: 'Today',
    summary: 'The visits of a day, a week or a month, by time.',
    keywords: [
      'calendar',
      'schedule',
      'day',
      'week',
      'month',
      'agenda',
      'visits',
      'appointments',
      'clock in',
    ],
    view: 'calendar',
    opens: { tickets: '/tickets' },
    domains: ['ticket'],
  },
  {
    path: '/close-out',
    label: 'My visits',
    summary: 'Your own open visits of today, to be closed out.',
    keywords: ['close out', 'finish', 'complete', 'done', 'current visit', 'technician'],
    view: 'closeout',
    domains: ['closeout'],
    is_aside: true,
  },
  {
    path: '/contacts',
    label: 'Contacts',
    summary: 'Customers, and everything about each of them.',
    keywords: ['customers', 'clients', 'people', 'find', 'phone', 'address'],
    view: 'contacts',
    opens: { contacts: '/contacts' },
    domains: ['note', 'attribute'],
  },
  {
    path: '/leads',
    label: 'Leads',
    summary: 'Inquiries about jobs that are no customers yet.',
    keywords: ['inquiry', 'new inquiry', 'prospects', 'phone call', 'follow-up', 'reminder'],
    view: 'leads',
    opens: { leads: '/leads' },
    domains: ['interaction'],
  },
  {
    path: '/leads/new',
    label: 'New inquiry',
    summary: 'Take down what a caller says.',
    keywords: ['new lead', 'somebody calls', 'phone call', 'take down'],
    view: 'leads',
    is_aside: true,
  },
  {
    path: '/follow-ups',
    label: 'To do',
    summary: 'What has to be done, by time: calls to make, reminders of leads, tasks.',
    keywords: ['follow-ups', 'call back', 'tasks', 'reminders', 'due', 'overdue', 'new task'],

    view: 'follow_ups',
    domains: ['task'],
    is_aside: true,
  },
  {
    path: '/facts',
    label: 'Facts to confirm',
    summary: 'What was understood of customers and nobody has confirmed.',
    keywords: ['unconfirmed', 'attributes', 'extraction', 'confirm'],
    view: 'attributes',
    is_aside: true,
  },
  {
    path: '/duplicates',
    label: 'Duplicates',
    summary: 'Customers who look like the same one twice, to be merged, and merges to be taken back.',
    keywords: ['merge', 'same customer', 'twice', 'dedupe', 'unmerge', 'split'],
    view: 'duplicates',
    is_aside: true,
  },
  {
    path: '/invoices',
    label: 'Invoices',
    summary: 'What customers owe: open, overdue, drafts and paid.',
    keywords: ['bill', 'billing', 'payment', 'money', 'owed', 'unpaid', 'overdue', 'paid', 'draft'],
    view: 'invoices',
    opens: { invoices: '/invoices' },
  },
  {
    path: '/review',
    label: 'Approvals',
    summary: 'What the assistant asks for, to allow or deny.',
    keywords: ['approve', 'allow', 'deny', 'authorization', 'requests', 'agents', 'permissions', 'pause'],
    view: 'authorization_requests',
    opens: { authorization_requests: '/review' },
    domains: ['agent'],
    decides: true,
  },
  {
    path: '/done',
    label: 'What was done',
    summary: 'What the assistant did by itself, line by line, with the reason; to take it back.',
    keywords: ['feed', 'history', 'activity', 'assistant', 'agent', 'undo', 'what happened', 'log'],
    view: 'done',
    domains: ['audit'],
    is_aside: true,
  },
  {
    path: '/outbox',
    label: 'Outbox',
    summary: 'What goes out by e-mail, and what did not arrive.',
    keywords: ['mail', 'e-mail', 'messages', 'sent', 'delivery', 'failed'],
    view: 'outbox',
  },
  {
    path: '/messages',
    label: 'Messages',
    summary: 'E-mails to customers that are planned, by time; to cancel one or send it now.',
    keywords: ['scheduled', 'planned mail', 'e-mail', 'reach out', 'outreach', 'pending', 'later'],
    view: 'scheduled_messages',
    is_aside: true,
  },
  {
    path: '/records',
    label: 'Records',
    summary: 'Every kind of record: lists to search and filter, each row with its history.',
    keywords: ['companies', 'services', 'addresses', 'team', 'lists', 'catalog', 'master data', 'browse'],
    view: 'companies',
    domains: ['service', 'address', 'member'],
  },
  {
    path: '/capabilities',
    label: 'Capabilities',
    summary: 'Everything that can be done, and what agents may do of it.',
    keywords: ['actions', 'levels', 'permissions', 'data types', 'help'],
    view: 'permissions',
  },
  {
    path: '/settings',
    label: 'Settings',
    summary: 'What the business decides for itself: hours, time zone, and how each part works.',
    keywords: ['preferences', 'options', 'opening hours', 'time zone', 'configuration'],
    view: 'settings',
    is_aside: true,
  },
  {
    path: '/settings/secrets',
    label: 'Secrets',
    summary: 'What the business shares with services outside: set, replaced or removed, and shown to nobody.',
    keywords: ['signing secret', 'webhook', 'key', 'password', 'resend'],
    view: 'secrets',
    is_aside: true,
  },
];

/** Those who work with the generic pages. */
const office = ['owner', 'admin', 'member'] as const;

/** All pages of an installation: those made by hand, and the list of every record that has none of those. */
export function pagesOf(domains: readonly Domain[]): PageSpec[] {
  const shown = new Set(places.flatMap(({ opens = {} }) => Object.keys(opens)));
  const records = domains.flatMap(domain => domain.records ?? []).filter(({ plural }) => !shown.has(plural));
  return [
    ...places,
    ...records.map(record => ({
      path: `/records/${record.plural}`,
      label: headingOf(record),
      summary: record.summary,
      keywords: record.keywords ?? [],
      view: record.plural,
      opens: { [record.plural]: `/records/${record.plural}` },
      roles: office,
      is_aside: true,
    })),
  ];
}
