import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { sendSignInLink } from '../../core/sign-in/sign-in.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { refusal } from '../support/refusal.ts';

const panes = useBrightPanes();

const sent = z.array(z.looseObject({ kind: z.string(), payload: z.record(z.string(), z.unknown()) }));

describe('the mail with which a person signs in', () => {
  test('stands among what goes out, but its link is for nobody to read there', async () => {
    const { olivia, agent, db, database, read } = panes();
    await sendSignInLink(db, 'olivia@brightpanes.example', 'http://localhost:3000');

    for (const reader of [agent, olivia]) {
      const rows = sent.parse(await read(reader, 'outbox', { params: { kind: 'sign_in_email' } }));
      expect(rows).toMatchObject([{ payload: { to: 'olivia@brightpanes.example' } }]);
      expect(JSON.stringify(rows)).not.toContain('/sign-in/');
    }

    const { rows } = await database.owner.query("select payload from jobs where kind = 'sign_in_email'");
    expect(JSON.stringify(rows)).toMatch(/http:\/\/localhost:3000\/sign-in\/[\w-]{43}/);
  });

  test('and everything else that goes out is for the office, not for technicians', async () => {
    const { olivia, theo, read } = panes();
    expect(await read(olivia, 'outbox')).not.toEqual([]);
    expect((await refusal(read(theo, 'outbox'))).code).toBe('FORBIDDEN');
  });
});
