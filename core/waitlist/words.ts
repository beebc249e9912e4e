import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { memberRecord } from '../members/member.ts';

/** What a customer calls a technician. */
export async function firstNameOf(context: ReadContext, memberId: string): Promise<string> {
  const member = await findRow(context, memberRecord, memberId);
  return member?.name.split(' ', 1)[0] ?? 'one of us';
}

/** As customers read it: `about 1 hour and 30 minutes`. */
export function howLong(minutes: number): string {
  const parts = [many(Math.floor(minutes / 60), 'hour'), many(minutes % 60, 'minute')];
  return `about ${parts.filter(part => part !== '').join(' and ')}`;
}

const many = (count: number, unit: string): string =>
  count === 0 ? '' : `${count} ${unit}${count === 1 ? '' : 's'}`;

/** As the office reads it: `90 min`, `9 h`, `5 h 45 min`. */
export function shortly(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours === 0 || (minutes < 120 && rest > 0)) return `${minutes} min`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
