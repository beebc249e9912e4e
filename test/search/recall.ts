import { z } from 'zod';
import { as, type Office } from '../support/office.ts';
import type { Customer } from './customer.ts';
import type { Loaded } from './load.ts';
import { questions } from './questions.ts';

/** Asks a question in one of the ways there are; answers the ids of who came, best first. */
export type Ask = (question: string) => Promise<string[]>;

export interface Miss {
  asks: string;
  /** Who should have been among the first five and was not. */
  missed: string[];
  /** Who came, in their order. */
  came: string[];
}

export interface Recall {
  asked: number;
  misses: Miss[];
  /** How many of the questions brought everybody they are about among the first five. */
  share: number;
}

const five = 5;

/** Asks every question and compares the first five who come with who is meant. */
export async function measureRecall(
  customers: readonly Customer[],
  loaded: Loaded,
  ask: Ask,
): Promise<Recall> {
  const byId = new Map(customers.map(customer => [loaded.get(customer.key), customer]));
  const misses: Miss[] = [];
  for (const { asks, expects } of questions) {
    const came = (await ask(asks)).slice(0, five).map(id => byId.get(id));
    const keys = new Set(came.map(customer => customer?.key));
    const missing = expects.filter(key => !keys.has(key));
    if (missing.length === 0) continue;
    const missed = customers.filter(({ key }) => missing.includes(key)).map(tell);
    misses.push({ asks, missed, came: came.map(customer => (customer ? tell(customer) : 'somebody else')) });
  }
  return { asked: questions.length, misses, share: 1 - misses.length / questions.length };
}

/** A customer in one line. */
const tell = ({ full_name, line1, city }: Customer) => `${full_name}, ${line1}, ${city}`;

/** The misses as people read them, with the figure above. */
export function reportOf(way: string, { asked, misses, share }: Recall): string {
  const lines = misses.map(
    ({ asks, missed, came }) =>
      `"${asks}"\n    missed: ${missed.join('; ')}\n    came:   ${came.join('; ') || 'nobody'}`,
  );
  return [
    `${way}: ${asked - misses.length} of ${asked} questions found (${(100 * share).toFixed(1)} %)`,
    ...lines,
  ].join('\n');
}

const foundByWorkflow = z.object({
  customers: z.array(z.object({ id: z.string() })).optional(),
  booking_context: z.object({ id: z.string() }).optional(),
});

/** The workflow an agent asks when somebody calls; a single match comes as booking context. */
export function askFindCustomer(office: Office): Ask {
  return async query => {
    const found = foundByWorkflow.parse(
      await office.done(office.bright.agent, 'find_customer', { query, limit: five }),
    );
    return found.booking_context
      ? [found.booking_context.id]
      : (found.customers ?? []).map(customer => customer.id);
  };
}

/** The search over everything, limited to customers, as a person in the office asks it. */
export function askSearch(office: Office): Ask {
  return async query => {
    const rows = await office.read(as(office.bright, 'Dana'), 'search', {
      search: query,
      params: { kinds: ['contact'] },
      limit: five,
      fields: ['id'],
    });
    return rows.map(row => String(row.id));
  };
}
