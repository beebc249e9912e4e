import type { PageSpec } from '../core/kernel/define.ts';

/** The pages of the web in the order of the navigation; search knows the same ones (UNI-03, UNI-04). */
export const places: readonly PageSpec[] = [
  {
    path: '/',
    label: 'Today',
    summary: 'The visits of a day, by time.',
    keywords: ['calendar', 'schedule', 'day', 'agenda', 'visits', 'appointments'],
    view: 'calendar',
  },
  {
    path: '/contacts',
    label: 'Contacts',
    summary: 'Customers, and everything about each of them.',
    keywords: ['customers', 'clients', 'people', 'find', 'phone', 'address'],
    view: 'contacts',
  },
  {
    path: '/review',
    label: 'Review',
    summary: 'What agents ask for, to allow or deny.',
    keywords: ['approve', 'allow', 'deny', 'authorization', 'requests', 'agents', 'permissions', 'pause'],
    view: 'authorization_requests',
    decides: true,
  },
  {
    path: '/outbox',
    label: 'Outbox',
    summary: 'What goes out by e-mail, and what did not arrive.',
    keywords: ['mail', 'e-mail', 'messages', 'sent', 'delivery', 'failed'],
    view: 'outbox',
  },
  {
    path: '/capabilities',
    label: 'Capabilities',
    summary: 'Everything that can be done, and what agents may do of it.',
    keywords: ['actions', 'levels', 'permissions', 'data types', 'help'],
    view: 'permissions',
  },
];
