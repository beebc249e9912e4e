import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { stock } from '../support/bright-panes.ts';
import { useHttp } from '../support/http.ts';

// A task is a record like every other: it is found, exported, and reached by its own address.

const front = useHttp();
let reference: string;

beforeAll(async () => {
  const { done, bright } = await stock(front().office);
  const task = { title: 'Order squeegees', due_at: '2026-11-20', note: 'The fourteen inch ones' };
  reference = String((await done(bright.owner, 'task.create', task)).reference);
});

const rows = z.array(z.record(z.string(), z.unknown()));

describe('a task over HTTP', () => {
  test('has an address, and is made, changed and ended there', async () => {
    const { get, send } = front();
    const body = { title: 'Ring the printer', due_at: '2026-11-23T09:00', about: 'Mrs Hart' };
    const added = await send('POST', '/api/tasks', { body });
    expect(added).toMatchObject({ status: 200, data: { title: 'Ring the printer', status: 'open' } });
    const path = `/api/tasks/${String(added.data.reference)}`;
    expect((await send('PATCH', path, { body: { title: 'Mail the printer' } })).data).toMatchObject({
      title: 'Mail the printer',
    });
    expect((await send('POST', `${path}/complete`, { body: {} })).data).toMatchObject({ status: 'done' });
    expect((await get('/api/tasks?status=open')).data.rows).toMatchObject([{ reference }]);
  });

  test('is found by its words, and by its reference', async () => {
    const { office } = front();
    for (const search of ['squeegees', 'fourteen inch', reference, reference.toLowerCase()]) {
      const found = rows.parse(await office.read(office.bright.owner, 'search', { search }));
      expect(
        found.map(row => row.reference),
        search,
      ).toContain(reference);
    }
  });

  test('is told in the description of the interface', async () => {
    const { url } = front();
    const described = await (await fetch(`${url}/openapi.json`)).text();
    for (const part of ['/api/tasks', '/api/tasks/{id}/complete', '/api/tasks/{id}/reopen'])
      expect(described, part).toContain(`"${part}"`);
  });

  test('is a line of a file', async () => {
    const { url, office } = front();
    const answer = await fetch(`${url}/api/tasks?format=csv`, {
      headers: { authorization: `Bearer ${office.bright.agent.key}` },
    });
    expect(await answer.text()).toContain('Order squeegees');
  });
});
