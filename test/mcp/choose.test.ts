import { describe, expect, test } from 'vitest';
import { questionFinder } from '../../mcp/tools/choose.ts';
import { createTools } from '../../mcp/tools/index.ts';
import { useBrightPanes } from '../support/bright-panes.ts';
import { connectWith, useMcpServer } from '../support/mcp-server.ts';

// A person chooses which of several is meant, where their program can ask them; everywhere else the list is answered as before.

const panes = useBrightPanes();
const url = useMcpServer(panes);

interface Asked {
  message: string;
  requestedSchema: { properties: { choice: { title: string; oneOf: { const: string; title: string }[] } } };
}
type Reply = { action: 'accept'; content: { choice: string } } | { action: 'decline' | 'cancel' };

/** A client at the newest revision whose user answers each question as `reply` says; keeps what was asked. */
async function connect(reply: (asked: Asked) => Promise<Reply> | Reply, key = panes().bright.agent.key) {
  const asked: Asked[] = [];
  const client = await connectWith(url(), key, { elicitation: { form: {} } });
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    const question = params as unknown as Asked;
    asked.push(question);
    return reply(question);
  });
  return { asked, client };
}
const plain = () => connectWith(url(), panes().bright.agent.key);
const choose = (which: number) => (asked: Asked) => ({
  action: 'accept' as const,
  content: { choice: asked.requestedSchema.properties.choice.oneOf[which]?.const ?? '' },
});

/** Two customers of one name, and the second one's reference. */
async function twoOf(full_name: string): Promise<string> {
  const { dana, done } = panes();
  await done(dana, 'contact.create', { full_name, phone: '(256) 555-0171' });
  return String((await done(dana, 'contact.create', { full_name, phone: '(256) 555-0172' })).reference);
}

describe('which customer is meant', () => {
  test('is asked with what tells them apart, and the call goes on with the one that was chosen', async () => {
    const second = await twoOf('Ann Quill');
    const { asked, client } = await connect(choose(1));
    const { structuredContent } = await client.callTool({
      name: 'crm_action',
      arguments: { action: 'note.create', data: { contact: 'Ann Quill', content: 'Rings twice' } },
    });
    expect(structuredContent).toMatchObject({
      status: 'done',
      data: { contact_id: `${second} «Ann Quill»` },
    });
    expect(asked).toMatchObject([
      {
        message: 'Ann Quill could be several contacts. Which one is meant?',
        requestedSchema: {
          properties: {
            choice: {
              title: 'Contact',
              oneOf: [
                { title: expect.stringMatching(/^C-\d+, Ann Quill, \(256\) 555-0171$/) },
                { const: second },
                { const: 'none of these' },
              ],
            },
          },
        },
      },
    ]);
    await client.close();
  });

  test.each([
    ['declines', { action: 'decline' }],
    ['closes the question', { action: 'cancel' }],
    ['means none of these', { action: 'accept', content: { choice: 'none of these' } }],
  ] as const)(
    'whoever %s gets the list that a client without forms gets, byte for byte',
    async (_, reply) => {
      const name = `Bea ${reply.action} ${'content' in reply ? 'none' : ''}`.trim();
      await twoOf(name);
      const call = {
        name: 'crm_action',
        arguments: { action: 'note.create', data: { contact_id: name, content: 'x' } },
      };
      const { asked, client } = await connect(() => reply);
      const without = await plain();
      const [one, other] = [await client.callTool(call), await without.callTool(call)];
      expect(JSON.stringify(one)).toBe(JSON.stringify(other));
      expect(one.isError).toBe(true);
      expect(asked).toHaveLength(1);
      await client.close();
      await without.close();
    },
  );

  test('a call that nobody could misunderstand asks nothing, and neither does one whose words stand in two places', async () => {
    await twoOf('Cal Twice');
    const { asked, client } = await connect(choose(0));
    const done = await client.callTool({
      name: 'crm_action',
      arguments: { action: 'note.create', data: { contact_id: 'C-1001', content: 'x' } },
    });
    expect(done.isError).not.toBe(true);
    const unclear = await client.callTool({
      name: 'crm_action',
      arguments: {
        action: 'note.create',
        data: { contact_id: 'Cal Twice', customer: 'Cal Twice', content: 'x' },
      },
    });
    expect(unclear.isError).toBe(true);
    expect(asked).toEqual([]);
    await client.close();
  });
});

test('a choice fills the member that said the words, and no other of the same name', () => {
  const { app } = panes();
  const find = questionFinder(app.registry);
  const tool = createTools(app, url()).find(({ name }) => name === 'crm_action');
  if (!tool) throw new Error('There is no crm_action');
  const candidates = [{ reference: 'C-1' }, { reference: 'C-2' }];
  const error = { code: 'AMBIGUOUS', message: 'Several.', field: 'contact_id', got: '«Ann»', candidates };
  const placeOf = (data: Record<string, unknown>) =>
    find(tool, { action: 'x', data }, { structured: { error }, text: '' })?.at;
  expect(placeOf({ customer: 'Ann' })).toEqual(['data', 'customer']);
  expect(placeOf({ contact_id: 'C-1001' })).toBeUndefined();
  expect(placeOf({ note: 'Ann' })).toBeUndefined();
});

describe('which time is wanted', () => {
  const wish = { contact_id: 'Jane Smith', duration_minutes: 60, from: '2026-12-07' };

  test('is asked where free times are answered, and the visit is booked there once', async () => {
    const { asked, client } = await connect(choose(0));
    const call = { name: 'schedule_appointment', arguments: { ...wish, idempotency_key: 'once' } };
    const { structuredContent } = await client.callTool(call);
    expect(asked[0]?.requestedSchema.properties.choice.oneOf[0]).toEqual({
      const: '2026-12-07T08:00:00-06:00',
      title: 'Mon, Dec 7, 8:00 AM, Tess or Theo',
    });
    expect(structuredContent).toMatchObject({ status: 'done', data: { booked: true } });
    const visits = () => panes().read(panes().olivia, 'tickets', { params: { from: '2026-12-07' } });
    expect(await visits()).toHaveLength(1);
    // The same call once more shows what it showed, and what was chosen is not booked a second time.
    const again = await client.callTool(call);
    expect(again.structuredContent).toMatchObject({ data: { booked: true }, replayed: true });
    expect(await visits()).toHaveLength(1);
    await client.close();
  });

  test('a preview and a client without forms get the list', async () => {
    const { asked, client } = await connect(choose(0));
    const looked = await client.callTool({
      name: 'schedule_appointment',
      arguments: { ...wish, preview: true },
    });
    expect(JSON.stringify(looked)).toContain('slots');
    expect(asked).toEqual([]);
    const without = await plain();
    const listed = await without.callTool({ name: 'schedule_appointment', arguments: wish });
    expect(listed.structuredContent).toMatchObject({ data: { booked: false } });
    await without.close();
    await client.close();
  });

  test('first the customer and then the time: both choices reach one call', async () => {
    const second = await twoOf('Dee Both');
    const { asked, client } = await connect(question =>
      choose(question.message.includes('time') ? 0 : 1)(question),
    );
    const { structuredContent } = await client.callTool({
      name: 'schedule_appointment',
      arguments: { ...wish, contact_id: 'Dee Both', from: '2026-12-14' },
    });
    expect(asked).toHaveLength(2);
    expect(structuredContent).toMatchObject({
      data: { booked: true, ticket: { contact_id: `${second} «Dee Both»` } },
    });
    await client.close();
  });
});

describe('what comes back with a choice', () => {
  /** The first round of a call, as it goes over the wire, and how it goes on with whatever is sent back. */
  async function firstRound(full_name: string) {
    await twoOf(full_name);
    const args = { action: 'note.create', data: { contact_id: full_name, content: 'x' } };
    const asked = await post(args);
    const { requestState, inputRequests } = asked.result as { requestState: string; inputRequests: unknown };
    const offered = JSON.stringify(inputRequests).match(/C-\d+/g) ?? [];
    return { args, requestState, offered: [...new Set(offered)] };
  }
  const post = async (args: unknown, more: Record<string, unknown> = {}, key = panes().bright.agent.key) => {
    const response = await fetch(`${url()}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'crm_action',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: {
          name: 'crm_action',
          arguments: args,
          ...more,
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
            'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
          },
        },
      }),
    });
    return (await response.json()) as { result: Record<string, unknown> };
  };
  const answer = (choice: string) => ({
    inputResponses: { choice: { action: 'accept', content: { choice } } },
  });
  const refused = {
    isError: true,
    structuredContent: { error: { code: 'VALIDATION_ERROR', field: 'choice' } },
  };

  test('is taken when it is one of what was offered', async () => {
    const { args, requestState, offered } = await firstRound('Eve Right');
    const { result } = await post(args, { requestState, ...answer(offered[1] ?? '') });
    expect(result).toMatchObject({
      structuredContent: { status: 'done', data: { contact_id: `${offered[1]} «Eve Right»` } },
    });
  });

  test('is refused when it was not offered, was changed, or was offered for another call', async () => {
    const { args, requestState, offered } = await firstRound('Eve Wrong');
    const [first = ''] = offered;
    const notes = () => panes().read(panes().olivia, 'notes');
    const before = (await notes()).length;
    const opened = Buffer.from(requestState.split('.')[1] ?? '', 'base64url').toString();
    const forged = `v1.${Buffer.from(opened.replaceAll(first, 'C-1001')).toString('base64url')}.${requestState.split('.')[2]}`;
    const otherArgs = { ...args, data: { ...args.data, content: 'y' } };
    const { result: other } = await post(args, { requestState, ...answer('C-1001') });
    const { result: changed } = await post(args, { requestState: forged, ...answer('C-1001') });
    const { result: elsewhere } = await post(otherArgs, { requestState, ...answer(first) });
    expect([other, changed, elsewhere]).toMatchObject([refused, refused, refused]);
    expect(await notes()).toHaveLength(before);
  });

  test('is refused for another agent of the business, and for an agent of another business', async () => {
    const { args, requestState, offered } = await firstRound('Eve Others');
    const { bright, clear, done, olivia } = panes();
    const { key } = await done(olivia, 'agent.create_key', {
      agent_id: (await done(olivia, 'agent.create', { name: 'Second' })).id,
    });
    const sent = { requestState, ...answer(offered[0] ?? '') };
    for (const strange of [String(key), clear.agent.key])
      expect((await post(args, sent, strange)).result).toMatchObject(refused);
    expect((await post(args, sent, bright.agent.key)).result).toMatchObject({
      structuredContent: { status: 'done' },
    });
  });
});
