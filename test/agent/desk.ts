import { createServer, type Server } from 'node:http';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { pino } from 'pino';
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import { createHttpApp } from '../../api/http/server.ts';
import { mountMcp } from '../../api/mcp.ts';
import { connectClient, type TestClient } from '../support/mcp-clients.ts';
import type { Office } from '../support/office.ts';

/** What one task of the office costs its agent. */
export interface Effort {
  calls: number;
  /** o200k tokens of all answers, as a client shows them to the model. */
  answer_tokens: number;
}

const refusal = z.object({ error: z.looseObject({ code: z.string() }) });

/** An agent at its desk: a real MCP client, whose calls and answers are counted. */
export class Desk {
  readonly #client: TestClient;
  #effort: Effort = { calls: 0, answer_tokens: 0 };

  constructor(client: TestClient) {
    this.#client = client;
  }

  /** Calls a tool and answers what the model reads. Throws when it is refused. */
  async use(tool: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { facts, isError } = await this.attempt(tool, args);
    if (isError) throw new Error(`${tool} was refused: ${JSON.stringify(facts)}`);
    return facts;
  }

  /** `crm_action`; answers its data. */
  async act(
    action: string,
    data: Record<string, unknown>,
    facts: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> {
    const answer = await this.use('crm_action', { action, data, ...facts });
    return z.looseObject({}).parse(answer.data);
  }

  /** `crm_query`; answers its rows. */
  async query(type: string, query: Record<string, unknown> = {}): Promise<Record<string, unknown>[]> {
    const { rows } = await this.use('crm_query', { type, ...query });
    return z.array(z.looseObject({})).parse(rows);
  }

  /** Calls a tool, whatever comes of it. */
  async attempt(tool: string, args: Record<string, unknown>) {
    const { content, structuredContent, isError } = await this.#client.call(tool, args);
    const [{ text }] = z.tuple([z.object({ text: z.string() })]).parse(content);
    this.#effort.calls += 1;
    this.#effort.answer_tokens += encode(text).length;
    return { facts: z.looseObject({}).parse(structuredContent), isError: isError === true };
  }

  /** Calls a tool that must be refused and answers the refusal. */
  async refused(tool: string, args: Record<string, unknown>) {
    const { facts, isError } = await this.attempt(tool, args);
    if (!isError) throw new Error(`${tool} was not refused: ${JSON.stringify(facts)}`);
    return refusal.parse(facts).error;
  }

  /** What was done since the last time this was asked. */
  takeEffort(): Effort {
    const effort = this.#effort;
    this.#effort = { calls: 0, answer_tokens: 0 };
    return effort;
  }
}

/** Connects the agent of Bright Panes over HTTP before the tests of a file. */
export function useDesk(office: () => Office): () => Desk {
  let desk: Desk | undefined;
  let client: TestClient | undefined;
  let server: Server | undefined;
  beforeAll(async () => {
    const { app, bright } = office();
    server = createServer().listen(0, '127.0.0.1');
    const listening = server;
    await new Promise(resolve => listening.once('listening', resolve));
    const address = listening.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    const logger = pino({ level: 'silent' });
    const mcp = mountMcp(app, { baseUrl: url, host: '127.0.0.1', logger });
    const ready = async () => true;
    listening.on('request', createHttpApp({ app, logger, baseUrl: url, version: '0.0.0', ready, mcp }));
    client = await connectClient('v2 on the newest revision', { url: `${url}/mcp`, key: bright.agent.key });
    desk = new Desk(client);
  });
  afterAll(async () => {
    await client?.close();
    server?.close();
    server?.closeAllConnections();
  });
  return () => {
    if (!desk) throw new Error('the agent sits down in beforeAll');
    return desk;
  };
}
