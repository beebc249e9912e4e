import { z } from 'zod';
import { cleanLine } from '../square/text.ts';
import type { Column } from './table.ts';
import type { Target } from './targets.ts';
import {
  type DateOrder,
  type DecimalSign,
  dateOrderOf,
  dateOrders,
  decimalSignOf,
  decimalSigns,
} from './values.ts';

/** What a file does not say by itself, and somebody who knows it does. */
export const answers = z.strictObject({
  date_order: z
    .enum(dateOrders)
    .optional()
    .meta({ description: '03/04 is April 3: day_first; March 4: month_first' }),
  decimal_sign: z.enum(decimalSigns).optional().meta({ description: '1,234 is one point two: comma' }),
  unknown_customers: z.enum(['make', 'refuse']).optional().meta({ description: 'of visits' }),
  services: z
    .union([z.enum(['make', 'text']), z.record(z.string(), z.string())])
    .optional()
    .meta({ description: 'by the words of the file: a service of ours, make, or text for no service' }),
  bills: z
    .enum(['paid', 'open'])
    .optional()
    .meta({ description: 'of which no row says whether they were paid' }),
});
export type Answers = z.output<typeof answers>;

/** What has to be said before the file can be taken. */
export const question = z.object({
  /** The member of `answers` it is said by. */
  answer: z.string(),
  asks: z.string(),
  examples: z.array(z.string()),
  options: z.array(z.string()),
});
export type Question = z.output<typeof question>;

const dated = new Set(['starts', 'ends', 'on', 'issued', 'due', 'paid_on']);
const counted = new Set(['price']);

/** How dates and amounts of each column are read, told by the whole of it, else by another one of the file, else asked. */
export function readHow({
  rows,
  by,
  targets,
  answers,
}: {
  rows: readonly { cells: string[] }[];
  by: ReadonlyMap<string, readonly Column[]>;
  targets: ReadonlyMap<string, Target>;
  answers: Answers;
}) {
  const orders = new Map<number, DateOrder>();
  const signs = new Map<number, DecimalSign>();
  const questions: Question[] = [];
  const columns = (wanted: (target: Target) => boolean) =>
    [...by].flatMap(([to, found]) => {
      const target = targets.get(to);
      return target && wanted(target) ? found : [];
    });
  const textsIn = ({ index }: Column) =>
    rows.map(({ cells }) => cleanLine(cells[index] ?? '')).filter(Boolean);
  const told = <T extends string>(
    of: readonly Column[],
    tell: (texts: readonly string[]) => T | 'either' | 'both' | undefined,
    { keep, answered }: { keep: Map<number, T>; answered: T | undefined },
    ask: (column: Column, examples: string[]) => Question,
  ) => {
    const open: { column: Column; texts: string[] }[] = [];
    for (const column of of) {
      const texts = textsIn(column);
      const said = tell(texts);
      if (said === 'either' || said === 'both') open.push({ column, texts });
      else if (said !== undefined) keep.set(column.index, said);
    }
    const others = new Set(keep.values());
    for (const { column, texts } of open) {
      const by = answered ?? (others.size === 1 ? [...others][0] : undefined);
      if (by !== undefined) keep.set(column.index, by);
      else questions.push(ask(column, [...new Set(texts)].slice(0, 3)));
    }
  };
  told(
    columns(({ kind, name }) => kind === 'date' || kind === 'moment' || dated.has(name)),
    dateOrderOf,
    { keep: orders, answered: answers.date_order },
    ({ name }, examples) => ({
      answer: 'date_order',
      asks: `Does the day or the month come first in "${name}"?`,
      examples,
      options: [...dateOrders],
    }),
  );
  told(
    columns(({ kind, name }) => kind === 'money' || counted.has(name)),
    decimalSignOf,
    { keep: signs, answered: answers.decimal_sign },
    ({ name }, examples) => ({
      answer: 'decimal_sign',
      asks: `Is "${examples[0] ?? '1,234'}" in "${name}" a thousand and more, or a small amount with decimals?`,
      examples,
      options: [...decimalSigns],
    }),
  );
  const distinct = [...new Map(questions.map(question => [question.answer, question])).values()];
  const one = <T>(all: Iterable<T>): T | undefined => {
    const [first, ...others] = new Set(all);
    return others.length === 0 ? first : undefined;
  };
  return {
    questions: distinct,
    told: { date_order: one(orders.values()), decimal_sign: one(signs.values()) },
    orderOf: ({ index }: Column) => orders.get(index) ?? answers.date_order,
    signOf: ({ index }: Column): DecimalSign => signs.get(index) ?? answers.decimal_sign ?? 'point',
  };
}
