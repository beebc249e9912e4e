import type { ClientCapabilities, InputRequiredResult } from '@modelcontextprotocol/server';
import { inputRequired } from '@modelcontextprotocol/server';
import { requestNumbering } from '../core/kernel/pipeline/gate.ts';
import { isReferenceOf } from '../core/kernel/records/reference.ts';
import type { McpSession, ToolAnswer } from './tool.ts';

/** A call that waits for a person, as a client can point its user to it. */
export interface Waiting {
  /** `R-12`. */
  reference: string;
  /** The review page, which wants a sign-in: opening it decides nothing. */
  url: string;
  message: string;
}

/** How the server finds out about waiting calls; the tools know, the protocol does not. */
export interface WaitingCalls {
  /** What an answer says waits; undefined for every other answer. */
  find(answer: ToolAnswer): Waiting | undefined;
  /** How a request stands now. It only reads, whatever reference comes back from a client. */
  lookUp(reference: string, session: McpSession): Promise<ToolAnswer>;
}

/** Whether the client shows its user a link when asked to. */
export const showsLinks = (client: ClientCapabilities | undefined): boolean =>
  client?.elicitation?.url !== undefined;

/**
 * Asks the client to show its user where the request is decided. The client calls again, whatever the user does; that
 * call carries the reference and is answered with how the request stands: nothing is asked for a second time, and no
 * click in the client decides anything (mcp.md: approval never depends on elicitation).
 */
export const pointToReview = ({ reference, url, message }: Waiting): InputRequiredResult =>
  inputRequired({
    inputRequests: { review: inputRequired.elicitUrl({ message, url }) },
    requestState: reference,
  });

/** The reference that a client brings back; undefined for a first call and for anything else it may bring. */
export function broughtBack(state: unknown): string | undefined {
  return typeof state === 'string' && isReferenceOf(requestNumbering, state) ? state : undefined;
}
