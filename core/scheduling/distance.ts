import type { Organization } from '../kernel/pipeline/context.ts';
import { settingOf } from '../kernel/registry/settings.ts';
import { type Pair, type PostalCode, plainCode, readPairs } from './drive-pairs.ts';
import { driveMinutesBetween, driveMinutesElsewhere, driveMinutesNearby } from './settings.ts';

// How far two places are apart by their postal codes alone: no map service is asked, and no address leaves the house.

/** How long a drive between two places is. */
export interface Drive {
  minutes: number;
  /** `same`: one postal code. `near`: the same first three characters, or the business says it is no longer a drive than that. */
  reach: 'same' | 'near' | 'far';
}

type OfBusiness = { readonly organization: Pick<Organization, 'settings'> };

/** Within one postal code. */
const sameCode_minutes = 5;
/** What a drive is taken for when places are compared and the business said nothing: it orders, and keeps nothing free. */
const guess = { near: 15, far: 30 };

/**
 * Tells how long the drive between two postal codes is (SCH-13): what the business wrote in `drive_minutes_between`, the most
 * exact pair first; else 5 minutes within one code, `drive_minutes_nearby` where the first three characters are the same, and
 * `drive_minutes_elsewhere`. Where nothing is decided it takes 15 and 30 for them, so that places can always be compared.
 * Undefined when one of the codes is not known. Either order of the two is the same.
 */
export function drivesOf(of: OfBusiness): (one: PostalCode, other: PostalCode) => Drive | undefined {
  const pairs = readPairs(settingOf(of, driveMinutesBetween)) ?? [];
  const near = settingOf(of, driveMinutesNearby) || guess.near;
  const far = Math.max(settingOf(of, driveMinutesElsewhere) || guess.far, near);
  return (one, other) => {
    const [from, to] = [plainCode(one), plainCode(other)];
    if (from === '' || to === '') return undefined;
    const said = pairs.find(pair => isBetween(pair, from, to) || isBetween(pair, to, from));
    if (from === to) return { minutes: said?.minutes ?? Math.min(sameCode_minutes, near), reach: 'same' };
    const isNear = said ? said.minutes <= near : from.slice(0, 3) === to.slice(0, 3);
    return { minutes: said?.minutes ?? (isNear ? near : far), reach: isNear ? 'near' : 'far' };
  };
}

/** Whether the business said how long drives are, so that they are kept free. */
export const drivesAreKept = (of: OfBusiness): boolean =>
  settingOf(of, driveMinutesNearby) > 0 ||
  settingOf(of, driveMinutesElsewhere) > 0 ||
  settingOf(of, driveMinutesBetween) !== '';

/**
 * The minutes that are kept free for the drive between two visits: 0 as long as the business has decided nothing about drives,
 * and where a postal code is not known.
 */
export function keptDrives(of: OfBusiness): (one: PostalCode, other: PostalCode) => number {
  if (!drivesAreKept(of)) return () => 0;
  const driveBetween = drivesOf(of);
  return (one, other) => driveBetween(one, other)?.minutes ?? 0;
}

const isBetween = (pair: Pair, one: string, other: string): boolean =>
  one.startsWith(pair.from) && other.startsWith(pair.to);
