import { z } from 'zod';
import { usualHours } from '../../core/organizations/found.ts';
import { html, type Markup } from '../html.ts';
import { mayDo, type PageRequest, readList } from '../site.ts';

/** One thing a new business sets up, and whether it is done. */
export interface SetupStep {
  path: string;
  label: string;
  why: string;
  is_done: boolean;
}

const anyRow = z.looseObject({});

/** What a new business sets up first, for whoever may; nothing for anybody else. Frames and home pages may show it, too. */
export async function setupSteps(request: PageRequest): Promise<SetupStep[]> {
  if (!mayDo(request, 'organization.update_settings')) return [];
  const atLeast = async (type: string, count: number) =>
    (await readList(request, type, anyRow, { limit: count })).rows.length >= count;
  const [prices, people, assistant, customers, visits] = await Promise.all([
    atLeast('services', 1),
    atLeast('members', 2),
    atLeast('agents', 1),
    atLeast('contacts', 1),
    atLeast('tickets', 1),
  ]);
  const hours = JSON.stringify(request.identity.organization.business_hours) !== JSON.stringify(usualHours);
  return [
    {
      path: '/hours',
      label: 'Business hours',
      why: 'Monday to Friday, eight to five, unless you say otherwise.',
      is_done: hours || visits,
    },
    { path: '/prices', label: 'Price list', why: 'What you offer, and what it costs.', is_done: prices },
    {
      path: '/people',
      label: 'People',
      why: 'Your technicians and the office sign in here.',
      is_done: people,
    },
    {
      path: '/imports',
      label: 'Customers',
      why: 'Take them over from Square, or add the first one by hand.',
      is_done: customers,
    },
    {
      path: '/assistants',
      label: 'An assistant',
      why: 'Works in the office for you, and asks before what cannot be taken back.',
      is_done: assistant,
    },
  ];
}

/** The steps as a list, while one of them is open. */
export function setupList(steps: readonly SetupStep[]): Markup | false {
  const open = steps.filter(({ is_done }) => !is_done).length;
  if (open === 0) return false;
  return html`<section class="card" aria-labelledby="set-up"><h2 id="set-up">Set up</h2>
<p class="hint">${steps.length - open} of ${steps.length} done.</p>
<ol class="plain rows">${steps.map(
    ({ path, label, why, is_done }) =>
      html`<li><a class="main" href="${path}">${label}</a> ${is_done ? html`<span class="badge confirmed">done</span>` : html`<span class="hint">${why}</span>`}</li>\n`,
  )}</ol></section>`;
}
