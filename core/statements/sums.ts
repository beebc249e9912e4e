import { Temporal } from 'temporal-polyfill';
import type { Movement } from '../reading/movements.ts';

/** One line of a statement: what happened, and what is owed after it. */
export interface Entry extends Movement {
  balance_cents: number;
}

/** What is open by how late it is, in days after it was due. */
export interface Aging {
  not_due_cents: number;
  days_1_to_30_cents: number;
  days_31_to_60_cents: number;
  days_61_to_90_cents: number;
  over_90_days_cents: number;
}

export interface Sums {
  opening_cents: number;
  entries: Entry[];
  /** Exactly the opening balance and all entries; what is open less what the customer has to get. */
  closing_cents: number;
  open_cents: number;
  credit_cents: number;
  overdue_cents: number;
  /** The day since which the oldest of it is open. */
  open_since: string | null;
  aging: Aging;
}

/** Adds up the movements of one currency from a day to another; pure, in minor units. */
export function sumUp(moved: readonly Movement[], { from, to }: { from: string; to: string }): Sums {
  let balance = 0;
  let opening = 0;
  const entries: Entry[] = [];
  const bills = new Map<string, { left: number; due_on: string | null; on: string | null }>();
  for (const movement of moved) {
    balance += movement.amount_cents;
    if (movement.on < from) opening = balance;
    else entries.push({ ...movement, balance_cents: balance });
    const bill = bills.get(movement.invoice) ?? { left: 0, due_on: null, on: null };
    bill.left += movement.amount_cents;
    if (movement.kind === 'bill') Object.assign(bill, { due_on: movement.due_on, on: movement.on });
    bills.set(movement.invoice, bill);
  }
  const open = [...bills.values()].filter(({ left }) => left > 0);
  const sum = (of: readonly { left: number }[]) => of.reduce((total, { left }) => total + left, 0);
  const lateBy = (least: number, most: number) =>
    sum(open.filter(({ due_on }) => isWithin(daysLate(due_on, to), least, most)));
  const open_cents = sum(open);
  return {
    opening_cents: opening,
    entries,
    closing_cents: balance,
    open_cents,
    credit_cents: open_cents - balance,
    overdue_cents: lateBy(1, Number.POSITIVE_INFINITY),
    open_since: open.flatMap(({ on }) => on ?? []).sort()[0] ?? null,
    aging: {
      not_due_cents: lateBy(Number.NEGATIVE_INFINITY, 0),
      days_1_to_30_cents: lateBy(1, 30),
      days_31_to_60_cents: lateBy(31, 60),
      days_61_to_90_cents: lateBy(61, 90),
      over_90_days_cents: lateBy(91, Number.POSITIVE_INFINITY),
    },
  };
}

const isWithin = (days: number, least: number, most: number) => days >= least && days <= most;

const daysLate = (due_on: string | null, to: string): number =>
  due_on === null
    ? 0
    : Temporal.PlainDate.from(due_on).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days;
