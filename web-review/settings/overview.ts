import { subscribePath } from '../calendar/subscribe.ts';
import { html, type Markup } from '../html.ts';
import { mayDo, mayRead, type PageRequest } from '../site.ts';
import { secretsPath } from './secrets.ts';

interface Way {
  path: string;
  label: string;
  hint: string;
  isShown?: (request: PageRequest) => boolean;
}

const decides = (request: PageRequest) => mayDo(request, 'authorization.set_level');

/** Everything an owner sets up, in the words and the order of a day in the office. */
const groups: readonly (readonly [title: string, ways: readonly Way[]])[] = [
  [
    'What you offer',
    [
      { path: '/hours', label: 'Business hours', hint: 'when visits can be booked' },
      { path: '/prices', label: 'Price list', hint: 'services, products, and what they cost' },
      {
        path: '/templates',
        label: 'What mails say',
        hint: 'the words of confirmations, reminders and bills',
      },
    ],
  ],
  [
    'Who works here',
    [
      { path: '/people', label: 'People', hint: 'technicians and the office, and what each may do' },
      { path: '/assistants', label: 'Assistants', hint: 'their keys, and the switch that stops them' },
      {
        path: '/review/levels',
        label: 'What the assistant may do',
        hint: 'by itself, asking, or never',
        isShown: decides,
      },
    ],
  ],
  [
    'How customers come in',
    [
      { path: '/website-form', label: 'Website form', hint: 'inquiries from your website' },
      { path: '/imports', label: 'Import', hint: 'customers, visits and bills of your program before' },
      { path: '/records/companies', label: 'Companies', hint: 'firms and who pays for whom' },
    ],
  ],
  [
    'Safety',
    [
      { path: '/settings/security', label: 'Security settings', hint: 'what no assistant can change' },
      { path: '/passkeys', label: 'Your passkeys', hint: 'confirm with your finger or face' },
      { path: subscribePath, label: 'Calendar on your phone', hint: 'and what calendars outside show' },
      { path: '/sessions', label: 'Where people are signed in', hint: 'and sign a lost phone out' },
      {
        path: secretsPath,
        label: 'Connected services',
        hint: 'what is shared with services outside',
        isShown: request => mayRead(request, 'secrets'),
      },
    ],
  ],
];

/** The ways to every page of what is set up. */
export const settingWays = (request: PageRequest): Markup =>
  html`<div class="setting-ways">${groups.map(
    ([title, ways]) => html`<section class="card"><h2>${title}</h2>
<ul class="plain rows">${ways
      .filter(({ isShown }) => isShown?.(request) ?? true)
      .map(
        ({ path, label, hint }) =>
          html`<li><a class="main" href="${path}">${label}</a> <span class="hint">${hint}</span></li>\n`,
      )}</ul></section>\n`,
  )}</div>`;
