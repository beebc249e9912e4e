import type { IncomingMessage } from 'node:http';
import type { App } from '../../core/app.ts';
import { keepEntry } from '../../core/connections/entries.ts';
import type { Database } from '../../core/kernel/database/db.ts';
import { addressKey } from '../../core/kernel/outside/spans.ts';
import { hashSecret } from '../../core/kernel/pipeline/authenticate.ts';
import { DeskhandError } from '../../core/kernel/words/errors.ts';
import { readJson } from '../http/body.ts';
import { traceOf } from '../http/trace.ts';
import { newClientId } from './provider.ts';
import type { AuthorizationServer } from './server.ts';

/** How many programs register themselves in a minute from one address, and from all; and how long what they say may be. */
const registrations = { address: 10, all: 100, bytes: 8 * 1024 };

/** How long a program nobody lets in stays registered, in seconds. */
const unused_seconds = 86_400;

/** What of what a program says of itself is kept: what a person is shown, and where it goes back to. */
const kept = ['client_name', 'client_uri', 'redirect_uris'] as const;

/**
 * Registers a program that says who it is (RFC 7591): no secret, and good for a day unless somebody lets it in. What it wants
 * otherwise is left out of what it is, as the answer says. Throws RATE_LIMITED, and `invalid_client_metadata` and
 * `invalid_redirect_uri` as the library does.
 */
export async function registerClient(
  { app, db, server }: { app: App; db: Database; server: AuthorizationServer },
  request: IncomingMessage,
): Promise<Record<string, unknown>> {
  await requireRoom(app, `register ${addressKey(traceOf(request).ip)}`, registrations.address);
  await requireRoom(app, 'register', registrations.all);
  const said = await readJson(request, registrations.bytes);
  const client_id = newClientId();
  const metadata = {
    ...Object.fromEntries(kept.flatMap(name => (said[name] === undefined ? [] : [[name, said[name]]]))),
    client_id,
    client_id_issued_at: Math.floor(Date.now() / 1000),
    token_endpoint_auth_method: 'none',
  };
  const { Client } = await server.provider();
  const client = Reflect.construct(Client, [metadata]).metadata();
  await keepEntry(db, { kind: 'Client', id: client_id, payload: client, lives_seconds: unused_seconds });
  const {
    id_token_signed_response_alg: _alg,
    subject_type: _type,
    require_auth_time: _time,
    ...shown
  } = client;
  return shown;
}

async function requireRoom(app: App, what: string, most: number): Promise<void> {
  const { calls, left_ms } = await app.countCalls(hashSecret(`oauth ${what}`), 1);
  if (calls <= most) return;
  throw new DeskhandError('RATE_LIMITED', 'Too many programs register themselves just now.', {
    retry_after_seconds: Math.ceil(left_ms / 1000),
    hint: 'Wait as many seconds as retry_after_seconds says, then try again.',
  });
}
