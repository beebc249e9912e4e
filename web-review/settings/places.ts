import type { PageSpec } from '../../core/kernel/registry/define.ts';

/** Those who work in the office. */
const office = ['owner', 'admin', 'member'] as const;
const business = { roles: office, group: 'business' } as const;

/** What an owner sets up: the pages that the settings page leads to. */
export const setUpPlaces: readonly PageSpec[] = [
  {
    path: '/people',
    label: 'People',
    summary: 'Who works here and what each may do; add a technician, send a link to sign in.',
    keywords: ['team', 'staff', 'technicians', 'employees', 'crew', 'roles', 'invite', 'add a technician'],
    view: 'members',
    opens: { members: '/people' },
    domains: ['member'],
    ...business,
  },
  {
    path: '/assistants',
    label: 'Assistants',
    summary: 'The assistants that work here, their keys, and the switch that stops them.',
    keywords: ['agent', 'office manager', 'key', 'connect', 'mcp', 'pause', 'claude', 'chatgpt'],
    view: 'agents',
    opens: { agents: '/assistants' },
    ...business,
    group: 'assistant',
  },
  {
    path: '/hours',
    label: 'Business hours',
    summary: 'When visits can be booked, day by day.',
    keywords: ['opening hours', 'working hours', 'open', 'closed', 'saturday', 'weekend'],
    view: 'organization',
    ...business,
  },
  {
    path: '/prices',
    label: 'Price list',
    summary: 'What is offered at which price: add, change, stop offering; give booked visits a new price.',
    keywords: ['services', 'products', 'catalog', 'prices', 'raise a price', 'new service'],
    view: 'services',
    opens: { services: '/prices' },
    domains: ['service'],
    ...business,
  },
  {
    path: '/templates',
    label: 'What mails say',
    summary: 'The words of confirmations, reminders, invoices and every other mail, and how they look.',
    keywords: ['template', 'e-mail text', 'wording', 'confirmation', 'reminder', 'preview'],
    view: 'template_kinds',
    opens: { templates: '/records/templates' },
    domains: ['template'],
    ...business,
  },
  {
    path: '/website-form',
    label: 'Website form',
    summary: 'A form for the website that hands inquiries in here: what to paste, and what came in.',
    keywords: ['contact form', 'web form', 'embed', 'html', 'inquiries from the website'],
    view: 'lead_forms',
    opens: { lead_forms: '/website-form' },
    ...business,
  },
  {
    path: '/imports',
    label: 'Import',
    summary:
      'Bring customers, past visits, prices and more from another program: look first, take them, take it back.',
    keywords: [
      ...[
        'csv',
        'square',
        'jobber',
        'housecall pro',
        'quickbooks',
        'google contacts',
        'upload',
        'bring customers',
      ],
      ...['migrate', 'take over', 'past visits', 'vcard'],
    ],
    view: 'imports',
    opens: { imports: '/imports' },
    ...business,
  },
  {
    path: '/exports',
    label: 'Export',
    summary: 'Everything of the business in one file, to keep or to leave with; files made so far.',
    keywords: ['download', 'backup', 'take out', 'leave', 'move away', 'csv', 'archive', 'all data'],
    view: 'exports',
    opens: { exports: '/records/exports' },
    domains: ['export'],
    ...business,
  },
  {
    path: '/settings/security',
    label: 'Security settings',
    summary: 'What guards the business and bounds the assistants; for people alone.',
    keywords: ['passkey', 'expiry', 'limits', 'safety'],
    view: 'settings',
    ...business,
  },
];
