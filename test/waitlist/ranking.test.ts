import { describe, expect, test } from 'vitest';
import {
  fitInto,
  type Gap,
  leastSooner_minutes,
  type Rules,
  rankFor,
  type Waiting,
} from '../../core/waitlist/ranking.ts';
import { examples, fc } from '../support/properties.ts';

// Tuesday, December 1, 10:00 to 12:00 with Theo, by the clock of the story.
const hour = 3_600_000;
const ten = Date.parse('2026-12-01T16:00:00Z');
const madison = { postal_code: '35758', city: 'Madison' };
const huntsville = { postal_code: '35801', city: 'Huntsville' };
const nashville = { postal_code: '37201', city: 'Nashville' };

const gap = (more: Partial<Gap> = {}): Gap => ({
  technician: { id: 'theo', name: 'Theo' },
  from: ten,
  to: ten + 2 * hour,
  day: '2026-12-01',
  weekday: 'Tue',
  noon: ten + 2 * hour,
  before: madison,
  ...more,
});

const waiting = (more: Partial<Waiting> = {}): Waiting => ({
  id: 'a',
  reference: 'WL-1',
  contact_id: 'jane',
  ticket_id: 't',
  customer: 'Jane Smith',
  minutes: 120,
  since: ten - 12 * 24 * hour,
  earliest_on: null,
  latest_on: null,
  days: [],
  time_of_day: 'any',
  technician_id: null,
  spot: madison,
  booked: { reference: 'T-2010', at: ten + 9 * 24 * hour, technician_ids: ['theo'] },
  value_cents: 15_000,
  ...more,
});

const rules: Rules = {
  now: ten - 24 * hour,
  notBefore: ten - 22 * hour,
  step: hour / 2,
  drive: (one, other) => {
    if (one === null || other === null) return undefined;
    if (one === other) return { minutes: 5, reach: 'same' };
    return one.slice(0, 3) === other.slice(0, 3)
      ? { minutes: 15, reach: 'near' }
      : { minutes: 60, reach: 'far' };
  },
  money: cents => `$${cents / 100}`,
};

const fits = (more: Partial<Waiting>, at = gap()) => fitInto(at, waiting(more), rules) !== undefined;

describe('who fits into a free time', () => {
  test('is whoever has the time, wishes that day and hour, and would come sooner; it is said why', () => {
    expect(fitInto(gap(), waiting(), rules)).toMatchObject({
      start: ten,
      reasons: [
        '9 days sooner than T-2010',
        'fills the gap',
        'same postal code as the visit before',
        'waits 11 days',
        '$150',
      ],
    });
  });

  test.each<[string, Partial<Waiting>, Partial<Waiting>]>([
    ['the visit is longer than the gap', { minutes: 150 }, { minutes: 120 }],
    [
      'the day is before the first one that suits',
      { earliest_on: '2026-12-02' },
      { earliest_on: '2026-12-01' },
    ],
    ['the day is after the last one that suits', { latest_on: '2026-11-30' }, { latest_on: '2026-12-01' }],
    ['it is another day of the week', { days: ['mon', 'wed'] }, { days: ['mon', 'tue'] }],
    ['it is the other half of the day', { time_of_day: 'afternoon' }, { time_of_day: 'morning' }],
    ['somebody else is wanted', { technician_id: 'tess' }, { technician_id: 'theo' }],
    [
      'it is hardly sooner than what they have',
      { booked: { reference: 'T-1', at: ten + hour, technician_ids: ['theo'] } },
      { booked: { reference: 'T-1', at: ten + 2 * hour, technician_ids: ['theo'] } },
    ],
    [
      'their visit is made by two',
      { booked: { reference: 'T-1', at: ten + 48 * hour, technician_ids: ['theo', 'tess'] } },
      { booked: { reference: 'T-1', at: ten + 48 * hour, technician_ids: ['tess'] } },
    ],
  ])('nobody is offered what they cannot take: %s', (_, wrong, right) => {
    expect(fits(wrong)).toBe(false);
    expect(fits(right)).toBe(true);
  });

  test('an afternoon is offered from noon on, and nothing sooner than the office can be ready', () => {
    const long = gap({ to: ten + 6 * hour });
    const late: Rules = { ...rules, notBefore: ten + hour * 0.75 };
    expect(fitInto(long, waiting({ time_of_day: 'afternoon' }), rules)?.start).toBe(ten + 2 * hour);
    expect(fitInto(long, waiting(), late)?.start).toBe(ten + hour);
    expect(fitInto(long, waiting(), { ...rules, notBefore: ten + 5 * hour })).toBeUndefined();
  });
});

describe('who comes first', () => {
  const order = (...everybody: Waiting[]) =>
    rankFor(gap(), everybody, rules).map(({ waiting: { id } }) => id);

  test.each<[string, Partial<Waiting>, Partial<Waiting>]>([
    ['fills more of the gap', { minutes: 120 }, { minutes: 60 }],
    ['lives where the technician is anyway', { spot: madison }, { spot: huntsville }],
    ['lives near rather than far', { spot: huntsville }, { spot: nashville }],
    [
      'lives in the same town, where no postal code is known',
      { spot: { postal_code: null, city: ' madison ' } },
      { spot: nashville },
    ],
    ['waits longer', { since: ten - 30 * 24 * hour }, { since: ten - 2 * 24 * hour }],
    ['asked for just that day', { days: ['tue'] }, {}],
    ['is worth more', { value_cents: 60_000 }, { value_cents: 10_000 }],
  ])('is whoever %s', (_, better, worse) => {
    expect(order(waiting({ id: 'worse', ...worse }), waiting({ id: 'better', ...better }))).toEqual([
      'better',
      'worse',
    ]);
  });
});

const wishes = fc.record({
  minutes: fc.integer({ min: 1, max: 16 }).map(quarters => quarters * 15),
  since: fc.integer({ min: 0, max: 90 }).map(days => ten - (days + 1) * 24 * hour),
  earliest_on: fc.constantFrom(null, '2026-11-30', '2026-12-01', '2026-12-02'),
  latest_on: fc.constantFrom(null, '2026-11-30', '2026-12-01', '2026-12-02'),
  days: fc.subarray(['mon', 'tue', 'wed']),
  time_of_day: fc.constantFrom('any' as const, 'morning' as const, 'afternoon' as const),
  technician_id: fc.constantFrom(null, 'theo', 'tess'),
  spot: fc.constantFrom(madison, huntsville, nashville, { postal_code: null, city: null }),
  booked: fc.option(
    fc.integer({ min: -4, max: 96 }).map(half => ({
      reference: 'T-1',
      at: ten + (half * hour) / 2,
      technician_ids: ['theo'],
    })),
    { nil: undefined },
  ),
  value_cents: fc.integer({ min: 0, max: 200_000 }),
});
const people = fc
  .array(wishes, { maxLength: 12 })
  .map(all => all.map((wish, n) => waiting({ id: `w${n}`, reference: `WL-${n}`, ...wish })));
const gaps = fc
  .record({ from: fc.integer({ min: -4, max: 6 }), length: fc.integer({ min: 1, max: 12 }) })
  .map(({ from, length }) =>
    gap({ from: ten + (from * hour) / 2, to: ten + ((from + length) * hour) / 2, after: huntsville }),
  );

describe('whatever is wished and free', () => {
  test('nobody is offered a time against their wishes, outside the gap, or too late to be sooner', () => {
    fc.assert(
      fc.property(gaps, people, (free, everybody) => {
        for (const { waiting: who, start, score } of rankFor(free, everybody, rules)) {
          expect(start).toBeGreaterThanOrEqual(Math.max(free.from, rules.notBefore));
          expect(start + who.minutes * 60_000).toBeLessThanOrEqual(free.to);
          if (who.booked) expect(who.booked.at - start).toBeGreaterThanOrEqual(leastSooner_minutes * 60_000);
          if (who.time_of_day !== 'any') expect(start < free.noon).toBe(who.time_of_day === 'morning');
          expect([null, free.technician.id]).toContain(who.technician_id);
          expect(who.days.length === 0 || who.days.includes('tue')).toBe(true);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: examples(100) },
    );
  });

  test('the order is the same however everybody is named, and each stands there once', () => {
    fc.assert(
      fc.property(gaps, people, (free, everybody) => {
        const order = rankFor(free, everybody, rules).map(({ waiting: { id } }) => id);
        expect(rankFor(free, everybody.toReversed(), rules).map(({ waiting: { id } }) => id)).toEqual(order);
        expect(new Set(order).size).toBe(order.length);
      }),
      { numRuns: examples(100) },
    );
  });

  test('nobody falls back for having waited longer, living nearer or spending more', () => {
    fc.assert(
      fc.property(gaps, people, wishes, (free, everybody, wish) => {
        const place = (who: Waiting) =>
          rankFor(free, [...everybody, who], rules).findIndex(({ waiting: { id } }) => id === 'me');
        const me = waiting({ ...wish, id: 'me', spot: nashville });
        const before = place(me);
        for (const better of [
          { since: me.since - 10 * 24 * hour },
          { spot: madison },
          { value_cents: me.value_cents + 50_000 },
        ])
          expect(place({ ...me, ...better })).toBeLessThanOrEqual(before);
      }),
      { numRuns: examples(50) },
    );
  });
});
