import type { ReadContext } from '../kernel/pipeline/context.ts';
import type { BookableMember } from '../members/bookable.ts';
import { drivesOf } from './distance.ts';
import type { PostalCode } from './drive-pairs.ts';
import { localDays } from './local-day.ts';
import type { PlacedVisit } from './queries.ts';

/** Somebody who is in the neighbourhood of a place on the day of a start (SCH-13). */
export interface Near {
  member_id: string;
  /** `Theo is in Madison that morning` */
  words: string;
  /** The drive from there. */
  minutes: number;
}

/**
 * Tells who of some people has a visit on the day of a start that is no longer a drive away than within the region: of several
 * whose is nearest, and of those the one whose visit is nearest in time. Undefined where nobody is, or the place is not known.
 */
export function nearestOf(
  context: Pick<ReadContext, 'organization'>,
  visits: readonly PlacedVisit[],
  place: PostalCode,
): (start: number, crew: readonly Pick<BookableMember, 'id'>[]) => Near | undefined {
  const driveBetween = drivesOf(context);
  const dayOf = localDays(context.organization.time_zone);
  const near = visits
    .flatMap(visit => {
      const drive = driveBetween(place, visit.postal_code);
      const from = Date.parse(visit.from);
      return drive === undefined || drive.reach === 'far' ? [] : [{ ...visit, from, drive }];
    })
    .sort((a, b) => a.drive.minutes - b.drive.minutes);
  if (near.length === 0) return () => undefined;
  return (start, crew) => {
    const day = dayOf(start);
    const [best] = near
      .filter(
        ({ from, technician_id }) =>
          from >= day.from && from < day.to && crew.some(({ id }) => id === technician_id),
      )
      .sort(
        (a, b) => a.drive.minutes - b.drive.minutes || Math.abs(a.from - start) - Math.abs(b.from - start),
      );
    if (!best) return undefined;
    const where = best.city === null ? 'near' : `in ${best.city}`;
    const half = best.from < day.noon ? 'morning' : 'afternoon';
    const words = `${best.technician} is ${where} that ${half}`;
    return { member_id: best.technician_id, words, minutes: best.drive.minutes };
  };
}
