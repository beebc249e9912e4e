import {
  agesSaid,
  monthSaid,
  type Picture,
  pictures,
  placeOf,
  serviceOf,
} from '../../core/analytics/pictures.ts';
import { formatMoney } from '../../core/kernel/words/money.ts';
import { shorten, showDuration } from '../format.ts';
import { html } from '../html.ts';
import {
  count,
  counted,
  listBehind,
  money,
  moneyOr,
  monthLink,
  named,
  number,
  percent,
  text,
  weekSaid,
} from './cells.ts';
import { changeSaid } from './money.ts';
import type { Column, Part } from './part.ts';

const pictureOf = (name: string): Picture | undefined => pictures.find(each => each.name === name);

const byMonth = (
  measure: 'work' | 'billed' | 'received',
  label: string,
  one: string,
  hint: string,
): Part => ({
  name: measure === 'work' ? '' : measure,
  label,
  view: 'analytics_yoy',
  params: { measure },
  hasSpan: true,
  hint,
  columns: [
    {
      title: 'Month',
      cell: line =>
        named(
          `${monthSaid(text(line, 'month'))}${line.is_running === true ? ', so far' : ''}`,
          monthLink(line),
        ),
    },
    number(label, line => money(line, 'amount_cents')),
    number('Year before', line =>
      count(line, 'last_year_count') === 0 && count(line, 'last_year_cents') === 0
        ? '–'
        : money(line, 'last_year_cents'),
    ),
    number('Change', line => changeSaid(percent(line, 'percent'))),
    number(one, line => counted(line, 'count'), true),
    number('Each', line => moneyOr(line, 'average_cents'), true),
    ...(measure === 'work'
      ? [
          number('Customers', line => counted(line, 'customers'), true),
          number('New', line => counted(line, 'new_customers'), true),
        ]
      : []),
  ],
  picture: pictureOf(measure),
  empty: 'There is nothing yet.',
});

const compared = (name: string): Column[] => [
  number('Work', line => money(line, 'amount_cents')),
  number('Change', line => changeSaid(percent(line, 'percent'))),
  number('Share', line => (line[name] === null ? '–' : `${Math.round(count(line, name))} %`)),
  number('Visits', line => counted(line, 'visits'), true),
  number('Each', line => moneyOr(line, 'average_cents'), true),
];

/** The pages of figures, in the order of their links. */
export const parts: readonly Part[] = [
  byMonth(
    'work',
    'Work',
    'Visits',
    'Visits that are done, on their day. The month that is not over is compared with the same days of the year before.',
  ),
  byMonth(
    'billed',
    'Billed',
    'Bills',
    'Bills on the day they went out, without drafts and without those that were cancelled or void.',
  ),
  byMonth(
    'received',
    'Received',
    'Payments',
    'Payments on the day they came, less what was given back on the day that went.',
  ),
  {
    name: 'trends',
    label: 'Over time',
    view: 'analytics_trends',
    hasSpan: true,
    hint: 'Again: of the customers, those who had been there before.',
    choices: [
      {
        name: 'step',
        label: 'Step',
        options: [
          ['week', 'week by week'],
          ['month', 'month by month'],
          ['quarter', 'quarter by quarter'],
        ],
      },
      {
        name: 'measure',
        label: 'Of',
        options: [
          ['work', 'work'],
          ['billed', 'bills'],
          ['received', 'money received'],
        ],
      },
    ],
    columns: [
      {
        title: 'When',
        cell: line =>
          named(
            `${weekSaid(text(line, 'period'))}${line.is_running === true ? ', so far' : ''}`,
            monthLink(line),
          ),
      },
      number('Amount', line => money(line, 'amount_cents')),
      number('How many', line => counted(line, 'count')),
      number('Each', line => moneyOr(line, 'average_cents')),
      number('Customers', line => counted(line, 'customers'), true),
      number(
        'Again',
        line =>
          percent(line, 'repeat_percent') === null ? '–' : `${Math.round(count(line, 'repeat_percent'))} %`,
        true,
      ),
    ],
    picture: pictureOf('trends'),
    empty: 'There is nothing yet.',
  },
  {
    name: 'services',
    label: 'Services',
    view: 'analytics_service_types',
    hasSpan: true,
    hint: 'What was done, against the same days a year before.',
    columns: [
      { title: 'Service', cell: line => named(serviceOf(line), listBehind('tickets', line.tickets)) },
      ...compared('share_percent'),
    ],
    picture: pictureOf('services'),
    empty: 'Nothing was done in these days.',
  },
  {
    name: 'places',
    label: 'Places',
    view: 'analytics_neighborhoods',
    hasSpan: true,
    hint: 'Where the work was, by postal code or else by town, against the same days a year before.',
    columns: [
      {
        title: 'Place',
        cell: line =>
          html`${named(html`<bdi>${shorten(placeOf(line), 40)}</bdi>`, listBehind('tickets', line.tickets))}${text(line, 'city') !== '' && line.city !== line.neighborhood && html` <small><bdi>${shorten(text(line, 'city'), 40)}</bdi></small>`}`,
      },
      ...compared('share_percent'),
    ],
    picture: pictureOf('places'),
    empty: 'Nothing was done in these days.',
  },
  {
    name: 'team',
    label: 'Team',
    view: 'analytics_technicians',
    hasSpan: true,
    hint: 'A visit of two is shared between them. Hours are those on the clock, or as the visit was closed. Back again: at the same address within 14 days, for the same service or for nothing.',
    columns: [
      {
        title: 'Who',
        cell: line =>
          named(html`<bdi>${text(line, 'technician')}</bdi>`, listBehind('tickets', line.tickets)),
      },
      number('Work', line => money(line, 'amount_cents')),
      number('An hour', line => moneyOr(line, 'per_hour_cents')),
      number('Back again', line => counted(line, 'callbacks')),
      number('Visits', line => counted(line, 'visits'), true),
      number('Hours', line => Math.round(count(line, 'minutes') / 60).toLocaleString('en-US'), true),
      number('Change', line => changeSaid(percent(line, 'percent')), true),
    ],
    picture: pictureOf('team'),
    empty: 'Nobody went anywhere in these days.',
  },
  {
    name: 'customers',
    label: 'Customers',
    view: 'analytics_customers',
    hasSpan: true,
    choices: [
      {
        name: 'standing',
        label: 'Who',
        options: [
          ['', 'all served'],
          ['new', 'new'],
          ['repeat', 'repeat'],
          ['lost', 'lost'],
        ],
      },
    ],
    hint: 'Those who brought most. Lost are those who were served in the same days a year before, not since, and have no visit to come.',
    columns: [
      {
        title: 'Customer',
        cell: line =>
          html`<a href="/contacts/${text(line, 'reference')}"><bdi>${shorten(text(line, 'customer'), 60)}</bdi></a>`,
      },
      { title: '', cell: line => text(line, 'standing') },
      number('Work', line => money(line, 'amount_cents')),
      number('Year before', line => money(line, 'last_year_cents')),
      number('Visits', line => counted(line, 'visits'), true),
    ],
    empty: 'Nobody fits.',
  },
  {
    name: 'open',
    label: 'Open bills',
    view: 'analytics_open',
    hasSpan: false,
    hint: 'What is still to be paid today, by how late it is.',
    columns: [
      {
        title: 'How late',
        cell: line =>
          named(
            agesSaid[text(line, 'age')] ?? '',
            count(line, 'invoices') > 0 ? listBehind('invoices', line.invoice_filter) : undefined,
          ),
      },
      number('Open', line => formatMoney(count(line, 'due_cents'), line.currency)),
      number('Bills', line => counted(line, 'invoices')),
      number('Customers', line => counted(line, 'customers'), true),
    ],
    picture: pictureOf('open'),
    empty: 'Nobody owes anything.',
  },
  {
    name: 'assistant',
    label: 'Assistant',
    view: 'analytics_agent',
    hasSpan: true,
    hint: 'What the assistant did by itself and asked about. Time saved: 3 minutes for each thing done, less 1 for each question that was answered.',
    columns: [
      { title: 'Who', cell: line => text(line, 'agent') },
      number('Done', line => counted(line, 'done')),
      number('Asked', line => counted(line, 'asked')),
      number('Allowed', line => counted(line, 'allowed'), true),
      number('Denied', line => counted(line, 'denied')),
      number('Time saved', line => showDuration(count(line, 'minutes_saved'))),
    ],
    empty: 'No assistant works here.',
  },
];
