import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioClientTransportV1 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpClientTransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

/** What a test asks of a client, whichever package it comes from. */
export interface TestClient {
  /** The protocol revision in use, as far as the package tells. */
  revision?: string;
  instructions?: string;
  list(): Promise<
    { name: string; title?: string | undefined; outputSchema?: unknown; annotations?: unknown }[]
  >;
  call(name: string, args: Record<string, unknown>): Promise<CallAnswer>;
  prompts(): Promise<{ name: string; title?: string | undefined; arguments?: unknown }[]>;
  prompt(name: string, args?: Record<string, string>): Promise<{ messages: unknown[] }>;
  /** What somebody who types is offered. */
  suggestions(ref: Reference, argument: { name: string; value: string }): Promise<string[]>;
  /** What the server says of itself. */
  server: unknown;
  resources(): Promise<{ uri: string }[]>;
  templates(): Promise<{ uriTemplate: string }[]>;
  resource(uri: string): Promise<{ contents: unknown[] }>;
  close(): Promise<void>;
}

/** A prompt, or an address with a blank. */
export type Reference = { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string };

export interface CallAnswer {
  structuredContent?: unknown;
  content?: unknown;
  isError?: unknown;
}

/** Where to connect: a running endpoint, or a command whose process speaks on stdin and stdout. */
export type Target =
  | { url: string; key: string }
  | { command: string; args: string[]; stderr: 'ignore'; env?: Record<string, string> };

/** The three ways real clients of today connect. */
export const clientKinds = ['v1', 'v2 as it comes', 'v2 on the newest revision'] as const;
export type ClientKind = (typeof clientKinds)[number];

/** Connects a real client package. The caller closes it. */
export async function connectClient(kind: ClientKind, target: Target): Promise<TestClient> {
  return kind === 'v1' ? connectV1(target) : connectV2(kind, target);
}

/** The stdio child of the transport tests, built code, acting with `key`. */
export function stdioEcho(key: string): Target {
  const child = fileURLToPath(new URL('./mcp-stdio-child.mjs', import.meta.url));
  return { command: process.execPath, args: [child, key], stderr: 'ignore' };
}

async function connectV1(target: Target): Promise<TestClient> {
  const client = new ClientV1({ name: 'test-v1', version: '1.0.0' });
  await client.connect(
    'url' in target
      ? new HttpClientTransportV1(new URL(target.url), { requestInit: bearer(target.key) })
      : new StdioClientTransportV1(target),
  );
  return {
    ...optional('instructions', client.getInstructions()),
    list: async () => (await client.listTools()).tools,
    call: async (name, args) => {
      const { structuredContent, content, isError } = await client.callTool({ name, arguments: args });
      return { structuredContent, content, isError };
    },
    prompts: async () => (await client.listPrompts()).prompts,
    prompt: (name, args = {}) => client.getPrompt({ name, arguments: args }),
    suggestions: async (ref, argument) => (await client.complete({ ref, argument })).completion.values,
    server: client.getServerVersion(),
    resources: async () => (await client.listResources()).resources,
    templates: async () => (await client.listResourceTemplates()).resourceTemplates,
    resource: uri => client.readResource({ uri }),
    close: () => client.close(),
  };
}

async function connectV2(kind: ClientKind, target: Target): Promise<TestClient> {
  const client = new Client(
    { name: 'test-v2', version: '1.0.0' },
    kind === 'v2 as it comes' ? {} : { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(
    'url' in target
      ? new StreamableHTTPClientTransport(new URL(target.url), { requestInit: bearer(target.key) })
      : new StdioClientTransport(target),
  );
  return {
    ...optional('revision', client.getNegotiatedProtocolVersion()),
    ...optional('instructions', client.getInstructions()),
    list: async () => (await client.listTools()).tools,
    call: async (name, args) => {
      const { structuredContent, content, isError } = await client.callTool({ name, arguments: args });
      return { structuredContent, content, isError };
    },
    prompts: async () => (await client.listPrompts()).prompts,
    prompt: (name, args = {}) => client.getPrompt({ name, arguments: args }),
    suggestions: async (ref, argument) => (await client.complete({ ref, argument })).completion.values,
    server: client.getServerVersion(),
    resources: async () => (await client.listResources()).resources,
    templates: async () => (await client.listResourceTemplates()).resourceTemplates,
    resource: uri => client.readResource({ uri }),
    close: () => client.close(),
  };
}

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

function optional<Name extends string>(name: Name, value: string | undefined) {
  return value === undefined ? {} : { [name]: value };
}
