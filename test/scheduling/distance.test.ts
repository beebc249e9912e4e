import { describe, expect, it } from 'vitest';
import { drivesOf, keptDrives } from '../../core/scheduling/distance.ts';
import { examples, fc } from '../support/properties.ts';

const business = (settings: Record<string, unknown> = {}) => ({ organization: { settings } });

describe('the drive between two visits, by their postal codes', () => {
  it('is compared by the first three characters as long as the business says nothing, and keeps nothing free', () => {
    const driveBetween = drivesOf(business());
    expect(driveBetween('35758', '35758-1234')).toEqual({ minutes: 5, reach: 'same' });
    expect(driveBetween('35758', '35763')).toEqual({ minutes: 15, reach: 'near' });
    expect(driveBetween('35758', '35801')).toEqual({ minutes: 30, reach: 'far' });
    expect(driveBetween('35758', null)).toBeUndefined();
    expect(keptDrives(business())('35758', '35801')).toBe(0);
  });

  it('is what the business decided', () => {
    const decided = business({ drive_minutes_nearby: 10, drive_minutes_elsewhere: 45 });
    const kept = keptDrives(decided);
    expect([kept('35758', '35758'), kept('35758', '35763'), kept('35758', '35801')]).toEqual([5, 10, 45]);
    expect(kept('35758', undefined)).toBe(0);
  });

  it('goes by the most exact pair the business wrote, whichever way it is written', () => {
    const kept = keptDrives(
      business({ drive_minutes_nearby: 10, drive_minutes_between: '357-358: 25; 35801 - 35758: 12' }),
    );
    expect(kept('35758', '35801')).toBe(12);
    expect(kept('35801', '35758')).toBe(12);
    expect(kept('35763', '35802')).toBe(25);
    expect(kept('35758', '35763')).toBe(10);
  });

  it('reads postal codes of other countries, and takes no notice of spaces and small letters', () => {
    const driveBetween = drivesOf(business({ drive_minutes_between: 'sw1a-ec1: 20' }));
    expect(driveBetween('SW1A 1AA', 'ec1v 4ad')?.minutes).toBe(20);
    expect(driveBetween('SW1A 1AA', 'sw1a1aa')?.reach).toBe('same');
  });

  it('is the same there and back, for any two codes and any settings', () => {
    const code = fc.stringMatching(/^[0-9]{5}$/);
    const minutes = fc.integer({ min: 0, max: 240 });
    fc.assert(
      fc.property(code, code, minutes, minutes, (one, other, nearby, elsewhere) => {
        const of = business({
          drive_minutes_nearby: nearby,
          drive_minutes_elsewhere: elsewhere,
          drive_minutes_between: '357-358: 25, 35758-358: 12',
        });
        expect(drivesOf(of)(one, other)).toEqual(drivesOf(of)(other, one));
        expect(keptDrives(of)(one, other)).toBe(keptDrives(of)(other, one));
      }),
      { numRuns: examples(50) },
    );
  });
});
