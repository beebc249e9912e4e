import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Scope } from '../../core/connections/scopes.ts';

/** What a program asks for, as it says itself: nobody has checked its name. */
export interface AskedConnection {
  client_id: string;
  client_name: string;
  /** The host it goes back to, or the scheme by which it is reached on a computer. */
  redirect_host: string;
  /** Whether that is a program on the very computer of whoever is asked. */
  is_local: boolean;
  /** The host at which its description stands; undefined for one that registered itself. */
  described_at: string | undefined;
  /** The widest scope it asks for. */
  scope: Scope;
}

/** Why a program cannot be sent back: an OAuth error code, and words for developers. */
export interface RefusedAuthorization {
  error: string;
  error_description?: string | undefined;
}

/** The authorization server, as the pages meet it. */
export interface Connecting {
  /** Answers `/oauth/authorize` and what is below it; what is refused without a way back is for a page of ours. */
  authorize(request: IncomingMessage, response: ServerResponse): Promise<RefusedAuthorization | undefined>;
  /** What this browser is asked; undefined when that is over, or was asked in another browser. */
  asked(request: IncomingMessage, response: ServerResponse): Promise<AskedConnection | undefined>;
  /** Keeps what was allowed; answers where the browser goes on. */
  allow(
    request: IncomingMessage,
    response: ServerResponse,
    allowed: { organization_id: string; connection_id: string; scope: Scope },
  ): Promise<string>;
  /** Keeps that it was refused; answers where the browser goes on. */
  refuse(request: IncomingMessage, response: ServerResponse): Promise<string>;
}
