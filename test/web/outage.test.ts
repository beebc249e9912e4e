import { expect, test } from 'vitest';
import { createDeskhand } from '../../api/compose.ts';
import { openDatabase } from '../../core/kernel/database/db.ts';
import { usePages } from '../support/pages.ts';

// Nothing listens on port 1.
const db = openDatabase({ address: { host: '127.0.0.1', port: 1, user: 'nobody', database: 'nothing' } });
const pages = usePages({ app: createDeskhand(db), db });

test.each(['/', '/contacts', '/nope', `/sign-in/${'x'.repeat(43)}`])(
  'while the database is away %s says so, shows no stack, and somebody is told',
  async path => {
    const { send, defects } = pages();
    const before = defects.length;
    const response = await send(path, { session: 'x'.repeat(43) });
    expect(response.status).toBe(503);
    const text = await response.text();
    expect(text).toContain('The database cannot be reached right now');
    expect(text).toContain('the number of this request');
    expect(text).not.toMatch(/ECONNREFUSED|\.ts:\d+/);
    expect(defects.length).toBe(before + 1);
  },
);

test('nobody is told that a mail is on its way when it is not', async () => {
  const response = await pages().send('/sign-in', { form: { email: 'olivia@brightpanes.example' } });
  expect(response.status).toBe(503);
});
