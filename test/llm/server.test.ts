import { expect, test } from 'vitest';
import { useOwnFolder } from '../installation/own-folder.ts';
import { callAction } from '../support/call-action.ts';
import { sentBody, useEndpoint } from './endpoint.ts';
import { secretKey } from './questions.ts';

// The whole way: a server that was told of a language model, an agent that writes a note, the facts in it, the count.

const folder = useOwnFolder({ DESKHAND_DEMO: '0' });
const endpoint = useEndpoint();

test('a server that is told of a language model asks it, counts it, and goes on without it when it fails', async () => {
  const server = await folder().serve({
    LLM_BASE_URL: endpoint().url,
    LLM_MODEL: 'gpt-4o',
    LLM_API_KEY: secretKey,
  });
  const owner = ['--owner', 'cleo@clearview.example'];
  expect((await folder().run(['business', 'create', 'Clear View Co', ...owner])).code).toBe(0);
  const key = (await folder().run(['key', 'create', '--agent', 'Office Manager'])).stdout.trim();
  const contact = await callAction(server.baseUrl, key, {
    action: 'contact.create',
    data: { full_name: 'Nora Note' },
  });
  const contact_id = String(contact.data?.id);
  const note = (content: string) =>
    callAction(server.baseUrl, key, {
      action: 'note.create',
      data: { contact_id, content, extract: 'now' },
    });

  const usage = { prompt_tokens: 300, completion_tokens: 20 };
  endpoint().says({ content: '{"attributes":[{"key":"pet","value":"parrot"}]}', usage });
  const understood = await note('A parrot greets you at the door');
  expect(understood).toMatchObject({ status: 200, data: { extracted_by: 'llm' } });
  expect(JSON.stringify(understood.data?.attributes)).toContain('pet: parrot');
  expect(sentBody(endpoint().requests[0]).messages.at(-1)?.content).toContain(
    'A parrot greets you at the door',
  );
  expect(endpoint().requests[0]?.headers.authorization).toBe(`Bearer ${secretKey}`);

  endpoint().says({ error: { message: secretKey }, status: 401 });
  expect(await note('Dog named Biscuit')).toMatchObject({ status: 200, data: { extracted_by: 'rules' } });

  const answer = await fetch(`${server.baseUrl}/api/data?type=llm_usage`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(await answer.json()).toMatchObject({
    data: { rows: [{ model: 'gpt-4o', purpose: 'note.extract', requests: 2, failures: 1, ...usage }] },
  });
  const look = await folder().run(['doctor'], { LLM_BASE_URL: endpoint().url, LLM_MODEL: 'gpt-4o' });
  expect(look.stdout).toMatch(/^ok {5}language model: gpt-4o at 127\.0\.0\.1:\d+$/m);

  // The log says what went wrong, and no secret and nothing of what was asked.
  expect(await server.stop()).toBe(0);
  expect(server.errors()).toContain('refused the question (401). Check LLM_API_KEY.');
  expect(server.errors() + server.output()).not.toMatch(/verysecret|Biscuit|parrot/);
});
