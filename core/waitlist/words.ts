import type { ReadContext } from '../kernel/pipeline/context.ts';
import { findRow } from '../kernel/records/record-queries.ts';
import { toInstant } from '../kernel/words/time.ts';
import { memberRecord } from '../members/member.ts';

/** As customers read it: `Tuesday, December 1 at 9:00 AM`. */
export function dayAndTime({ organization }: ReadContext, instant: string): string {
  const zoned = toInstant(instant).toZonedDateTimeISO(organization.time_zone);
  const day = zoned.toLocaleString('en-US', { weekday: 'long', month: 'long', day: 'numeric' });
  // Some clocks write a narrow space that is no space to a search.
  const time = zoned
    .toLocaleString('en-US', { hour: 'numeric', minute: '2-digit' })
    .replace(/[\u00a0\u202f]/g, ' ');
  return `${day} at ${time}`;
}

/** What a customer calls a technician. */
export async function firstNameOf(context: ReadContext, memberId: string): Promise<string> {
  const member = await findRow(context, memberRecord, memberId);
  return member?.name.split(' ', 1)[0] ?? 'one of us';
}
