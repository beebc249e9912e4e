import type { AuthInfo } from '@modelcontextprotocol/server';
import { newId } from '../core/kernel/database/ids.ts';
import type { Caller } from '../core/kernel/pipeline/context.ts';

/** A JSON Schema of an object, as `toolSchema` makes it. */
export interface JsonObjectSchema {
  type: 'object';
  [keyword: string]: unknown;
}

/** All four are required: a hint left out means the more frightening value to a client (mcp.md, rule 1). */
export interface ToolHints {
  /** It changes nothing. */
  readOnlyHint: boolean;
  /** It may delete or overwrite what cannot simply be taken back. */
  destructiveHint: boolean;
  /** The same call again changes nothing more. */
  idempotentHint: boolean;
  /** It reaches beyond this business's own records: e-mail, payments, other companies' services. */
  openWorldHint: boolean;
}

/** Who calls, and from which request: everything a tool may know about the transport. */
export interface McpSession {
  /** The agent's key, or the token of its connection; it has been authenticated, what it may do is the core's question. */
  credential: string;
  /** Goes to the audit trail and the logs; new for every call. */
  request_id: string;
  /** Tells a client that asked for it how far a long call is. */
  progress?: (done: number, of: number, words: string) => void;
  /** Aborted when the client gave up or went away. */
  signal: AbortSignal;
}

/** Who calls over HTTP, as the transport let them in. `signalOf` is asked only when somebody listens. */
export class HttpSession implements McpSession {
  readonly credential: string;
  readonly request_id: string;
  readonly progress?: NonNullable<McpSession['progress']>;
  readonly #signalOf: () => AbortSignal;

  constructor(auth: AuthInfo, signalOf: () => AbortSignal, progress?: McpSession['progress']) {
    const request_id = auth.extra?.request_id;
    this.credential = auth.token;
    this.request_id = typeof request_id === 'string' ? request_id : newId();
    if (progress) this.progress = progress;
    this.#signalOf = signalOf;
  }

  get signal(): AbortSignal {
    return this.#signalOf();
  }
}

/** Who calls: the agent of a key, or of a connection. */
export const callerOf = ({ credential }: Pick<McpSession, 'credential'>): Caller => ({
  via: 'key',
  key: credential,
  or: 'token',
});

/** Our keys say what they are; tokens say nothing. */
export const isKey = (token: string): boolean => token.startsWith('dh_');

/**
 * What a tool answers. Some clients show only `structured` to the model, others only `text`: both carry the same
 * compact facts (mcp.md). A refusal has `isError` and `structured: {error: {code, message, …}}`.
 */
export interface ToolAnswer {
  structured: Record<string, unknown>;
  text: string;
  /** The JSON of `structured`, which the text says word for word: whoever frames the answer need not write that anew. */
  json?: Uint8Array;
  isError?: boolean;
}

/** One tool of the agent; file name = tool name. Nothing here depends on a protocol revision. */
export interface McpTool {
  /** snake_case, the verb of the trade first: `schedule_appointment`. */
  name: string;
  title: string;
  /** At most 40 tokens: what, when, what comes back. */
  description: string;
  inputSchema: JsonObjectSchema;
  outputSchema: JsonObjectSchema;
  annotations: ToolHints;
  /** It tells whoever asks how far a call is; others have said all when they answer. */
  tells_progress?: boolean;
  /** The card that shows its answers to a person, where the client shows any. */
  card?: string;
  /**
   * Checks `args` itself and answers an input error as a tool error, so that the model reads it and can correct
   * itself. Expected refusals are answered; only defects are thrown.
   */
  call(args: unknown, session: McpSession): Promise<ToolAnswer>;
}
