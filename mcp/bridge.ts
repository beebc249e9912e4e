import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import * as z from 'zod/mini';

// A client that only starts programs (stdio) speaks to a Deskhand somewhere else (HTTP): each line becomes a request, each answer a
// line. It understands nothing of what is said and keeps nothing, so it serves both protocol eras. It stands alone: the bundle for
// desktop hosts and the file that a server hands out are this and little else.

export interface BridgeOptions {
  /** The endpoint: `https://crm.example.com/mcp`. */
  url: URL;
  /** The agent's key. It goes to `url` and nowhere else. */
  key: string;
  input: Readable;
  output: Writable;
  /** What people read who look for trouble; never stdout. */
  complain: (text: string) => void;
}

const versionMember = 'io.modelcontextprotocol/protocolVersion';
const line = z.looseObject({
  id: z.optional(z.union([z.string(), z.number()])),
  method: z.optional(z.string()),
  params: z.optional(z.looseObject({ _meta: z.optional(z.looseObject({})) })),
});
type Line = z.infer<typeof line>;
const refusal = z.looseObject({
  error: z.looseObject({
    code: z.number(),
    message: z.string(),
    data: z.optional(z.looseObject({ hint: z.optional(z.string()) })),
  }),
});
type Refusal = z.infer<typeof refusal>['error'];
const greeting = z.looseObject({ result: z.looseObject({ protocolVersion: z.string() }) });
const cancellation = z.looseObject({ requestId: z.union([z.string(), z.number()]) });

/** A setting of the bridge that is wrong, as a sentence for the person who set it. */
export class BridgeProblem extends Error {}

/**
 * The endpoint of a Deskhand by what somebody pasted: with or without `/mcp`. Throws BridgeProblem for what is no address, and for
 * plain http to another machine: the key would travel in the open.
 */
export function endpointOf(text: string): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new BridgeProblem(
      `"${text}" is no address. Give the one your browser shows, such as https://crm.example.com.`,
    );
  }
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !isHere) {
    throw new BridgeProblem(`${url.origin} would get the key in the open. Use its https address.`);
  }
  if (!url.pathname.endsWith('/mcp')) url.pathname = `${url.pathname.replace(/\/$/, '')}/mcp`;
  url.hash = '';
  url.search = '';
  return url;
}

/** Carries messages both ways until the client closes its end. Whatever is still under way then is given up. */
export async function bridge({ url, key, input, output, complain }: BridgeOptions): Promise<void> {
  const underWay = new Map<string | number, AbortController>();
  const ended = new AbortController();
  // Said by the server in its greeting (up to 2025-11-25); newer requests carry theirs.
  let agreed: string | undefined;
  const say = (message: unknown) => output.write(`${JSON.stringify(message)}\n`);
  const hear = (text: string, asked: Line) => {
    const message: unknown = JSON.parse(text);
    if (asked.method === 'initialize') agreed = greeting.safeParse(message).data?.result.protocolVersion;
    say(message);
  };
  const refuse = (error: Refusal, { id, method }: Line) => {
    complain(error.message);
    if (id !== undefined && method !== undefined) say({ jsonrpc: '2.0', id, error });
  };

  async function carry(text: string): Promise<void> {
    const asked = parse(text);
    if (!asked) {
      say({ jsonrpc: '2.0', id: null, error: { code: -32_700, message: 'This line is no message.' } });
      return;
    }
    const { id, method } = asked;
    if (method === 'notifications/cancelled') {
      // Whoever hangs up is not answered any more; that is all the server has to know.
      const given = cancellation.safeParse(asked.params).data;
      if (given) underWay.get(given.requestId)?.abort();
      return;
    }
    const control = new AbortController();
    if (id !== undefined && method !== undefined) underWay.set(id, control);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headersOf(asked, agreed), authorization: `Bearer ${key}` },
        body: text,
        // The key is for this address alone.
        redirect: 'error',
        signal: AbortSignal.any([control.signal, ended.signal]),
      });
      if (!response.ok) {
        refuse(await whyNot(response), asked);
        return;
      }
      if (/^text\/event-stream\b/.test(response.headers.get('content-type') ?? '')) {
        for await (const data of eventsOf(response)) hear(data, asked);
      } else {
        const answered = await response.text();
        if (answered !== '') hear(answered, asked);
      }
    } catch (error) {
      if (control.signal.aborted || ended.signal.aborted) return;
      refuse({ code: -32_000, message: wordsOf(error, url) }, asked);
    } finally {
      if (id !== undefined) underWay.delete(id);
    }
  }

  const carried = new Set<Promise<void>>();
  for await (const text of createInterface({ input })) {
    if (text.trim() === '') continue;
    const carrying = carry(text).finally(() => carried.delete(carrying));
    carried.add(carrying);
  }
  ended.abort();
  await Promise.all(carried);
}

function parse(text: string): Line | undefined {
  try {
    return line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What stands beside the body: on the newest revision a request names there what it is (SEP-2243). */
function headersOf({ method, params = {} }: Line, agreed: string | undefined): Record<string, string> {
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const { [versionMember]: version } = params._meta ?? {};
  if (typeof version !== 'string' || method === undefined) {
    return { ...headers, ...(agreed === undefined ? {} : { 'mcp-protocol-version': agreed }) };
  }
  const name = named[method] === undefined ? undefined : params[named[method]];
  return {
    ...headers,
    'mcp-protocol-version': version,
    'mcp-method': method,
    ...(typeof name === 'string' ? { 'mcp-name': asHeader(name) } : {}),
  };
}

/** The member of `params` that a request repeats in its header. */
const named: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

/** A header carries visible ASCII; everything else is wrapped (SEP-2243). */
const asHeader = (text: string): string =>
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !/^=\?base64\?.*\?=$/.test(text)
    ? text
    : `=?base64?${Buffer.from(text).toString('base64')}?=`;

/** The data of each event of a stream, as it comes. */
async function* eventsOf(response: Response): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk, { stream: true });
    const events = rest.split(/\r?\n\r?\n/);
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event
        .split(/\r?\n/)
        .filter(part => part.startsWith('data:'))
        .map(part => part.slice(5).replace(/^ /, ''));
      if (data.join('') !== '') yield data.join('\n');
    }
  }
}

/** What the server says about its refusal, as it says it, with what to do about it; else what its number means. */
async function whyNot(response: Response): Promise<Refusal> {
  try {
    const { error } = refusal.parse(JSON.parse(await response.text()));
    const hint = error.data?.hint;
    return hint === undefined ? error : { ...error, message: `${error.message} ${hint}` };
  } catch {
    const message =
      response.status === 404
        ? 'There is no Deskhand at this address.'
        : `Deskhand answered ${response.status}. Try again in a moment.`;
    return { code: -32_000, message };
  }
}

function wordsOf(error: unknown, url: URL): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  return `Deskhand cannot be reached at ${url.origin} (${cause}). Is the address right, and is it running?`;
}
