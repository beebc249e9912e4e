import type { JobTools } from './define.ts';

/** A time on the wall clock of the business: every day, one day of the week, or one day of the month. */
export interface WallTime {
  hour: number;
  minute: number;
  /** 1 is Monday, 7 is Sunday. */
  weekday?: number;
  /** 1 to 31; the last day of a shorter month. */
  day_of_month?: number;
}

/**
 * Something that is done at a time of the business, once on each of its days. A time the clocks skip comes right after
 * the gap, one that occurs twice comes the first time, and of those missed while no worker ran the last one is made up for.
 */
export interface TimerSpec {
  /** `authorization.expire_requests` */
  name: string;
  summary: string;
  at: WallTime;
  /** Runs outside any transaction, at least once; left out for a timer that only starts automations. */
  run?(tools: JobTools, organization_id: string): Promise<Record<string, unknown>>;
}

/** Carries the type of a timer; the domain's `index.ts` lists it. Throws for a time no clock shows. */
export function defineTimer(spec: TimerSpec): TimerSpec {
  const { hour, minute, weekday = 1, day_of_month = 1 } = spec.at;
  const isTime =
    isWithin(hour, 0, 23) &&
    isWithin(minute, 0, 59) &&
    isWithin(weekday, 1, 7) &&
    isWithin(day_of_month, 1, 31);
  if (!isTime) throw new Error(`the timer ${spec.name} is set to a time that never comes`);
  return spec;
}

const isWithin = (value: number, least: number, most: number) =>
  Number.isInteger(value) && value >= least && value <= most;

const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** `every Monday at 06:30`: how people read it, and how a changed time is noticed. */
export function scheduleWords({ hour, minute, weekday, day_of_month }: WallTime): string {
  const clock = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  const day = weekday === undefined ? '' : (days[weekday - 1] ?? '');
  if (day_of_month !== undefined) {
    return `day ${day_of_month} of the month${day === '' ? '' : `, if it is a ${day}`}, at ${clock}`;
  }
  return `every ${day === '' ? 'day' : day} at ${clock}`;
}
