import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sql } from '../../core/kernel/database/sql.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { fc } from '../support/properties.ts';

const panes = useBrightPanes();

const read = z.object({ said: z.string() });

/** Microseconds from 1950 to 2200, some of them whole milliseconds or seconds. */
const moments = fc.sample(
  fc
    .tuple(
      fc.bigInt({ min: -631_152_000_000_000n, max: 7_258_118_400_000_000n }),
      fc.constantFrom(1n, 1_000n, 1_000_000n),
    )
    .map(([micros, unit]) => (micros / unit) * unit),
  300,
);

/** What JavaScript keeps of them: whole milliseconds, the rest cut off. */
const written = (micros: bigint): string =>
  new Date(Number(micros >= 0n ? micros / 1000n : (micros - 999n) / 1000n)).toISOString();

describe('a moment leaves the database as ISO 8601 in UTC', () => {
  for (const zone of ['UTC', 'America/Chicago', 'Asia/Kolkata']) {
    test(`whatever time zone the session has: ${zone}`, async () => {
      const rows = await panes().db.transaction('read only', async tx => {
        await tx.run(sql`select set_config('timezone', ${zone}, true)`);
        return tx.many(
          read,
          sql`
          select timestamptz '1970-01-01 00:00:00+00' + micros * interval '1 microsecond' as said
          from unnest(${moments.map(String)}::bigint[]) with ordinality as m (micros, place)
          order by place`,
        );
      });
      expect(rows.map(({ said }) => said)).toEqual(moments.map(written));
    });
  }
});
