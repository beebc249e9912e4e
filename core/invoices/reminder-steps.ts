import { Temporal } from 'temporal-polyfill';
import { type SettingSpec, settingOf } from '../kernel/registry/settings.ts';
import { callAfter, remindAfter, remindAgainAfter } from './settings.ts';

type OfBusiness = Parameters<typeof settingOf>[0];

/** One step: so many days after a bill was due a mail goes out, or somebody calls. */
export interface Step {
  /** 1, 2, 3: what it is remembered by. */
  step: number;
  days: number;
  how: 'mail' | 'call';
}

/** The steps as the business has them, the earliest first; 0 days leaves one out, and so does a day that is not after the one before. */
export function stepsOf(business: OfBusiness): Step[] {
  const wanted: [SettingSpec, Step['how']][] = [
    [remindAfter, 'mail'],
    [remindAgainAfter, 'mail'],
    [callAfter, 'call'],
  ];
  let last = 0;
  return wanted.flatMap(([setting, how], n) => {
    const days = Number(settingOf(business, setting));
    if (days <= last) return [];
    last = days;
    return [{ step: n + 1, days, how }];
  });
}

/** The step that was taken last, and the day it was planned for. */
export interface Taken {
  step: number;
  on: string;
}

/** Nobody is written to twice within so few days, however late a bill is when the reminding begins. */
const apart_days = 3;
/** What goes out by itself stands so many days before in the list of messages, where it can be stopped or worded anew. */
export const seenBefore_days = 3;

/**
 * The next step of a bill and its day; undefined while it is too early to plan one. Of several that were missed only the newest is
 * taken, a day after it is planned, so that somebody can look at it; nobody is called who was not written to before.
 */
export function nextStep(
  steps: readonly Step[],
  { due_on, taken, today }: { due_on: string; taken: Taken | undefined; today: string },
): (Step & { on: string }) | undefined {
  const left = steps.filter(({ step }) => step > (taken?.step ?? 0));
  const before = steps.find(({ step }) => step === taken?.step);
  const dated = left.map(each => {
    const wanted = addDays(due_on, each.days);
    const apart = Math.max(apart_days, each.days - (before?.days ?? each.days));
    return { ...each, on: taken ? later(wanted, addDays(taken.on, apart)) : wanted };
  });
  const hasWritten = taken !== undefined || left.every(({ how }) => how === 'call');
  const missed = dated.filter(({ on, how }) => on <= today && (how === 'mail' || hasWritten));
  const newest = missed.at(-1);
  if (newest) return { ...newest, on: newest.how === 'call' ? today : addDays(today, 1) };
  const [next] = dated;
  if (!next || next.on > addDays(today, next.how === 'call' ? 0 : seenBefore_days)) return undefined;
  return next.on <= today ? { ...next, on: addDays(today, 1) } : next;
}

/** Whether a later step than this one is due already: then this one says nothing any more. */
export const isOutdone = (
  steps: readonly Step[],
  { step, due_on, today }: { step: number; due_on: string; today: string },
): boolean =>
  steps.some(later => later.how === 'mail' && later.step > step && addDays(due_on, later.days) <= today);

const addDays = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString();

const later = (one: string, other: string): string => (one > other ? one : other);
