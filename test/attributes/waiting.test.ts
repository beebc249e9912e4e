import { beforeAll, expect, test } from 'vitest';
import { useBrightPanes } from '../support/bright-panes.ts';

// What an agent asks for waits without card numbers, also in what hides beside a fact (SAN-06).

const panes = useBrightPanes();
const reasoning = 'The customer told me on the phone';
const secret = { remark: 'card 4111 1111 1111 1111' };

beforeAll(async () => {
  const { done, olivia } = panes();
  for (const action of ['attribute.set', 'attribute.confirm']) {
    await done(olivia, 'authorization.set_level', { action, level: 'requires_authorization' });
  }
});

/** What waits for the owner, as it is stored. */
async function waiting(action: string, data: Record<string, unknown>): Promise<string> {
  const { act, read, agent, olivia } = panes();
  const { status, data: answer } = await act(agent, action, data, { reasoning });
  expect(status).toBe('pending_authorization');
  const [request] = await read(olivia, 'authorization_requests', {
    id: String(answer.request),
    fields: ['input'],
  });
  return JSON.stringify(request?.input);
}

test('a fact with a card number in its details', async () => {
  const stored = await waiting('attribute.set', {
    contact_id: 'C-1001',
    key: 'pet',
    value: 'dog',
    details: { name: 'Biscuit', ...secret },
  });
  expect(stored).toContain('Biscuit');
  expect(stored).toContain('[REDACTED CARD ..1111]');
  expect(stored).not.toContain('4111');
});

test('a correction with a card number in its details', async () => {
  const { done, dana } = panes();
  const fact = await done(dana, 'attribute.set', { contact_id: 'C-1002', key: 'pet', value: 'cat' });
  const stored = await waiting('attribute.confirm', {
    corrections: [{ attribute_id: fact.reference, value: 'two cats', details: secret }],
  });
  expect(stored).toContain('two cats');
  expect(stored).toContain('[REDACTED CARD ..1111]');
  expect(stored).not.toContain('4111');
});
